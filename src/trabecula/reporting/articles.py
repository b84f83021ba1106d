"""Articles in plain language, as data: Markdown of the simplest kind, each statement with a mark of its source.

A file begins with `title:`, `summary:` and `reviewed:`. It knows headings (##), lists (-), **weight**, `code`,
[links](name) to other articles, and marks: [^finding] for a finding of the registry, [^rule:id] for a rule of a
guideline.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path

from trabecula.evidence import Evidence
from trabecula.guidelines import shipped
from trabecula.words.language import LANGUAGES, UnknownLanguage

LEARN = Path(__file__).parent / "learn"
NAMES = ("osteoporosis-and-ms", "steroids", "activity", "falls", "bone-scans", "medicines")
"""In the order in which they are shown."""
ABOUT = "about"
_RULE = "rule:"
_INLINE = re.compile(
    r"\[\^(?P<mark>[^\]]+)\]|\[(?P<link>[^\]]+)\]\((?P<to>[^)]+)\)|\*\*(?P<strong>[^*]+)\*\*|`(?P<code>[^`]+)`"
)


@dataclass(frozen=True)
class Article:
    """A text with its title, a line about it, the day on which it was last checked, and its sources."""

    name: str
    title: str
    summary: str
    reviewed: date
    text: str
    marks: tuple[str, ...]
    """Findings and rules in the order in which they are first named."""

    def html(self, link: str = "{name}.html", **values: str) -> str:
        """The text as HTML; `link` is how another article is reached, `values` fill places of the text."""
        filled = self.text
        for name, value in values.items():
            filled = filled.replace(f"{{{name}}}", value)
        return "\n".join(_block(block, self, link) for block in filled.split("\n\n"))

    @property
    def sources(self) -> tuple[str, ...]:
        """The documents behind the marks, each once."""
        return tuple(dict.fromkeys(map(_source, self.marks)))


@cache
def article(name: str, code: str = "en") -> Article:
    """An article in a language. KeyError for one that isn't there, UnknownLanguage for a language without it."""
    if code not in LANGUAGES:
        raise UnknownLanguage(code)
    if name not in (*NAMES, ABOUT):
        raise KeyError(name)
    head, text = (LEARN / code / f"{name}.md").read_text("utf-8").split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    marks = tuple(dict.fromkeys(found["mark"] for found in _INLINE.finditer(text) if found["mark"]))
    reviewed = date.fromisoformat(fields["reviewed"])
    return Article(name, fields["title"], fields["summary"], reviewed, text.strip(), marks)


def articles(code: str = "en") -> tuple[Article, ...]:
    """All articles of a language, in order."""
    return tuple(article(name, code) for name in NAMES)


def _block(block: str, of: Article, link: str) -> str:
    """A heading, a list or a paragraph."""
    if block.startswith("## "):
        return f"<h2>{_inline(block[3:], of, link)}</h2>"
    if block.startswith("- "):
        entries = (f"<li>{_inline(line[2:], of, link)}</li>" for line in block.splitlines())
        return f"<ul>{''.join(entries)}</ul>"
    return f"<p>{_inline(block, of, link)}</p>"


def _inline(text: str, of: Article, link: str) -> str:
    """A text with its links, its weight and its marks."""
    return "".join(_pieces(text, of, link))


def _pieces(text: str, of: Article, link: str) -> Iterator[str]:
    """The pieces of a text, everything escaped."""
    end, before = 0, ""
    for found in _INLINE.finditer(text):
        between, piece = escape(text[end : found.start()]), _piece(found, of, link)
        yield between
        if between or piece != before:  # two findings of one document behind a sentence are one mark
            yield piece
        end, before = found.end(), piece
    yield escape(text[end:])


def _piece(found: re.Match[str], of: Article, link: str) -> str:
    """One piece of markup."""
    if found["mark"]:
        n = of.sources.index(_source(found["mark"])) + 1
        return f'<sup class="marks"><a href="#{of.name}-source-{n}">{n}</a></sup>'
    if found["link"]:
        return f'<a href="{escape(link.format(name=found["to"]))}">{escape(found["link"])}</a>'
    if found["strong"]:
        return f"<strong>{escape(found['strong'])}</strong>"
    return f"<code>{escape(found['code'])}</code>"


@cache
def _evidence() -> Evidence:
    """The registry, read once."""
    return Evidence.load()


def _source(mark: str) -> str:
    """A finding with its document and its place in it, or a rule with its guideline."""
    if mark.startswith(_RULE):
        return _rules()[mark.removeprefix(_RULE)]
    finding, source = _evidence().finding(mark), _evidence().source(mark)
    return ", ".join(part for part in (source.reference, finding.locator) if part)


@cache
def _rules() -> dict[str, str]:
    """Where each rule stands."""
    return {rule.id: f"{rule.citation}, {rule.section}" for guideline in shipped() for rule in guideline.rules}
