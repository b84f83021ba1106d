"""The records of the registry: what a document is, what it printed, and what we use.

They are never mixed. A *source* is a document. A *finding* is what a source printed, and is never edited.
A *parameter* is what we use, with the findings it comes from, the method that led from them to the value, and
the reason. Unknown keys are errors.

Units are written as people do and parsed, so that a typing error is found: a product of known names with whole powers,
"1/d", "g/cm2", "%/y", "mg/kg/d". What is after a slash divides. `1` is a plain number.
"""

import re
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

_PLAIN = "1 % percentage_points ln logit SD person persons per_person_year per_1000_person_years QALY"
_TIME = "s min h d wk mo y"
_SIZE = "kg g mg ug ng pg m km cm mm um L dL mL mol mmol umol nmol pmol IU kcal MET Hz microstrain"
_EVENT = "fall falls fracture fractures relapse relapses step steps session sessions course courses dose doses"
_CLINIC = "EDSS USD GBP EUR SEK"
KNOWN_UNITS = frozenset(" ".join((_PLAIN, _TIME, _SIZE, _EVENT, _CLINIC)).split())

_FACTOR = re.compile(r"(?P<name>[A-Za-z_]+)(?P<power>-?\d)?")


class UnitError(ValueError):
    """A unit that cannot be read."""


def parse_unit(text: str) -> tuple[tuple[str, int], ...]:
    """The factors of a unit with their powers: `g/cm2` is (("g", 1), ("cm", -2))."""
    numerator, *denominators = text.split("/")
    above = [_factor(word, text) for word in re.split(r"[ *]", numerator)]
    below = [_factor(word, text) for part in denominators for word in re.split(r"[ *]", part)]
    return (*above, *((name, -power) for name, power in below))


def _factor(word: str, text: str) -> tuple[str, int]:
    """One factor, such as `cm2`, as its name and power."""
    if word in KNOWN_UNITS:
        return word, 1
    match = _FACTOR.fullmatch(word)
    if match is None or match["name"] not in KNOWN_UNITS:
        raise UnitError(
            f"unit {text!r} has a part {word!r} that is not known; write for example 1, %, 1/d, g/cm2,"
            f" nmol/L, mg/kg/d, or add the new unit to KNOWN_UNITS in evidence/records.py"
        )
    return match["name"], int(match["power"] or 1)


_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_SPEAKS_OF_SPREAD = re.compile(r"\b(spread|interval|CI|sd|SE|uncertain|range|unsettled)", re.IGNORECASE)


def _dotted(text: str) -> str:
    """An id, or the reason why it is none."""
    if not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is not an id; ids are dotted and lower case, such as fall.rate.edss")
    return text


def _known_unit(text: str) -> str:
    """A unit that can be parsed."""
    parse_unit(text)
    return text


Id = Annotated[str, AfterValidator(_dotted)]
Unit = Annotated[str, AfterValidator(_known_unit)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]


