"""What scoring a register costs: `.venv/bin/python benchmarks/register.py [--people 200] [--sizes 1000,2000,4000]`.

Made-up people with MS, the same each time, 20 draws each. First, in processor time of one thread and in turns: a row of
the register beside a plain loop over `tb.assess` of the same people with the same draws, and how often the loop's time
goes into a row's on so many workers. Then whole runs of three sizes, as `trabecula cohort score` runs them: seconds,
processor time a person of all processes together, and the largest memory of one process. The highest ranked are left
out of these (`--highest`), since their number does not grow with the register.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

ON = date(2026, 11, 22)
DRAWS, TURN = 20, 20
"""People in a turn."""


def people(numbers):
    """Made-up people with MS."""
    from trabecula.evidence import Evidence
    from trabecula.people import VirtualRegister
    from trabecula.register import Entry

    made = VirtualRegister(ON, 1, Evidence.load(), True).people(numbers)
    return [Entry(str(number), person) for number, person in zip(numbers, made, strict=True)]


@dataclass
class Made:
    """A register of made-up people, who are made as they are asked for."""

    size: int
    kind = "made up"
    facts = MappingProxyType({"made": "by a benchmark"})

    @property
    def fingerprint(self):
        """What it is."""
        return f"made up {self.size}"

    def __iter__(self):
        for first in range(1, self.size + 1, TURN):
            yield from people(range(first, min(first + TURN, self.size + 1)))


def rows_and_loop(count):
    """Processor time of a row, and of `tb.assess`, for one person [ms]."""
    import trabecula as tb
    from trabecula.model import Model
    from trabecula.register import Scoring, table
    from trabecula.skeleton.cores import march_alone

    march_alone()
    model, asked, spent = Model.default(), Scoring(ON, DRAWS), [0.0, 0.0]
    sample = model.draws(DRAWS, asked.seed)
    warm = people(range(count + 1, count + 6))
    table(warm, asked, model, sample=sample)
    for entry in warm:
        tb.assess(entry.person, ON, draws=DRAWS)
    for first in range(1, count + 1, TURN):
        some = people(range(first, min(first + TURN, count + 1)))
        for turn, work in enumerate(
            (
                lambda some=some: table(some, asked, model, sample=sample),
                lambda some=some: [tb.assess(entry.person, ON, draws=DRAWS) for entry in some],
            )
        ):
            begin = time.process_time()
            work()
            spent[turn] += time.process_time() - begin
    return [1e3 * seconds / count for seconds in spent]


def whole_run(size, workers, highest, file):
    """Seconds of a run, and processor time of it and its workers together [s]."""
    from trabecula.register import Scoring, run

    def spent():
        return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    begin, before = time.monotonic(), spent()
    found = run(Made(size), Scoring(ON, DRAWS, highest=highest), file, workers)
    assert json.loads(json.dumps(found))["people"]["in"] == size
    return time.monotonic() - begin, spent() - before


def main():
    """Print both tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--sizes", default="500,1000,2000")
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--highest", type=int, default=0)
    given = asked.parse_args()
    if given.people:
        row, loop = rows_and_loop(given.people)
        print(f"{given.people} people, {DRAWS} draws, processor time: a row {row:.1f} ms, tb.assess {loop:.1f} ms")
        times = given.workers * loop / row
        print(f"a plain loop over tb.assess takes {times:.1f} times as long as {given.workers} workers")
    print(f"{'people':>8} {'seconds':>8} {'ms each':>8} {'CPU ms each':>12} {'largest process':>16}")
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, filter(None, given.sizes.split(","))):
            seconds, spent = whole_run(size, given.workers, given.highest, Path(folder) / f"{size}.parquet")
            most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
            each = 1e3 * seconds / size, 1e3 * spent / size
            print(f"{size:>8} {seconds:>8.1f} {each[0]:>8.1f} {each[1]:>12.1f} {most // 1024:>13} MB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
