"""How the cost of an answer grows: `.venv/bin/python benchmarks/slopes.py [--rounds 3]`.

In processor time (all threads together), the least of a few rounds in turn: a warm answer by the number of draws, by
the years ahead, by the number of steroid courses on record and by the number of people asked one after another; the
causes by the number of draws; and the kernel by people who share a timeline. Each is a straight line through its points
(least squares): what there is to begin with, what one more costs, and how far the farthest point lies from the line, in
per cent of that point. A point far from the line says that the cost is no straight line.
"""

import argparse
from datetime import date, timedelta
from time import process_time

import numpy as np

MILLI = 1e3
FIRST_COURSE, BETWEEN_COURSES_D = date(2006, 1, 10), 120
DRAWS = (50, 100, 200, 400)
YEARS = (2.0, 5.0, 10.0, 20.0)
COURSES = (1, 10, 20, 40)
PEOPLE = (1, 2, 4, 8)
PEOPLE_AT_ONCE = (64, 256, 1024, 4096)


def with_courses(person, n):
    """The person with so many pulses, one every four months."""
    from trabecula.person.steroids import SteroidCourse

    starts = (FIRST_COURSE + timedelta(days=BETWEEN_COURSES_D * i) for i in range(n))
    pulses = tuple(
        SteroidCourse(start=start, drug="methylprednisolone", route="iv", dose_mg=1000.0, days=3) for start in starts
    )
    return person.model_copy(update={"steroids": pulses})


def work():
    """What is asked, by name: the sizes, and what to do for one of them."""
    from trabecula import skeleton
    from trabecula.assessment.answer import answered
    from trabecula.assessment.causes import causes
    from trabecula.assessment.patient_state import prepare
    from trabecula.evidence import Evidence
    from trabecula.model import Model
    from trabecula.timeline.record import average_timeline
    from trabecula.units import days
    from trabecula.web.examples import EXAMPLES

    evidence = Evidence.load()
    people = [example.person for example in EXAMPLES.values()]
    woman = people[0]
    life = average_timeline("female", days(np.arange(20.0, 80.5, 0.5)))

    def known(person=woman, draws=200, horizon_y=10.0):
        return prepare(person, person.assessed_on, Model(evidence), draws, horizon_y=horizon_y)

    def in_turn(n):
        for i in range(n):
            answered(known(people[i % len(people)]))

    def lived(n):
        skeleton.simulate(life, Model(evidence).draws(n), life.edges_d)

    return {
        "answer: draws": (DRAWS, lambda n: answered(known(draws=n))),
        "answer: years ahead": (YEARS, lambda y: answered(known(horizon_y=y))),
        "answer: steroid courses": (COURSES, lambda n: answered(known(with_courses(woman, n)))),
        "answer: people": (PEOPLE, in_turn),
        "causes: draws": (DRAWS, lambda n: causes(known(draws=n))),
        "skeleton of 60 years: people": (PEOPLE_AT_ONCE, lived),
    }


def measured(rounds):
    """The least processor time of each size of each kind [s]; the first round is not kept."""
    asked = work()
    least = {name: np.full(len(sizes), np.inf) for name, (sizes, _) in asked.items()}
    for turn in range(rounds + 1):
        for name, (sizes, do) in asked.items():
            for i, size in enumerate(sizes):
                before = process_time()
                do(size)
                if turn:
                    least[name][i] = min(least[name][i], process_time() - before)
    return {name: (np.array(asked[name][0], dtype=float), times) for name, times in least.items()}


def line(sizes, times):
    """Beginning, slope, and the farthest point from the line, in per cent of it."""
    slope, begins = np.polyfit(sizes, times, 1)
    return begins, slope, 100 * np.max(np.abs(begins + slope * sizes - times) / times)


def main():
    """Measure, and print a row a kind."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    found = measured(parser.parse_args().rounds)
    print(f"{'processor time':30}{'begins [ms]':>12}{'one more [ms]':>15}{'off the line':>14}  points [ms]")
    for name, (sizes, times) in found.items():
        begins, slope, off = line(sizes, times)
        points = ", ".join(f"{size:g}: {MILLI * time:.0f}" for size, time in zip(sizes, times, strict=True))
        print(f"{name:30}{MILLI * begins:12.0f}{MILLI * slope:15.2f}{off:12.0f} %  {points}")


if __name__ == "__main__":
    main()
