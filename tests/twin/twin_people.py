"""People for the twin's tests: a woman of 55 in 2020, marched with all draws and conditioned on her measurements."""

from datetime import date

import numpy as np

from trabecula import course, twin
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.person import read_person
from trabecula.timeline import build_timeline
from trabecula.units import days, days_since_birth

EVIDENCE = Evidence.load()
DRAWS = Model(EVIDENCE).draws(200)
ON = date(2020, 6, 1)
STEROIDS = [{"drug": "prednisone", "route": "oral", "dose_mg": 10, "start": "2014-06-01", "end": "2020-01-01"}]


def person(**record):
    """A woman of 55 in 2020, or what the record says."""
    return read_person({"birth_date": "1965-06-01", "sex": "female", "country": "US", **record}, ON)


def scan(on, bmd, site="total_hip", device="hologic"):
    """A scan of the record."""
    return {"date": on, "site": site, "bmd_g_cm2": bmd, "device": device}


def conditioned(draws=DRAWS, **record):
    """(bones of all draws, the twin, this person's bones), read every half year for six years before and after."""
    someone = person(**record)
    today = days_since_birth(ON, someone.birth_date)
    measured = twin.measurements(someone, EVIDENCE, today)
    read = sorted({*measured.days, *(today + days(y) for y in np.arange(-6.0, 6.1, 0.5))})
    timeline = build_timeline(someone, EVIDENCE, ON, date(2027, 1, 1), read)
    bones = course.bones(someone, timeline, draws, today, read)
    seen = twin.condition(bones, measured, draws)
    return bones, seen, seen.own(bones)
