"""How a medicine is taken: dose, how often, how long; from the coded dosage or from its words."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from trabecula import units
from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.drugs import NamedDrug, route_of
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.factors import factor
from trabecula.person import notation

_UNIT_COUNTS = {"", "1", "tab", "tabs", "cap", "caps", "each", "ea", "pill", "pills", "vial", "dose", "unit"}
_TIMES_A_DAY = {
    "qd": 1,
    "bid": 2,
    "tid": 3,
    "qid": 4,
    "am": 1,
    "pm": 1,
    "bed": 1,
    "q4h": 6,
    "q6h": 4,
    "q8h": 3,
    "q12h": 2,
}
_EVERY_DAYS = {"qod": 2.0, "wk": units.DAYS_PER_WEEK}
_WORDS = {"half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0}
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,4})?|" + "|".join(_WORDS) + r")"
_AMOUNT = re.compile(rf"\b{_NUMBER}\s*(mg|g|mcg|ug|µg|milligrams?|grams?)\b")
_TABLETS = re.compile(rf"\b{_NUMBER}\s*(?:\(\S+\)\s*)?(?:tab|cap|pill)")
_LENGTH = re.compile(rf"\b(?:for|x|over)\s*{_NUMBER}\s*(day|week|month)")
_FREQUENCIES = (
    (re.compile(r"\b(?:four times|4 times|4x|qid|qds)\b"), 4.0, 1.0),
    (re.compile(r"\b(?:three times|3 times|3x|tid|tds)\b"), 3.0, 1.0),
    (
        re.compile(r"\b(?:twice (?:a day|daily|per day)|two times|2 times|2x|bid|bd|every 12 hours)\b"),
        2.0,
        1.0,
    ),
    (re.compile(r"\b(?:every other day|alternate days?|every second day|qod|eod)\b"), 1.0, 2.0),
    (re.compile(r"\b(?:weekly|once a week|every week|per week)\b"), 1.0, units.DAYS_PER_WEEK),
    (re.compile(r"\b(?:monthly|once a month|every month)\b"), 1.0, units.DAYS_PER_MONTH),
    (re.compile(r"\b(?:every 6 months|twice a year)\b"), 1.0, units.DAYS_PER_YEAR / 2),
    (re.compile(r"\b(?:yearly|once a year|every year|annually)\b"), 1.0, units.DAYS_PER_YEAR),
    (
        re.compile(r"\b(?:daily|once a day|every day|a day|per day|every morning|in the morning|qd|od)\b"),
        1.0,
        1.0,
    ),
)


@dataclass(frozen=True)
class Dosage:
    """One instruction; None is what it leaves unsaid."""

    dose_mg: float | None = None
    doses_per_day: int | None = None
    every_days: float | None = None
    days: int | None = None
    start: date | None = None
    end: date | None = None
    route: str | None = None
    as_written: str = ""
    as_needed: bool = False

    @property
    def mg_per_day(self) -> float | None:
        """The mean dose a day [mg], when dose and frequency are said."""
        if self.dose_mg is None or not (self.doses_per_day or self.every_days):
            return None
        return self.dose_mg * (self.doses_per_day or 1) / (self.every_days or 1.0)


def instructions(resource: Element) -> list[Element]:
    """The dosage elements of a request, a dispense, a statement or an administration."""
    return [
        *elements.elements(resource.get("dosageInstruction")),
        *elements.elements(resource.get("dosage")),
    ]


def dosages(resource: Element, drug: NamedDrug) -> tuple[Dosage, ...]:
    """The instructions of a resource in their order (one empty one if there are none)."""
    given = sorted(instructions(resource), key=lambda each: elements.number(each.get("sequence")) or 0.0)
    return tuple(_dosage(each, drug) for each in given) or (Dosage(route=route_of(drug, {}, "")),)


def _dosage(given: Element, drug: NamedDrug) -> Dosage:
    """One instruction: what is coded, completed from its words."""
    said = text(given.get("text")).lower()
    timing = element(given.get("timing"))
    repeat = element(timing.get("repeat"))
    route = route_of(drug, given.get("route"), said)
    a_day, every = _frequency(repeat, timing) or _frequency_in(said) or (None, None)
    period = element(repeat.get("boundsPeriod"))
    return Dosage(
        dose_mg=_coded_dose(given, drug) or _dose_in(said, drug),
        doses_per_day=a_day,
        every_days=every,
        days=_coded_length(repeat) or _length_in(said),
        start=elements.calendar_day(period.get("start")),
        end=elements.calendar_day(period.get("end")),
        route=route,
        as_written=_as_written(said, drug, route),
        as_needed=given.get("asNeededBoolean") is True or "asNeededCodeableConcept" in given,
    )


# ---------------------------------------------------------------- coded


def _coded_dose(given: Element, drug: NamedDrug) -> float | None:
    """The dose in mg: as a mass, as a volume, or as a number of tablets."""
    rates = elements.elements(given.get("doseAndRate"))
    holders = [*rates, given]
    ranges = [element(element(each.get("doseRange")).get("high")) for each in holders]
    quantities = (
        [element(each.get("doseQuantity")) for each in holders] + [element(given.get("dose"))] + ranges
    )
    found = (_in_mg(quantity, drug) for quantity in quantities if quantity)
    return next((dose for dose in found if dose), None)


def _in_mg(quantity: Element, drug: NamedDrug) -> float | None:
    """A quantity of a medicine in mg."""
    value = elements.number(quantity.get("value"))
    unit = (text(quantity.get("code")) or text(quantity.get("unit"))).lower().strip("{}[]")
    if value is None or value <= 0:
        return None
    if by := factor("dose_mg", unit):
        return round(value * by, 6)
    if unit == "ml":
        return round(value * drug.mg_per_ml, 6) if drug.mg_per_ml else None
    is_count = unit in _UNIT_COUNTS or unit.startswith(("tablet", "capsule"))
    return round(value * drug.strength_mg, 6) if is_count and drug.strength_mg else None


def _frequency(repeat: Element, timing: Element) -> tuple[int, float] | None:
    """Doses on a day and days from dosing day to dosing day, from the coded timing."""
    codes = elements.codes(timing.get("code"))
    named = [(n, 1.0) for code, n in _TIMES_A_DAY.items() if code in codes]
    named += [(1, n) for code, n in _EVERY_DAYS.items() if code in codes]
    period = elements.number(repeat.get("period")) or 1.0
    by = factor("period_days", text(repeat.get("periodUnit")))
    if by is None or period <= 0:
        return named[0] if named else None
    often = elements.number(repeat.get("frequency")) or 1.0
    return _whole(often, period * by)


def _whole(often: float, days: float) -> tuple[int, float] | None:
    """So many doses in so many days, as whole doses a day or as days between doses."""
    if often <= 0 or days <= 0:
        return None
    per_day = often / days
    return (max(1, round(per_day)), 1.0) if per_day >= 1 else (1, 1.0 / per_day)


def _coded_length(repeat: Element) -> int | None:
    """The days that a treatment lasts, from its coded bounds."""
    bounds = element(repeat.get("boundsDuration")) or element(element(repeat.get("boundsRange")).get("high"))
    return length_days(bounds)


def length_days(duration: Element) -> int | None:
    """A Duration in whole days."""
    value = elements.number(duration.get("value"))
    by = factor("period_days", text(duration.get("code")) or text(duration.get("unit")))
    return None if value is None or by is None or value <= 0 else max(1, round(value * by))


# ---------------------------------------------------------------- in words


def _count(said: str) -> float:
    """A number in digits or in a word."""
    return _WORDS[said] if said in _WORDS else float(said.replace(",", "."))


def _dose_in(said: str, drug: NamedDrug) -> float | None:
    """A dose in an instruction: an amount, or a number of tablets of known strength."""
    if match := _AMOUNT.search(said):
        by = factor("dose_mg", match.group(2))
        return round(_count(match.group(1)) * by, 6) if by else None
    match = _TABLETS.search(said)
    return round(_count(match.group(1)) * drug.strength_mg, 6) if match and drug.strength_mg else None


def _frequency_in(said: str) -> tuple[int, float] | None:
    """How often, in words."""
    return next((_whole(n, days) for pattern, n, days in _FREQUENCIES if pattern.search(said)), None)


def _length_in(said: str) -> int | None:
    """How long, in words."""
    match = _LENGTH.search(said)
    by = factor("period_days", match.group(2)) if match else None
    return max(1, round(_count(match.group(1)) * by)) if match and by else None


def _as_written(said: str, drug: NamedDrug, route: str | None) -> str:
    """The instruction itself, where the notation of steroid courses understands every word of it."""
    if not (said and drug.is_steroid):
        return ""
    try:
        phases = notation.parse(said, drug.name, route)  # pyright: ignore[reportArgumentType]  # checked names
    except notation.NotationError:
        return ""
    has_parts = len(phases) > 1 or any(phase.taper for phase in phases)
    is_complete = all(phase.days is not None or phase.taper for phase in phases)
    return said if has_parts and is_complete else ""


def last_day(start: date, days: int) -> date | None:
    """The last of so many days from a start; None beyond the calendar."""
    try:
        return start + timedelta(days=days - 1)
    except OverflowError:
        return None
