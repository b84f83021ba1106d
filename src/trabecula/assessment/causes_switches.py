"""The switches: the same person without one of the causes, past and future.

A switch that is off leaves the healthy 30-year-old (ageing and hormones), no steroids, the load of a person without
disability and of average activity, the falls of a person without MS, the usual diet, no smoking and no heavy drinking,
or no other medicines. Everything else of the person stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trabecula import course, skeleton
from trabecula.assessment.causes_shapley import Coalition
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import timeline_of
from trabecula.assessment.plans.plan import RECORDED
from trabecula.course import Bones
from trabecula.fracture import Exposure
from trabecula.fracture.factors import high_alcohol
from trabecula.model import ModelDraws
from trabecula.person import Person
from trabecula.skeleton import SITES, Stretch
from trabecula.skeleton.density import reference_mean, reference_sd
from trabecula.timeline import Timeline
from trabecula.timeline.build import dosings_of
from trabecula.timeline.channels import Clock
from trabecula.timeline.merging import merged
from trabecula.timeline.nutrition import nutrition_of
from trabecula.timeline.steroids import Dosing, SteroidDays, steroid_days
from trabecula.units import Array, date_at
from trabecula.units import days as in_days
from trabecula.vocabulary import supplements

_NOT_ON_DENSITY = ("falls", "smoking_alcohol")
"""Those that act on fractures alone."""
_GRID_Y = 0.5  # steps in which fractures and death compete here


@dataclass(frozen=True)
class Switches:
    """One person whose causes can be turned off."""

    known: PatientState
    """The person as recorded."""

    @cached_property
    def timeline(self) -> Timeline:
        """The life as recorded, up to the horizon; before today nothing is read, so that steps may be long."""
        return timeline_of(self.known.person, RECORDED, self.known, self.days)

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The causes that this person has."""
        return tuple(name for name, is_here in _PRESENT.items() if is_here(self))

    @cached_property
    def on_density(self) -> tuple[str, ...]:
        """Those of them that act on density."""
        here = (cause for cause in self.present if cause not in _NOT_ON_DENSITY)
        return tuple(cause for cause in here if cause != "medicines" or self.has_bone_medicines)

    @property
    def has_unloading(self) -> bool:
        """Whether disability, relapses, activity, training or rest change the load on bone."""
        t = self.timeline
        acting = (np.nan_to_num(t.edss), t.relapse, t.resistance, t.impact, t.bed_rest, t.paralysis)
        return any(bool(np.any(channel)) for channel in acting) or bool(np.any(~np.isnan(t.activity)))

    @property
    def has_nutrition(self) -> bool:
        """Whether calcium or vitamin D are other than usual."""
        usual_mg, usual_nmol_l = self._usual_diet
        t = self.timeline
        return not (np.array_equal(t.calcium_mg_per_day, usual_mg) and np.array_equal(t.vitamin_d_nmol_l, usual_nmol_l))

    @property
    def has_habits(self) -> bool:
        """Whether the person smokes, or drinks so much that it counts."""
        drinks = high_alcohol(self.known.person.alcohol_units_per_day, self.known.draws)
        return self.known.person.smoking == "current" or (drinks is not None and bool(np.any(drinks)))

    @property
    def has_bone_medicines(self) -> bool:
        """Whether one of them acts on density."""
        t = self.timeline
        taken = (*t.drug_mg_per_day.values(), t.hormone_therapy, t.depot_progestogen)
        return bool(t.boluses) or any(bool(np.any(amounts)) for amounts in taken)

    @cached_property
    def _clock(self) -> Clock:
        """The life of the person up to the horizon."""
        return Clock(self.known.person.birth_date, self.known.on, date_at(self.timeline.end_day, self.timeline.birth))

    @cached_property
    def _steroids(self) -> Mapping[str, SteroidDays]:
        """The days of pulses alone, and of everything else alone."""
        given = dosings_of(self.known.person, self._clock, self.known.evidence)
        pulses = [dosing for dosing in given if self._is_pulse(dosing)]
        others = [dosing for dosing in given if not self._is_pulse(dosing)]
        found = {"pulses": pulses, "oral_steroids": others}
        return {name: steroid_days(dosings, self.known.evidence) for name, dosings in found.items()}

    def _is_pulse(self, dosing: Dosing) -> bool:
        """Whether a step of a course belongs to a pulse in the life as it was."""
        return bool(self.timeline.flag_at(dosing.start + dosing.days / 2, self.timeline.pulse))

    @cached_property
    def _usual_diet(self) -> tuple[Array, Array]:
        """Calcium and vitamin D of people like this one about whose diet nothing is known [K]."""
        person = self.known.person
        taken_as_food = supplements("calcium", "vitamin_d")
        kept = tuple(medicine for medicine in person.medicines if medicine.generic not in taken_as_food)
        tests = tuple(sample for sample in person.laboratory if sample.test != "25-OH-D")
        blank = {"calcium_mg_per_day": None, "vitamin_d_ug_per_day": None, "medicines": kept, "laboratory": tests}
        usual = nutrition_of(person.model_copy(update=blank), self._clock, self.known.evidence)
        middles = self.timeline.middles_d
        return usual.calcium_mg.at(middles), usual.vitamin_d_nmol_l(middles)

    def _without_steroids(self, on: Coalition) -> Timeline:
        """The life with one kind of steroid, or none."""
        if {"oral_steroids", "pulses"} <= on:
            return self.timeline
        kind = next(iter(on & {"oral_steroids", "pulses"}), None)
        if kind not in self._with_one_kind:
            self._with_one_kind[kind] = self._with_steroids(kind)
        return self._with_one_kind[kind]

    @cached_property
    def _with_one_kind(self) -> dict[str | None, Timeline]:
        """Those lives, as they are asked for."""
        return {}

    def _with_steroids(self, kind: str | None) -> Timeline:
        """The life with one kind of steroid, or none."""
        days = self._steroids[kind] if kind else steroid_days((), self.known.evidence)
        middles = self.timeline.middles_d
        return replace(
            self.timeline,
            occupancy=days.sample(days.occupancy, middles),
            prednisone_mg=days.sample(days.prednisone_mg, middles),
            pulse=self.timeline.pulse if kind == "pulses" else np.zeros_like(self.timeline.pulse),
        )

    def life(self, on: Coalition) -> Timeline:
        """What acts on the bones when only some causes are on."""
        life = self._without_steroids(on)
        if "unloading" not in on:
            life = _unloaded_no_more(life)
        if "nutrition" not in on:
            calcium, vitamin_d = self._usual_diet
            life = replace(life, calcium_mg_per_day=calcium, vitamin_d_nmol_l=vitamin_d)
        return life if "medicines" in on else _without_medicines(life)

    @cached_property
    def _ageless(self) -> ModelDraws:
        """The draws in a world where nobody ages."""
        return _ageless(self.known.draws)

    def asked(self, on: Coalition, days: Sequence[float], since: Array | None = None) -> Stretch:
        """What is marched for all states of the skeleton on some days, from those of the first of them on."""
        draws = self.known.draws if "ageing" in on else self._ageless
        life = merged(self.life(on), days, self._menopause if "ageing" in on else (np.inf, np.inf))
        return skeleton.stretch(life, draws, days, self.known.past.traits, since, draws.model.equations)

    @cached_property
    def _menopause(self) -> tuple[float, float]:
        """The days between which oestrogen may fall [d since birth]; none in men."""
        scalar, age_y = self.known.evidence.scalar, self.timeline.menopause_age_y
        if self.known.person.sex == "male":
            return np.inf, np.inf
        if age_y is None:
            ends = scalar("timeline.edge.menopause_from"), scalar("timeline.edge.menopause_to")
        else:
            before, after = scalar("timeline.edge.before_menopause"), scalar("timeline.edge.after_menopause")
            ends = age_y - before, age_y + after
        return in_days(ends[0]), in_days(ends[1])

    @cached_property
    def days(self) -> Array:
        """Today, and the days ahead up to the horizon."""
        every, today = self.known.days.every, self.known.today
        return every[(every >= today) & (every <= today + in_days(self.known.horizon_y))]

    def bones(self, on: Coalition, log_density: Mapping[str, Array]) -> Bones:
        """The bones of this person beside the average of the same age, or of age 30 where nobody ages."""
        known, young = self.known, self.known.evidence.scalar("skeleton.ageing.decline_from")
        average = self._average if "ageing" in on else self._average_young
        typical = {site: np.exp(values) for site, values in log_density.items()}
        cv = known.past.cv if "ageing" in on else self._spread_at(young)
        return known.seen.own(Bones(self.days, known.today, typical, average, cv, {}))

    @cached_property
    def _average(self) -> Mapping[str, Array]:
        """Relative density of the average person of the same age and sex [n, T]."""
        return course.average_density(self.known.person.sex, self.known.draws, self.days)

    @cached_property
    def _average_young(self) -> Mapping[str, Array]:
        """The same at the age from which it declines."""
        young = in_days(self.known.evidence.scalar("skeleton.ageing.decline_from"))
        return course.average_density(self.known.person.sex, self.known.draws, young + np.zeros_like(self.days))

    def _spread_at(self, age_y: float) -> Mapping[str, float]:
        """Coefficient of variation between people of an age, by site."""
        evidence, sex, ancestry = self.known.evidence, self.known.person.sex, self.known.person.ancestry
        mean = {site: reference_mean(evidence, site, sex, age_y, ancestry) for site in SITES}
        return {site: float(reference_sd(evidence, site, sex, age_y) / mean[site]) for site in SITES}

    def exposure(self, on: Coalition) -> Exposure:
        """What the person brings to a fracture when only some causes are on."""
        life = self._without_steroids(on)
        life = life if "medicines" in on else _without_medicines(life)
        person = self.known.person if "smoking_alcohol" in on else _without_habits(self.known.person)
        exposure = Exposure.from_person(person, life, self._edges)
        if "falls" not in on and "falls" in self.present:
            exposure = replace(exposure, fall_ratio=_falls_without_ms(exposure, self.known.sample))
        if "ageing" not in on:
            young = self.known.evidence.scalar("skeleton.ageing.decline_from")
            exposure = replace(exposure, age_y=young + exposure.middle_y)
        return exposure

    @cached_property
    def _edges(self) -> list[float]:
        """Edges of the steps in which fractures and death compete [days since birth]."""
        steps = np.arange(0.0, self.known.horizon_y, _GRID_Y)
        return (self.known.today + in_days(np.append(steps, self.known.horizon_y))).tolist()


