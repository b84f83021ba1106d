"""Numbers as people write them: marks for thousands, decimal commas, fractions, dashes for a minus."""

import re
import unicodedata

_DASHES = re.compile("[\u00ad\u02d7\u2010-\u2015\u2043\u207b\u2212\u2796\ufe58\ufe63\uff0d]")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}
_KEPT = re.compile("[" + "".join(_FRACTIONS) + "]")
_SPACED = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ '’\u00a0\u2009\u202f]\d{3})+)(?![\d.,]?\d)")
_PIECES_OF = re.compile(r"\s*(?:mg|mcg|ug)\s+\w*(?:tab|cap|pill|vial|compr|cpr|kaps|ampul)", re.IGNORECASE)
_POINTED = re.compile(r"(?<![\d.,])([1-9]\d{0,2})((?:[.,]\d{3})+)(?![\d]|[.,]\d)")
_BARE_POINT = re.compile(r"(?<![\w.,)])\.(?=\d)")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_SLASHED = re.compile(r"(?<![\d/.,])([1-3])\s?/\s?([2348])(?![\d/]|[.,]\d)")
_SYMBOLS = {(1, 2): "½", (1, 4): "¼", (2, 4): "½", (3, 4): "¾", (1, 3): "⅓", (2, 3): "⅔", (1, 8): "⅛"}


def plain_dashes(said: str) -> str:
    """Every sign that looks like a minus as one."""
    return _DASHES.sub("-", said)


def plain(said: str) -> str:
    """A text in one spelling: plain dashes and digits, 1000 for its spellings with a mark, points, ½ for 1/2.

    "1.000" is a thousand in German and Italian and no program writes a nought behind its decimals; `doubtful` has those
    for which another reading was possible.
    """
    kept = "".join(sign if sign in _FRACTIONS else unicodedata.normalize("NFKC", sign) for sign in said)
    text = plain_dashes(kept).replace("×", "x")
    text = _SPACED.sub(_closed, text)
    text = _POINTED.sub(lambda match: match[1] + re.sub(r"\D", "", match[2]) if _is_thousand(match) else match[0], text)
    text = _SLASHED.sub(lambda match: _SYMBOLS.get((int(match[1]), int(match[2])), match[0]), text)
    return _BARE_POINT.sub("0.", _COMMA.sub(".", text))


def _closed(match: re.Match[str]) -> str:
    """1 000 mg as 1000 mg; in "1 500 mg tablet" the first number counts tablets."""
    is_count = _PIECES_OF.match(match.string, match.end())
    return match[0] if is_count else match[1] + re.sub(r"\D", "", match[2])


def _is_thousand(match: re.Match[str]) -> bool:
    """A comma, or a point before something that ends in a nought; 1.125 stays what it is."""
    return "," in match[2] or match[0].endswith("0")


def doubtful(said: str) -> list[str]:
    """The numbers that were read in one of two ways: with a point before three digits, or with a blank."""
    found = [*(m for m in _POINTED.finditer(said) if "." in m[2]), *(m for m in _SPACED.finditer(said) if " " in m[2])]
    return [match[0] for match in found]


def value(said: str) -> float:
    """A number in the spelling of `plain`: 2, 2.5, ½, 2½."""
    whole, part = _KEPT.sub("", said).strip(), _KEPT.search(said)
    return (float(whole) if whole else 0.0) + (_FRACTIONS[part[0]] if part else 0.0)


DIGITS = r"(?:\d{1,9}(?:\.\d{1,6})?\s?[½¼¾⅓⅔⅛]|\d{1,9}(?:\.\d{1,6})?|[½¼¾⅓⅔⅛])"
"""A pattern for a number in the spelling of `plain`."""
