"""Short ways to make the people of these tests."""

from datetime import date

from trabecula.evidence import Evidence
from trabecula.person import Person, read_person
from trabecula.skeleton import Skeleton, simulate
from trabecula.timeline import build_timeline
from trabecula.units import days, days_since_birth

EVIDENCE = Evidence.load()
CENTRAL = EVIDENCE.draws(1).central()
BORN = date(1980, 1, 1)
TODAY = date(2020, 1, 1)


def person(**record: object) -> Person:
    """A woman of 40, or what the record says."""
    return read_person({"birth_date": BORN, "sex": "female", **record}, TODAY)


def lived(who: Person, years: float = 10.0, every_y: float = 0.5, draws=CENTRAL) -> Skeleton:
    """The skeleton of a person from the day of assessment on."""
    today = days_since_birth(TODAY, who.birth_date)
    steps = [today + days(i * every_y) for i in range(round(years / every_y) + 1)]
    last = date(TODAY.year + int(years) + 2, 1, 1)
    return simulate(build_timeline(who, EVIDENCE, TODAY, last, steps), draws, steps)
