"""The words of dose instructions as patterns: `data/dose_words.yaml` has the lists, in English, German and Italian."""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import yaml

from trabecula import units
from trabecula.adapters.fhir import numbers
from trabecula.adapters.fhir.numbers import DIGITS

_DAY_AND_TIME = re.compile(
    r"(?<!\w)((?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)(-|(?=morgen|mittag|abend|nacht))s?(?=\W|\w)"
)
"""Montag- und Freitagabend: two days and a time."""
_NO_MORE = r"(?![\d-])"
_TWICE_WRITTEN = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) ?\( ?\1 ?\)")
"""2 (two), as some programs write every number."""


@cache
def words() -> dict[str, Any]:
    """The lists of words."""
    table = resources.files("trabecula.adapters").joinpath("data", "dose_words.yaml")
    return yaml.safe_load(table.read_text(encoding="utf-8"))


@cache
def timing_codes() -> dict[str, tuple[float, float]]:
    """Codes of a timing, lower case, with so many doses in so many days."""
    return {code: (float(times), float(days)) for code, (times, days) in words()["timing_codes"].items()}


def _any_of(words: Iterable[object]) -> str:
    """A pattern for any of these words as a whole, the longest first."""
    ordered = sorted({numbers.plain(str(word).lower()) for word in words}, key=len, reverse=True)
    parts = [
        (r"(?<!\w)" if word[0].isalpha() else "")
        + re.escape(word).replace(r"\ ", r"\s+")
        + (r"(?![^\W\d_])" if word[-1].isalnum() else "")
        for word in ordered
    ]
    return "(?:" + "|".join(parts) + ")"


def _after_number(words: Iterable[object]) -> str:
    """The same directly behind a digit: 10mg, 8h."""
    return _any_of(words).replace(r"(?<!\w)", r"(?<![^\W\d_])")


def _listed(name: str) -> list[Any]:
    """All words of a list or of a group of lists."""
    held = words()[name]
    groups = held.values() if isinstance(held, dict) else held
    return [word for group in groups for word in (group if isinstance(group, list) else [group])]


_NO_WORDS = {"weekdays_short", "frequencies", "amounts", "time", "pieces", "timing_codes", "hyphened"}


