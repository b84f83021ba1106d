"""What an answer costs, part by part: `.venv/bin/python benchmarks/answer.py [--before COMMIT] [--draws 200]`.

For each example, in seconds of processor time (all threads together): the life up to the day of assessment, what a page
keeps of it and how long it takes to go on from there, the life ahead, the chances of a fracture, the whole answer, its
page with pictures, a what-if, the causes under half as many draws again, and what one draw more costs an answer (the
slope from a quarter of the draws to all of them).

With `--before` the same is measured of an earlier commit, checked out beside this one for as long as it takes: both
take turns in processes of their own, so that other work on the machine falls on both alike. Every part is the least of
a few runs of a few turns; the ratio says more than the seconds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parents[1]
REPEATS = 3
SMALLER, MORE_FOR_CAUSES = 4, 1.5
"""The sample that the slope begins with, as a divisor; draws of causes over those of an answer."""


def best(work):
    """The least processor time of a few runs, all threads together [s]."""
    runs = []
    for _ in range(REPEATS):
        before = process_time()
        work()
        runs.append(process_time() - before)
    return min(runs)


def parts(person, evidence, draws):
    """Processor time of each part of an answer [s]."""
    from trabecula import course
    from trabecula.assessment.answer import answered, risks_ahead
    from trabecula.assessment.causes import causes
    from trabecula.assessment.compare import compare
    from trabecula.assessment.patient_state import prepare
    from trabecula.assessment.plans.reading import library
    from trabecula.assessment.snapshot import take_snapshot
    from trabecula.model import Model
    from trabecula.reporting import clinician
    from trabecula.words.language import language

    on, plan, english = person.assessed_on, library()["exercise"], language("en")

    def lived(n=draws, kept=None):
        return prepare(person, on, Model(evidence), n, kept=kept)

    known = lived()
    small = take_snapshot(known.past.skeleton, known.measured, known.model)
    answer, more = answered(known), lived(round(MORE_FOR_CAUSES * draws))
    compare(known, [plan])
    ahead = known.days.every[known.days.every >= known.today]
    work = {
        "life so far": lived,
        "taken up again": lambda: lived(kept=small),
        "life ahead": lambda: course.ahead(known.past, known.timeline, known.draws, ahead),
        "chances": lambda: risks_ahead(known),
        "answer": lambda: answered(lived()),
        "pictures": lambda: clinician.context(answer, english, person, None),
        "what-if": lambda: compare(lived(kept=small), [plan]),
        "causes": lambda: causes(more),
    }
    found = {name: best(part) for name, part in work.items()}
    few = draws // SMALLER
    answered(lived(few))
    return found | {"one draw more [ms]": 1e3 * (found["answer"] - best(lambda: answered(lived(few)))) / (draws - few)}


def measured(draws):
    """All parts of all examples, with the package that is imported."""
    from trabecula.evidence import Evidence
    from trabecula.web.examples import EXAMPLES

    evidence = Evidence.load()
    return {name: parts(example.person, evidence, draws) for name, example in EXAMPLES.items()}


def turn(tree, draws):
    """All parts of all examples, in a process of its own with the package of a tree."""
    command = [sys.executable, __file__, "--draws", str(draws), "--as-json"]
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


@contextmanager
def checked_out(commit):
    """The tree of an earlier commit."""
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def least(trees, draws, turns):
    """The least of the turns of each tree, by example and part."""
    runs = {tree: [] for tree in trees}
    for _ in range(turns):
        for tree in trees:
            runs[tree].append(turn(tree, draws))
    return [
        {name: {part: min(one[name][part] for one in of) for part in of[0][name]} for name in of[0]}
        for of in runs.values()
    ]


def say(found, draws):
    """A row a part and an example: now, and before with the ratio."""
    print(f"processor time [s], {draws} draws{'now':>22}{'before':>10}{'ratio':>8}" if found[1:] else f"{draws} draws")
    now, *earlier = found
    for name, times in now.items():
        for part, time in times.items():
            beside = "".join(f"{of[name][part]:10.3f}{time / of[name][part]:8.2f}" for of in earlier)
            print(f"{name:16}{part:22}{time:10.3f}{beside}")


def main():
    """Measure this tree, and an earlier commit beside it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--before", metavar="COMMIT", help="also an earlier commit, in the same run")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--as-json", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.as_json:
        print(json.dumps(measured(wanted.draws)))
    elif wanted.before is None:
        say(least([ROOT], wanted.draws, wanted.turns), wanted.draws)
    else:
        with checked_out(wanted.before) as tree:
            say(least([ROOT, tree], wanted.draws, wanted.turns), wanted.draws)


if __name__ == "__main__":
    main()