class Record(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Status(StrEnum):
    """How well a finding was seen; the value is what is stored, `meaning` what it says."""

    READ = "read"
    ABSTRACT = "abstract"
    TRANSCRIBED = "transcribed"
    DERIVED = "derived"
    RECALLED = "recalled"

    @property
    def meaning(self) -> str:
        """The status in words."""
        return _STATUS_MEANING[self]


_STATUS_MEANING = {
    Status.READ: "read in the source itself",
    Status.ABSTRACT: "read in the abstract or the open summary",
    Status.TRANSCRIBED: "read in a later document or program that repeats it, not in the source itself",
    Status.DERIVED: "arithmetic on numbers that were read",
    Status.RECALLED: "from memory, not checked against the source",
}


class Method(StrEnum):
    """The road from findings to the value in use."""

    AS_PRINTED = "as_printed"
    POOLED = "pooled"
    TRANSPORTED = "transported"
    CALIBRATED = "calibrated"
    ASSUMED = "assumed"


class Source(Record):
    """A document: something that can be looked up."""

    id: str
    """Its second part stands in the ids of its findings: `oral_gc.someone_2001.ls_2y` is of `someone_2001`."""
    citation: Text
    """Short, as rows of findings cite it."""
    year: int | None = None
    doi: str | None = None
    """Without `https://doi.org/`."""
    pmid: str | None = None
    licence: str | None = None
    """Where the document, or the table that was entered, says one."""

    @property
    def reference(self) -> str:
        """One line: the citation with the keys that find the document."""
        keys = [f"doi:{self.doi}" if self.doi else "", f"PMID {self.pmid}" if self.pmid else ""]
        year = f"({self.year})" if self.year and str(self.year) not in self.citation else ""
        return " ".join(word for word in (self.citation, year, *keys) if word)


class Finding(Record):
    """What a source printed: a number in its own unit, with its population and where it stands."""

    id: Id
    """topic.document.what: permanent, and append-only like the row itself."""
    topic: Text
    quantity: Text
    """What was measured, in the words of the source."""
    population: str | None = None
    n: float | None = None
    """People behind the number."""
    comparator: str | None = None
    """Against whom, or against what before."""
    time: str | None = None
    """When, or over how long."""
    value: float | None = None
    """As printed, in `unit`; None where only an interval was."""
    lower: float | None = None
    upper: float | None = None
    interval: Literal["none", "CI95", "CI90", "range", "IQR", "SD", "SE"] = "none"
    """What `lower` and `upper` are the ends of; for SD and SE the value less and plus one of them."""
    unit: Text
    """As printed; it need not be one of the registry's."""
    source: Text
    """The document as cited; `Evidence.source` turns it into the record."""
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    locator: str | None = None
    """Where it stands: table, page, equation, "abstract"."""
    status: Status
    """How well it was seen."""
    note: str | None = None


class Spread(Record):
    """How uncertain a value is: the distribution its draws come from, always with the value as median."""

    kind: Literal["lognormal", "normal", "logitnormal", "beta", "none"]
    """none: every draw has the value itself."""
    sd: Positive | None = None
    """lognormal: of the natural log. normal and beta: in the unit. logitnormal: of the logit."""

    @model_validator(mode="after")
    def _sd_unless_fixed(self) -> Self:
        """A spread has an sd, a fixed value has none."""
        if (self.sd is None) != (self.kind == "none"):
            raise ValueError(f"kind {self.kind} " + ("has no sd" if self.kind == "none" else "needs an sd above 0"))
        return self


class Fit(Record):
    """A calibration: which findings were fitted together, how well, and what it leaves open."""

    id: str
    label: Text
    reviewed: date
    numbers_fitted: int
    free_parameters: int
    chi_square: float
    """Of the numbers fitted, each in its own standard errors."""
    method: Text
    leaves_open: Text
    """What the numbers could not decide."""
    from_: tuple[str, ...] = Field(default=(), alias="from")
    """Findings, or families of findings (`treatment.freedom`), that the fit saw as far as this is known."""


class Parameter(Record):
    """What we use: a value, its spread, the findings it comes from and the reason."""

    id: Id
    symbol: str | None = None
    """The symbol in the equations, when there is one; unique."""
    label: Text
    unit: Unit
    """Of the value, parsed; `1` for a plain number."""
    value: Number | tuple[Number, ...]
    """One number, or one for each knot of a curve."""
    at: tuple[Number, ...] | None = None
    """The knots of a curve, rising; then `value` has one number for each."""
    at_unit: Unit | None = None
    """Of the knots: years of age, EDSS, mg/d."""
    spread: Spread
    """How uncertain the value is; one draw moves a whole curve."""
    spread_because: Text | None = None
    """Why the spread is what it is, unless `because` says so."""
    method: Method
    """How the value comes from its findings."""
    from_: tuple[Id, ...] = Field(default=(), alias="from")
    """Findings it rests on; none only if it is assumed."""
    fit: str | None = None
    """The calibration that moved it, with method calibrated."""
    because: Text
    """Why this value: specific to this number, and read by whoever asks `Evidence.because`."""
    reviewed: date
    """When a person last looked at it."""
    formerly: tuple[Id, ...] = ()
    """Ids this parameter had before: they still find it."""

    @property
    def assumed(self) -> bool:
        """Whether the value is our assumption."""
        return self.method is Method.ASSUMED

    @property
    def is_curve(self) -> bool:
        """Whether the value is a curve over knots."""
        return self.at is not None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        """What one field asks of another; every problem is told at once."""
        problems = [problem for check in _CHECKS for problem in check(self)]
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _method_problems(parameter: Parameter) -> list[str]:
    """A method names what it rests on."""
    problems = []
    if not parameter.from_ and not parameter.assumed:
        problems.append(f"method {parameter.method} needs `from`: the ids of its findings (or say assumed)")
    if (parameter.fit is not None) != (parameter.method is Method.CALIBRATED):
        problems.append("`fit` goes with method calibrated, and with no other")
    return problems


def _curve_problems(parameter: Parameter) -> list[str]:
    """A curve has as many values as knots, and the knots rise."""
    value, at = parameter.value, parameter.at
    if at is None:
        return ["a list of values needs `at`: its knots"] if isinstance(value, tuple) else []
    if not isinstance(value, tuple) or len(value) != len(at):
        return [f"`at` has {len(at)} knots, so `value` must be a list of {len(at)} numbers"]
    rising = all(low < high for low, high in pairwise(at))
    problems = [] if rising else ["the knots in `at` must rise"]
    return problems if parameter.at_unit else [*problems, "`at` needs `at_unit`"]


def _spread_problems(parameter: Parameter) -> list[str]:
    """A spread has a reason, and fits the value it spreads."""
    spread, values = parameter.spread, parameter.value
    values = values if isinstance(values, tuple) else (values,)
    problems = []
    reason = f"{parameter.spread_because or ''} {parameter.because}"
    if spread.kind != "none" and not parameter.spread_because and not _SPEAKS_OF_SPREAD.search(reason):
        problems.append("the spread has no reason: say in `spread_because` (or in `because`) why it is what it is")
    if spread.kind in ("logitnormal", "beta") and not all(0 <= value <= 1 for value in values):
        problems.append(f"spread {spread.kind} is for values from 0 to 1")
    return problems


_CHECKS = (_method_problems, _curve_problems, _spread_problems)
