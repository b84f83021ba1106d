"""A study lived through by virtual people: sample them, give each arm its regimen, march, and read.

The same people live through every arm, so that what differs between arms is what was done to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from trabecula import skeleton
from trabecula.lab.studies.record import Arm, ArmTraining, Study
from trabecula.model import ModelDraws
from trabecula.people import sample, stratified_normals
from trabecula.person import (
    Activity,
    Disability,
    HistoryDate,
    HormoneTherapy,
    Immobility,
    Medicine,
    MultipleSclerosis,
    Person,
    SteroidCourse,
)
from trabecula.skeleton import SITES
from trabecula.skeleton.kernel import RTOL
from trabecula.timeline import build_timeline
from trabecula.units import MG_PER_G, UG_PER_MG, Array, days_since_birth, years

SpellT = TypeVar("SpellT", bound=BaseModel)
DAY_0 = date(2000, 1, 1)
"""Every virtual study begins on this day."""
PEOPLE, PEOPLE_IN_A_CROSS_SECTION = 12, 40
"""Virtual people an arm; where people are compared with each other, more are needed than for a mean."""
CROSS_SECTIONS = frozenset(
    {"smd", "partial_r_edss", "r_steroid_dose", "share_low", "share_osteoporosis", "share_osteopenia"}
)
"""Statistics that compare people with each other."""
_SENSITIVITY = "steroid_sensitivity"
"""The trait by which established users are selected."""
_MOST_EDSS = 9.5
"""The end of the scale for somebody alive."""


@dataclass(frozen=True)
class Readings:
    """What was measured in one arm, in so many people, under so many draws, on T days."""

    days: Array
    """Days of the study on which somebody reads [T]; day 0 is the first."""
    values: dict[str, Array]
    """Density relative to what the person had when young, by site, and markers by name [people, draws, T]."""
    age_y: Array
    """Age on day 0 [people]."""
    woman: NDArray[np.bool_]
    """Whether each of them is a woman [people]."""
    edss: Array
    """EDSS on each day [people, T]; not a number without MS."""
    steroid_g: Array
    """Cumulative prednisone equivalents on each day [people, T]."""
    seed: int
    """Key of everything random in the study."""
    below_sd: Array
    """How far below others the bones of people who were chosen for a scan lie from the start [SD, draws]."""

    def of(self, quantity: str, day: float) -> Array:
        """One quantity on one day [people, draws]."""
        return self.values[quantity][:, :, int(np.searchsorted(self.days, day))]


def run(study: Study, draws: ModelDraws, people: int | None = None, rtol: float = RTOL) -> dict[str, Readings]:
    """Live through a study: readings by arm.

    people: virtual people an arm (unless given: `PEOPLE`, or more for a cross section). DoseRefused where an arm is
    given a medicine at a dose that the model does not know.
    """
    cross_section = any(target.statistic in CROSS_SECTIONS for target in study.targets)
    size = people or (PEOPLE_IN_A_CROSS_SECTION if cross_section else PEOPLE)
    seed = draws.seed + crc32(study.id.encode())  # every study has people of its own
    sampled = sample(study.population, size, DAY_0, seed, draws.evidence)
    days = np.array(sorted({day for target in study.targets for day in (0.0, target.since_day, target.day)}))
    traits = _traits(study, size, draws, seed)
    return {name: _live(arm, sampled, days, draws, traits, seed, rtol) for name, arm in study.arms.items()}


def _traits(study: Study, size: int, draws: ModelDraws, seed: int) -> Mapping[str, Array]:
    """Standard normal traits [people, draws]; who has taken steroids for long is less sensitive to them than others."""
    z = {trait: stratified_normals(size, seed, f"trait.{trait}")[:, None] for trait in skeleton.TRAITS}
    chosen = draws["studies.selection.established"] if study.established else 0.0
    z[_SENSITIVITY] = z[_SENSITIVITY] - chosen
    return {trait: np.broadcast_to(value, (size, draws.n)) for trait, value in z.items()}


def _live(
    arm: Arm, sampled: Sequence[Person], days: Array, draws: ModelDraws, z: Mapping[str, Array], seed: int, rtol: float
) -> Readings:
    worse = stratified_normals(len(sampled), seed, "edss.change")
    lives = [
        _one_life(person_in(arm, person, worse[i]), {trait: z[trait][i] for trait in z}, days, draws, rtol)
        for i, person in enumerate(sampled)
    ]
    names = (*SITES, "CTX", "P1NP", "osteocalcin")
    return Readings(
        days=days,
        values={name: np.stack([values[name] for values, _, _ in lives]) for name in names},
        age_y=np.array([years(days_since_birth(DAY_0, person.birth_date)) for person in sampled]),
        woman=np.array([person.sex == "female" for person in sampled]),
        edss=np.stack([edss for _, edss, _ in lives]),
        steroid_g=np.stack([steroid_g for _, _, steroid_g in lives]),
        seed=seed,
        below_sd=draws["studies.selection.sent_for_scan"] if arm.sent_for_scan else np.zeros(draws.n),
    )


def _one_life(
    person: Person, traits: Mapping[str, Array], days: Array, draws: ModelDraws, rtol: float
) -> tuple[dict[str, Array], Array, Array]:
    """One person's density and markers by name [draws, T], EDSS [T] and cumulative prednisone equivalents [g, T]."""
    born = days_since_birth(DAY_0, person.birth_date)
    last = DAY_0 + timedelta(days=int(days[-1]) + 2)
    read = born + days
    timeline = build_timeline(person, draws.evidence, last, last, tuple(read))
    course = skeleton.simulate(timeline, draws, read, traits, rtol, equations=draws.model.equations)
    dose_mg = np.append(0.0, np.cumsum(timeline.prednisone_mg * timeline.lengths_d))
    steroid_g = np.interp(read, timeline.edges_d, dose_mg) / MG_PER_G
    return {**course.density, **course.markers}, timeline.edss_at(read), steroid_g


