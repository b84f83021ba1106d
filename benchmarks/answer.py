"""What an answer costs, part by part, in processor time: `.venv/bin/python benchmarks/answer.py [--draws 200]`.

For each example: the life up to the day of assessment, what a page keeps of it and how long it takes to go on from
there, the life ahead, the chances of a fracture, the whole answer as a page, and a what-if. Every part is the best of a
few runs, in seconds of processor time (both cores together), so that other work on the machine disturbs little; a part
that others wait for can be compared with the march of the skeleton, which nothing but the kernel makes faster.
"""

import argparse
import zlib
from time import process_time

from trabecula import course
from trabecula.assessment.answer import answered, risks_ahead
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.assessment.snapshot import take_snapshot
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.reporting import clinician
from trabecula.web.examples import EXAMPLES
from trabecula.words.language import language

REPEATS = 5


def best(work):
    """The least processor time of a few runs, all threads together [s]."""
    runs = []
    for _ in range(REPEATS):
        before = process_time()
        work()
        runs.append(process_time() - before)
    return min(runs)


def parts(person, evidence, draws):
    """Processor time of each part of an answer [s], and how large what is kept of a history is."""
    on, plan, english = person.assessed_on, library()["exercise"], language("en")
    known = prepare(person, on, Model(evidence), draws)
    small = take_snapshot(known.past.skeleton, known.measured, known.model)
    answer = answered(known)
    compare(known, [plan])
    ahead = known.days.every[known.days.every >= known.today]
    work = {
        "life so far": lambda: prepare(person, on, Model(evidence), draws),
        "taken up again": lambda: prepare(person, on, Model(evidence), draws, kept=small),
        "life ahead": lambda: course.ahead(known.past, known.timeline, known.draws, ahead),
        "chances": lambda: risks_ahead(known),
        "answer": lambda: answered(prepare(person, on, Model(evidence), draws)),
        "pictures": lambda: clinician.context(answer, english, person, None),
        "what-if": lambda: compare(prepare(person, on, Model(evidence), draws, kept=small), [plan]),
    }
    return {name: best(each) for name, each in work.items()}, len(zlib.compress(small))


def main():
    """A row a part, a column an example."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draws", type=int, default=200)
    draws, evidence = parser.parse_args().draws, Evidence.load()
    found = {name: parts(each.person, evidence, draws) for name, each in EXAMPLES.items()}
    print(f"processor time [s], {draws} draws  " + "".join(f"{name:>14}" for name in found))
    for part in next(iter(found.values()))[0]:
        print(f"{part:35}" + "".join(f"{times[part]:14.3f}" for times, _ in found.values()))
    print(f"{'kept of the life so far [kB]':35}" + "".join(f"{size / 1e3:14.0f}" for _, size in found.values()))


if __name__ == "__main__":
    main()
