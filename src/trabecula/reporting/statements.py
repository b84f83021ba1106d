"""What a page says, piece by piece, with who says so: data for the templates."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trabecula.reporting.marks import Marks
from trabecula.reporting.sentences import said
from trabecula.words.language import Language
from trabecula.words.message import Message
from trabecula.words.numbers import change, fixed, percent, share, significant, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Interval

Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    """A text, the language it is in, and the numbers of its sources."""

    text: str
    lang: str
    marks: Numbers = ()
    head: str = ""
    """What the statement is about."""


@dataclass(frozen=True)
class Figure:
    """A number with its range, written out."""

    value: str
    range: str = ""


@dataclass(frozen=True)
class Writer:
    """Writes statements and figures in a language, and keeps the list of sources."""

    lang: Language
    marks: Marks

    def own(self, text: str, *sources: str, head: str = "") -> Statement:
        """A sentence of this page, already in its language."""
        return Statement(text, self.lang.code, self.marks(*sources), head)

    def model(self, message: Message | str, *sources: str, head: str = "") -> Statement:
        """What a room below has to say; a sentence in English from those that return no messages yet."""
        if isinstance(message, Message):
            return self.own(self.lang.say(message), *sources, head=head)
        found = said(message, self.lang)
        return Statement(found.text, found.lang, self.marks(*sources), head)

    def chance(self, value: "Interval") -> Figure:
        """A probability with its range, in per cent."""
        return self._figure(percent(value.median), share(value.low), share(value.high))

    def average(self, value: float) -> Figure:
        """A probability in per cent."""
        return Figure(self.lang.figures(percent(value)))

    def density(self, value: "Interval") -> Figure:
        """A density [g/cm2]."""
        return self._figure(*(fixed(each, 2) for each in (value.median, value.low, value.high)))

    def score(self, value: "Interval") -> Figure:
        """A T- or Z-score."""
        return self._figure(*(fixed(each, 1) for each in (value.median, value.low, value.high)))

    def change(self, value: "Interval") -> Figure:
        """A change [%]."""
        return self._figure(*(change(each) for each in (value.median, value.low, value.high)))

    def rate(self, value: "Interval") -> Figure:
        """A number a year."""
        return self._figure(*(significant(each) for each in (value.median, value.low, value.high)))

    def _figure(self, value: str, low: str, high: str) -> Figure:
        """A number with its range in the language; a range that is none is left out."""
        reach = "" if low == high and low in value else span(low, high)
        return Figure(self.lang.figures(value), self.lang.figures(reach))