def person_in(arm: Arm, person: Person, worse: float = 0.0) -> Person:
    """The person with what the arm does to them.

    worse: how much more the EDSS of this person rises than the arm's mean [SD between people].
    """
    return person.model_copy(
        update={
            "ms": None if "ms" in arm.without else _ms(arm, person, worse),
            "steroids": _spells(SteroidCourse, arm.steroids),
            "medicines": (*_spells(Medicine, arm.medicines), *_tablets(arm)),
            "hormone_therapy": _spells(HormoneTherapy, arm.hormone_therapy),
            "immobility": _spells(Immobility, arm.immobility),
            "activity": tuple(record for training in arm.training for record in _training(training)),
        }
    )


def _spells(kind: type[SpellT], entries: Sequence[BaseModel]) -> tuple[SpellT, ...]:
    """Entries of an arm as a person's record has them: the same fields, but calendar days for days of the study."""
    return tuple(
        kind.model_validate({"start": _on(fields.pop("from_day")), "end": _on(fields.pop("to_day") - 1), **fields})
        for fields in (entry.model_dump(exclude_none=True) for entry in entries)
    )


def _on(day: int) -> HistoryDate:
    return HistoryDate.fromordinal(DAY_0.toordinal() + day)


def _tablets(arm: Arm) -> Iterator[Medicine]:
    """Calcium and vitamin D on top of what food gives, from day 0 on."""
    if arm.supplements.calcium_mg_per_day:
        yield Medicine(drug="calcium", dose_mg=arm.supplements.calcium_mg_per_day, every_days=1, start=_on(0))
    if arm.supplements.vitamin_d_ug_per_day:
        dose_mg = arm.supplements.vitamin_d_ug_per_day / UG_PER_MG
        yield Medicine(drug="cholecalciferol", dose_mg=dose_mg, every_days=1, start=_on(0))


def _training(training: ArmTraining) -> Iterator[Activity]:
    """Sessions from one day, and none from another."""
    yield Activity(
        date=_on(training.from_day),
        resistance_sessions_per_week=training.resistance_sessions_per_week,
        impact_sessions_per_week=training.impact_sessions_per_week,
    )
    yield Activity(date=_on(training.to_day), resistance_sessions_per_week=0.0, impact_sessions_per_week=0.0)


def _ms(arm: Arm, person: Person, worse: float) -> MultipleSclerosis | None:
    """MS whose EDSS follows the arm's mean course; people drift apart from it by and by."""
    if person.ms is None or not arm.edss_mean:
        return person.ms
    (start, first), (end, _), own = arm.edss_mean[0], arm.edss_mean[-1], person.ms.disability[0].edss or 0.0
    apart = worse * arm.edss_change_sd / max(end - start, 1.0)
    visits = tuple(
        Disability(date=_on(int(day)), edss=_half_step(own + mean - first + apart * (day - start)))
        for day, mean in arm.edss_mean
    )
    return person.ms.model_copy(update={"disability": visits})


def _half_step(edss: float) -> float:
    """The nearest value of the scale, which has no 0.5."""
    step = min(max(round(edss * 2.0) / 2.0, 0.0), _MOST_EDSS)
    return 1.0 if step == 0.5 else step