def _steps() -> list[str]:
    """Words of once a day and once a week, by which a dose falls."""
    rows = (row for row in words()["frequencies"] if row[:2] in ([1, 1], [1, units.DAYS_PER_WEEK]))
    return [word for row in rows for word in row[2]]


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every kind of word with its pattern, in the order in which they are tried."""
    n, rng = f"({DIGITS})", rf"({DIGITS})(?:\s*(?:-|{_any_of(['to', 'or', 'bis', 'oder', 'a', 'o'])})\s*({DIGITS}))?"
    unit, time = f"({_after_number(_listed('amounts'))})", f"({_after_number(_listed('time'))})"
    piece, minutes = _after_number(_listed("pieces")), _after_number(words()["minutes"])
    time = rf"(?:{_any_of(words()['in_a_row'])}\s*)?{time}"
    article, of = f"(?:{_any_of(words()['articles'])}\\s*)?", _any_of(["of", "di", "von"])
    times = _after_number(_listed("times"))
    w = {name: _any_of(_listed(name)) for name in words() if name not in _NO_WORDS}
    scheme = rf"({DIGITS})\s?-\s?({DIGITS})\s?-\s?({DIGITS})(?:\s?-\s?({DIGITS}))?{_NO_MORE}"
    weekday = f"({w['weekdays']})"
    short = "(?:" + "|".join(f"(?<!\\w){day}" for day in words()["weekdays_short"]) + ")"
    hours = f"(?:{minutes}|{_after_number(words()['time']['h'])})"
    in_ml, within = _any_of(["in", "with", "mit", "con", "di"]), _any_of(["over", "über", "in", "within"])
    around = _any_of(["before", "after", "prior to", "vor", "nach", "prima", "dopo"])
    week = _any_of(["week", "weeks", "woche", "settimana"])
    upto, day = _any_of(["to", "bis", "a", "through"]), _after_number(words()["time"]["d"])
    least = r"(?:at least\s+|mindestens\s+|almeno\s+)?"
    a_date = r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}|\d\d?/\d\d?/\d{4}"
    header = rf"(?=\s*[:,=(]|\s+{_any_of(['take', 'nehmen'])}|\s*$)"
    half_days, a_time = _after_number(words()["half_days"]), _any_of(["once", "einmal", "una volta", "1 x", "1x"])
    at = f"(?:{_any_of(['at', 'um', 'je', 'alle'])}\\s*)?"
    no_unit = rf"(?!\s*{unit})(?!\s*{time})"
    kinds = [
        ("as_needed", w["as_needed"]),
        ("per_body", rf"{n}\s*{unit}\s*{w['per_body']}"),
        ("skip", rf"(?:/|{in_ml}\s*)\s*{n}\s*ml(?!\w)(?:\s*(?:nacl|ns|saline|glucose)\b)?"),
        ("skip", rf"{within}\s*{rng}\s*{hours}"),
        ("unread", rf"{n}\s*{_after_number(words()['other_pieces'])}"),
        ("skip", w["at_once"]),
        ("clock", rf"{at}(\d\d?)(?:[:.]\d\d)?\s*{_after_number(words()['clock'])}"),
        ("clock", rf"{at}(\d\d?)(?:[:.]\d\d)?\s*{half_days}(?!\s*(?:tag|morgen|abend|mittag))"),
        ("clock", rf"{at}(\d\d?):\d\d(?!\d)"),
        ("refills", rf"{n}\s*refill(?:\(s\)|s)?"),
        ("unread", rf"{n}\s*{time}\s*(?:ago|fa)(?!\w)|(?<!\w)vor\s*{n}\s*{time}"),
        ("fraction_of_time", r"(?<![\d./])(\d{1,2})/(7|52|12)(?![\d/])"),
        ("every_n", rf"{n}\s*-\s*({_any_of(_listed('hyphened'))})"),
        ("every_n", rf"{n}\s*({_any_of(words()['hyphened']['h'])})"),
        ("skip", rf"{least}{n}\s*{article}{hours}\s*{around}(?:\s+(?:di|dem|the))?\s*\w*"),
        ("scheme_mg", rf"{scheme[: -len(_NO_MORE)]}\s*{unit}"),
        ("scheme", scheme),
        ("falls", rf"{w['reduce_by']}\s*{n}\s*(?:{unit}|{piece})\s*{w['every']}\s*(?:{n}\s*)?{time}"),
        ("falls_every", rf"{w['every']}\s*(?:{n}\s*)?{time}\s*,?\s*{w['reduce_by']}\s*{n}\s*(?:{unit}|{piece})"),
        ("falls_every", rf"(?:{w['every']}|{w['after_every']})\s*(?:{n}\s*)?{time}\s*,?\s*(?:{w['reduce_by']}\s*)?"
         rf"{n}\s*(?:{unit}|{piece})\s*(?:{w['less']}|reduzieren|reduziert)"),
        ("falls_often", rf"{w['reduce_by']}\s*{n}\s*(?:{unit}|{piece})\s*({_any_of(_steps())})"),
        ("divided", rf"{w['divided']}\s*{n}\s*{w['divided_doses']}"),
        ("split", w["divided_by"]),
        ("until", rf"{w['until']}\s*({a_date})"),
        ("head", rf"{w['day']}\s*(\d{{1,3}})(?:\s*(?:-|{upto})\s*(\d{{1,3}}))?{header}"),
        ("week_head", rf"{week}\s*(\d{{1,2}})(?:\s*(?:-|{upto})\s*(\d{{1,2}}))?{header}"),
        ("week_head", rf"(\d{{1,2}})\.\s*(?:-\s*(\d{{1,2}})\.\s*)?{week}(?=\s*:|\s+{DIGITS}\s*(?:{unit}|{piece}))"),
        ("of_seven", rf"(?:{_any_of(['on', 'an', 'for', 'per'])}\s*)?{n}\s*{day}\s*{w['of_seven']}"),
        ("often_x", rf"x\s*{n}\s*(?:{times}\s*)?{w['per_day']}"),
        ("pieces_of", rf"{n}\s+(?:\(\s*\S+\s*\)\s*)?{n}\s*-?{unit}\s*{piece}"),
        ("often", rf"{rng}\s*{times}\s*{w['per_day']}"),
        ("often_week", rf"{rng}\s*{times}\s*{w['per_week']}"),
        ("often_in", rf"{rng}\s*{times}\s*{w['per']}\s*(?:{n}\s*)?{time}"),
        ("doses_of", rf"{n}\s*x\s*{n}(?=\s*(?:{piece}|$|[,;.]|[a-zäöü])){no_unit}"),
        *((f"frequency_{number}", _any_of(row[2])) for number, row in enumerate(words()["frequencies"])),
        ("every", rf"(?:{a_time}\s*)?{w['every']}\s*{rng}\s*(?:\.|nd|rd|th|°)?\s*{time}"),
        ("count", rf"(?:{w['length']}\s*)?{n}\s*{w['doses']}"),
        ("length", rf"({w['length']})\s*(?:{w['articles']}\s*)?{rng}\s*{time}"),
        ("multiple", rf"{n}\s*x\s*(?={DIGITS}\s*{unit})"),
        ("length_of_one", rf"({w['length']})\s*{w['articles']}\s*{time}"),
        ("times_x", rf"x\s*{n}(?!\s*(?:{unit}|{piece}))"),
        ("amount", rf"{rng}\s*{unit}"),
        ("handed_out", rf"(?:{w['total']}\s*)?(?:{of}\s*)?#?\s*{n}\s*{piece}\s*$"),
        ("pieces", rf"{rng}\s*{article}(?:{of}\s*)?(?:{article})(?:\(\s*\S+\s*\)\s*)?{piece}"),
        ("piece", rf"{w['articles']}\s*{piece}"),
        ("each", rf"{w['of_each']}(?=\s*{DIGITS}\s*{unit})"),
        ("length", rf"()(?<![\d.]){rng}\s*{time}"),
        ("then", rf"(?:[,;.]\s*)?{w['then']}|;"),
        ("once", w["once"]),
        ("total", w["total"]),
        ("skip", w["in_all"]),
        ("workdays", rf"{w['workdays']}"),
        ("weekday_list", rf"(?:{short}[,/\s]+(?:und\s+|e\s+)?)+{short}(?!\w)"),
        ("weekdays", rf"(?:{w['every']}\s*)?{weekday}(?:\s*{w['to']}\s*{weekday})?"),
        *((f"at_{number}", _any_of(row)) for number, row in enumerate(words()["times_of_day"])),
        ("stop", w["stop"]),
        ("skip", w["passed_over"]),
        ("skip", w["joined_by"]),
        ("unread", w["carriers"]),
        ("skip", rf"{n}\s*%"),
        ("count", rf"{n}\s*x(?!\s*[\w/])"),
        ("bare", rf"{n}(?![\d%\w]|\.\d)"),
        ("unread", r"\w*\d\S*"),
        ("skip", r"[^\W\d_]+|[^\w\s]|\S"),
    ]  # fmt: skip
    return tuple((kind, re.compile(pattern)) for kind, pattern in kinds)


@cache
def _digits_for() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Words that are numbers, with their digits; the fractions first."""
    groups = [*words()["fractions"].items(), *words()["mixed"].items(), *words()["numbers"].items()]
    joined, article = _any_of(words()["joined_by"]), _any_of(words()["articles"])
    piece = _after_number(_listed("pieces"))
    return (
        *((re.compile(_any_of(words)), f"{digits} ") for digits, words in groups),
        # "2 and a half", "1 tablet and a half"
        (re.compile(rf"(?<![\d.])(\d)\s*(?:{joined}\s*)?(?:{article}\s*)?([½¼¾])(?!\s*(?:mg|g)\b)"), r"\1\2 "),
        (
            re.compile(rf"(?<![\d.])(\d)\s*({piece})\s*{joined}\s*(?:{article}\s*)?([½¼¾])(?!\s*(?:{piece}|mg|g\b))"),
            r"\1\3 \2 ",
        ),
        (
            re.compile(rf"{article}\s*({piece})\s*{joined}\s*(?:{article}\s*)?([½¼¾])(?!\s*(?:{piece}|mg|g\b))"),
            r"1\2 \1 ",
        ),
    )


def tidy(said: str) -> str:
    """One spelling of the text, numbers in digits."""
    text = " ".join(numbers.plain(said.lower()).replace("_", " ").split())
    text = _DAY_AND_TIME.sub(r"\1 ", text)
    for pattern, digits in _digits_for():
        text = pattern.sub(digits, text)
    for number, listed in words()["times_in_a_word"].items():
        text = re.sub(
            rf"{_any_of(listed)}(?=\s+(?:every|each|per|in|alle|pro|innerhalb)(?!\w))", f"{number} times", text
        )
    return " ".join(_TWICE_WRITTEN.sub(r"\1", text).split())


def is_known(text: str, position: int) -> bool:
    """Whether a word, or the end, at a position is one of the lists: a number before another word counts things."""
    ahead = text[position:].lstrip()
    if not ahead or not ahead[0].isalpha():
        return True
    start = len(text) - len(ahead)
    return any(pattern.match(text, start) for _, pattern in patterns()[:-1])
