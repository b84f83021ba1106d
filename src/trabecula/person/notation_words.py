"""The words in which clinics write steroid courses, each with what it says."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from trabecula import units
from trabecula.vocabulary import STEROIDS, Route

Says = dict[str, object]
"""What a word says about a part of a course, by field."""

_ROUTES: dict[str, Route] = {
    "intravenously": "iv", "intravenous": "iv", "i.v.": "iv", "iv": "iv",
    "orally": "oral", "by mouth": "oral", "oral": "oral", "p.o.": "oral", "po": "oral",
    "intramuscularly": "im", "intramuscular": "im", "i.m.": "im", "im": "im",
}  # fmt: skip
_ONCE = (
    "once daily",
    "once a day",
    "once per day",
    "every day",
    "each day",
    "per day",
    "a day",
    "/day",
    "/d",
)
_TIMES_A_DAY = {
    **dict.fromkeys((*_ONCE, "daily", "od", "qd"), 1),
    **dict.fromkeys(("twice daily", "twice a day", "bid", "bd"), 2),
    **dict.fromkeys(("three times daily", "three times a day", "tid", "tds"), 3),
    **dict.fromkeys(("four times daily", "four times a day", "qid", "qds"), 4),
}
_ALTERNATE = ("alternate days", "alternate-day", "alternate day", "every other day", "every second day")
_EVERY = {
    **dict.fromkeys((*_ALTERNATE, "on alternate days", "eod", "qod"), 2),
    **dict.fromkeys(("once weekly", "once a week", "weekly", "/week"), int(units.DAYS_PER_WEEK)),
}
_DAYS_IN = {"d": 1.0, "w": units.DAYS_PER_WEEK, "m": units.DAYS_PER_MONTH, "y": units.DAYS_PER_YEAR}
_MG_IN = {"g": 1000.0, "m": 1.0, "u": 1 / 1000.0}


class Word(NamedTuple):
    """A word: its pattern, and what it says (nothing for a word that is only skipped or parts the phases)."""

    kind: str
    pattern: re.Pattern[str]
    says: Callable[[re.Match[str]], Says]


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (r"\b" if word[-1].isalnum() else "") for word in ordered)


def _listed(field: str, words: Mapping[str, object], **more: object) -> Word:
    """Words that each stand for one value."""
    return Word(field, re.compile(_any_of(words)), lambda match: {field: words[match.group()], **more})


def _count(field: str, pattern: str) -> Word:
    """A whole number."""
    return Word(field, re.compile(pattern), lambda match: {field: int(match.group(1))})


def _dose(match: re.Match[str]) -> Says:
    """A dose."""
    return {"dose_mg": _mg(match), "in_grams": match.group(2).startswith("g")}


def _lowest(match: re.Match[str]) -> Says:
    """The dose at which a taper ends."""
    return {"to_mg": _mg(match) if match.group(2) else 0.0, "taper": True}


def _mg(match: re.Match[str]) -> float:
    """A number with its unit in mg: g is gram; mc, micro and u are micrograms; else m is milligram."""
    unit = match.group(2)
    kind = "u" if unit.startswith(("mc", "micro")) else unit[0]
    return float(f"{float(match.group(1)) * _MG_IN[kind]:.12g}")


def _days(match: re.Match[str]) -> int:
    """A period in whole days."""
    return round(int(match.group(1)) * _DAYS_IN[match.group(2)[0]])


def _nothing(_match: re.Match[str]) -> Says:
    """A word without a meaning of its own."""
    return {}


_WHOLE = r"(\d{1,5})"
_DOSE = r"(\d{1,9}(?:\.\d{1,6})?)\s*(milligrams?|mg|grammes?|grams?|g|mcg|ug|micrograms?)\b"
_PERIOD = _WHOLE + r"(?:\s*|-)(days?|d|weeks?|wks?|w|months?|mo|years?|yrs?|y)\b"
_TAPER = r"(?:taper(?:ing|ed)?(?: off)?|reducing|reduced|reduction|falling|weaning|weaned)\b"
_SKIPPED = r"(?:of|a|an|the|doses?|pulses?|infusions?|tablets?|course|at)\b|[,.:()]"

_BEFORE_DRUGS: tuple[Word, ...] = (
    Word("skip", re.compile(rf"(?:no|without)(?: an?)?(?: oral)?(?: predniso(?:lo)?ne)? {_TAPER}"), _nothing),
    Word("then", re.compile(r"(?:and then|then|followed by|thereafter|with|plus|and)\b|[;+&]"), _nothing),
    Word("skip", re.compile(r"over\s+\d{1,3}\s*(?:hours?|h|minutes?|min)\b"), _nothing),
)
_AFTER_DRUGS: tuple[Word, ...] = (
    _listed("route", _ROUTES),
    Word("to", re.compile(rf"(?:down )?to\s+(?:{_DOSE}|0\b|zero\b|nothing\b)"), _lowest),
    Word("dose", re.compile(rf"(?:from\s+)?{_DOSE}"), _dose),
    _count("a_day", rf"x\s*(\d)\s*(?:{_any_of((*_ONCE, 'daily'))})"),
    _count("a_day", r"(\d{1,2}) times (?:a day|daily|per day)\b"),
    _listed("a_day", _TIMES_A_DAY),
    _listed("every", _EVERY),
    _count("every", rf"every {_WHOLE} days?\b"),
    Word("days", re.compile(rf"over\s+{_PERIOD}"), lambda match: {"days": _days(match), "over": True}),
    Word("days", re.compile(rf"(?:(?:for|during|x)\s*)?{_PERIOD}"), lambda match: {"days": _days(match)}),
    _count("count", rf"{_WHOLE}\s*x(?=\s*\d|\s+[a-z])"),
    _count("count", rf"x\s*{_WHOLE}\b(?!\s*(?:mg|g)\b)"),
    Word("taper", re.compile(_TAPER), lambda _match: {"taper": True}),
    Word("skip", re.compile(_SKIPPED), _nothing),
)  # fmt: skip


@cache
def words() -> tuple[Word, ...]:
    """Every word that is understood, in the order in which they are tried."""
    infusions = {name: row.key for row in STEROIDS.values() for name in row.infusions}
    drugs = {
        name.replace("_", " "): row.key
        for row in STEROIDS.values()
        for name in (*row.names(), *row.shorthand)
        if name not in infusions
    }
    return (*_BEFORE_DRUGS, _listed("drug", infusions, route="iv"), _listed("drug", drugs), *_AFTER_DRUGS)
