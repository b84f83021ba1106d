"""How a medicine is taken: what is coded in a dosage, completed from its words, which often stand alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from trabecula import units
from trabecula.adapters.fhir import elements, sentences
from trabecula.adapters.fhir.codes import factor
from trabecula.adapters.fhir.dose_words import timing_codes
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.medications import NamedDrug, route_of
from trabecula.adapters.fhir.sentences import DosePart, DoseSentence
from trabecula.person import notation
from trabecula.vocabulary import STEROIDS

# Units that count tablets or vials; words that say that the dose is written elsewhere.
_UNIT_COUNTS = {"", "1", "tab", "tabs", "cap", "caps", "each", "ea", "pill", "pills", "vial", "dose", "unit", "tbl"}
_COUNTED = ("tablet", "capsule", "compress", "kapsel", "ampul", "stück", "cpr", "caplet")
_WRITTEN_ELSEWHERE = {"directed", "instructed"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LETTERS = 3
"""Of the code of a day: Monday and MON are mon."""
_MOMENTS = frozenset({"MORN", "NOON", "AFT", "EVE", "NIGHT", "PHS", "HS", "WAKE", "CM", "CD", "CV"})
_MOMENTS |= frozenset({"ACM", "ACD", "ACV", "PCM", "PCD", "PCV"})
"""Codes of one moment of the day; C, AC and PC are every meal, and others are moments of an illness."""
_MOST_TABLETS, _LEAST_TABLET = 40.0, 0.1
"""More tablets at once, or a smaller part of one, are mg and g mixed up."""
_SAME = 0.01
"""Two daily doses that differ by less are the same."""


@dataclass(frozen=True)
class Dosage:
    """One instruction (Dosage), or one part of it; None is what it leaves unsaid."""

    dose_mg: float | None = None
    """Each dose [mg]."""
    times: float | None = None
    """So many doses ..."""
    in_days: float = 1.0
    """... in so many days."""
    weekdays: frozenset[int] = frozenset()
    """The days of the week with a dose, Monday is 0; empty where none are named."""
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
    unread: tuple[str, ...] = ()
    """What was not understood, or could be understood otherwise."""
    otherwise: DosePart | None = None
    """What the words say where the codes say something else, and are read."""
    follows: bool = False
    """Whether it comes after the part before it, of the same instruction."""
    is_event: bool = False
    """Whether it is a dose on a day that the timing names."""

    @property
    def mg_per_day(self) -> float | None:
        """The mean dose a day [mg], when dose and frequency are said."""
        return None if self.dose_mg is None or not self.times else self.dose_mg * self.times / self.in_days

    @property
    def every_days(self) -> float | None:
        """Mean days from dose to dose, when the frequency is said."""
        return self.in_days / self.times if self.times else None


def instructions(resource: Element) -> list[Element]:
    """The dosage elements of a request, a dispense, a statement or an administration."""
    return [held for name in ("dosageInstruction", "dosage") for held in elements.elements(resource.get(name))]


def dosages(resource: Element, drug: NamedDrug) -> tuple[Dosage, ...]:
    """The instructions of a resource by their sequence, in parts; without one the product's route."""
    given = sorted(instructions(resource), key=lambda held: elements.number(held.get("sequence")) or 0.0)
    found = tuple(part for instruction in given for part in _parts(instruction, drug))
    notes = [text(note.get("text")) for note in elements.elements(resource.get("note"))]
    more = tuple(word for note in notes for word in _told(sentences.read_sentence(note, drug.strength_mg)))
    # Without a sequence nothing says whether instructions with a length follow each other.
    is_vague = len(given) > 1 and any(part.days for part in found) and not any("sequence" in held for held in given)
    more += ("sequence",) if is_vague else ()
    first, *others = found or (Dosage(route=route_of(drug, {}, "")),)
    return (replace(first, unread=first.unread + more), *others)