_PRESENT: Mapping[str, Callable[[Switches], bool]] = {
    "ageing": lambda _: True,
    "oral_steroids": lambda life: bool(np.any(life.timeline.prednisone_mg[~life.timeline.pulse] > 0.0)),
    "pulses": lambda life: bool(life.timeline.pulse.any()),
    "unloading": lambda life: life.has_unloading,
    "falls": lambda life: life.known.person.ms is not None,
    "nutrition": lambda life: life.has_nutrition,
    "smoking_alcohol": lambda life: life.has_habits,
    "medicines": lambda life: (
        life.has_bone_medicines or any(bool(taken.any()) for taken in life.timeline.medicines.values())
    ),
}
"""Whether a person has each cause."""
CAUSES = tuple(_PRESENT)
"""All causes, in the order in which they are shown."""


def _unloaded_no_more(life: Timeline) -> Timeline:
    """The load of a person without disability and of average activity."""
    no = np.zeros_like(life.bed_rest)
    return replace(
        life,
        edss=np.full_like(life.edss, np.nan),
        edss_sd=0.0,
        relapse=np.zeros_like(life.relapse),
        activity=np.full_like(life.activity, np.nan),
        resistance=np.zeros_like(life.resistance),
        impact=np.zeros_like(life.impact),
        bed_rest=no,
        paralysis=no,
    )


