"""Multiple sclerosis: when it began, its course, relapses, and disability on one scale.

An EDSS as it was given, or estimated from a PDDS, a walking distance or an aid.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import model_validator

from trabecula.person.dates import Past, read_date
from trabecula.person.limits import Edss, WithinLimits
from trabecula.person.medicines import Medicine
from trabecula.person.parts import Many, RecordPart, Registry, one_of, step_at
from trabecula.person.problems import PartProblem, known_day, require
from trabecula.words.message import Message

Aid = Literal["none", "cane", "two_canes", "walker", "wheelchair", "bed"]
MsCourse = Literal["clinically_isolated", "relapsing", "secondary_progressive", "primary_progressive"]


class Disability(RecordPart):
    """Disability on one date: EDSS, PDDS or walking distance, with the aid used."""

    date: Past
    """The date of the EDSS, PDDS or walking test."""
    edss: Edss | None = None
    """Expanded Disability Status Scale, 0 to 10 in half steps (there is no 0.5)."""
    pdds: Annotated[int, WithinLimits("pdds")] | None = None
    """Patient Determined Disease Steps, 0 to 8."""
    walking_distance_m: Annotated[float, WithinLimits("walking_distance_m")] | None = None
    """How far the person can walk without a rest, with the aid given, in metres."""
    aid: Aid | None = None
    """Walking aid or wheelchair used most of the time."""

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        """One measure; an aid may stand beside it, or alone."""
        require(one_of(self, "edss", "pdds", "walking_distance_m", at_least_one=self.aid in (None, "none")))
        return self


class Relapse(RecordPart):
    """An attack of MS."""

    date: Past
    """The start date."""
    severity: Literal["mild", "moderate", "severe"] | None = None
    """How disabling it was at its worst."""
    recovered: bool | None = None
    """Whether the person recovered fully."""


class MultipleSclerosis(RecordPart):
    """The disease: when it began, its course, and how disability has gone."""

    onset: Past | None = None
    """The first symptom."""
    diagnosis: Past | None = None
    """The date of the diagnosis."""
    course: MsCourse | None = None
    """The course of the disease today."""
    disability: Many[Disability] = ()
    """Examinations, in any order."""
    relapses: Many[Relapse] = ()
    """Attacks, in any order."""
    disease_modifying_drugs: Many[Medicine] = ()
    """Disease-modifying therapies (medicines that treat MS itself)."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """MS is not diagnosed before it begins."""
        if self.onset is not None and self.diagnosis is not None:
            onset, diagnosis = read_date(self.onset), read_date(self.diagnosis)
            if diagnosis.last < onset.first:
                expected = Message("expected.a_day_on_or_after_the_onset", {"day": known_day(onset)})
                todo = Message("todo.exchange_the_two_dates_or_correct")
                require([PartProblem("diagnosis", known_day(diagnosis), expected, todo)])
        return self

    @property
    def examinations(self) -> list[Disability]:
        """By date, whatever their order in the record; of several on a day the one that counts is the last.

        An EDSS counts before a PDDS, that before a distance, that before an aid alone; of two alike the worse.
        """
        return sorted(self.disability, key=_weight)


def _weight(one: Disability) -> tuple[object, ...]:
    """The date of an examination, how direct it is, and how bad it found things."""
    near = -1.0 if one.walking_distance_m is None else -one.walking_distance_m
    direct = (one.edss is not None, one.pdds is not None, one.walking_distance_m is not None)
    return one.date, *direct, one.edss or 0.0, one.pdds or 0, near, get_args(Aid).index(one.aid or "none")


# ---------------------------------------------------------------- one scale

Basis = Literal["edss", "pdds", "walking_distance", "aid"]


@dataclass(frozen=True)
class EdssEstimate:
    """An EDSS, how uncertain it is, and what it rests on."""

    edss: float
    sd: float
    """Standard deviation between persons with the same answer [EDSS points]; 0 when the EDSS was given."""
    basis: Basis
    aid: Aid | None
    """The aid as recorded, None when it was not."""


def edss_of(measure: Disability, registry: Registry) -> EdssEstimate:
    """The EDSS of an examination, given or estimated."""
    if measure.edss is not None:
        return EdssEstimate(measure.edss, 0.0, "edss", measure.aid)
    if measure.pdds is not None:
        edss = step_at("person.edss.from_pdds", measure.pdds, registry)
        return EdssEstimate(edss, registry.scalar("person.edss.from_pdds_sd"), "pdds", measure.aid)
    return _from_walking(measure, registry)


def _from_walking(measure: Disability, registry: Registry) -> EdssEstimate:
    """From distance and aid, or from the aid alone."""
    aid, distance = measure.aid or "none", measure.walking_distance_m
    if distance is None or aid in ("wheelchair", "bed"):
        edss = registry.scalar(f"person.edss.from_aid_{aid}")
        return EdssEstimate(edss, registry.scalar("person.edss.from_aid_sd"), "aid", measure.aid)
    edss = step_at(f"person.edss.from_walking_{_support(aid)}", distance, registry)
    sd = step_at("person.edss.from_walking_sd", distance, registry)
    return EdssEstimate(edss, sd, "walking_distance", measure.aid)


def _support(aid: Aid) -> str:
    """Walking alone, with support on one side or on both."""
    return {"none": "alone", "cane": "one_side"}.get(aid, "both_sides")
