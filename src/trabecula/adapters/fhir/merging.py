"""The facts of all resources merged into the values of one Person.

Every field has its rule: the latest value (weight), the earliest date (the onset of MS), all values once (scans), or
a rule of its own (fractures, medicines, smoking). An entry whose value loses is in the report, with the reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from trabecula import units
from trabecula.adapters.fhir import courses
from trabecula.adapters.fhir.bundle import Fact
from trabecula.adapters.fhir.codes import factor
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.dates import read_date
from trabecula.person.limits import LIMITS
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, verbatim

Value = Any
NumberedFact = tuple[int, Fact]
"""The number of an entry in the bundle, and a fact in it."""
_ADULT_FROM_Y = 18
"""The record asks for broken bones since the age of 18."""


@dataclass(frozen=True)
class FieldValue:
    """A value for one place of the Person, and the entries it comes from."""

    field: str
    """With its groups, "ms.onset"; for a list the list, "dxa"."""
    value: Value
    """Plain data, as a record in a file has it."""
    entries: tuple[int, ...]
    """The numbers of the entries that say it; all of them count as read."""


@dataclass(frozen=True)
class MergedValues:
    """Values for the Person; entries that add nothing to them, with the reason; and what was assumed."""

    items: tuple[FieldValue, ...] = ()
    left_out: dict[int, Message] = field(default_factory=dict)
    """Entries that add nothing, by their number, with the reason."""
    assumed: tuple[AssumedLine, ...] = ()


_LISTS_OF_MS = frozenset({"ms.disability", "ms.relapses", "ms.disease_modifying_drugs"})
_MEDICINES = frozenset({"medicines", "steroids", "hormone_therapy", "depot_progestogen"})
_ONCE = ("ms.onset", "ms.diagnosis", "menopause")
"""Fields with the earliest date: one before birth, as programs write it for no date, does not hide the others."""
_WRITTEN_BY_US = frozenset(
    {
        "activity",
        "balance_tests",
        "dvo_risk",
        "frax",
        "heights",
        "hip_prostheses",
        "immobility",
        "injections",
        "pregnancies",
    }
)
"""Lists that only a bundle of ours holds (`own`)."""
LISTS = frozenset({"dxa", "falls", "fractures", "laboratory"}) | _MEDICINES | _LISTS_OF_MS | _WRITTEN_BY_US
"""Fields that hold many values; every other field holds one."""


def merge(facts: Iterable[NumberedFact], born: date) -> MergedValues:
    """Facts of all entries as values of the Person; `born` dates fractures before the age of 18 away."""
    by_field: defaultdict[str, list[NumberedFact]] = defaultdict(list)
    for entry, fact in facts:
        by_field[fact.field].append((entry, fact))
    has_ms = any(name.split(".")[0] == "ms" for name in by_field)
    early = {entry for name in _ONCE for entry, fact in by_field.get(name, ()) if "" < fact.when < f"{born:%Y}"}
    by_field |= {name: kept for name in _ONCE if (kept := [n for n in by_field.get(name, ()) if n[0] not in early])}
    weighed = _weighed(by_field)
    parts = [_MERGERS.get(name, _latest)(name, held) for name, held in weighed.items() if name not in _OWN_RULES]
    parts.append(_fractures(by_field.get("fractures", []), born))
    parts.append(_intakes(by_field.get("intake", []), has_ms))
    return MergedValues(
        tuple(item for part in parts for item in part.items),
        {entry: reason for part in parts for entry, reason in part.left_out.items()},
        tuple(line for part in parts for line in part.assumed),
    )


def _weighed(by_field: dict[str, list[NumberedFact]]) -> dict[str, list[NumberedFact]]:
    """Where a height and a body mass index are known and no weight, the index gives the weight [kg].

    The weight that was measured, if there is one, says more than one worked back from a rounded index.
    """
    if "bmi" not in by_field or "weight_kg" in by_field:
        return by_field
    if "height_cm" not in by_field:
        return {"bmi_alone" if name == "bmi" else name: held for name, held in by_field.items()}
    height_m = max(by_field["height_cm"], key=_by_date)[1].value / (factor("height", "m") or 1.0)
    weights = [(entry, Fact("weight_kg", fact.value * height_m**2, fact.when)) for entry, fact in by_field["bmi"]]
    return {name: held for name, held in by_field.items() if name != "bmi"} | {"weight_kg": weights}


# ---------------------------------------------------------------- one value


def _by_date(numbered: NumberedFact) -> tuple[str, int]:
    """In order of time, then as they stand in the bundle."""
    return (numbered[1].when, numbered[0])


def _is_possible(name: str, value: Value) -> bool:
    """Whether a number is within the limits of its field; what is no number, or has none, is."""
    return name not in LIMITS or not isinstance(value, float | int) or LIMITS[name].is_possible(value)


def _latest(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """The latest value that is possible; every entry that says the same is read, an earlier one that differs is not."""
    possible = [numbered for numbered in facts if _is_possible(name, numbered[1].value)] or facts
    _, last = max(possible, key=_by_date)
    same = tuple(entry for entry, fact in possible if fact.value == last.value)
    reason = Message("fhir.an_earlier_value_than_the_latest")
    older = {entry: reason for entry, _ in possible if entry not in same}
    wrong = [numbered for numbered in facts if numbered not in possible]
    values = {entry: {"value": fact.value, "expected": LIMITS[name].possible_range} for entry, fact in wrong}
    refused = {entry: Message("fhir.an_impossible_value", found) for entry, found in values.items()}
    later = [entry for entry, fact in wrong if fact.when >= last.when]
    field_ = {"field": verbatim(name), "read": last.value, "day": verbatim(last.when)}
    said = tuple(assumption("fhir.latest_value_impossible", {**field_, **values[entry]}) for entry in later)
    return MergedValues((FieldValue(name, last.value, same),), older | refused, said)


def _earliest(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """The earliest date; all entries that name one are read, as a later visit repeats an onset or moves it up."""
    return _of_all(name, min(facts, key=_by_date)[1].value, facts)


def _course(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """The course of MS that was recorded last; the earlier ones are part of the same history."""
    return _of_all(name, max(facts, key=_by_date)[1].value, facts)


def _of_all(name: str, value: Value, facts: Sequence[NumberedFact], *said: AssumedLine) -> MergedValues:
    """A value that every entry has told something of: all of them count as read."""
    return MergedValues((FieldValue(name, value, tuple(entry for entry, _ in facts)),), {}, said)


def _smoking(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """The latest status; "never" after "current" or "former" means former: nobody can stop having smoked."""
    merged = _latest(name, facts)
    has_smoked = any(fact.value != "never" for _, fact in facts)
    if merged.items[0].value != "never" or not has_smoked:
        return merged
    return _of_all(name, "former", facts, assumption("fhir.never_after_smoking", {}))


def _bmi(_: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """An index beside a weight adds nothing."""
    return MergedValues((), {entry: Message("fhir.height_and_weight_are_read_instead") for entry, _ in facts})


def _bmi_alone(_: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """Without a height an index cannot be used."""
    return MergedValues((), {entry: Message("fhir.an_index_without_a_height") for entry, _ in facts})


# ---------------------------------------------------------------- many values


def _all(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """All values in order of time; the same value twice is one, read from both entries."""
    together: dict[str, list[int]] = defaultdict(list)
    values: dict[str, Value] = {}
    for entry, fact in sorted(facts, key=_by_date):
        key = repr(sorted(fact.value.items()))
        together[key].append(entry)
        values[key] = fact.value
    return MergedValues(tuple(FieldValue(name, values[key], tuple(entries)) for key, entries in together.items()))


def _scans(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """T-score, Z-score and density of one day, site and side are one scan: exports hold an observation for each."""
    scans: dict[tuple[str, ...], tuple[dict[str, Value], list[int]]] = {}
    assumed: dict[AssumedLine, None] = {}
    for entry, fact in sorted(facts, key=_by_date):
        site, said = _scanned_site(fact, facts)
        assumed |= dict.fromkeys(said)
        value = {key: held for key, held in fact.value.items() if key not in ("side", "called")} | {"site": site}
        place = (value["date"], fact.value["site"], fact.value["side"])
        # A second number of the same kind is a scan of its own, not a correction.
        while place in scans and _differs(scans[place][0], value):
            place = (*place, "again")
        held, entries = scans.setdefault(place, ({}, []))
        held |= value | ({"device": held["device"]} if held.get("device", "unknown") != "unknown" else {})
        entries.append(entry)
    items = tuple(FieldValue(name, held, tuple(entries)) for held, entries in scans.values())
    return MergedValues(items, {}, tuple(assumed))


def _frax(name: str, facts: Sequence[NumberedFact]) -> MergedValues:
    """Both probabilities of one day are one result."""
    days: dict[str, tuple[dict[str, Value], list[int]]] = {}
    for entry, fact in sorted(facts, key=_by_date):
        held, entries = days.setdefault(fact.value["date"], ({}, []))
        held |= fact.value
        entries.append(entry)
    return MergedValues(tuple(FieldValue(name, held, tuple(entries)) for held, entries in days.values()))


def _scanned_site(fact: Fact, facts: Sequence[NumberedFact]) -> tuple[str, tuple[AssumedLine, ...]]:
    """The site of a scan; a femur without its part is the neck beside a hip of that day, else the total hip."""
    value = fact.value
    if value["site"] != "femur":
        return value["site"], ()
    there = [other.value for _, other in facts if all(_is_possible(*pair) for pair in other.value.items())]
    same_day = [other["site"] for other in there if other["date"] == value["date"]]
    what = {"what": verbatim(value["called"])}
    if "total_hip" in same_day:
        return "femoral_neck", (assumption("fhir.femur_scan_beside_a_hip", what),)
    return "total_hip", (assumption("fhir.femur_scan_without_a_body_site", what),)


def _differs(scan: dict[str, Value], value: dict[str, Value]) -> bool:
    """Whether a scan already has another number of this kind (the make of the scanner is no number)."""
    return any(scan.get(key, number) != number for key, number in value.items() if key != "device")


def _fractures(facts: Sequence[NumberedFact], born: date) -> MergedValues:
    """Fractures since the age of 18, each once: later visits and a second name are the same fracture."""
    adult = [(entry, fact) for entry, fact in facts if _age_y(fact, born) >= _ADULT_FROM_Y]
    young = {entry: Message("fhir.a_fracture_before_the_age_of_18") for entry, _ in facts if entry not in dict(adult)}
    items: list[FieldValue] = []
    assumed: list[AssumedLine] = []
    for entry, fact in sorted(adult, key=_named_and_dated_first):
        known = next((item for item in items if _is_same_fracture(item, fact.value)), None)
        if known:
            items[items.index(known)] = _told_again(known, entry, fact.value)
        else:
            value = {name: held for name, held in fact.value.items() if name != "follow_up"}
            value["site"] = "other" if value["site"] == "unnamed" else value["site"]
            items.append(FieldValue("fractures", value, (entry,)))
        assumed += _assumed_fracture(fact.value, known)
    return MergedValues(tuple(items), young, tuple(assumed))


def _named_and_dated_first(numbered: NumberedFact) -> tuple[bool, bool, tuple[str, int]]:
    """Named sites first: an unnamed fracture of the same day is one of them; and last those without a date."""
    value = numbered[1].value
    return "date" not in value, value["site"] == "unnamed", _by_date(numbered)


def _is_same_fracture(item: FieldValue, value: dict[str, Value]) -> bool:
    """The same site (or none) on the same day, a later visit for a fracture of this site, or one without a date."""
    if "date" not in value:
        return value["site"] == item.value["site"]
    if value["date"] == item.value["date"]:
        return value["site"] in ("unnamed", item.value["site"])
    return value["follow_up"] and value["site"] == item.value["site"]


def _told_again(item: FieldValue, entry: int, value: dict[str, Value]) -> FieldValue:
    """A fracture that is recorded twice: low trauma on either record is low trauma, and the worse grade counts."""
    trauma = "low" if "low" in (item.value["trauma"], value["trauma"]) else item.value["trauma"]
    grades = [held["grade"] for held in (item.value, value) if "grade" in held]
    told = {"trauma": trauma, **({"grade": max(grades)} if grades else {})}
    return FieldValue(item.field, item.value | told, (*item.entries, entry))


def _assumed_fracture(value: dict[str, Value], known: FieldValue | None) -> Iterator[AssumedLine]:
    """What was taken for granted about site and day of a fracture."""
    day = {"day": verbatim(value.get("date", "?"))}
    if known and "date" not in value:
        yield assumption("fhir.undated_fracture_of_a_known_one", {"site": site_name(value["site"])})
    if known and value["site"] == "unnamed":
        yield assumption("fhir.unnamed_fracture_of_a_known_one", {**day, "site": site_name(known.value["site"])})
    elif value["site"] == "unnamed":
        yield assumption("fhir.unnamed_fracture", day)
    if value["follow_up"] and not known:
        yield assumption("fhir.fracture_of_a_later_visit", {**day, "site": site_name(value["site"])})


def _age_y(fact: Fact, born: date) -> float:
    """The age at a fracture; an unreadable date is left to the Person to refuse."""
    try:
        return units.years(units.days_since_birth(read_date(fact.when), born))
    except PydanticCustomError:
        return float(_ADULT_FROM_Y)


def _intakes(facts: Sequence[NumberedFact], has_ms: bool) -> MergedValues:
    """Medicines as periods in their fields; drugs against MS belong to the MS of a person who has it."""
    found, repeated = courses.periods([(entry, fact.value) for entry, fact in facts])
    items = tuple(
        FieldValue(courses.field_of(period, has_ms), value, tuple(dict.fromkeys(period.entries)))
        for period in found
        for value in courses.values_of(period)
    )
    kept = {entry for item in items for entry in item.entries}
    left_out = {entry: reason for entry, reason in repeated.items() if entry not in kept}
    return MergedValues(items, left_out, tuple(line for period in found for line in courses.assumed(period)))


_MERGERS: dict[str, Callable[[str, Sequence[NumberedFact]], MergedValues]] = {
    **dict.fromkeys(LISTS, _all),
    "dxa": _scans,
    "frax": _frax,
    "bmi": _bmi,
    "bmi_alone": _bmi_alone,
    "smoking": _smoking,
    "menopause": _earliest,
    "ms": _latest,
    "ms.onset": _earliest,
    "ms.diagnosis": _earliest,
    "ms.course": _course,
}
_OWN_RULES = {"fractures", "intake"}