def _without_medicines(life: Timeline) -> Timeline:
    """No medicine but steroids, for bone or for anything else."""
    none = np.zeros_like(life.hormone_therapy)
    return replace(life, drug_mg_per_day={}, boluses=(), hormone_therapy=none, depot_progestogen=none, medicines={})


def _without_habits(person: Person) -> Person:
    """Somebody who never smoked and does not drink."""
    smoking = "never" if person.smoking == "current" else person.smoking
    units = None if person.alcohol_units_per_day is None else 0.0
    return person.model_copy(update={"smoking": smoking, "alcohol_units_per_day": units})


def _falls_without_ms(exposure: Exposure, draws: ModelDraws) -> Array:
    """Falls of people like this one without MS over those with it [n, T].

    What the person's own falls say of the rate stays: they multiply both.
    """
    without = replace(exposure, edss=np.nan)
    expected = draws.model.hazards.expected_falls
    return expected(without, draws) / expected(exposure, draws)


def _ageless(draws: ModelDraws) -> ModelDraws:
    """The same draws in a world where nobody ages and the ovaries never stop.

    The keys of the draws are those of before, so that every other parameter has the same value in each draw.
    """
    _, men = draws.evidence.curve("skeleton.oestrogen.men")
    still = {
        "skeleton.ageing.work_decline": 0.0,
        "skeleton.oestrogen.women_floor": 1.0,
        "skeleton.oestrogen.men": [1.0] * len(men),
    }
    return draws.model.replacing(parameters=still).draws(draws.n, draws.seed)
