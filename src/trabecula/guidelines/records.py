"""A guideline as data: rules with conditions and named exceptions; and the advice that comes of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import WithJsonSchema

from trabecula.guidelines.conditions import Condition, Truth
from trabecula.guidelines.facts import ClosedRecord
from trabecula.words.message import Message, verbatim

Status = Literal["read", "abstract", "transcribed", "recalled", "own"]
Level = Literal["low", "intermediate", "high", "very_high"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""How high a guideline calls the risk."""
Drug = Literal["none", "consider", "treat", "specialist"]
DRUGS: tuple[Drug, ...] = get_args(Drug)
"""No bone medicine; one can be considered; one is advised; one is advised, by a specialist or with an osteoanabolic."""
Place = Literal["home", "shared", "elsewhere"]
"""Of a guideline: of the person's own country, for people of many countries, or of another country."""
STATUSES: tuple[Status, ...] = get_args(Status)
"""From what was read in the guideline itself to what is ours."""


def status_name(status: Status) -> Message:
    """A status in a word."""
    return Message(f"status.{status}")


def status_meaning(status: Status) -> Message:
    """What a status means."""
    return Message(f"status_meaning.{status}")


@dataclass(frozen=True)
class Unless:
    """A named exception: where it holds, its advice replaces the rule's."""

    name: str
    condition: Message
    when: Condition
    instead: Message
    section: str
    status: Status
    stance: str
    """The stance that the exception leads to; empty when the rule's stays."""


@dataclass(frozen=True)
class Rule:
    """One rule: for whom, when, what is recommended, and where it stands."""

    id: str
    population: Message
    scope: Condition
    condition: Message
    when: Condition
    recommendation: Message
    strength: Message
    section: str
    citation: str
    status: Status
    note: Message
    beside: str
    """A rule that explains why a condition met outside the population is worth showing: where it holds, both are."""
    topic: str
    """What the rule is about, where guidelines can be held against each other: medicine or density."""
    stance: str
    """What it says of the topic, in a word or two."""
    level: Level | Literal[""]
    """How high the risk is where the rule applies; empty where it says nothing of it."""
    drug: Drug | Literal[""]
    """Whether a bone medicine is advised, for a program to read; empty where the rule is about something else."""
    unless: tuple[Unless, ...]


@dataclass(frozen=True)
class Adjustment:
    """A factor that a guideline puts on a typed FRAX value."""

    when: Condition
    factors: Mapping[str, float]
    """By name: mof_percent, hip_percent."""
    text: str


@dataclass(frozen=True)
class Guideline:
    """A published guideline in one version."""

    id: str
    name: str
    title: Message
    """Name and version."""
    version: str
    country: Message
    citation: str
    doi: str | None
    population: Message
    scope: Condition
    note: str
    read: date | None
    """The day on which its text was last looked up; None where it could not be read at all."""
    rules: tuple[Rule, ...]
    adjustments: tuple[Adjustment, ...]


Verdict = Annotated[Truth, WithJsonSchema({"type": "string", "enum": [truth.value for truth in Truth]})]
"""A truth value, described in place."""


class Reason(ClosedRecord):
    """One fact on which a verdict rests."""

    fact: str
    """Name of the fact."""
    found: Message
    """The fact and what is known of it, in words."""
    asked: Message
    """What the rule asks of it, in words."""
    truth: Verdict
    """Whether it holds."""
    locator: str
    """Where the rule stands that asks."""


class Objection(ClosedRecord):
    """Why a medicine is refused or warned of, or a plan contradicts the record."""

    rule: str
    """Which rule."""
    reason: Message
    found: Message
    """The recorded fact it rests on."""
    source: Message


class FactAnswer(ClosedRecord):
    """What an answer to a missing datum would lead to."""

    answer: Message
    """The answer, in words."""
    verdict: Verdict
    """The verdict of the rule then."""


class Missing(ClosedRecord):
    """A datum that is missing, and what each answer would lead to."""

    fact: str
    """Name of the fact."""
    what: Message
    """What it is, in words."""
    answers: tuple[FactAnswer, ...]


class ExceptionAdvice(ClosedRecord):
    """A named exception of a rule, for this person."""

    name: str
    verdict: Verdict
    condition: Message
    instead: Message
    """What is advised where the exception holds."""
    because: tuple[Reason, ...]
    missing: tuple[Missing, ...]


class Advice(ClosedRecord):
    """What one rule says of this person; rules of different guidelines stand side by side, never merged."""

    guideline: str
    """Id of the guideline."""
    title: Message
    """Name and version of the guideline."""
    country: Message
    """Country or body the guideline is written for."""
    rule: str
    """Id of the rule."""
    verdict: Verdict
    """Whether the rule applies: in its population, and its condition is met."""
    scope: Verdict
    """Whether this person belongs to the population of the rule."""
    literal: Verdict
    """Whether the condition is met, read literally, whoever it was written for."""
    population: Message
    """For whom the rule is."""
    condition: Message
    """When the rule applies, in our words."""
    recommendation: Message
    """Recommendation (paraphrase), after any exception that applies."""
    strength: Message
    """Strength as the guideline grades it; may be empty."""
    section: str
    """Where in the guideline it stands."""
    citation: str
    status: Status
    """How well the rule was checked against the guideline."""
    note: Message
    """What to know when reading this rule."""
    beside: str
    """Rule beside which a condition met outside its population is shown; may be empty."""
    topic: str
    """What the rule is about, where guidelines can be held against each other; may be empty."""
    stance: str
    """Position on the topic, after exceptions; may be empty."""
    level: Level | Literal[""] = ""
    """How high the rule calls the risk; may be empty."""
    drug: Drug | Literal[""] = ""
    """Whether the rule advises a bone medicine; empty where it is about something else."""
    place: Place = "shared"
    """Whether the guideline is of the person's own country, for many countries, or of another country."""
    because: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    exceptions: tuple[ExceptionAdvice, ...]
    proposes: tuple[str, ...] = ()
    """Bone medicines that it names and that nothing on file refuses."""
    not_here: Message = verbatim("")
    """Bone medicines that it names and that are refused for this person, and why; may be empty."""

    @property
    def outside(self) -> bool:
        """Whether the condition is met literally by somebody the rule was not written for."""
        return self.literal is Truth.TRUE and self.scope is Truth.FALSE