def _parts(given: Element, drug: NamedDrug) -> Iterator[Dosage]:
    """One instruction in its parts: doses on named days, the steps of a taper, or the one dose that is repeated."""
    said, others = _texts(given)
    coded, unread = _coded(given, drug)
    route = route_of(drug, given.get("route"), said)
    infused = route == "iv" or (drug.is_steroid and STEROIDS[drug.name].infused_from is not None and route != "oral")
    read = sentences.read_sentence(said, drug.strength_mg, infused)
    more = [word for other in others for word in _told(sentences.read_sentence(other, drug.strength_mg, infused))]
    needed = (
        True in (given.get("asNeededBoolean"), given.get("asNeeded"))
        or "asNeededCodeableConcept" in given
        or "asNeededFor" in given
    )
    base = replace(coded, route=route, as_needed=needed or read.as_needed)
    events = [
        day for moment in _listed(element(given.get("timing")).get("event")) if (day := elements.calendar_day(moment))
    ]
    if written := _as_written(said, drug, route):
        yield replace(base, as_written=written, unread=(*read.unread, *unread, *more))
    elif events:
        yield from _on_days(base, read, events, (*unread, *more))
    elif _says_all(read, coded):
        yield from _in_words(base, read, (*unread, *more))
    else:
        yield _together(base, read, (*unread, *more))


def _texts(given: Element) -> tuple[str, list[str]]:
    """The instruction in words, and what stands beside it."""
    told = [text(given.get("text")), text(given.get("patientInstruction"))]
    told += [elements.words(concept) for concept in elements.elements(given.get("additionalInstruction"))]
    kept = list(dict.fromkeys(said for said in told if said))
    if not text(given.get("text")) and not kept:
        kept = [elements.words(element(given.get("timing")).get("code"))]
    return (kept[0], kept[1:]) if kept else ("", [])


def _told(read: DoseSentence) -> list[str]:
    """What words beside an instruction say of doses: they are not read, and that is told."""
    doses = [f"{part.dose_mg:g} mg" for part in read.parts if part.dose_mg]
    return [*doses, *(word for word in read.unread if word not in _WRITTEN_ELSEWHERE)]


def _says_all(read: DoseSentence, coded: Dosage) -> bool:
    """Whether the words are the instruction: nothing is coded, or they have steps where the codes have the first."""
    if coded.dose_mg is None and coded.times is None:
        return True
    first, *more = read.parts or (DosePart(),)
    return bool(more) and not read.unread and coded.dose_mg in (None, first.dose_mg)


def _in_words(base: Dosage, read: DoseSentence, unread: Sequence[str]) -> Iterator[Dosage]:
    """The parts that the words have; bounds that are coded hold for the only one."""
    parts = read.parts or (DosePart(),)
    for number, part in enumerate(parts):
        own = replace(base, dose_mg=part.dose_mg, times=part.times, in_days=part.in_days, weekdays=part.weekdays)
        own = replace(own, days=part.days, end=part.until or (base.end if len(parts) == 1 else None))
        if len(parts) == 1 and base.days is not None:
            own = replace(own, days=base.days)
        own = replace(own, follows=number > 0)
        yield replace(own, start=None if number else base.start, unread=() if number else (*read.unread, *unread))


def _together(base: Dosage, read: DoseSentence, unread: Sequence[str]) -> Dosage:
    """What is coded, completed from the words; where both say something and not the same, that is told."""
    first = read.parts[0] if read.parts else DosePart()
    full = replace(
        base, dose_mg=base.dose_mg or first.dose_mg, days=base.days or first.days, end=base.end or first.until
    )
    if base.times is None:
        full = replace(full, times=first.times, in_days=first.in_days, weekdays=first.weekdays)
    words = [word for word in read.unread if not (word in _WRITTEN_ELSEWHERE and full.mg_per_day)]
    return replace(full, unread=(*words, *unread), otherwise=first if _differs(full, first, len(read.parts)) else None)


def _differs(full: Dosage, said: DosePart, n: int) -> bool:
    """Whether the words say another dose, frequency or length, or more parts."""
    pairs: list[tuple[float | None, float | None]] = [(full.dose_mg, said.dose_mg)]
    pairs += [(full.every_days, said.in_days / said.times if said.times else None)]
    if full.mg_per_day and said.mg_per_day:
        pairs = [(full.mg_per_day, said.mg_per_day)]
    pairs.append((full.days, said.days))
    return n > 1 or any(a and b and abs(a - b) > _SAME * a for a, b in pairs)


