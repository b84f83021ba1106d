"""Sentences that the rooms below wrote in English, in another language: word for word, or by the pattern they follow.

What matches nothing stays English and says so, so that a page can mark it: `Said("...", "en")`. This file goes when
every room returns messages.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from trabecula.words.language import SOURCE, Language, english_ids
from trabecula.words.message import Message, sourced

_ROOMS = (
    "who",
    "basis",
    "bone",
    "fracture",
    "gap",
    "note",
    "explains",
    "cause",
    "objection",
    "effect",
    "plan",
    "refusal",
    "said",
    "contraindication",
    "fact",
)
"""Transition: the kinds of sentences that rooms below still write in English."""
_DATA = ("plan", "guideline", "rule", "strength", "population", "task", "effect", "burden")
_PLACE = re.compile(r"\\\{(\w+)\\\}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_FIGURE = re.compile(r"[−<>]?[\d.,]+(?:\s?\S{1,12})?")
_WORDS = frozenset({"one", "other"})
"""Places that hold words; the others may hold a name."""
_LISTS = frozenset({"one", "other", "what", "amount", "drugs"})
"""Places that may hold commas."""
_FREE, _BOUND = ".", "(?:[^,]|(?<=\\d),(?=\\d))"
_GREEDY = 200
"""Letters that a place holds at most."""


@dataclass(frozen=True)
class Said:
    """A text, and the language it is in."""

    text: str
    lang: str


def said(english: str | Message, lang: Language) -> Said:
    """A sentence of the model in a language, or as it is."""
    if isinstance(english, Message):
        return Said(lang.say(english), lang.code)
    if lang.code == SOURCE:
        return Said(english, SOURCE)
    found = _translated(english, lang)
    return Said(english, SOURCE) if found is None else Said(found, lang.code)


def _translated(english: str, lang: Language) -> str | None:
    """The sentence itself, its pattern, or its parts between commas."""
    id = english_ids().get(english) or next(
        (id for kind in _DATA if (id := sourced(kind, english).id) in lang.words), None
    )
    if id is not None and lang.knows(id):
        return lang.text(id)
    by_pattern = _by_pattern(english, lang)
    return by_pattern if by_pattern is not None else _by_parts(english, lang)


def _by_pattern(english: str, lang: Language) -> str | None:
    """The first pattern that the sentence follows and whose places can be said in the language."""
    for message, pattern in _patterns():
        found = pattern.fullmatch(english)
        if found and lang.knows(message):
            places = {name: _place(name, text, lang) for name, text in found.groupdict().items()}
            if None not in places.values():
                return lang.text(message, **places)
    return None


def _by_parts(english: str, lang: Language) -> str | None:
    """A list whose every part is known; titles of plans are listed with semicolons."""
    between = "; " if "; " in english else ", "
    parts = english.split(between)
    if len(parts) == 1:
        return None
    said_parts = [_translated(each, lang) for each in parts]
    return None if None in said_parts else between.join(map(str, said_parts))


def _place(name: str, text: str, lang: Language) -> str | None:
    """What fills a place: words when they are known, else figures, days and names; None for unknown words."""
    known = _translated(text, lang)
    if known is not None:
        return known
    if _ISO.fullmatch(text):
        return lang.short_day(date.fromisoformat(text))
    if _FIGURE.fullmatch(text):
        return lang.figures(text)
    return None if name in _WORDS else text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences with places, the longest first: the most particular wins."""
    texts = [
        (id, text)
        for text, id in english_ids().items()
        if "{" in text and id.split(".")[0] in _ROOMS and re.search(r"[a-z]{2}", re.sub(r"\{.*?\}", "", text))
    ]
    return tuple(
        (id, _pattern(text)) for id, text in sorted(texts, key=lambda row: len(row[1]), reverse=True)
    )


def _pattern(message: str) -> re.Pattern[str]:
    """A sentence whose places hold what varies."""
    return re.compile(_PLACE.sub(_held, re.escape(message)))


def _held(place: re.Match[str]) -> str:
    """What a place may hold: anything, or anything without a comma."""
    held = _FREE if place[1] in _LISTS else _BOUND
    return rf"(?P<{place[1]}>{held}{{1,{_GREEDY}}}?)"


def worded(message: Message | str, lang: Language) -> str:
    """Transition: what a room below has to say, as a message or still in English."""
    return lang.say(message) if isinstance(message, Message) else said(message, lang).text


def ids_in(message: Message | str) -> set[str]:
    """Transition: the ids of a message and of what it holds; of English, those whose text stands in it."""
    if isinstance(message, Message):
        return {part.id for part in message.inside()}
    return {id for english, id in english_ids().items() if id.startswith("gap.") and english in message}
