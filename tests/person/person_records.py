"""Records to try: the smallest, and any that a clinic might write."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from trabecula.person import Person, read_person
from trabecula.words.language import language
from trabecula.words.message import VERBATIM, Message

ON = date(2026, 11, 22)
BIRTH = date(1970, 5, 17)


def record(**fields: Any) -> dict[str, Any]:
    """A record with the two fields it needs and those that are given."""
    return {"birth_date": BIRTH.isoformat(), "sex": "female", **fields}


def person(**fields: Any) -> Person:
    """The person in such a record."""
    return read_person(record(**fields), ON)


def unsaid(message: Message) -> list[tuple[str, str]]:
    """The parts of a message that a catalogue has no words for: language and id."""
    parts = {part.id for part in message.inside()} - {VERBATIM}
    return [(code, part) for code in ("de", "it") for part in sorted(parts) if not language(code).knows(part)]


def dates(first: date = date(1990, 1, 1), last: date = ON) -> st.SearchStrategy[str]:
    """Dates as people write them: to the day, the month or the year."""
    days = st.dates(first, last - timedelta(days=366))
    exact, months, years = (days.map(date.isoformat), days.map(lambda d: f"{d:%Y-%m}"), days.map(lambda d: f"{d:%Y}"))
    return st.one_of(exact, months, years)


def spell(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Something that starts in one decade and ends, if it does, in the next."""
    start = dates(date(1990, 1, 1), date(2008, 1, 1))
    return st.fixed_dictionaries({"start": start, **fields}, optional={"end": dates(date(2010, 1, 1))})


def listed(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A short list."""
    return st.lists(strategy, max_size=3)


HALF_STEPS = st.sampled_from([0.0, *(half / 2 for half in range(2, 21))])
MEASURES = st.one_of(
    st.fixed_dictionaries({"date": dates(), "edss": HALF_STEPS}),
    st.fixed_dictionaries({"date": dates(), "pdds": st.integers(0, 8)}),
    st.fixed_dictionaries(
        {"date": dates(), "walking_distance_m": st.floats(0, 5000), "aid": st.sampled_from(["none", "cane", "walker"])}
    ),
)
DOSES = st.sampled_from([2.5, 7.5, 60.0, 500.0, 1250.0])
COURSES = st.one_of(
    spell(drug=st.sampled_from(["prednisone", "dexamethasone"]), dose_mg=DOSES, every_days=st.integers(1, 7)),
    spell(
        as_written=st.sampled_from(["3 x 1 g IV methylprednisolone, then prednisone taper", "prednisolone 7.5 mg/d"])
    ),
)
MEDICINES = spell(drug=st.sampled_from(["alendronate", "Prolia", "sertraline"]), dose_mg=st.floats(0.01, 100))
SCANS = st.fixed_dictionaries(
    {"date": dates(), "site": st.sampled_from(["lumbar_spine", "total_hip"]), "t_score": st.floats(-6, 3)}
)
FALLS = st.one_of(
    st.fixed_dictionaries({"date": dates()}),
    st.fixed_dictionaries({"count": st.integers(0, 50), "period_months": st.floats(1, 24)}),
)
FRACTURES = st.one_of(
    st.fixed_dictionaries({"site": st.sampled_from(["hip", "rib"]), "date": dates()}),
    st.fixed_dictionaries({"site": st.just("forearm"), "year": st.integers(1990, 2020)}),
)
SCLEROSIS = st.fixed_dictionaries(
    {"onset": dates(date(1989, 1, 1), date(1991, 1, 1)), "disability": listed(MEASURES)},
    optional={"course": st.sampled_from(["relapsing", "primary_progressive"])},
)
RECORDS = st.fixed_dictionaries(
    {"birth_date": st.just(BIRTH.isoformat()), "sex": st.sampled_from(["female", "male"])},
    optional={
        "id": st.text("abcdef-0123456789", min_size=1, max_size=20),
        "country": st.sampled_from(["US", "UK", "SE"]),
        "height_cm": st.floats(140, 200),
        "weight_kg": st.floats(40, 150),
        "ms": SCLEROSIS,
        "steroids": listed(COURSES),
        "medicines": listed(MEDICINES),
        "dxa": listed(SCANS),
        "falls": listed(FALLS),
        "fractures": listed(FRACTURES),
        "heights": listed(st.fixed_dictionaries({"date": dates(), "height_cm": st.floats(140, 200)})),
        "frax": listed(st.fixed_dictionaries({"date": dates(), "mof_percent": st.floats(0, 100)})),
        "injections": listed(st.fixed_dictionaries({"date": dates(), "drug": st.just("denosumab")})),
        "stroke_on": dates(),
        "smoking": st.sampled_from(["never", "former", "current"]),
        "epilepsy": st.booleans(),
    },
)
"""Any record a clinic might write, valid by construction."""
