"""What causes add to a chance, as a few bars for the person: filled where they add, hollow where they take away."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.picture import Data, Drawing
from trabecula.reporting.pictures.bars import MANY, bars
from trabecula.words.language import Language
from trabecula.words.numbers import people, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Share


def why(shares: Sequence[tuple[str, "Share"]], when: str, lang: Language) -> Drawing | None:
    """The people out of 1,000 who break a bone more or fewer because of each cause; None when there is none."""
    if not shares:
        return None
    title = lang.text("picture.what_adds_to_your_chance_people", when=when)
    rows = tuple((name, _said(each, lang)) for name, each in shares)
    table = Data(title, (lang.text("picture.cause"), lang.text("picture.out_of_1_000_people")), rows)
    reaches = [_reach(each) for _, each in shares]
    hollow = [place for place, (_, each) in enumerate(shares) if each.share.median < 0]
    return bars("why", table, reaches, hollow)


def _reach(share: "Share") -> tuple[float, float, float]:
    """Low, middle and high without their sign."""
    low, high = sorted((abs(share.share.low), abs(share.share.high)))
    return low, abs(share.share.median), high


def _said(share: "Share", lang: Language) -> str:
    """How many more or fewer, with the range."""
    low, n, high = (people(each, MANY) for each in _reach(share))
    n, reach = lang.figures(n), lang.figures(span(low, high))
    if share.share.median > 0:
        return lang.text("picture.n_more_range", n=n, range=reach)
    return lang.text("picture.n_fewer_range", n=n, range=reach)
