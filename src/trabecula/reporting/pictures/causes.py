"""Causes as one bar: what each adds to the chance of breaking a bone, and below it the same for density.

Segments and lines carry the same figures, so that nothing hangs on colour.
"""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from trabecula.drawing.picture import FONTS, Data, Drawing
from trabecula.drawing.style import INK, QUIET
from trabecula.words.language import Language
from trabecula.words.numbers import change, fixed, significant, span

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Assessment, CausesOf, Share

POINTS = 100
"""A chance in percentage points."""
DIGIT = "#101418"
FILLS = ("#8fb7d9", "#e3b36e", "#b9a3cf", "#86c5b4", "#dd9c9c", "#cbca7c", "#a7b7c4", "#dba6c6")
_WIDE, _BAR_TOP, _BAR, _FIRST, _ROW, _LETTERS = 360.0, 8.0, 17.0, 52.0, 14.5, 10.4
_RISK_AT, _NARROWEST, _ROWS, _ON_PAPER = 281.0, 12.0, 6, 3.6
"""Widths and heights in the picture, where its columns stand, and the causes that have room."""


def causes(
    assessment: "Assessment", lang: Language, fracture: str = "major_osteoporotic", bone: str = "total_hip"
) -> Drawing | None:
    """What each cause adds to the chance beyond age, in percentage points; None when nothing acts.

    fracture: the site or group whose chance is divided; bone: the site whose density stands beside it [per cent of
    today's]. The widths of the segments are the shares; the picture lists the largest, the table all of them.
    """
    found = assessment.causes
    risk = None if found is None else _of(found.beyond_age, fracture)
    if found is None or risk is None or not risk.shares:
        return None
    shares = sorted(risk.shares, key=lambda share: -share.mean)
    on_bone = _by_cause(_of(found.bone, bone))
    title = lang.text("picture.what_adds_to_the_chance_beyond", when=lang.in_years(found.horizon_y))
    rows = [
        (lang.say(share.label), points_text(share.share, lang), _percent(on_bone.get(share.cause), lang))
        for share in shares
    ]
    rows.append((lang.text("picture.together"), points_text(risk.total, lang), ""))
    words = "; ".join(f"{name}: {figures}" for name, figures, _ in rows)
    columns = (lang.text("picture.cause"), lang.text("picture.points"), lang.text("picture.hip_density"))
    shown = [(*row[:2], row[2].partition(" (")[0]) for row in (*rows[:-1][:_ROWS], rows[-1])]
    drawn = [*_bar(shares), *_lines(shown, columns)]
    svg, table = _svg(drawn, len(shown), title, words), Data(title, columns, tuple(rows))
    return Drawing("causes", svg, title, words, table, inches=_high(len(shown)) * _ON_PAPER / _WIDE)


def _of(found: Sequence["CausesOf"], site: str) -> "CausesOf | None":
    """The causes of one result."""
    return next((causes for causes in found if causes.of == site), None)


def _by_cause(found: "CausesOf | None") -> dict[str, "Interval"]:
    """The shares in density by cause."""
    return {} if found is None else {share.cause: share.share for share in found.shares}


def points_text(share: "Interval", lang: Language) -> str:
    """A share in a chance as percentage points, with its range."""
    middle, low, high = (_signed(POINTS * value) for value in (share.mean, share.low, share.high))
    return lang.figures(f"{middle} ({span(low, high)})")


def _signed(value: float) -> str:
    """A number with its sign, two figures."""
    whole = significant(value) if abs(value) >= 1 else fixed(value, 1)
    return f"+{whole}" if value > 0 and whole.strip("0.") else whole


def _percent(share: "Interval | None", lang: Language) -> str:
    """A share in density, with its range; the picture has room for the middle alone."""
    if share is None:
        return "–"
    middle, low, high = (change(value) for value in (share.mean, share.low, share.high))
    return lang.figures(middle if low == high == middle else f"{middle} ({span(low, high)})")


def _bar(shares: Sequence["Share"]) -> list[str]:
    """The segments: what adds to the right of the line, what protects to its left."""
    below = -sum(min(share.mean, 0.0) for share in shares)
    whole = below + sum(max(share.mean, 0.0) for share in shares) or 1.0
    left = right = below / whole * _WIDE
    zero, parts = left, []
    for place, share in enumerate(shares):
        width = abs(share.mean) / whole * _WIDE
        left, start = (left, right) if share.mean >= 0 else (left - width, left - width)
        right = right + width if share.mean >= 0 else right
        parts.append(_segment(place, start, width))
    return [*parts, f'<path d="M{zero:.2f} {_BAR_TOP - 4}v{_BAR + 8}" stroke="{INK}" stroke-width="1.2"/>']


def _segment(place: int, start: float, width: float) -> str:
    """A segment with its figure, where there is room for one."""
    box = (
        f'<rect x="{start:.2f}" y="{_BAR_TOP}" width="{width:.2f}" height="{_BAR}" fill="{FILLS[place]}"'
        f' stroke="{DIGIT}" stroke-width="0.6"/>'
    )
    if width < _NARROWEST:
        return box
    x, y = start + width / 2, _BAR_TOP + _BAR / 2 + _LETTERS / 3
    look = f'fill="{DIGIT}" text-anchor="middle" font-weight="600"'
    return f'{box}<text x="{x:.2f}" y="{y:.2f}" {look}>{place + 1}</text>'


def _lines(rows: Sequence[tuple[str, ...]], columns: tuple[str, ...]) -> list[str]:
    """A line for each cause, with the figure and the colour of its segment."""
    head = _FIRST - _ROW + 1
    parts = [_text(_RISK_AT, head, columns[1], QUIET, end=True), _text(_WIDE, head, columns[2], QUIET, end=True)]
    for place, (name, risk, bone) in enumerate(rows):
        y, last = _FIRST + place * _ROW, place == len(rows) - 1
        if not last:
            parts.append(
                f'<rect x="0" y="{y - 9}" width="11" height="11" fill="{FILLS[place]}" stroke="{DIGIT}"'
                ' stroke-width="0.6"/>'
                f'<text x="5.5" y="{y - 0.2}" fill="{DIGIT}" text-anchor="middle" font-size="9px">{place + 1}</text>'
            )
        parts += [
            _text(17, y, name, INK, bold=last),
            _text(_RISK_AT, y, risk, INK, bold=last, end=True),
            _text(_WIDE, y, bone, INK, end=True),
        ]
    return parts


def _text(x: float, y: float, words: str, colour: str, *, bold: bool = False, end: bool = False) -> str:
    """Words that begin or end at a place."""
    look = (' font-weight="600"' if bold else "") + (' text-anchor="end"' if end else "")
    return f'<text x="{x}" y="{y}" fill="{colour}"{look}>{escape(words)}</text>'


def _high(rows: int) -> float:
    """The height of the picture, in its own units."""
    return _FIRST + rows * _ROW - 6


def _svg(drawn: Sequence[str], rows: int, title: str, words: str) -> str:
    """The picture with its words."""
    height = _high(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" font-family="{FONTS}" font-size="{_LETTERS}px"'
        ' id="causes" class="picture causes"'
        f' aria-labelledby="causes-title causes-desc" viewBox="-1 0 {_WIDE + 2:g} {height:g}">\n'
        f'<title id="causes-title">{escape(title)}</title>\n<desc id="causes-desc">{escape(words)}</desc>\n'
        + "\n".join(drawn)
        + "\n</svg>"
    )
