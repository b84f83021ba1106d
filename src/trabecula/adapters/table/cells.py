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

from trabecula.adapters.table.layout import TableField, answers, plain, words
from trabecula.vocabulary import country_called
from trabecula.words import LANGUAGES
from trabecula.words.language import language
from trabecula.words.reading import possible_dates, read_number

_SERIAL = (10_000, 80_000)
"""Numbers of days that Excel counts since 1900: 1927 to 2119."""
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_YEARS = (1900, 2100)
_NUMERIC = re.compile(r"(\d{1,2})\s?[./\- ]\s?(\d{1,2})\s?[./\- ]\s?(\d{2}|\d{4})")
_ROUGH = re.compile(r"^(?:~|ca\.?|circa|about|etwa|um)\s*|\s*\?$", re.IGNORECASE)
_WITH_UNIT = re.compile(
    r"([<>~]?)\s*([+\-−]?[\d.,'\s]*\d)\s*(cm|m|kg|mg|g|%|y|jahre|years|anni|g/cm2|g/cm²)?", re.IGNORECASE
)
_CENTURY, _YEARS_OF_CENTURY = 2000, 100
"""What two figures of a year stand for."""
_CHILD_Y = 12
_METRES, _MG_CM2, _CM = 3.0, 100.0, 100.0
_MONTHS = 12


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
        """A text."""
        return raw.isoformat() if isinstance(raw, date) else _whole(raw) if isinstance(raw, float) else str(raw)

    def _date(self, raw: Any) -> Any:
        """A day, a month or a year."""
        if isinstance(raw, date):
            return raw.isoformat()
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
        rough = _ROUGH.sub("", text)
        if rough != text:
            self.guesses["rough"] += 1
        if found := _NUMERIC.fullmatch(rough):
            return self._figures(int(found[1]), int(found[2]), found[3]) or text
        for code in LANGUAGES:
            found = possible_dates(rough, language(code))
            if found:
                return found[0]
        return text

    def _figures(self, first: int, second: int, year: str) -> str | None:
        """A date of three figures."""
        full = int(year) if len(year) == 4 else self._century(int(year))
        ways = [way for way in ((second, first), (first, second)) if way[0] <= _MONTHS]
        if not ways:
            return None
        if len({*ways}) > 1:
            if self.month_first is None:
                return None
            self.guesses["month_first" if self.month_first else "day_first"] += 1
            ways = ways[::-1] if self.month_first else ways
        try:
            return date(full, *ways[0]).isoformat()
        except ValueError:
            return None

    def _century(self, year: int) -> int:
        """The year behind two figures: never later than the day of assessment, and nobody here is a child."""
        self.guesses["century"] += 1
        full = _CENTURY + year
        youngest = self.on.year - (_CHILD_Y if self.field.name == "birth_date" else 0)
        return full if full <= youngest else full - _YEARS_OF_CENTURY

    def _number(self, raw: Any) -> Any:
        """A number, with a point or a comma, and perhaps its unit."""
        number = _number_of(raw)
        if number is None:
            return raw
        if self.field.name == "height_cm" and 0.0 < number < _METRES:
            self.guesses["metres"] += 1
            return round(_CM * number, 1)
        if self.field.name.endswith("bmd_g_cm2") and number > _MG_CM2:
            self.guesses["mg_cm2"] += 1
            return number / 1000.0
        return float(number)

    def _whole(self, raw: Any) -> Any:
        """A whole number."""
        number = _number_of(raw)
        return raw if number is None or not float(number).is_integer() else int(number)

    def _yes_no(self, raw: Any) -> Any:
        """Yes or no."""
        if isinstance(raw, bool):
            return raw
        word = plain(str(_whole(raw) if isinstance(raw, float) else raw)) or str(raw)
        return True if word in words("yes") else False if word in words("no") else raw

    def _choice(self, raw: Any) -> Any:
        """One of the words of the record, whatever it is called."""
        said = str(_whole(raw) if isinstance(raw, float) else raw)
        word = plain(said)
        found = answers(self.field.choices).get(word)
        if found is None and self.field.names is not None:
            found = self.field.names.called(said) or self.field.names.called(word)
        return raw if found is None else found

    def _country(self, raw: Any) -> Any:
        """A country by its letters or any of its names; YAML's NO is Norway here."""
        return country_called("NO" if raw is False else str(raw)) or str(raw)

    def _nested(self, raw: Any) -> Any:
        """A group of fields, as JSON."""
        try:
            return json.loads(str(raw))
        except ValueError:
            return raw


def month_first(column: Iterable[Any]) -> bool | None:
    """Whether the dates of a column begin with the month: only where one must and none can't; None where both do."""
    pairs = [found for raw in column if isinstance(raw, str) and (found := _NUMERIC.fullmatch(raw.strip()))]
    by_day = any(int(pair[1]) > _MONTHS for pair in pairs)
    by_month = any(int(pair[2]) > _MONTHS for pair in pairs)
    return None if by_day and by_month else by_month


def _whole(number: float) -> str:
    """A number as it is typed: 8, not 8.0."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _number_of(raw: Any) -> float | None:
    """The number in a cell; None for none."""
    if isinstance(raw, bool | date):
        return None
    if isinstance(raw, int | float):
        return raw
    found = _WITH_UNIT.fullmatch(str(raw).strip())
    if found is None or found[1]:
        return None
    return read_number(found[2].strip(), small=True)
