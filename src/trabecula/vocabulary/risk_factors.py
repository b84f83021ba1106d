"""Rows about risk factors: what a record may say of a person beyond density, and what each does to falls and fractures.

    RISK_FACTORS["smoking"].effects["current_smoking"].share

A row is a field of the record: the record, its description, the form, FHIR and the hazard read the same row.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import ClassVar, Literal

from pydantic import model_validator

from trabecula.vocabulary.rows import Cell, Concept, ConceptTable, Parameter
from trabecula.words.message import Message


class FactorEffect(Cell):
    """What a factor does to the hazard of a fracture, over the average of a population in which a share has it."""

    ratios: Mapping[str, Parameter]
    """Hazard ratios at the same density, by whose they are (`FractureSite.factors`); numbers, or curves over age."""
    share: Parameter
    """The share of the population that has it."""
    density: Parameter | None = None
    """By how many SD it lowers density, where nobody has measured that."""
    side_by_side: bool = False
    """Estimated together with the others that say so, so that they multiply; the rest come in the same people."""
    present: tuple[str, ...] = ()
    """The choices that mean that the person has it."""
    absent: tuple[str, ...] = ()
    """The choices that mean that the person has it not; what is neither is read as unknown."""
    above: Parameter | None = None
    """For an amount: more than this means that the person has it."""
    medicine: str | None = None
    """Who takes a medicine of this class has it, whatever the record says."""

    @model_validator(mode="after")
    def _acts_everywhere(self) -> "FactorEffect":
        """Every site finds its ratio."""
        if not {"hip", "other"} <= self.ratios.keys():
            raise ValueError("ratios for hip and for other")
        return self


class FallEffect(Cell):
    """What a class of medicines does to the rate of falls."""

    ratio: Parameter
    share: Parameter
    """The share of the population that takes it."""


class RiskFactor(Concept):
    """One thing that a record may say of a person; its key is the field."""

    kind: ClassVar[str] = "factor"
    value: Literal["yes_no", "choice", "number", "class"] = "yes_no"
    """What kind of answer the field takes; `class` is no field, but taking medicines of the class with this key."""
    choices: Mapping[str, str] = {}
    """The answers of a field of choices, with their English."""
    limits: str | None = None
    """The quantity whose limits hold for a number (`person/limits.csv`)."""
    unit: str = ""
    """The unit of a number, in English."""
    about: str = ""
    """What the field says, for the description of the record."""
    question: str = ""
    """The form's question, where the label alone would not do; in English."""
    hint: str = ""
    """What the form says below the field; in English."""
    form: Literal["food_and_habits", "other_diseases", "family_and_height"] | None = None
    """The group of the form in which it is asked."""
    asked: bool = False
    """Whether a result says that a record left it open."""
    lasting: bool = False
    """Whether it stays part of the history when a diagnosis is recorded as over."""
    effects: Mapping[str, FactorEffect] = {}
    """What acts on the hazard, by name."""
    falls: FallEffect | None = None

    @model_validator(mode="after")
    def _is_a_whole_question(self) -> "RiskFactor":
        """Each kind of answer has what it needs."""
        if (self.value == "choice") != bool(self.choices) or (self.value == "number") != (self.limits is not None):
            raise ValueError("choices for a choice, limits for a number, and for nothing else")
        if (self.value == "class") == bool(self.form and self.about):
            raise ValueError("form and about for a field, and not for a class of medicines")
        if self.value == "number" and self.effects and self.key != "alcohol_units_per_day":
            raise ValueError("no effects for a number: the hazard reads amounts of alcohol alone")
        unknown = {word for effect in self.effects.values() for word in (*effect.present, *effect.absent)}
        if not unknown <= self.choices.keys():
            raise ValueError(f"present and absent among the choices: {', '.join(self.choices)}")
        return self

    @property
    def is_field(self) -> bool:
        """Whether the record has a field for it."""
        return self.value != "class"

    @property
    def asks(self) -> Message:
        """The form's question."""
        return Message(f"{self.name.id}.question", source=self.question) if self.question else self.name

    @property
    def hints(self) -> Message | None:
        """What the form says below the field."""
        return Message(f"{self.name.id}.hint", source=self.hint) if self.hint else None

    @property
    def in_unit(self) -> Message | None:
        """The unit of a number."""
        return Message(f"{self.name.id}.unit", source=self.unit) if self.unit else None

    def messages(self) -> Iterator[Message]:
        """Its name, what the form asks, and the answers."""
        yield from (said for said in (self.name, self.asks, self.hints, self.in_unit) if said is not None)
        yield from map(self.choice, self.choices)

    def choice(self, answer: str) -> Message:
        """One of the answers, in words."""
        return Message(f"{self.name.id}.{answer}", source=self.choices[answer])


RISK_FACTORS = ConceptTable("risk_factors", RiskFactor)
"""Risk factors in the order of the record."""


@cache
def factor_effects() -> Mapping[str, FactorEffect]:
    """Everything that acts on the hazard, by name: what multiplies first, then what comes in the same people."""
    effects = {name: effect for row in RISK_FACTORS.values() for name, effect in row.effects.items()}
    return dict(sorted(effects.items(), key=lambda item: not item[1].side_by_side))


@cache
def fall_effects() -> Mapping[str, FallEffect]:
    """The classes of medicines that act on falls."""
    return {key: row.falls for key, row in RISK_FACTORS.items() if row.falls is not None}
