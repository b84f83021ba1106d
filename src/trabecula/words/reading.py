"""Numbers, dates and intervals as somebody types them, and as they are shown back. What may mean two stays unread.

    read_number("1,66")                      # 1.66
    read_number("8.000")                     # None: eight, or eight thousand?
    read_date("02.05.2014", language("de"))  # "2014-05-02"
    read_date("02/05/2014", language("en"))  # None: in London it is May, in Boston February

Whoever reads None asks back; nothing is guessed.
"""

import re
from datetime import date
from itertools import product

from trabecula.words.language import SOURCE, Language

_SIGNS = str.maketrans({"−": "-", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'"})
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?", re.ASCII)
_MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+", re.ASCII)
"""Three figures behind a sign: in English 1,000 is a thousand, in German and Italian 1.000 is."""
_GROUPED = re.compile(r"([+-]?[1-9]\d{0,2})((?:([ '])\d{3})(?:\3\d{3})*)([.,]\d{1,15})?", re.ASCII)
"""Thousands apart by a space or an apostrophe, which no decimals follow: 8 000, 8'000,5."""
_TWO_SIGNS = re.compile(r"([+-]?[1-9]\d{0,2})(([.,])\d{3}(?:\3\d{3})*)((?!\3)[.,]\d{1,15})", re.ASCII)
"""Both signs in one number: the last one begins the decimals."""

UNITS = ("hour", "day", "week", "month", "year")
"""Of the time between doses."""
_INTERVAL = re.compile(r"(?:(\d+(?:[.,]\d+)?) ?)?([^\W\d_]+)")
_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?", re.ASCII)
_YEAR_LAST = re.compile(r"(?:(\d{1,2})\s?([-/.])\s?)?(\d{1,2})\s?[-/.]\s?(\d{4})", re.ASCII)
_IN_WORDS = re.compile(r"(?:(\d{1,2})(?:\.|º|st|nd|rd|th)?\s+)?([^\W\d_]{3,})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})")
_DAY_FIRST = {"de": frozenset("."), "it": frozenset("./-")}
"""The signs behind which a language always writes the month: 02.05. is the second of May in German."""
_SHOWN = {"de": ".", "it": "/"}
"""The sign between the numbers of a date on a form; English has the year first, alike on both sides of an ocean."""


def read_number(text: str, *, small: bool = False) -> float | None:
    """The number in a text, its decimals behind a point or a comma; None where it is none or may be thousands.

    small: a quantity that never reaches a thousand [g/cm2, SD], so that three figures behind a sign are decimals.
    """
    text = text.strip().translate(_SIGNS)
    if found := _GROUPED.fullmatch(text) or _TWO_SIGNS.fullmatch(text):
        whole, groups, sign, decimals = found.groups()
        return float(whole + groups.replace(sign, "") + (decimals or "").replace(",", "."))
    if not _NUMBER.fullmatch(text) or (may_be_thousands(text) and not small):
        return None
    number = text.replace(",", ".")
    return float(number) if "." in number else int(number)


def may_be_thousands(text: str) -> bool:
    """Whether a number may be read as thousands or as decimals: 8.000, 1,250."""
    return _MAYBE_THOUSANDS.fullmatch(text.strip().translate(_SIGNS)) is not None


def read_date(text: str, lang: Language) -> str | None:
    """The date in a text as ISO 8601 (a day, a month, or a year when only that is known); None for none, or several."""
    found = possible_dates(text, lang)
    return found[0] if len(found) == 1 else None


def possible_dates(text: str, lang: Language) -> tuple[str, ...]:
    """Every date that a text may mean, as ISO 8601: none, one, or two where day and month may change places."""
    text = " ".join(text.translate(_SIGNS).split())
    if found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day = found.groups()
        return _calendar(year, month, day)
    if found := _YEAR_LAST.fullmatch(text):
        first, sign, second, year = found.groups()
        if first is None:
            return _calendar(year, second, None)
        day_first = _calendar(year, second, first)
        if sign in _DAY_FIRST.get(lang.code, ()):
            return day_first
        return tuple(dict.fromkeys(day_first + _calendar(year, first, second)))
    return _of_words(text, lang)


def _of_words(text: str, lang: Language) -> tuple[str, ...]:
    """The date with a month in words: 2. Mai 2014, May 2, 2014, maggio 2014."""
    found = _IN_WORDS.fullmatch(text)
    if found is None:
        return ()
    before, word, after, year = found.groups()
    month = _months(lang).get(word.lower())
    return () if month is None or (before and after) else _calendar(year, month, before or after)


def _months(lang: Language) -> dict[str, str]:
    """The number of each month by its name, whole or short."""
    kinds = product(("format", "stand-alone"), ("wide", "abbreviated"))
    names = (lang.locale.months[context][width].items() for context, width in kinds)
    return {name.lower().rstrip("."): str(number) for month in names for number, name in month}


def _calendar(year: str, month: str | None, day: str | None) -> tuple[str, ...]:
    """The date as ISO 8601, if the calendar has it."""
    try:
        when = date(int(year), int(month or 1), int(day or 1)).isoformat()
    except ValueError:
        return ()
    return (when[: len("2014")] if month is None else when[: len("2014-05")] if day is None else when,)


def read_interval(text: str, lang: Language) -> str | None:
    """The time between doses as the record writes it, "6 months" or "day"; None for what is none in the language."""
    found = _INTERVAL.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return None
    count, word = found.groups()
    unit = next((unit for unit in UNITS if word in lang.text(f"dosing.{unit}.words").split()), None)
    return unit and _english_interval((count or "1").replace(",", "."), unit)


def _english_interval(count: str, unit: str) -> str:
    """An interval as the record writes it."""
    return unit if count == "1" else f"{count} {unit}s"


def shown_interval(text: str, lang: Language) -> str:
    """The time between doses, as the record writes it, in the language; any other text as it is."""
    found = _INTERVAL.fullmatch(text)
    unit = found and next((unit for unit in UNITS if found[2] in (unit, f"{unit}s")), None)
    if lang.code == SOURCE or found is None or unit is None:
        return text
    return lang.text(f"dosing.{unit}", n=float(found[1] or 1))


def shown_number(value: float, lang: Language) -> str:
    """A number as a form shows it and reads it again, to the last digit: 1.66 or 1,66."""
    text = str(value)
    return text if lang.code == SOURCE else text.replace(".", ",")


def shown_date(text: str, lang: Language) -> str:
    """A date, ISO 8601, as a form shows it and reads it again: 02.05.2014, 02/05/2014, 05/2014; other text as it is."""
    sign = _SHOWN.get(lang.code)
    if sign is None or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII):
        return text
    return sign.join(reversed(text.split("-")))
