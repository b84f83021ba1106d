"""Draw by draw what an assessment has as intervals: rows for a data frame."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from trabecula.assessment.answer import risks_ahead
from trabecula.assessment.patient_state import PatientState
from trabecula.fracture import GROUPS
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.skeleton import SITES
from trabecula.units import date_at


def risk_rows(known: PatientState) -> Iterator[Sequence[object]]:
    """The chance of a fracture in each draw, by site and horizon; a lifetime is a horizon of infinity."""
    _, risks = risks_ahead(known)
    for site in (*GROUPS, *FRACTURE_SITES[1:]):
        for horizon_y in risks.horizons_y:
            yield from ((draw, site, horizon_y, value) for draw, value in enumerate(risks.at(site, horizon_y)))


def bone_rows(known: PatientState) -> Iterator[Sequence[object]]:
    """Density in each draw, by site and printed day [g/cm2]."""
    for site in SITES:
        density = known.bones.density(site, known.level)
        for day in known.days.printed:
            column, when = density[:, known.bones.place(day)], date_at(day, known.person.birth_date)
            yield from ((draw, site, when, value) for draw, value in enumerate(column))


DRAWN: Mapping[str, Callable[[PatientState], Iterator[Sequence[object]]]] = {"risks": risk_rows, "bones": bone_rows}