def _on_days(base: Dosage, read: DoseSentence, events: list[date], unread: Sequence[str]) -> Iterator[Dosage]:
    """A dose on each of the days that the timing names, runs of days together."""
    dose = base.dose_mg or next((part.dose_mg for part in read.parts), None)
    for number, day in enumerate(days := sorted(set(events))):
        a_day = float(events.count(day))
        if number and day - days[number - 1] == timedelta(days=1) and events.count(days[number - 1]) == a_day:
            continue
        run = 1
        while day + timedelta(days=run) in days and events.count(day + timedelta(days=run)) == a_day:
            run += 1
        end = day + timedelta(days=run - 1)
        told = (*read.unread, *unread) if not number else ()
        yield replace(base, dose_mg=dose, times=a_day, start=day, end=end, days=run, unread=told, is_event=True)


# ---------------------------------------------------------------- coded


@dataclass
class _Found:
    """What a coded dosage leaves in doubt, while it is read."""

    unread: list[str] = field(default_factory=list)


def _coded(given: Element, drug: NamedDrug) -> tuple[Dosage, tuple[str, ...]]:
    """What is coded in timing and doseAndRate, and what in it was not understood."""
    timing, found = element(given.get("timing")), _Found()
    repeat = element(timing.get("repeat"))
    dose = _coded_dose(given, drug, found)
    named = [str(day).lower()[:_LETTERS] for day in _listed(repeat.get("dayOfWeek"))]
    weekdays = frozenset(_WEEKDAYS.index(day) for day in named if day in _WEEKDAYS)
    found.unread += [day for day in named if day not in _WEEKDAYS]
    times, in_days = _frequency(repeat, timing, found) or (None, 1.0)
    if weekdays:
        weeks = max(1, round(in_days / units.DAYS_PER_WEEK))
        times, in_days = (times if times and in_days == 1.0 else 1.0) * len(weekdays), weeks * units.DAYS_PER_WEEK
    times, in_days = _at_most(given, drug, dose, (times, in_days))
    period = element(repeat.get("boundsPeriod"))
    bounds = elements.calendar_day(period.get("start")), elements.calendar_day(period.get("end"))
    days = _coded_length(repeat, found) or _counted(repeat, times, in_days, found)
    return Dosage(dose, times, in_days, weekdays, days, *bounds), tuple(found.unread)


def _at_most(
    given: Element, drug: NamedDrug, dose: float | None, often: tuple[float | None, float]
) -> tuple[float | None, float]:
    """How often, no more than the largest dose of a period allows (maxDosePerPeriod; R5 has a list)."""
    times, in_days = often
    for most in elements.elements(given.get("maxDosePerPeriod")):
        mg, days = _in_mg(element(most.get("numerator")), drug), length_in_days(element(most.get("denominator")))
        if mg and days and dose and times and dose * times / in_days > mg / days:
            times, in_days = (mg / dose, days) if days >= 1 else (mg / dose / days, 1.0)
    return times, in_days


