"""Dose instructions in words: "Take 4 tablets daily for 10 days, then 2 tablets", "1-0-½", "ogni altro giorno".

A sentence is read word by word (`data/dose_words.yaml`) into parts that follow each other. What carries a dose, a
count, a negation or a date and is not understood stands in `unread`, and so does what was understood in one of two
ways: whoever uses the numbers says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from trabecula import units
from trabecula.adapters.fhir import numbers
from trabecula.adapters.fhir.dose_words import patterns, tidy, words
from trabecula.adapters.fhir.numbers import value

_MOST_PARTS = 60  # steps of a taper
_A_DAY, _MONTHS = 31, 12  # the largest day and month
_PER_WEEK = units.DAYS_PER_WEEK
_WEEKDAYS = int(units.DAYS_PER_WEEK)


@dataclass(frozen=True)
class DosePart:
    """One part of an instruction; None is what it leaves unsaid."""

    dose_mg: float | None = None
    """Each dose [mg]."""
    times: float | None = None
    """So many doses ..."""
    in_days: float = 1.0
    """... in so many days."""
    weekdays: frozenset[int] = frozenset()
    """The days of the week on which it is taken, Monday is 0; empty for no such choice."""
    days: int | None = None
    """How long it is taken [d]."""
    until: date | None = None

    @property
    def mg_per_day(self) -> float | None:
        """The mean dose a day [mg]."""
        return None if self.dose_mg is None or not self.times else self.dose_mg * self.times / self.in_days


@dataclass(frozen=True)
class DoseSentence:
    """An instruction, read."""

    parts: tuple[DosePart, ...]
    """In the order in which they are taken; empty where no dose and no frequency was found."""
    as_needed: bool = False
    unread: tuple[str, ...] = ()
    """Words that were not understood, or were understood in one of several ways, and that may change a dose."""


@dataclass
class _Draft:
    """A part while it is read."""

    mg: list[float] = field(default_factory=list)
    pieces: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    often: list[tuple[float, float]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """Times of the day that are named."""
    weekdays: set[int] = field(default_factory=set)
    multiple: float | None = None
    """N of "N x 1 g"."""
    days: int | None = None
    count: float | None = None
    until: date | None = None
    heads: tuple[int, int] | None = None
    """The days that "day 1-3:" names."""
    divided: float | None = None
    each: bool = False
    """Whether the strength stands behind a number of tablets."""
    total: bool = False
    over: bool = False
    stop: bool = False
    falls: tuple[str, float, float] | None = None
    """A fall by an amount (mg or pieces) every so many days."""
    early: bool = False
    """Whether it began with how often, behind a part that had all."""
    unread: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- read


def read_sentence(said: str, strength_mg: float | None, infused: bool = False) -> DoseSentence:
    """An instruction in words; `strength_mg` is in one tablet or vial, `infused` says that "3 x 1 g" counts days."""
    text = tidy(said)
    drafts, as_needed = _drafts(text)
    parts: list[DosePart] = []
    if len(drafts) > 1 and drafts[0] == _Draft(mg=[strength_mg or 0.0]):
        drafts = drafts[1:]  # the product: "prednisone 20 mg tablet; take 2"
    unread = numbers.doubtful(said)
    for draft in drafts:
        if draft.stop and not (draft.mg or draft.pieces or draft.often):
            if len(drafts) == 1 or draft is not drafts[-1]:
                unread.append("stop")
            continue
        part = _part(draft, strength_mg, infused)
        draft.unread += ["how often"] if draft.early and part.dose_mg is None else []
        parts += _fallen(part, draft, parts, strength_mg)
        unread += draft.unread
    parts, more = _completed(parts)
    return DoseSentence(tuple(parts), as_needed, tuple(dict.fromkeys(unread + more)))


def _drafts(text: str) -> tuple[list[_Draft], bool]:
    """The parts as far as they are said, and whether it is taken as needed."""
    drafts, as_needed, position = [_Draft()], False, 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        kind, match = next((kind, m) for kind, pattern in patterns() if (m := pattern.match(text, position)) and m[0])
        as_needed = as_needed or kind == "as_needed"
        if kind == "then" or (kind == "head" and drafts[-1] != _Draft()) or _begins(drafts[-1], kind, match):
            drafts.append(_Draft(early=kind.startswith(_HOW_OFTEN)))
        _note(drafts[-1], kind, match)
        position = match.end()
    return [draft for draft in drafts if draft != _Draft()], as_needed


_DOSES = frozenset({"amount", "pieces", "piece", "scheme", "bare", "doses_of", "multiple"})

_HOW_OFTEN = ("frequency", "often", "every", "of_seven", "weekdays")


def _begins(draft: _Draft, kind: str, match: re.Match[str]) -> bool:
    """Whether another dose, or frequency, behind a part that has all begins the next, unless it stands in brackets."""
    has_dose = bool(draft.mg or draft.pieces or draft.bare) and not draft.each
    has_length = draft.days is not None or draft.count is not None or draft.until is not None
    is_next = kind in _DOSES or (bool(draft.often) and kind.startswith(_HOW_OFTEN))
    return is_next and has_dose and has_length and not match.string[: match.start()].rstrip().endswith("(")


def _note(draft: _Draft, kind: str, match: re.Match[str]) -> None:
    """What a word says, in the draft."""
    name, _, index = kind.partition("_")
    if name == "frequency":
        times, days, _ = words()["frequencies"][int(index)]
        draft.often.append((float(times), float(days)))
    elif name == "at":
        draft.at.append(int(index))
    elif note := _NOTES.get(kind):
        note(draft, match)


def _range(draft: _Draft, match: re.Match[str], first: int = 1) -> float:
    """A number, of a range the upper end, which is told."""
    if match[first + 1]:
        draft.unread.append(f"{match[first]}-{match[first + 1]}")
    return value(match[first + 1] or match[first])


@cache
def _unit_names(table: str) -> dict[str, str]:
    """Every word of a unit to its key."""
    return {str(word): key for key, listed in words()[table].items() for word in listed}


def _mg(amount: float, unit: str) -> float:
    """An amount in mg."""
    return round(amount * {"mg": 1.0, "g": 1000.0, "ug": 0.001}[_unit_names("amounts")[unit]], 6)


_DAYS_IN = {
    "h": 1 / units.HOURS_PER_DAY, "d": 1.0, "wk": _PER_WEEK, "mo": units.DAYS_PER_MONTH, "a": units.DAYS_PER_YEAR,
}  # fmt: skip


def _days(amount: float, unit: str) -> float:
    """A time in days."""
    return amount * _DAYS_IN[_unit_names("time")[unit]]


def _amount(draft: _Draft, match: re.Match[str]) -> None:
    draft.mg.append(_mg(_range(draft, match), match[3]))


def _length(draft: _Draft, match: re.Match[str]) -> None:
    days = max(1, round(_days(_range(draft, match, 2), match[4])))
    if draft.days not in (None, days) or _unit_names("time")[match[4]] == "h":
        draft.unread.append(match[0])
    draft.days, draft.over = days, match[1].startswith(("over", "über", "in", "nel"))


def _until(draft: _Draft, match: re.Match[str]) -> None:
    steps = [int(step) for step in re.split(r"\D", match[1])]
    year, month, day = steps if steps[0] > _A_DAY else steps[::-1]  # a year, not a day
    if "/" in match[1] and max(month, day) <= _MONTHS and month != day:
        draft.unread.append(match[1])
        return
    try:
        draft.until = date(year, *((month, day) if month <= _MONTHS else (day, month)))
    except ValueError:
        draft.unread.append(match[1])


def _scheme(draft: _Draft, match: re.Match[str]) -> None:
    """1-0-½: tablets in the morning, at noon, in the evening, at night."""
    taken = [value(n) for n in match.groups() if n]
    doses = [n for n in taken if n]
    if not doses or max(doses) > _MOST_PARTS:
        draft.unread.append(match[0])
    elif len(set(doses)) == 1:
        draft.pieces.append(doses[0])
        draft.often.append((float(len(doses)), 1.0))
    else:
        draft.pieces.append(sum(doses))
        draft.often.append((1.0, 1.0))


def _weekdays(draft: _Draft, match: re.Match[str]) -> None:
    first = _weekday_names()[match[1]]
    last = _weekday_names()[match[2]] if match[2] else first
    through = last if last >= first else last + _WEEKDAYS  # Friday to Monday goes over the end of the week
    draft.weekdays |= {day % _WEEKDAYS for day in range(first, through + 1)}


def _weekday_list(draft: _Draft, match: re.Match[str]) -> None:
    """Mo, Mi, Fr."""
    draft.weekdays |= {
        words()["weekdays_short"][day] for day in re.findall(r"[a-z]+", match[0]) if day not in ("und", "e")
    }


@cache
def _weekday_names() -> dict[str, int]:
    return {word: number for number, listed in words()["weekdays"].items() for word in listed}


def _doses_of(draft: _Draft, match: re.Match[str]) -> None:
    draft.often.append((value(match[1]), 1.0))
    draft.pieces.append(value(match[2]))


def _pieces_of(draft: _Draft, match: re.Match[str]) -> None:
    """Two 5 mg tablets."""
    draft.pieces.append(value(match[1]))
    draft.mg.append(_mg(value(match[2]), match[3]))
    draft.each = True


def _falls(draft: _Draft, match: re.Match[str]) -> None:
    by = value(match[1])
    every = _days(value(match[3]) if match[3] else 1.0, match[4])
    draft.falls = ("mg", _mg(by, match[2]), every) if match[2] else ("pieces", by, every)


def _every(draft: _Draft, match: re.Match[str]) -> None:
    """Every 4 to 6 hours: the most that it may be."""
    _range(draft, match)
    draft.often.append((1.0, _days(value(match[1]), match[3])))


def _set(name: str, found: Any = True) -> Any:
    """A note of a field that is simply set."""
    return lambda draft, match: setattr(draft, name, found(match) if callable(found) else found)


_NOTES: dict[str, Any] = {
    "amount": _amount, "length": _length, "until": _until, "scheme": _scheme, "weekdays": _weekdays, "falls": _falls,
    "doses_of": _doses_of, "each": _set("each"), "total": _set("total"), "stop": _set("stop"),
    "once": _set("count", 1.0), "workdays": lambda draft, _: draft.weekdays.update(range(5)),
    "pieces": lambda draft, match: draft.pieces.append(_range(draft, match)),
    "piece": lambda draft, _: draft.pieces.append(1.0),
    "bare": lambda draft, match: draft.bare.append(value(match[1])),
    "unread": lambda draft, match: draft.unread.append(match[0]),
    "per_body": lambda draft, match: draft.unread.append(match[0]),
    "multiple": _set("multiple", lambda match: value(match[1])),
    "count": _set("count", lambda match: value(match[1])),
    "divided": _set("divided", lambda match: value(match[1])),
    "length_of_one": _set("days", lambda match: max(1, round(_days(1.0, match[2])))),
    "head": _set("heads", lambda match: (int(match[1]), int(match[2] or match[1]))),
    "of_seven": lambda draft, match: draft.often.append((value(match[1]), _PER_WEEK)),
    "weekday_list": _weekday_list,
    "often_x": lambda draft, match: draft.often.append((value(match[1]), 1.0)),
    "pieces_of": _pieces_of,
    "often": lambda draft, match: draft.often.append((_range(draft, match), 1.0)),
    "often_week": lambda draft, match: draft.often.append((_range(draft, match), _PER_WEEK)),
    "often_in": lambda draft, match: draft.often.append(
        (_range(draft, match), _days(value(match[3]) if match[3] else 1.0, match[4]))
    ),
    "every": _every,
}  # fmt: skip


# ---------------------------------------------------------------- understood


def _part(draft: _Draft, strength: float | None, infused: bool) -> DosePart:
    """The finished part; what contradicts itself is told in the draft."""
    dose = _dose(draft, strength)
    times, in_days = _often(draft)
    if draft.multiple is not None:
        if infused or (dose or 0) >= units.MG_PER_G / 2:
            draft.count = draft.multiple
        elif draft.pieces or draft.each:
            dose = None if dose is None else dose * draft.multiple
        elif times is None or (times, in_days) == (1.0, 1.0):
            times, in_days = draft.multiple, 1.0
        else:
            draft.unread.append(f"{draft.multiple:g} x")
    if draft.divided and dose is not None:
        dose, times, in_days = dose / draft.divided, draft.divided, 1.0
    days = draft.days if draft.days is not None else _counted(draft, times, in_days)
    if draft.heads:
        days = draft.heads[1] - draft.heads[0] + 1
    is_whole = draft.total and not draft.pieces
    if dose is not None and draft.days and times is None and (is_whole or draft.over):
        draft.unread += [] if is_whole else ["over"]
        dose, times, in_days = dose / draft.days, 1.0, 1.0
    elif is_whole:
        draft.unread.append("total")
    return DosePart(dose, times, in_days, frozenset(draft.weekdays), days, draft.until)


def _dose(draft: _Draft, strength: float | None) -> float | None:
    """Each dose [mg], from amounts, tablets, or both where they agree."""
    if not draft.pieces and not draft.mg and len(draft.bare) == 1:
        draft.pieces, draft.bare = draft.bare, []
    draft.unread += [f"{number:g}" for number in draft.bare]
    by_mg, by_pieces = sorted(set(draft.mg)), [count * strength if strength else None for count in draft.pieces]
    if not draft.pieces:
        return _only_amounts(draft)
    if len(draft.pieces) > 1:
        return _sum_of_day(draft, by_pieces)
    count, dose = draft.pieces[0], by_pieces[0]
    if not by_mg:
        return dose
    return _tablets_with_amounts(draft, by_mg, count, strength)


def _tablets_with_amounts(draft: _Draft, by_mg: list[float], count: float, strength: float | None) -> float | None:
    """ "2 tablets (10 mg)", "2 tablets of 5 mg", "5 mg tablet: take 2"."""
    own = by_mg[0] if draft.each or (len(by_mg) == 2 and abs(by_mg[0] * count - by_mg[1]) < 1e-6) else strength
    whole = None if own is None else own * count
    fits = whole is not None and all(min(abs(mg - whole), abs(mg - (own or 0))) < 1e-6 * mg for mg in by_mg)
    if strength and own != strength:
        draft.unread.append(f"{own:g} mg")
    if fits:
        return whole
    if own is None and (draft.total or count == 1) and len(by_mg) == 1:
        return by_mg[0]
    draft.unread += [f"{count:g} x", *(f"{mg:g} mg" for mg in by_mg)]
    return by_mg[-1] if own is None else whole


def _only_amounts(draft: _Draft) -> float | None:
    """One amount, or those of the times of a day."""
    if len(draft.mg) <= 1:
        return draft.mg[0] if draft.mg else None
    return _sum_of_day(draft, list(draft.mg))


def _sum_of_day(draft: _Draft, doses: list[float | None]) -> float | None:
    """Doses at several times of a day, together; without their times it is told which were found."""
    if len(set(doses)) == 1 and len(draft.at) in (0, len(doses)):
        return doses[0]
    if None in doses:
        return None
    known = [dose for dose in doses if dose is not None]
    if len(draft.at) == len(doses) and all(often == (1.0, 1.0) for often in draft.often):
        draft.at, draft.often = [], [(1.0, 1.0)]
        return sum(known)
    draft.unread += [f"{dose:g} mg" for dose in known]
    return max(known)


def _often(draft: _Draft) -> tuple[float | None, float]:
    """How often, from the words for it, the days of the week, or the times of a day."""
    said = list(dict.fromkeys(draft.often))
    if len(said) == 2 and (1.0, 1.0) in said and all(days == 1.0 for _, days in said):
        said.remove((1.0, 1.0))
    at = len(set(draft.at))
    if draft.weekdays:
        if any(days not in (1.0, _PER_WEEK) or (days == _PER_WEEK and n != len(draft.weekdays)) for n, days in said):
            draft.unread.append("days of the week")
        a_day = next((n for n, days in said if days == 1.0), None) or max(1, at)
        return a_day * len(draft.weekdays), _PER_WEEK
    if len(said) == 2 and _is_of_seven(said):  # twice daily on 5 days a week
        (a_day, _), (on_days, week) = sorted(said, key=lambda often: often[1])
        return a_day * on_days, week
    if len(said) > 1:
        draft.unread += [f"{n:g} in {days:g} d" for n, days in said]
    said = [(n / days, 1.0) if days < 1 else (n, days) for n, days in said]
    if not said:
        return (float(at), 1.0) if at else (None, 1.0)
    return (float(at), 1.0) if said[0] == (1.0, 1.0) and at > 1 else said[0]


def _is_of_seven(said: list[tuple[float, float]]) -> bool:
    """So many a day, and so many days of a week."""
    return {days for _, days in said} == {1.0, _PER_WEEK} and max(n for n, days in said if days == _PER_WEEK) > 1


def _counted(draft: _Draft, times: float | None, in_days: float) -> int | None:
    """The days that a number of doses lasts."""
    if draft.count is None:
        return None
    if draft.weekdays or not draft.count.is_integer():
        draft.unread.append(f"{draft.count:g} doses")
    per_day = (times or 1.0) / in_days
    return max(1, -int(-draft.count // per_day) if per_day >= 1 else round((draft.count - 1) / per_day) + 1)


def _fallen(part: DosePart, draft: _Draft, before: list[DosePart], strength: float | None) -> list[DosePart]:
    """A part, or the steps by which its dose falls, to nothing unless a lower end is named."""
    if draft.falls is None:
        return [part] if part.dose_mg or part.times or part.days or part.until else []
    kind, by, every = draft.falls
    step = by if kind == "mg" else by * strength if strength else None
    start = part if part.dose_mg else before[-1] if before else part
    if not step or not start.dose_mg or every < 1:
        draft.unread.append("reduce by")
        return [part]
    n = int(start.dose_mg / step - 1e-9)
    draft.unread += ["reduce by"] if n > _MOST_PARTS else []
    first = [] if start is not part else [replace(part, days=part.days or round(every))]
    lower = [round(start.dose_mg - place * step, 6) for place in range(1, min(n, _MOST_PARTS) + 1)]
    return [*first, *(replace(start, dose_mg=dose, days=round(every), until=None) for dose in lower)]


def _completed(parts: list[DosePart]) -> tuple[list[DosePart], list[str]]:
    """Later parts take over how often the first is taken; a part in the middle without its length is told."""
    done: list[DosePart] = []
    for part in parts:
        before, same = done[-1] if done else part, {}
        if part.times is None:
            same = {"times": before.times, "in_days": before.in_days, "weekdays": before.weekdays}
        done.append(replace(part, dose_mg=part.dose_mg or before.dose_mg, **same))
    open_ones = [part for part in done[:-1] if part.days is None and part.until is None]
    return done, ["then"] if open_ones else []


def joined(words: Iterable[str]) -> str:
    """Words for the report, each in quotation marks; long numbers, which may be a telephone's, are cut."""
    return ", ".join(f'"{word}"' for word in _short(words))


def _short(words: Iterable[str]) -> Iterator[str]:
    """The first of the words, shortened."""
    yield from (re.sub(r"\d{5,}", "...", word)[:24] for word in list(words)[:6])
