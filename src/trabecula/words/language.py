"""What a page says in somebody's language: sentences from the catalogues, figures and dates as they are written there.

lang = language("de")
lang.text("page.falls_a_year"), lang.say(message), lang.figures("4.1 %"), lang.day(date(2026, 11, 22))

Every sentence stands once, under its id, in `catalogues/en.po` and its translations; nothing has to be compiled.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton

from trabecula.data_files import DataError, kept, overlay_files
from trabecula.words import LANGUAGES, SOURCE
from trabecula.words.message import VERBATIM, Message
from trabecula.words.numbers import MINUS, SPACE, STYLES, span

CATALOGUES = Path(__file__).parent / "catalogues"
_TO = f"{SPACE}to{SPACE}"

Words = Mapping[str, str | tuple[str, ...]]
"""The texts of a language by id; two where a number decides (one, many)."""


class UnknownLanguage(KeyError):
    """A language without a catalogue."""

    def __str__(self) -> str:
        return f"found {self.args[0]}; expected one of {', '.join(LANGUAGES)}"


class UnknownMessage(KeyError):
    """An id without a text: a mistake of the program, found by the tests."""


@dataclass(frozen=True)
class Language:
    """A language: its code (ISO 639), and its texts."""

    code: str
    words: Words = field(repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def locale(self) -> Locale:
        """What Babel knows about the language."""
        return _locale(self.code)

    def say(self, message: Message) -> str:
        """A message as a sentence."""
        if message.id == VERBATIM:
            return str(message.values["text"])
        return self.fill(self.template(message.id, message.values, message.source), message.values)

    def heading(self, message: Message) -> str:
        """A message that begins a line or stands alone, with a capital: names are written as in the middle of one."""
        said = self.say(message)
        return said[:1].upper() + said[1:]

    def text(self, id: str, /, **values: Any) -> str:
        """The text with this id, its places filled; with `n`, the form for that number."""
        template = self.template(id, values)
        return self.fill(template, values) if values else template

    def knows(self, id: str) -> bool:
        """Whether the language has a text of its own for an id."""
        return id in self.words

    def template(self, id: str, values: Mapping[str, Any], source: str | None = None) -> str:
        """The text with its places still open; the English one where the language has none."""
        found = self.words.get(id) or self._untranslated(source) or _words(SOURCE).get(id)
        if found is None:
            raise UnknownMessage(id)
        return found if isinstance(found, str) else found[0 if values.get("n") == 1 else 1]

    def _untranslated(self, source: str | None) -> str | None:
        """The English of a data file; marked in another language, which only an overlay without words can need."""
        return source if source is None or self.code == SOURCE else f"{source} [{SOURCE}]"

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """A text whose places are filled as the language writes them."""
        return _Places(self).vformat(template, (), values)

    def written(self, value: Any, how: str = "") -> str:
        """A value as the language writes it; `how` is what stands behind the colon of a place.

        A style of numbers (`{chance:percent}`) is also written for a pair, as a range: from the first to the second.
        """
        if isinstance(value, Message):
            return self.say(value)
        if how == "territory":  # a country by its two letters
            return self.locale.territories.get(value, value)
        if isinstance(value, date):
            return _DATES.get(how, Language.short_day)(self, value)
        if how in STYLES:
            ends = value if isinstance(value, Sequence) else (value,)
            return self.figures(span(*(STYLES[how](end) for end in ends)))
        if isinstance(value, bool | float | int):
            return self.figures(format(value, how or _usual(value)).replace("-", MINUS))
        if isinstance(value, Sequence) and not isinstance(value, str):
            return self._listed([self.written(part) for part in value], how)
        return str(value)

    def _listed(self, parts: Sequence[str], how: str) -> str:
        """Several things: with commas, with semicolons (`apart`), or with a word before the last one (`and`, `or`)."""
        if how == "apart":
            return "; ".join(parts)
        if not how or len(parts) < 2:
            return ", ".join(parts)
        return f"{', '.join(parts[:-1])} {self.text(f'list.{how}')} {parts[-1]}"

    def figures(self, text: str) -> str:
        """Figures as the language writes them: 1,024.5 becomes 1.024,5; a range keeps its word."""
        to = self.text("list.to")
        return text.replace(_TO, f"{SPACE}{to}{SPACE}").translate(_signs(self.code))

    def day(self, when: date) -> str:
        """A day in words: 22 November 2026."""
        return format_date(when, "long", locale=self.locale)

    def short_day(self, when: date) -> str:
        """A day in a table: 22 Nov 2026."""
        return format_date(when, "medium", locale=self.locale)

    def month(self, when: date) -> str:
        """A month: November 2026."""
        return format_skeleton("yMMMM", when, locale=self.locale)

    def years(self, horizon_y: float) -> str:
        """A number of years: 10 years."""
        return self.text("time.years", n=horizon_y).replace(" ", SPACE)

    def in_years(self, horizon_y: float) -> str:
        """The time that a number of years covers: in 10 years."""
        return self.text("time.in_years", n=horizon_y)

    def next_years(self, horizon_y: float) -> str:
        """The same at the beginning of a sentence: In the next 10 years."""
        return self.text("time.next_years", n=horizon_y)


@cache
def _locale(code: str) -> Locale:
    """What Babel knows about a language."""
    return Locale.parse("en_GB" if code == SOURCE else code)


@cache
def _signs(code: str) -> dict[int, str]:
    """The signs between figures in place of the point and the comma."""
    found = _locale(code).number_symbols["latn"]
    return str.maketrans({".": found["decimal"], ",": found["group"]})


_DATES = {"long": Language.day, "month": Language.month, "iso": lambda _, when: when.isoformat()}


def _usual(value: float) -> str:
    """How a number is written where the text does not say: a whole one as it is, others without idle zeros."""
    return "d" if isinstance(value, int) else "g"


class _Places(Formatter):
    """Fills the places of a text as a language writes values."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        """One place."""
        return self._lang.written(value, format_spec)


@cache
def language(code: str) -> Language:
    """The language with this code; UnknownLanguage when it has no catalogue."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    return Language(code, _words(code))