def _listed(value: object) -> list[object]:
    """A list, or the one value that stands for a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _coded_dose(given: Element, drug: NamedDrug, found: _Found) -> float | None:
    """The dose in mg: as a mass, as a volume, or as a number of tablets; of a range the upper end, which is told."""
    holders = [*elements.elements(given.get("doseAndRate")), given]
    quantities = [element(holder.get("doseQuantity")) for holder in holders] + [element(given.get("dose"))]
    for quantity in filter(None, quantities):
        if dose := _in_mg(quantity, drug):
            tablets = dose / drug.strength_mg if drug.strength_mg else 1.0
            is_odd = not _LEAST_TABLET <= tablets <= _MOST_TABLETS
            found.unread += [f"{quantity.get('value')} {text(quantity.get('unit'))}"] if is_odd else []
            return dose
        if quantity.get("value"):
            found.unread.append(f"{quantity.get('value')} {text(quantity.get('unit')) or text(quantity.get('code'))}")
    for held in filter(None, (element(holder.get("doseRange")) for holder in holders)):
        if dose := _in_mg(element(held.get("high")), drug):
            found.unread.append(f"{element(held.get('low')).get('value')}-{element(held.get('high')).get('value')}")
            return dose
    return None


def _in_mg(quantity: Element, drug: NamedDrug) -> float | None:
    """A quantity in mg; None for a volume without its concentration, or tablets without their strength."""
    value = elements.number(quantity.get("value"))
    unit = (text(quantity.get("code")) or text(quantity.get("unit"))).lower().strip("{}[]")
    if value is None or value <= 0:
        return None
    if by := factor("dose_mg", unit):
        if factor("dose_mg", text(quantity.get("unit"))) not in (None, by):
            return None
        return round(value * by, 6)
    if unit == "ml":
        return round(value * drug.mg_per_ml, 6) if drug.mg_per_ml else None
    is_count = (
        unit in _UNIT_COUNTS or unit.startswith(_COUNTED) or text(quantity.get("unit")).lower().startswith(_COUNTED)
    )
    return round(value * drug.strength_mg, 6) if is_count and drug.strength_mg else None


def _frequency(repeat: Element, timing: Element, found: _Found) -> tuple[float, float] | None:
    """So many doses in so many days from the coded timing; None where it is silent.

    timing.repeat says it in numbers (frequency, period, periodUnit), in times of the day (timeOfDay, when) or not at
    all, timing.code in an abbreviation (BID).
    """
    named = [code for code in elements.codes(timing.get("code")) if code in timing_codes()]
    moments = len(_listed(repeat.get("timeOfDay"))) or len(_listed(repeat.get("when")))
    found.unread += [str(when) for when in _listed(repeat.get("when")) if str(when).split(".")[0] not in _MOMENTS]
    period, by = (
        elements.number(repeat.get("period")),
        factor("period_days", text(repeat.get("periodUnit") or repeat.get("periodUnits"))),
    )
    often = elements.number(repeat.get("frequencyMax")) or elements.number(repeat.get("frequency"))
    for name in ("frequencyMax", "periodMax"):
        found.unread += [f"{name} {repeat[name]}"] if name in repeat else []
    if by and (period is None or period > 0):
        often = often or (moments if moments and (period or 1.0) * by == 1.0 else 1.0)
        days = (period or 1.0) * by
        return (often, days) if days >= 1 else (often / days, 1.0)
    if named:
        return timing_codes()[min(named)]
    if period is not None or by:
        found.unread.append("period")
    if often and often > 0:
        found.unread.append(f"frequency {often:g}")
        return often, 1.0
    return (float(moments), 1.0) if moments else None


def _coded_length(repeat: Element, found: _Found) -> int | None:
    """The days that a treatment lasts, from its coded bounds."""
    longest = element(element(repeat.get("boundsRange")).get("high"))
    if longest:
        found.unread.append("boundsRange")
    return length_days(element(repeat.get("boundsDuration")) or longest)


def _counted(repeat: Element, times: float | None, in_days: float, found: _Found) -> int | None:
    """The days that a number of doses takes (count; countMax is told)."""
    count = elements.number(repeat.get("countMax")) or elements.number(repeat.get("count"))
    if "countMax" in repeat:
        found.unread.append(f"countMax {repeat['countMax']}")
    if count is None or count <= 0:
        return None
    per_day = (times or 1.0) / in_days
    return max(1, int(-(-count // per_day)) if per_day >= 1 else round((count - 1) / per_day) + 1)


def length_days(duration: Element) -> int | None:
    """A Duration in whole days."""
    days = length_in_days(duration)
    return None if days is None else max(1, round(days))


def length_in_days(duration: Element) -> float | None:
    """A Duration in days."""
    value = elements.number(duration.get("value"))
    by = factor("period_days", text(duration.get("code")) or text(duration.get("unit")))
    return None if value is None or by is None or value <= 0 else value * by


# ---------------------------------------------------------------- in words


def _as_written(said: str, drug: NamedDrug, route: str | None) -> str:
    """The instruction itself, where the notation of steroid courses understands every word of it.

    Only courses with a taper are kept as text: doses are said field by field, as everybody else says them.
    """
    if not (said and drug.is_steroid) or drug.per_mg != 1:
        return ""
    try:
        phases = notation.parse(said.lower(), drug.name, route)  # pyright: ignore[reportArgumentType]  # checked names
    except notation.NotationError:
        return ""
    has_taper = any(phase.taper for phase in phases) or len({phase.drug for phase in phases}) > 1
    is_complete = all(phase.days is not None or phase.taper for phase in phases)
    return said.lower() if has_taper and is_complete else ""


def last_day(start: date, days: int) -> date | None:
    """The last of so many days from a start; None beyond the calendar."""
    try:
        return start + timedelta(days=days - 1)
    except OverflowError:
        return None
