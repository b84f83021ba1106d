"""From a cell to a value of the record: dates, decimals, answers as clinics write them.

What cannot be read stays as it was typed, so that the record refuses it with its cell. Whatever is read in one of two
possible ways is counted as a guess, and told.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from typing import Any

from trabecula.adapters.table.bare import BareValue, bare_value, is_of_today, medicine_in, without_side
from trabecula.adapters.table.layout import TableField, answers, country_words, plain, words
from trabecula.vocabulary import country_called
from trabecula.words import LANGUAGES
from trabecula.words.language import language
from trabecula.words.reading import possible_dates, read_number

_SERIAL = (10_000, 80_000)
"""Numbers of days that Excel counts since 1900: 1927 to 2119."""
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_YEARS = (1900, 2100)
_NUMERIC = re.compile(r"(\d{1,2})\s?([./,\- ])\s?(\d{1,2})\s?[./,\- ]\s?(\d{2}|\d{4})")
_EIGHT = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)")
_MONTH_OF_TWO = re.compile(r"(\d{1,2})\s?/\s?(\d{2})")
_YEAR_OF_TWO = re.compile(r"['’](\d{2})")
_PART_OF_YEAR = re.compile(
    r"(?:anfang|mitte|ende|frühjahr|frühling|sommer|herbst|winter|early|mid|late|spring|summer|autumn|inizio|metà|fine|"
    r"primavera|estate|autunno|inverno|q[1-4])[\s/]+(?:of |del )?(\d{4})",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(
    r"([<>~]?)\s*([+\-−]?\s?[\d.,'\s]*\d)\s*(cm|m|kg|mg|g|%|y|jahre|years|anni|g/cm2|g/cm²|sd)?", re.IGNORECASE
)
_METRES_BETWEEN = re.compile(r"([12])\s?m\s?(\d\d)", re.IGNORECASE)
_TIMES = re.compile(r"(\d+)\s*(?:x|×|mal|times|volte|sturz|stürze|falls?|cadut[ae])", re.IGNORECASE)
_CENTURY, _YEARS_OF_CENTURY = 2000, 100
"""What two figures of a year stand for."""
_CHILD_Y = 12
_METRES, _MG_CM2, _CM = 3.0, 100.0, 100.0
_MONTHS = 12
_YEARS_AHEAD = 5
"""Nothing is planned for later; a year behind that is a slip of the pen."""


@dataclass
class Reader:
    """Reads the cells of one column."""

    field: TableField
    on: date
    """The day of assessment: two figures of a year are never later."""
    from_1904: bool = False
    month_first: bool | None = False
    """Whether dates of figures begin with the month; None where the column has both."""
    guesses: Counter[str] = dataclass_field(default_factory=Counter)
    """What was read in one of two possible ways, and how often."""

    def read(self, raw: Any) -> Any:
        """The value of a cell: None for an empty one, and what was typed where it cannot be read."""
        if raw is None or (isinstance(raw, str) and (not raw.strip() or self._is_unknown(raw))):
            return None
        if isinstance(raw, str):
            raw = " ".join(raw.replace("\N{NO-BREAK SPACE}", " ").split())
        return getattr(self, f"_{self.field.kind}", self._text)(raw)

    def _is_unknown(self, raw: str) -> bool:
        """Whether a cell says that nobody knows; where `none` is an answer it is one."""
        word = plain(raw) or raw.strip()
        return word in words("unknown") and word not in answers(self.field.choices)

    def _text(self, raw: Any) -> Any:
        """A text; of a medicine its name, without strength and times."""
        if isinstance(raw, date):
            return raw.isoformat()
        text = _whole(raw) if isinstance(raw, float) else str(raw)
        if self.field.name in ("drug", "medicine.drug") and (name := medicine_in(text)) != text:
            self.guesses["name"] += 1
            return name
        return text

    def _around(self, found: BareValue) -> str:
        """The text of a value that was read; what stood around it is counted."""
        self.guesses.update([name for name in ("rough", "remark") if getattr(found, name)])
        return found.text

    def _date(self, raw: Any) -> Any:
        """A day, a month or a year; None where the end of something is today."""
        if isinstance(raw, date):
            return raw.isoformat()
        if isinstance(raw, str) and self.field.name == "end" and is_of_today(raw):
            return None
        number = _number_of(raw)
        if number is not None and float(number).is_integer():
            if _YEARS[0] <= number < _YEARS[1]:
                return str(int(number))
            if _SERIAL[0] <= number < _SERIAL[1]:
                self.guesses["serial"] += 1
                return ((_EPOCH_1904 if self.from_1904 else _EPOCH) + timedelta(days=int(number))).isoformat()
        return self._date_of(str(raw))

    def _date_of(self, text: str) -> str:
        """A date that was typed."""
        found = bare_value(text)
        read = self._written(found.text.rstrip(". "))
        if read is None or int(read[:4]) > self.on.year + _YEARS_AHEAD:
            return text  # a table says what was, and what is planned for soon
        self._around(found)
        return read

    def _written(self, text: str) -> str | None:
        """A date without what stands around it; None for none, or for one of two that nobody can tell apart."""
        if found := _NUMERIC.fullmatch(text):
            return self._figures(found)
        if found := _EIGHT.fullmatch(text):
            return _day(int(found[1]), int(found[2]), int(found[3]))
        if (found := _MONTH_OF_TWO.fullmatch(text)) and 1 <= int(found[1]) <= _MONTHS:
            return f"{self._century(int(found[2]))}-{int(found[1]):02d}"
        if found := _YEAR_OF_TWO.fullmatch(text):
            return str(self._century(int(found[1])))
        if found := _PART_OF_YEAR.fullmatch(text):
            self.guesses["rough"] += 1
            return found[1]
        return next((several[0] for code in LANGUAGES if (several := possible_dates(text, language(code)))), None)

    def _figures(self, found: re.Match[str]) -> str | None:
        """A date of three figures; with points between them the day is always first, and day 0 is a month."""
        first, second = int(found[1]), int(found[3])
        full = int(found[4]) if len(found[4]) == len("2026") else self._century(int(found[4]))
        if first == 0 and 1 <= second <= _MONTHS:
            self.guesses["rough"] += 1
            return f"{full}-{second:02d}"
        ways = [way for way in ((second, first), (first, second)) if way[0] <= _MONTHS]
        if len({*ways}) > 1:
            month_first = False if found[2] == "." else self.month_first
            if month_first is None:
                return None
            self.guesses["month_first" if month_first else "day_first"] += 1
            ways = ways[::-1] if month_first else ways
        elif found[2] == "." and second > _MONTHS:
            return None
        return _day(full, *ways[0]) if ways else None

    def _century(self, year: int) -> int:
        """The year behind two figures: never later than the day of assessment, and nobody here is a child."""
        self.guesses["century"] += 1
        full = _CENTURY + year
        youngest = self.on.year - (_CHILD_Y if self.field.name == "birth_date" else 0)
        return full if full <= youngest else full - _YEARS_OF_CENTURY

    def _number(self, raw: Any) -> Any:
        """A number, with a point or a comma, and perhaps its unit."""
        found = bare_value(str(raw)) if isinstance(raw, str) else None
        number = _number_of(raw if found is None else _in_metres(found.text))
        if number is None:
            return raw
        if found is not None:
            self._around(found)
        if self.field.name == "height_cm" and 0.0 < number < _METRES:
            self.guesses["metres"] += 1
            return round(_CM * number, 1)
        if self.field.name.endswith("bmd_g_cm2") and number > _MG_CM2:
            self.guesses["mg_cm2"] += 1
            return number / 1000.0
        return float(number)

    def _whole(self, raw: Any) -> Any:
        """A whole number; a word for none is 0, and how often is so many."""
        found = bare_value(raw) if isinstance(raw, str) else None
        if found is not None and (plain(found.text) or found.text) in words("no"):
            return 0
        counted = _TIMES.fullmatch(found.text) if found is not None else None
        number = _number_of(counted[1] if counted else raw if found is None else found.text)
        if number is None or not float(number).is_integer():
            return raw
        if found is not None:
            self._around(found)
        return int(number)

    def _yes_no(self, raw: Any) -> Any:
        """Yes or no."""
        if isinstance(raw, bool):
            return raw
        word = plain(str(_whole(raw) if isinstance(raw, float) else raw)) or str(raw)
        return True if word in words("yes") else False if word in words("no") else raw

    def _choice(self, raw: Any) -> Any:
        """One of the words of the record, whatever it is called."""
        said = str(_whole(raw) if isinstance(raw, float) else raw)
        if said.endswith("?"):
            return raw
        return next((found for way in (said, without_side(said)) if (found := self._called(way))), raw)

    def _called(self, said: str) -> str | None:
        """The choice of a name; None for none."""
        word = plain(said) or said
        found = answers(self.field.choices).get(word)
        if found is None and self.field.names is not None:
            return self.field.names.called(said) or self.field.names.called(word)
        return found

    def _country(self, raw: Any) -> Any:
        """A country by its letters or any of its names; YAML's NO is Norway here."""
        said = "NO" if raw is False else str(raw)
        return country_called(said) or country_words().get(plain(said)) or said

    def _nested(self, raw: Any) -> Any:
        """A group of fields, as JSON."""
        try:
            return json.loads(str(raw))
        except ValueError:
            return raw