def catalogue(code: str) -> Path:
    """The file with the texts of a language."""
    return CATALOGUES / f"{code}.po"


@cache
def _words(code: str) -> Words:
    """The texts of a catalogue and of overlay folders; what a translator marked as doubtful does not count."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in (catalogue(code), *_overlay_catalogues(code)):
        found |= _entries(path, code)
    return found


def _entries(path: Path, code: str) -> Words:
    """The texts of one catalogue. One as ours are written is read in a tenth of the time that babel takes, and kept."""
    if path.parent == CATALOGUES:
        content = path.read_bytes()
        decides = content + Path(__file__).read_bytes()
        plain = kept(CATALOGUES, code, decides, lambda: _plain_entries(content.decode("utf-8")))
        if plain is not None:
            return plain

    from babel.messages.pofile import read_po  # start-up time: only for catalogues that are not ours

    with path.open("rb") as file:
        read = read_po(file, locale=code)
    return {_id(entry.id): _forms(entry.string) for entry in read if entry.id and entry.string and not entry.fuzzy}


_ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr|msgstr\[\d\]) ((?:"(?:[^"\\\n]|\\.)*"\n)+)', re.MULTILINE)
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"\n')
_ESCAPED = re.compile(r"\\(.)")


def _plain_entries(text: str) -> dict[str, str | tuple[str, ...]] | None:
    """The texts of a catalogue of ids, texts and their forms alone; None for one that has more than that."""
    if "fuzzy" in text or "msgctxt" in text or "#~" in text:
        return None
    found: dict[str, list[str]] = {}
    forms: list[str] = []
    for kind, quoted in _ENTRY.findall(text + "\n"):
        said = "".join(_QUOTED.findall(quoted))
        said = _ESCAPED.sub(lambda one: {"n": "\n", "t": "\t", "r": "\r"}.get(one[1], one[1]), said)
        if kind == "msgid":
            forms = found.setdefault(said, [])
        elif kind != "msgid_plural":
            forms.append(said)
    del found[""]
    return {id: forms[0] if len(forms) == 1 else tuple(forms) for id, forms in found.items() if any(forms)}


def _overlay_catalogues(code: str) -> tuple[Path, ...]:
    """The catalogues of overlay folders; none of folders that are not there, which somebody has to be able to say."""
    try:
        return overlay_files(f"words/{code}.po")
    except DataError:
        return ()


def _id(found: str | Sequence[str]) -> str:
    """The id of an entry; one with two forms names it twice."""
    return found if isinstance(found, str) else found[0]


def _forms(text: str | Sequence[str]) -> str | tuple[str, ...]:
    """A text, or its two forms where a number decides."""
    return text if isinstance(text, str) else tuple(text)
