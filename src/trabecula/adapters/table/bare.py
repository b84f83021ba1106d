"""What people write around a value: its name before it, a remark in brackets behind it, a mark that it is rough.

bare_value("EDSS 3,5 (Dr. K.)")     # BareValue("3,5", rough=False, remark=True)
bare_value("ca. 62?")               # BareValue("62", rough=True, remark=False)
"""

import re
from typing import NamedTuple

from trabecula.adapters.table.layout import plain, words
from trabecula.vocabulary import known_medicine

_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_ROUGH = re.compile(r"^(?:~|≈|c\.?a\.?(?=[\s\d])|circa\b|about\b|approx\.?|etwa\b|ungefähr\b|um\b)\s*", re.IGNORECASE)
_LABEL = re.compile(r"^(?:edss|t(?:-?(?:score|wert))?|\*|geb\.?|born|nat[oa]\b)\s*[:=]?\s*(?=[\d+\-−(])", re.IGNORECASE)
_SIDE = re.compile(r"[\s,]+(?:li|re|links|rechts|left|right|l|r|sin|dx|sn)\.?$", re.IGNORECASE)


class BareValue(NamedTuple):
    """A cell without what stands around its value."""

    text: str
    rough: bool
    """Marked as about right, or with a question mark."""
    remark: bool
    """A remark in brackets was left aside."""


def bare_value(text: str) -> BareValue:
    """What a cell says without the name of its column, a remark in brackets, and the mark of a rough value."""
    without = _REMARK.sub("", text)
    found = _REMARK.search(text)
    doubt = found is not None and set(found[1].strip()) <= {"?"}
    label = _LABEL.sub("", without.strip())
    value = _ROUGH.sub("", label.rstrip("? "))
    rough = doubt or value != label.rstrip()
    return BareValue(value.strip(), rough, found is not None and not doubt)


def without_side(text: str) -> str:
    """A place of the body without its side, which no field has."""
    return _SIDE.sub("", text)


def medicine_in(text: str) -> str:
    """The medicine that a text begins with, where strength, form or times stand behind it; else the text as it is."""
    parts = text.replace(",", " ").split()
    for end in range(len(parts), 0, -1):
        if known_medicine(name := " ".join(parts[:end])):
            return name if end < len(parts) else text
    joined = re.match(r"[^\W\d_-]{4,}", text)
    return joined[0] if joined and known_medicine(joined[0]) and joined[0] != text else text


def is_of_today(text: str) -> bool:
    """Whether the end of something says that it goes on."""
    return plain(text) in words("ongoing")


def is_total(value: object) -> bool:
    """Whether the first cell of a row says that it adds up the others."""
    return isinstance(value, str) and plain(value).rstrip(" 0123456789") in words("total")
