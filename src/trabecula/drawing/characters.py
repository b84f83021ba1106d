"""What is written where a screen or a file can't show a character, and what is never written."""

import unicodedata

from trabecula.drawing.sparkline import BARS, NOW
from trabecula.words.numbers import DASH, MINUS, SPACE

_STAND_INS = {
    **dict(zip(BARS, "_.:-=+*#", strict=True)),
    NOW: "|",
    MINUS: "-",
    DASH: "-",
    SPACE: " ",
    "─": "-",
    "•": "*",
    "×": "x",
    "²": "2",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
}
"""Each as wide as what it stands for, so that columns stay in line."""


def encodable(text: str, encoding: str | None) -> str:
    """The text in characters that an encoding has."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_stand_in(each, encoding) for each in text)
    except LookupError:  # an encoding that Python doesn't know
        return encodable(text, "ascii")
    return text


def _stand_in(character: str, encoding: str) -> str:
    """The character itself, the one that stands for it, its letter without the accent, or a question mark."""
    base = unicodedata.normalize("NFKD", character)[0]
    for each in (character, _STAND_INS.get(character, ""), base):
        if each and _has(encoding, each):
            return each
    return "?"


def _has(encoding: str, character: str) -> bool:
    """Whether an encoding has a character."""
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """The text on one line, without characters that would steer a terminal or turn the reading direction."""
    return "".join(each if each.isprintable() or each == SPACE else " " for each in text)
