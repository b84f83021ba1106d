"""Plans beside each other, as data: what `trabecula compare --format json` prints."""

from datetime import date
from typing import Literal

from pydantic import Field

from trabecula.assessment.base import Interval, Record
from trabecula.assessment.record import STATEMENT, Software

COMPARISON_VERSION = "1"


class Chance(Record):
    """How likely it is that a plan helps by more than something."""

    by_more_than: float = Field(description="In the unit of the difference; 0: that it helps at all.")
    probability: float = Field(description="Share of the draws, 0 to 1.")


class BoneThen(Record):
    """Density at one site on one day, under a plan and against what is recorded."""

    date: date
    bmd_g_cm2: Interval = Field(description="Density under the plan [g/cm2].")
    difference_percent: Interval = Field(description="Against the comparison, in the same draw [%].")


class BoneEffect(Record):
    """What a plan does to density at one site."""

    site: Literal["lumbar_spine", "femoral_neck", "total_hip"]
    change_percent: Interval = Field(description="Change from today to the horizon under the plan [%].")
    difference_percent: Interval = Field(
        description="Density at the horizon against the comparison, in the same draw [%]."
    )
    helps: list[Chance] = Field(
        description="Above 0, and above the smallest difference that two scans can tell [%]."
    )
    course: list[BoneThen] = Field(description="From today to the horizon.")


class NumberNeeded(Record):
    """How many people like this one follow the plan for one fracture fewer (benefit) or more (harm)."""

    median: float | None = Field(
        description="People; negative for harm; null when half of the draws say nothing."
    )
    best: float | None = Field(description="The favourable end of the interval; negative: even that is harm.")
    worst: float | None = Field(
        description="The unfavourable end; negative: harm, one fracture more in so many."
    )
    may_do_nothing: bool = Field(description="The interval includes no effect: it runs through infinity.")


class RiskEffect(Record):
    """What a plan does to the chance of a fracture at one site within the horizon."""

    site: str = Field(description="Skeletal site, or a group: major_osteoporotic, any.")
    risk: Interval = Field(description="Probability under the plan, 0 to 1.")
    difference: Interval = Field(
        description="Against the comparison, in the same draw; negative: fewer fractures."
    )
    ratio: Interval = Field(description="Risk under the plan over that of the comparison.")
    number_needed: NumberNeeded
    helps: list[Chance] = Field(description="That the risk is lower, and lower by more than a given amount.")


class Effect(Record):
    """Something that comes with a plan beside its effect on bone: a side effect, a burden or a co-benefit."""

    of: str = Field(description="The medicine or measure.")
    what: str
    size: str | None = Field(description="How often or how much, as the source printed it.")
    findings: list[str] = Field(description="Where it is printed; empty: said without a source.")
    sources: list[str] = Field(description="The documents behind the findings.")
    status: Literal["read", "recalled", "assumed"] = Field(
        description="read: somebody read it in the source or its abstract; recalled: quoted from memory."
    )


class Objection(Record):
    """Why a plan contradicts the history or a contraindication on file."""

    rule: str = Field(description="Which rule.")
    reason: str
    found: str = Field(description="What on file it rests on.")
    source: str


class PlanResult(Record):
    """What one plan does."""

    name: str
    title: str
    because: str | None
    refused: list[Objection] = Field(description="Not computed because of these, unless forced.")
    forced: bool = Field(description="Computed although it is refused.")
    warnings: list[Objection] = Field(description="Allowed, but dangerous without something else.")
    notes: list[str]
    bone: list[BoneEffect] = Field(description="Empty when the plan is refused.")
    risks: list[RiskEffect] = Field(description="Empty when the plan is refused.")
    falls_per_year: Interval | None
    side_effects: list[Effect]
    burdens: list[Effect]
    cobenefits: list[Effect] = Field(description="What a plan does beside bone; apart from it.")


class Comparison(Record):
    """Plans for one person beside what is recorded, under the same draws."""

    schema_version: Literal["1"] = COMPARISON_VERSION
    software: Software
    statement: str = STATEMENT
    date: date
    horizon_y: float
    country: str
    draws: int
    seed: int
    interval: float = Field(description="Probability held by each interval.")
    person: str = Field(description="The person in one line.")
    caution: str | None = Field(description="How to read the chances where they are known to be too high.")
    baseline: PlanResult = Field(description="What the plans are compared with.")
    plans: list[PlanResult]
    left_out: list[str] = Field(description="What this comparison does not know.")
    evidence: list[str] = Field(description="Parameters that were read.")
