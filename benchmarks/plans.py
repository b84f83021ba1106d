"""How long plans take for one person, warm: `python benchmarks/plans.py`. Goal: three plans of ten years in 1 s."""

from pathlib import Path
from time import perf_counter, process_time

from trabecula.adapters.files import read_record
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.evidence import Evidence
from trabecula.model import Model

EXAMPLES = Path(__file__).parents[1] / "examples"
DRAWS, REPEATS = 300, 3
PLANS = ("exercise", "zoledronate", "pulses-yearly")


def timed(work):
    """The best of a few runs [s]: wall and processor time of the same run."""
    runs = []
    for _ in range(REPEATS):
        wall, cpu = perf_counter(), process_time()
        work()
        runs.append((perf_counter() - wall, process_time() - cpu))
    return min(runs)


def line(path, evidence, plans):
    """One example: its times."""
    person = read_record(path).person
    on = person.assessed_on
    assert on is not None
    known = prepare(person, on, Model(evidence), DRAWS)
    compare(known, plans)
    steps = (lambda: prepare(person, on, Model(evidence), DRAWS), lambda: compare(known, plans), lambda: causes(known))
    return f"{path.stem:14} " + " ".join(f"{wall:7.2f} ({cpu:5.2f})  " for wall, cpu in map(timed, steps))


def main():
    """Print one line an example."""
    evidence, plans = Evidence.load(), [library()[name] for name in PLANS]
    print(f"{'example':14} {'prepare':>16} {'three plans':>16} {'causes':>16}   wall (processor) [s], {DRAWS} draws")
    for path in sorted(EXAMPLES.glob("*.yaml")):
        print(line(path, evidence, plans))


if __name__ == "__main__":
    main()
