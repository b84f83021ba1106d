"""What adds to somebody's chance, and what took bone: the causes in plain words, as the clinician's page has them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trabecula.reporting.marks import MODEL
from trabecula.reporting.plain_words import CAUSES
from trabecula.reporting.statements import Statement, Writer
from trabecula.words.language import Language
from trabecula.words.numbers import fixed, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, CausesOf, Interval, Share

MANY = 1000  # the people of whom so many are counted
_MAIN, _HIP = "major_osteoporotic", "total_hip"
_SHOWN = 4  # causes with a line of their own, more would not be read
_LEAST_PERCENT = 0.1  # the smallest loss that is told
_TOOK_BONE = ("unloading", "oral_steroids", "pulses")
"""What a person asks about; ageing and medicines stand in other sentences."""


def telling(assessment: "Assessment") -> tuple["Share", ...]:
    """The causes beyond age that reach one person in a thousand, the strongest first."""
    found = sorted(_beyond_age(assessment), key=lambda each: -abs(each.share.median))
    return tuple(each for each in found if _counts(each))[:_SHOWN]


def _beyond_age(assessment: "Assessment") -> Sequence["Share"]:
    """The shares in the main chance for which there are plain words."""
    found = None if assessment.causes is None else _of(assessment.causes.beyond_age, _MAIN)
    return () if found is None else [each for each in found.shares if each.cause in CAUSES]


def _of(found: Sequence["CausesOf"], name: str) -> "CausesOf | None":
    """The causes of one result."""
    return next((each for each in found if each.of == name), None)


def _counts(share: "Share") -> bool:
    """Whether a share is at least one of a thousand, and surely on one side."""
    return abs(share.share.median) * MANY >= 1 and share.share.low * share.share.high > 0


def lead(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """What the numbers of the list are; no numbers where they are known to be too high."""
    lang = write.lang
    if not telling(assessment):
        return
    yield write.own(lang.text("plain.your_age_is_one_cause_there"), MODEL)
    if assessment.caution:
        yield write.own(lang.text("plain.we_cannot_say_how_much_each"), MODEL)
        return
    said = lang.text(
        "plain.each_number_says_how_many_more",
        many=lang.figures(f"{MANY:,}"), when=lang.in_years(assessment.horizon_y),
    )  # fmt: skip
    yield write.own(said, MODEL)


def listed(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """The names of the causes that add, where no number is told; else those that do little."""
    shown, lang = telling(assessment), write.lang
    if assessment.caution:
        yield from (write.own(f"{named(each, lang)}.", MODEL) for each in shown if each.share.median > 0)
        return
    small = [named(each, lang) for each in _beyond_age(assessment) if abs(each.share.median) * MANY < 1]
    if shown and small:
        yield write.own(lang.text("plain.less_than_one_of_them_what", what="; ".join(small)), MODEL)


def named(share: "Share", lang: Language) -> str:
    """A cause in plain words."""
    return lang.text(CAUSES[share.cause])


def _by_size(value: "Interval") -> tuple[float, float, float]:
    """The middle, and the ends of an interval on one side of nothing, the smaller one first."""
    low, high = sorted((value.low, value.high), key=abs)
    return value.median, low, high


def took_bone(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """How much of the bone in the hip some causes took so far."""
    found = None if assessment.causes is None else _of(assessment.causes.bone, _HIP)
    for each in () if found is None else found.shares:
        if each.cause in _TOOK_BONE and each.share.high < 0 and -each.share.median >= _LEAST_PERCENT:
            n, low, high = (write.lang.figures(_loss(-value)) for value in _by_size(each.share))
            said = write.lang.text(
                "plain.what_took_about_n_percent_of",
                what=named(each, write.lang), n=n, range=span(low, high),
            )  # fmt: skip
            yield write.own(said, MODEL)


def _loss(per_cent: float) -> str:
    """A loss: with a decimal while it is small."""
    return fixed(per_cent, 0 if per_cent >= 1 else 1)
