"""Which medicine a resource means, and how it is taken: from the coded dosage, or from its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain

from trabecula import units
from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import BundleRecord
from trabecula.adapters.fhir.codes import Meaning, factor
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.person import notation
from trabecula.vocabulary import HORMONES, STEROIDS, Substance, medicines

# Words of products, in lower case: what makes an oestrogen combined, and what stays in one place of the body.
_PROGESTOGENS = re.compile(
    r"norethi(?:ster|ndr)one|progesterone|drospirenone|norgestimate|levonorgestrel|dydrogesterone"
)
_LOCAL = re.compile(
    r"ophthalm|ocular|\beye|topical|cutaneous|cream|ointment|lotion|\bgel\b|nasal|inhal|\botic\b|\bear\b|rectal"
    r"|enema|articular|epidural|\bdrops?\b|foam|shampoo|suppositor|implant"
)
# Words, and SNOMED CT codes of routes, in the order in which they are tried: "depot injection" is not yet "injection".
_ROUTES = (
    (re.compile(r"intraven|\bi\.?v\b|infusion|47625008"), "iv"),
    (re.compile(r"intramusc|\bi\.?m\b|78421000|depo-?medr|acetate.*inject|inject.*acetate"), "im"),
    (re.compile(r"\boral|by mouth|\bp\.?o\b|tablet|capsule|\btab\b|26643006"), "oral"),
    (re.compile(r"inject|vial"), "iv"),
)
# A number with a unit of mass behind a name, perhaps per mL; and the volume of a vial.
_STRENGTH = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(mg|g|mcg|ug|µg)\b(?P<per_ml>\s*/\s*(?:ml|actuat|spray|hr?\b))?")
_VOLUME = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*ml\b")


@dataclass(frozen=True)
class NamedDrug:
    """A medicine with the strength of one tablet or vial, as far as its name tells."""

    name: str
    """The generic name, a key of the vocabulary."""
    said: str
    """All that the resource calls it, in lower case: "prednisone 5 mg oral tablet"."""
    strength_mg: float | None = None
    """In one tablet or vial [mg]."""
    mg_per_ml: float | None = None
    """In a solution [mg/mL]."""
    known: Meaning | None = None
    """The reading of its code, if that is how it was recognised."""

    @property
    def is_steroid(self) -> bool:
        """Whether it is one of the glucocorticoids of the record."""
        return self.name in STEROIDS


def medication(resource: Element, record: BundleRecord) -> Element:
    """The concept of the medicine: medication[x] coded in place, or the Medication referred to, or its ingredient."""
    coded = element(resource.get("medicationCodeableConcept"))
    reference = element(resource.get("medicationReference"))
    held = record.resolve(reference, resource)
    ingredients = elements.elements(held.get("ingredient"))
    named = [coded, element(held.get("code")), *(element(part.get("itemCodeableConcept")) for part in ingredients)]
    return next((concept for concept in named if elements.words(concept)), {"text": text(reference.get("display"))})


def drugs_in(concept: Element) -> tuple[NamedDrug, ...]:
    """The known medicines in a concept, each once, in the order in which they are named.

    Words come before codes: a product names all that is in it ("alendronate and cholecalciferol"), a code one.
    """
    said = elements.all_words(concept)
    coded = codes.meaning(concept)
    found: dict[str, NamedDrug] = {}
    for match in _names_pattern().finditer(said):
        name = _names()[match.group()]
        row = medicines().get(name)
        # Behind another name a salt is only what that is bound to: pantoprazole calcium.
        if row is None or not row.salt or match.start() == 0:
            found.setdefault(name, _drug(name, said, said[match.end() :], coded))
    if not found and coded and coded.reads_as == "medicine":
        name = coded.value.split()[0]
        found[name] = _drug(name, said, coded.value.lower(), coded)
    return tuple(found.values())


def _drug(name: str, said: str, after: str, coded: Meaning | None) -> NamedDrug:
    """A medicine with the first strength that follows its name: "hydrocodone 7.5 mg / acetaminophen 325 mg"."""
    known = coded if coded and coded.reads_as == "medicine" else None
    match = _STRENGTH.search(after)
    by = factor("dose_mg", match.group(2)) if match else None
    if match is None or by is None:
        return NamedDrug(name, said, known=known)
    amount = round(float(match.group(1).replace(",", ".")) * by, 6)
    if not match.group("per_ml"):
        return NamedDrug(name, said, strength_mg=amount, known=known)
    volume = _VOLUME.search(said)
    whole = round(amount * float(volume.group(1)), 6) if volume else None
    return NamedDrug(name, said, strength_mg=whole, mg_per_ml=amount, known=known)


@cache
def _names() -> dict[str, str]:
    """Every name as it may be written, to the generic name."""
    rows: Iterator[Substance] = chain(medicines().values(), STEROIDS.values(), HORMONES.values())
    return {name.replace("_", " "): row.key for row in rows for name in row.names()}


@cache
def _names_pattern() -> re.Pattern[str]:
    """Any of the names as a whole word, the longest first."""
    ordered = sorted(_names(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def is_local(drug: NamedDrug, route: object) -> bool:
    """Whether a medicine is put on or into one place (an eye, the skin, the lungs, a joint)."""
    return bool(_LOCAL.search(f"{drug.said} {elements.all_words(route)}"))


def route_of(drug: NamedDrug, route: object, said: str) -> str | None:
    """Oral, iv or im: from the coded route, the instruction, or the form of the product; None when nothing tells it."""
    for source in (f"{elements.all_words(route)} {' '.join(elements.codes(route))}", said.lower(), drug.said):
        for pattern, name in _ROUTES:
            if pattern.search(source):
                return name
    return None


def hormone_kind(drug: NamedDrug) -> str:
    """The kind of hormone therapy; oestrogen together with a progestogen is combined."""
    kind = HORMONES[drug.name].therapy or ""
    return "combined" if kind == "oestrogen" and _PROGESTOGENS.search(drug.said) else kind


# ---------------------------------------------------------------- how it is taken

# Units that count tablets or vials; codes of the timing (GTSAbbreviation) with their doses a day, or days between.
_UNIT_COUNTS = {"", "1", "tab", "tabs", "cap", "caps", "each", "ea", "pill", "pills", "vial", "dose", "unit"}
_BY_NAME = {"qd": 1, "bid": 2, "tid": 3, "qid": 4, "am": 1, "pm": 1, "bed": 1}
_TIMES_A_DAY = _BY_NAME | {"q4h": 6, "q6h": 4, "q8h": 3, "q12h": 2}
_EVERY_DAYS = {"qod": 2.0, "wk": units.DAYS_PER_WEEK}
_WORDS = {"half": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0}
_NUMBER = r"(\d{1,4}(?:[.,]\d{1,4})?|" + "|".join(_WORDS) + r")"
_AMOUNT = re.compile(rf"\b{_NUMBER}\s*(mg|g|mcg|ug|µg|milligrams?|grams?)\b")
_TABLETS = re.compile(rf"\b{_NUMBER}\s*(?:\(\S+\)\s*)?(?:tab|cap|pill)")
_LENGTH = re.compile(rf"\b(?:for|x|over)\s*{_NUMBER}\s*(day|week|month)")
# In words: a pattern, and so many doses in so many days; the first that is found counts.
_FREQUENCIES = (
    (re.compile(r"\b(?:four times|4 times|4x|qid|qds)\b"), 4.0, 1.0),
    (re.compile(r"\b(?:three times|3 times|3x|tid|tds)\b"), 3.0, 1.0),
    (re.compile(r"\b(?:twice (?:a day|daily|per day)|two times|2 times|2x|bid|bd|every 12 hours)\b"), 2.0, 1.0),
    (re.compile(r"\b(?:every other day|alternate days?|every second day|qod|eod)\b"), 1.0, 2.0),
    (re.compile(r"\b(?:weekly|once a week|every week|per week)\b"), 1.0, units.DAYS_PER_WEEK),
    (re.compile(r"\b(?:monthly|once a month|every month)\b"), 1.0, units.DAYS_PER_MONTH),
    (re.compile(r"\b(?:every 6 months|twice a year)\b"), 1.0, units.DAYS_PER_YEAR / 2),
    (re.compile(r"\b(?:yearly|once a year|every year|annually)\b"), 1.0, units.DAYS_PER_YEAR),
    (re.compile(r"\b(?:daily|once a day|every day|a day|per day|every morning|in the morning|qd|od)\b"), 1.0, 1.0),
)


@dataclass(frozen=True)
class Dosage:
    """One instruction (Dosage); None is what it leaves unsaid."""

    dose_mg: float | None = None
    """Each dose [mg]."""
    doses_per_day: int | None = None
    """On a day with a dose."""
    every_days: float | None = None
    """From dosing day to dosing day [d]: 1 is daily, 7 weekly."""
    days: int | None = None
    """How long it is taken [d]."""
    start: date | None = None
    """The first day, where the instruction itself has bounds."""
    end: date | None = None
    route: str | None = None
    """oral, iv or im."""
    as_written: str = ""
    """The words themselves, where they are a course with parts that the notation of steroids understands whole."""
    as_needed: bool = False

    @property
    def mg_per_day(self) -> float | None:
        """The mean dose a day [mg], when dose and frequency are said."""
        if self.dose_mg is None or not (self.doses_per_day or self.every_days):
            return None
        return self.dose_mg * (self.doses_per_day or 1) / (self.every_days or 1.0)


def instructions(resource: Element) -> list[Element]:
    """The dosage elements of a request, a dispense, a statement or an administration."""
    return [held for name in ("dosageInstruction", "dosage") for held in elements.elements(resource.get(name))]


def dosages(resource: Element, drug: NamedDrug) -> tuple[Dosage, ...]:
    """The instructions of a resource by their sequence; where there are none, one with the route of the product."""
    given = sorted(instructions(resource), key=lambda held: elements.number(held.get("sequence")) or 0.0)
    return tuple(_dosage(instruction, drug) for instruction in given) or (Dosage(route=route_of(drug, {}, "")),)


def _dosage(given: Element, drug: NamedDrug) -> Dosage:
    """One instruction: what is coded in timing and doseAndRate, completed from its text, which often stands alone."""
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
    """The dose in mg: as a mass, as a volume, or as a number of tablets; of a range the upper end."""
    rates = elements.elements(given.get("doseAndRate"))
    holders = [*rates, given]
    ranges = [element(element(holder.get("doseRange")).get("high")) for holder in holders]
    quantities = [element(holder.get("doseQuantity")) for holder in holders] + [element(given.get("dose"))] + ranges
    found = (_in_mg(quantity, drug) for quantity in quantities if quantity)
    return next((dose for dose in found if dose), None)


def _in_mg(quantity: Element, drug: NamedDrug) -> float | None:
    """A quantity in mg; None for a volume without its concentration, or tablets without their strength."""
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
    """Doses on a day and days from dosing day to dosing day, from the coded timing; None where it is silent.

    timing.repeat says it in numbers (frequency, period, periodUnit), timing.code in an abbreviation (BID).
    """
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
    """So many doses in so many days, as whole doses a day or as days between doses: two a week are one in 3.5 days."""
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
    """The instruction itself, where the notation of steroid courses understands every word of it.

    Only courses with parts are kept as text: a single dose is said field by field, as everybody else says it.
    """
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
