"""What a record says of fragility fractures: breaks of low force, at a site that counts, as an adult.

A break counts when its force was that of a fall from standing height or less, or when it was only found on an image
(a vertebra that broke by itself); breaks of hands, feet, skull and face do not count (Morin 2023 CMAJ 195:E1333,
figure 1; the rows of `fracture_sites.yaml` say which). Guidelines ask for it from different ages: 40 and 50 have facts
of their own. A force that nobody recorded stays unknown.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from trabecula.person import Fracture, Person
from trabecula.units import DAYS_PER_YEAR, age_on
from trabecula.vocabulary import FRACTURE_SITES, sites_of

_ADULT_Y = 18.0  # from here on the record asks for fractures
_FROM_Y = (40.0, 50.0)  # "after the age of 40" and "of 50", as the facts are named


def fractures(person: Person, on: date) -> dict[str, Any]:
    """The facts up to a day; an empty list says nothing by itself."""
    born = person.birth_date
    past = [broken for broken in person.fractures if broken.when is None or broken.when <= on]
    adult = [broken for broken in past if broken.when is None or age_on(broken.when.last, born) >= _ADULT_Y]
    if not adult:
        return {"fragility_fracture": False} if person.no_fractures else {}
    rows = FRACTURE_SITES.items()
    central, osteopenic = [key for key, row in rows if row.central], [key for key, row in rows if row.osteopenic]
    spine, whole = _at(adult, ["spine"]), [_is_low(broken) is not None for broken in adult]
    return {
        "fragility_fracture": _any_low(adult),
        "fragility_fractures": sum(map(bool, map(_is_low, adult))) if all(whole) else None,
        "hip_fracture": _any_low(_at(adult, ["hip"])),
        "vertebral_fracture": _any_low(spine),
        "major_fracture": _any_low(_at(adult, sites_of("major_osteoporotic"))),
        "osteopenic_site_fracture": _any_low(_at(adult, osteopenic)),
        "central_fracture_after_40": _any_low_from(_FROM_Y[0], _at(adult, central), born, on),
        **{f"fragility_fracture_after_{from_y:.0f}": _any_low_from(from_y, adult, born, on) for from_y in _FROM_Y},
        "years_since_fracture": _years_since(adult, on),
        "years_since_major_fracture": _years_since(_at(adult, sites_of("major_osteoporotic")), on),
        "years_since_hip_fracture": _years_since(_at(adult, ["hip"]), on),
        "years_since_vertebral_fracture": _years_since(spine, on),
        **_vertebrae(spine),
    }


def _at(found: Iterable[Fracture], sites: Sequence[str]) -> list[Fracture]:
    """Those at some sites."""
    return [broken for broken in found if broken.site in sites]


def _is_low(broken: Fracture) -> bool | None:
    """Whether it was a fragility fracture; None when nobody recorded the force."""
    if not FRACTURE_SITES[broken.site].fragile:
        return False
    return True if broken.found_on_imaging else {"low": True, "high": False}.get(broken.trauma)


def _any_low(found: Iterable[Fracture]) -> bool | None:
    """Whether any was a fragility fracture."""
    answers = {_is_low(broken) for broken in found}
    return True if True in answers else None if None in answers else False


def _any_low_from(from_y: float, found: Sequence[Fracture], born: date, on: date) -> bool | None:
    """Whether any was a fragility fracture from an age on [y]; unknown for one without a date, except in the young."""
    if age_on(on, born) < from_y:
        return False
    dated = _any_low(broken for broken in found if broken.when is not None and age_on(broken.when, born) >= from_y)
    undated = _any_low(broken for broken in found if broken.when is None)
    return None if dated is False and undated is not False else dated


def _years_since(found: Sequence[Fracture], on: date) -> float | None:
    """Time since the latest one [y]; None where none has a date."""
    latest = max((broken.when for broken in found if _is_low(broken) and broken.when is not None), default=None)
    return None if latest is None else (on - latest).days / DAYS_PER_YEAR


def _vertebrae(spine: Sequence[Fracture]) -> dict[str, Any]:
    """How many vertebrae broke, and the worst grade."""
    low = [broken for broken in spine if _is_low(broken)]
    grades = [broken.grade for broken in low if broken.grade is not None]
    is_whole = all(_is_low(broken) is not None for broken in spine)
    return {
        "vertebral_fractures": sum(broken.vertebrae or 1 for broken in low) if is_whole else None,
        "vertebral_grade": max(grades, default=None),
    }
