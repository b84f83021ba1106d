"""Dose instructions in words: "Take 4 tablets daily for 10 days, then 2 tablets", "1-0-½", "ogni altro giorno".

A sentence is read word by word (`data/dose_words.yaml`) into parts that follow each other. What carries a dose, a
count, a negation or a date and is not understood stands in `unread`, and so does what was understood in one of two
ways: whoever uses the numbers says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from trabecula import units
from trabecula.adapters.fhir import numbers
from trabecula.adapters.fhir.dose_parts import (
    MOST_PARTS,
    PER_WEEK,
    DoseDraft,
    DosePart,
    completed_parts,
    fallen_parts,
    finished_part,
)
from trabecula.adapters.fhir.dose_words import is_known, patterns, tidy, words
from trabecula.adapters.fhir.numbers import value

_A_DAY, _MONTHS = 31, 12  # the largest day and month
_WEEKDAYS = int(units.DAYS_PER_WEEK)


@dataclass(frozen=True)
class DoseSentence:
    """An instruction, read."""

    parts: tuple[DosePart, ...]
    """In the order in which they are taken; empty where no dose and no frequency was found."""
    as_needed: bool = False
    unread: tuple[str, ...] = ()
    """Words that were not understood, or were understood in one of several ways, and that may change a dose."""


# ---------------------------------------------------------------- read


@lru_cache(maxsize=4096)
def read_sentence(said: str, strength_mg: float | None, infused: bool = False) -> DoseSentence:
    """An instruction in words; `strength_mg` is in one tablet or vial, `infused` says that "3 x 1 g" counts days."""
    text = tidy(said)
    drafts, as_needed = _drafts(text)
    parts: list[DosePart] = []
    if len(drafts) > 1 and drafts[0] == DoseDraft(mg=[strength_mg or 0.0]):
        drafts = drafts[1:]  # the product: "prednisone 20 mg tablet; take 2"
    unread = numbers.doubtful(said)
    for draft in drafts:
        if draft.stop and not (draft.mg or draft.pieces or draft.often or draft.falls):
            if len(drafts) == 1 or draft is not drafts[-1]:
                unread.append("stop")
            continue
        part = finished_part(draft, strength_mg, infused)
        draft.unread += ["how often"] if draft.early and part.dose_mg is None else []
        parts += fallen_parts(part, draft, parts, strength_mg)
        unread += draft.unread
    parts, more = completed_parts(parts)
    return DoseSentence(tuple(parts), as_needed, tuple(dict.fromkeys(unread + more)))


def _drafts(text: str) -> tuple[list[DoseDraft], bool]:
    """The parts as far as they are said, and whether it is taken as needed."""
    drafts, as_needed, position = [DoseDraft()], False, 0
    while position < len(text):
        if text[position] == " ":
            position += 1
            continue
        kind, match = next((kind, m) for kind, pattern in patterns() if (m := pattern.match(text, position)) and m[0])
        as_needed = as_needed or kind == "as_needed"
        is_head = kind in ("head", "week_head") and drafts[-1] != DoseDraft()
        if kind == "then" or is_head or _begins(drafts[-1], kind, match):
            drafts.append(DoseDraft(early=kind.startswith(_HOW_OFTEN)))
        _note(drafts[-1], kind, match)
        position = match.end()
    return [draft for draft in drafts if draft != DoseDraft()], as_needed


_DOSES = frozenset({"amount", "pieces", "piece", "scheme", "bare", "doses_of", "multiple"})

_HOW_OFTEN = ("frequency", "often", "every", "of_seven", "weekdays")


def _begins(draft: DoseDraft, kind: str, match: re.Match[str]) -> bool:
    """Whether another dose, or frequency, behind a part that has all begins the next, unless it stands in brackets."""
    has_dose = bool(draft.mg or draft.pieces or draft.bare) and not draft.each
    has_length = draft.days is not None or draft.count is not None or draft.until is not None
    is_next = kind in _DOSES or (bool(draft.often) and kind.startswith(_HOW_OFTEN))
    return is_next and has_dose and has_length and not match.string[: match.start()].rstrip().endswith("(")


_OR_ANOTHER = re.compile(r"\s*(?:-|/)\s*(?:bid|tid|qid|qds|tds|bd|qod|qd|od)\b|\s*(?:or|oder|o)\s")
"""qd-bid, daily or twice daily: one of two frequencies."""


def _note(draft: DoseDraft, kind: str, match: re.Match[str]) -> None:
    """What a word says, in the draft."""
    name, _, index = kind.partition("_")
    if name == "frequency":
        times, days, _ = words()["frequencies"][int(index)]
        draft.often.append((float(times), float(days)))
        is_either = match[0] in words()["in_two_ways"] or _OR_ANOTHER.match(match.string, match.end())
        draft.unread += [match[0]] if is_either else []
    elif name == "at":
        draft.at.append(int(index))
    elif note := _NOTES.get(kind):
        note(draft, match)


def _range(draft: DoseDraft, match: re.Match[str], first: int = 1) -> float:
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
    "h": 1 / units.HOURS_PER_DAY, "d": 1.0, "wk": PER_WEEK, "mo": units.DAYS_PER_MONTH, "a": units.DAYS_PER_YEAR,
}  # fmt: skip


def _days(amount: float, unit: str) -> float:
    """A time in days."""
    return amount * _DAYS_IN[_unit_names("time")[unit]]


def _amount(draft: DoseDraft, match: re.Match[str]) -> None:
    draft.mg.append(_mg(_range(draft, match), match[3]))


def _length(draft: DoseDraft, match: re.Match[str]) -> None:
    days = max(1, round(_days(_range(draft, match, 2), match[4])))
    if draft.days not in (None, days) or _unit_names("time")[match[4]] == "h":
        draft.unread.append(match[0])
    draft.days, draft.over = days, match[1].startswith(("over", "über", "in", "nel"))


def _until(draft: DoseDraft, match: re.Match[str]) -> None:
    steps = [int(step) for step in re.split(r"\D", match[1])]
    year, month, day = steps if steps[0] > _A_DAY else steps[::-1]  # a year, not a day
    if "/" in match[1] and max(month, day) <= _MONTHS and month != day:
        draft.unread.append(match[1])
        return
    try:
        draft.until = date(year, *((month, day) if month <= _MONTHS else (day, month)))
    except ValueError:
        draft.unread.append(match[1])


_FIRST_STEP, _FIRST_STEP_MG = 3.0, 20.0
"""Falling numbers, from so many tablets or mg, may be the times of a day (4-2-1) or the steps of a taper."""


def _may_be_steps(taken: list[float], first: float) -> bool:
    """Whether the numbers of a scheme fall as those of a taper do."""
    return taken[0] >= first and all(before > after > 0 for before, after in pairwise(taken))


def _scheme(draft: DoseDraft, match: re.Match[str]) -> None:
    """1-0-½: tablets in the morning, at noon, in the evening, at night."""
    taken = [value(n) for n in match.groups() if n]
    doses = [n for n in taken if n]
    draft.unread += [match[0]] if _may_be_steps(taken, _FIRST_STEP) else []
    if not doses or max(doses) > MOST_PARTS:
        draft.unread.append(match[0])
    elif len(set(doses)) == 1:
        draft.pieces.append(doses[0])
        draft.often.append((float(len(doses)), 1.0))
    else:
        draft.pieces.append(sum(doses))
        draft.often.append((1.0, 1.0))


def _scheme_mg(draft: DoseDraft, match: re.Match[str]) -> None:
    """15-10-5 mg: milligrams at the times of a day."""
    *taken, unit = match.groups()
    draft.unread += [match[0]] if _may_be_steps([value(n) for n in taken if n], _FIRST_STEP_MG) else []
    draft.mg.append(_mg(sum(value(n) for n in taken if n), unit))
    draft.often.append((1.0, 1.0))


def _refills(draft: DoseDraft, match: re.Match[str]) -> None:
    """Whether they were collected nobody knows."""
    draft.unread += [match[0]] if value(match[1]) else []


def _weekdays(draft: DoseDraft, match: re.Match[str]) -> None:
    first = _weekday_names()[match[1]]
    last = _weekday_names()[match[2]] if match[2] else first
    through = last if last >= first else last + _WEEKDAYS  # Friday to Monday goes over the end of the week
    draft.weekdays |= {day % _WEEKDAYS for day in range(first, through + 1)}


def _weekday_list(draft: DoseDraft, match: re.Match[str]) -> None:
    """Mo, Mi, Fr."""
    draft.weekdays |= {
        words()["weekdays_short"][day] for day in re.findall(r"[a-z]+", match[0]) if day not in ("und", "e")
    }


@cache
def _weekday_names() -> dict[str, int]:
    return {word: number for number, listed in words()["weekdays"].items() for word in listed}


def _handed_out(draft: DoseDraft, match: re.Match[str]) -> None:
    """Tablets behind a dose and a frequency, at the end, are those that are handed out."""
    if (draft.mg or len(draft.pieces) == 1) and draft.often and draft.days is None and not draft.each:
        draft.handed_out = value(match[1])
    else:
        draft.pieces.append(value(match[1]))


_CLOCK = 10
"""Hours of the clock as times of the day, behind morning, noon, evening and night."""
_OF_TIME = {"7": "d", "52": "wk", "12": "mo"}
"""5/7, 1/52 and 3/12 are days, weeks and months where prescribers write so."""


def _fraction_of_time(draft: DoseDraft, match: re.Match[str]) -> None:
    """5/7 is told: five days, or on five days of seven."""
    draft.unread += [match[0]] if match[2] == "7" else []
    draft.days = max(1, round(float(match[1]) * _DAYS_IN[_OF_TIME[match[2]]]))


@cache
def _hyphened() -> dict[str, str]:
    """Every word of "6-hourly" to its key."""
    return {str(word): key for key, listed in words()["hyphened"].items() for word in listed}


def _bare(draft: DoseDraft, match: re.Match[str]) -> None:
    """A number alone is one of tablets, unless it counts something that is not known: 1 nebule."""
    if is_known(match.string, match.end()):
        draft.bare.append(value(match[1]))
    else:
        draft.unread.append(match.string[match.start() : match.end() + _WORD_SHOWN])


def _times_x(draft: DoseDraft, match: re.Match[str]) -> None:
    """ "bid x 3" is three doses, or three days."""
    draft.count = value(match[1])
    draft.counts_days = True


def _doses_of(draft: DoseDraft, match: re.Match[str]) -> None:
    draft.product = (value(match[1]), 1.0)
    draft.often.append(draft.product)
    draft.pieces.append(value(match[2]))


def _pieces_of(draft: DoseDraft, match: re.Match[str]) -> None:
    """Two 5 mg tablets."""
    draft.pieces.append(value(match[1]))
    draft.mg.append(_mg(value(match[2]), match[3]))
    draft.each = True


def _falls(draft: DoseDraft, match: re.Match[str]) -> None:
    by = value(match[1])
    every = _days(value(match[3]) if match[3] else 1.0, match[4])
    draft.falls = ("mg", _mg(by, match[2]), every) if match[2] else ("pieces", by, every)


def _falls_every(draft: DoseDraft, match: re.Match[str]) -> None:
    """Every two weeks 5 mg less."""
    every, by = _days(value(match[1]) if match[1] else 1.0, match[2]), value(match[3])
    draft.falls = ("mg", _mg(by, match[4]), every) if match[4] else ("pieces", by, every)


def _falls_often(draft: DoseDraft, match: re.Match[str]) -> None:
    """Tapering by 10 mg weekly."""
    by = value(match[1])
    every = next(days for _, days, listed in words()["frequencies"] if match[3] in listed)
    draft.falls = ("mg", _mg(by, match[2]), float(every)) if match[2] else ("pieces", by, float(every))


def _week_head(draft: DoseDraft, match: re.Match[str]) -> None:
    """Week 2: ..., by its days."""
    first, last = int(match[1]), int(match[2] or match[1])
    draft.heads = ((first - 1) * _WEEKDAYS + 1, last * _WEEKDAYS)


def _every(draft: DoseDraft, match: re.Match[str]) -> None:
    """Every 4 to 6 hours: the most that it may be."""
    _range(draft, match)
    draft.often.append((1.0, _days(value(match[1]), match[3])))


_WORD_SHOWN = 10  # characters


def _set(name: str, found: Any = True) -> Any:
    """A note of a field that is simply set."""
    return lambda draft, match: setattr(draft, name, found(match) if callable(found) else found)


_NOTES: dict[str, Any] = {
    "amount": _amount, "length": _length, "until": _until, "scheme": _scheme, "weekdays": _weekdays, "falls": _falls,
    "falls_every": _falls_every, "falls_often": _falls_often, "week_head": _week_head, "split": _set("split"),
    "doses_of": _doses_of, "each": _set("each"), "total": _set("total"), "stop": _set("stop"),
    "once": _set("count", 1.0), "workdays": lambda draft, _: draft.weekdays.update(range(5)),
    "pieces": lambda draft, match: draft.pieces.append(_range(draft, match)),
    "handed_out": _handed_out,
    "scheme_mg": _scheme_mg,
    "refills": _refills,
    "piece": lambda draft, _: draft.pieces.append(1.0),
    "bare": _bare,
    "clock": lambda draft, match: draft.at.append(_CLOCK + int(match[1]) + (12 if "p" in match[0] else 0)),
    "fraction_of_time": _fraction_of_time,
    "every_n": lambda draft, match: draft.often.append((1.0, value(match[1]) * _DAYS_IN[_hyphened()[match[2]]])),
    "times_x": _times_x,
    "unread": lambda draft, match: draft.unread.append(match[0]),
    "per_body": lambda draft, match: draft.unread.append(match[0]),
    "multiple": _set("multiple", lambda match: value(match[1])),
    "count": _set("count", lambda match: value(match[1])),
    "divided": _set("divided", lambda match: value(match[1])),
    "length_of_one": _set("days", lambda match: max(1, round(_days(1.0, match[2])))),
    "head": _set("heads", lambda match: (int(match[1]), int(match[2] or match[1]))),
    "of_seven": lambda draft, match: draft.often.append((value(match[1]), PER_WEEK)),
    "weekday_list": _weekday_list,
    "often_x": lambda draft, match: draft.often.append((value(match[1]), 1.0)),
    "pieces_of": _pieces_of,
    "often": lambda draft, match: draft.often.append((_range(draft, match), 1.0)),
    "often_week": lambda draft, match: draft.often.append((_range(draft, match), PER_WEEK)),
    "often_in": lambda draft, match: draft.often.append(
        (_range(draft, match), _days(value(match[3]) if match[3] else 1.0, match[4]))
    ),
    "every": _every,
}  # fmt: skip


def joined(words: Iterable[str]) -> str:
    """Words for the report, each in quotation marks; long numbers, which may be a telephone's, are cut."""
    return ", ".join(f'"{word}"' for word in _short(words))


def _short(words: Iterable[str]) -> Iterator[str]:
    """The first of the words, shortened."""
    yield from (re.sub(r"\d{5,}", "...", word)[:24] for word in list(words)[:6])