def month_first(column: Iterable[Any]) -> bool | None:
    """Whether the dates of a column begin with the month: only where one must and none can't; None where both do.

    Dates with points begin with the day in every language; one that no calendar has says nothing.
    """
    found = [match for raw in column if isinstance(raw, str) and (match := _NUMERIC.fullmatch(raw.strip()))]
    pairs = [(int(match[1]), int(match[3])) for match in found if match[2] != "."]
    by_day = any(first > _MONTHS >= second for first, second in pairs)
    by_month = any(second > _MONTHS >= first for first, second in pairs)
    return None if by_day and by_month else by_month


def _whole(number: float) -> str:
    """A number as it is typed: 8, not 8.0."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _day(year: int, month: int, day: int) -> str | None:
    """A day that the calendar has."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _in_metres(raw: Any) -> Any:
    """1m68 as 1.68."""
    found = _METRES_BETWEEN.fullmatch(raw) if isinstance(raw, str) else None
    return f"{found[1]}.{found[2]}" if found else raw


def _number_of(raw: Any) -> float | None:
    """The number in a cell; None for none."""
    if isinstance(raw, bool | date):
        return None
    if isinstance(raw, int | float):
        return raw
    found = _WITH_UNIT.fullmatch(str(raw).strip())
    if found is None or found[1]:
        return None
    return read_number(re.sub(r"^([+\-−])\s", r"\1", found[2].strip()), small=True)
