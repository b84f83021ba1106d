"""What a page says in somebody's language: words from the catalogues, figures and dates as they are written there.

lang = language("de")
lang.text("Falls a year"), lang.figures("4.1 %"), lang.day(date(2026, 11, 22))

English is the source. The catalogues are `locale/<code>/LC_MESSAGES/trabecula.po`, read as they are: nothing has to be
compiled. Needs Babel (`pip install "trabecula[report]"`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from trabecula.words.numbers import SPACE

SOURCE = "en"
LANGUAGES = (SOURCE, "de", "it")
LOCALE = Path(__file__).parent / "locale"
_TO = f"{SPACE}to{SPACE}"

Words = Mapping[str | tuple[str, str], str | tuple[str, ...]]


class UnknownLanguage(KeyError):
    """A language without a catalogue."""

    def __str__(self) -> str:
        return f"found {self.args[0]}; expected one of {', '.join(LANGUAGES)}"


@dataclass(frozen=True)
class Language:
    """A language: its code (ISO 639), and its words for those of the source."""

    code: str
    words: Words = field(repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def locale(self) -> Locale:
        """What Babel knows about the language."""
        return Locale.parse("en_GB" if self.code == SOURCE else self.code)

    def text(self, message: str, **values: object) -> str:
        """A message, with its places filled; a message without a translation stays English."""
        said = self.words.get(message) or message
        return str(said).format(**values) if values else str(said)

    def plural(self, one: str, many: str, n: float, **values: object) -> str:
        """One of two messages by number; `n` fills the place of that name. The three languages agree on when."""
        forms = self.words.get((one, many)) or (one, many)
        return forms[0 if n == 1 else 1].format(n=self.figures(f"{n:g}"), **values)

    def figures(self, text: str) -> str:
        """Figures as the language writes them: 1,024.5 becomes 1.024,5; a range keeps its word."""
        signs = {".": self._sign("decimal"), ",": self._sign("group")}
        to = self.text("to")
        return text.replace(_TO, f"{SPACE}{to}{SPACE}").translate(str.maketrans(signs))

    def _sign(self, name: str) -> str:
        """The sign between figures."""
        return self.locale.number_symbols["latn"][name]

    def day(self, when: date) -> str:
        """A day in words: 22 November 2026."""
        return format_date(when, "long", locale=self.locale)

    def short_day(self, when: date) -> str:
        """A day in a table: 22 Nov 2026."""
        return format_date(when, "medium", locale=self.locale)

    def years(self, horizon_y: float) -> str:
        """A number of years: 10 years."""
        return self.plural("{n} year", "{n} years", horizon_y).replace(" ", SPACE)

    def in_years(self, horizon_y: float) -> str:
        """The time that a number of years covers: in 10 years."""
        return self.plural("in {n} year", "in {n} years", horizon_y)

    def next_years(self, horizon_y: float) -> str:
        """The same at the beginning of a sentence: In the next 10 years."""
        return self.plural("In the next year", "In the next {n} years", horizon_y)


@cache
def language(code: str) -> Language:
    """The language with this code; UnknownLanguage when it has no catalogue."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    return Language(code, {} if code == SOURCE else _words(code))


def catalogue(code: str) -> Path:
    """The file with the words of a language."""
    return LOCALE / code / "LC_MESSAGES" / "trabecula.po"


def _words(code: str) -> Words:
    """The words of a catalogue; what a translator marked as doubtful does not count."""
    with catalogue(code).open("rb") as file:
        read = read_po(file, locale=code)
    return {
        tuple(each.id) if isinstance(each.id, list | tuple) else each.id: each.string
        for each in read
        if each.id and each.string and not each.fuzzy
    }  # type: ignore[return-value]
