"""The person's page, in plain language. It says nothing that the clinician's page does not say in figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trabecula.reporting import pictures, plain_causes
from trabecula.reporting.marks import MODEL, RECORD, Marks
from trabecula.reporting.plain_helps import advised, helps
from trabecula.reporting.plain_words import ASKS, GAPS, GAPS_LATE
from trabecula.reporting.sources import sources
from trabecula.reporting.statements import Statement, Writer
from trabecula.words.language import Language
from trabecula.words.numbers import people, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, BoneSite, Comparison
    from trabecula.person import Person

_FEW, _MANY = 100, 1000  # the people of whom so many are counted
_LEAST = 0.01  # a chance below which nobody of a hundred would be drawn
_ABOUT_SD, _CLEAR_SD = 0.5, 1.0  # Z-scores that are called about average, and clearly lower
_LATE_Y = 60  # an age at which nobody is asked whether periods go on
_HIP = ("total_hip", "femoral_neck")
"""The sites of a scan of the hip."""


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it, as a list (which may have a lead) or as a paragraph."""

    name: str
    title: str
    statements: tuple[Statement, ...]
    listed: bool = False
    picture: pictures.Drawing | None = None
    lead: tuple[Statement, ...] = ()


def context(
    assessment: "Assessment",
    lang: Language,
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
) -> dict[str, Any]:
    """What `parts/person.html` reads."""
    marks = Marks("p", lang)
    write = Writer(lang, marks)
    chance = Part("chance", lang.text("plain.your_chance_of_breaking_a_bone"), tuple(_chance(assessment, write)),
                  picture=_people(assessment, lang))  # fmt: skip
    parts = (
        chance,
        _why(assessment, write),
        Part("bones", lang.text("plain.how_your_bones_are"), tuple(_bones(assessment, person, write))),
        Part(
            "helps", lang.text("plain.what_helps"), tuple(helps(assessment, comparison, write)), listed=True
        ),
        Part("ask", lang.text("plain.what_to_ask_and_to_tell"), tuple(_asks(assessment, write)), listed=True),
    )
    shown = tuple(each for each in parts if each.statements or each.lead)
    return {
        "page": "p", "assessment": assessment, "parts": shown,
        "sources": sources(assessment, marks, lang, plain=True),
    }  # fmt: skip


def _chance(assessment: "Assessment", write: Writer) -> Iterator[Statement]:
    """The main chance as people, beside the average; no figures where they are known to be too high."""
    lang = write.lang
    if assessment.caution:
        yield write.own(lang.text("plain.your_chance_of_breaking_a_bone_is"), MODEL)
        yield write.own(lang.text("plain.we_cannot_say_by_how_much"), MODEL)
        return
    risk, when = pictures.main_risk(assessment), lang.next_years(assessment.horizon_y)
    many = _FEW if min(risk.risk.median, risk.average) >= _LEAST else _MANY
    n, low, high, usual = (
        lang.figures(people(each, many))
        for each in (risk.risk.median, risk.risk.low, risk.risk.high, risk.average)
    )
    crowd = lang.figures(f"{many:,}")
    yield write.own(lang.text("plain.think_of_many_people_like_you", many=crowd), MODEL)
    yield write.own(lang.text("plain.when_about_n_of_them_will", when=when, n=n), MODEL)  # fmt: skip
    yield write.own(lang.text("plain.we_are_not_sure_of_this", low=low, high=high), MODEL)  # fmt: skip
    yield write.own(lang.text("plain.of_many_people_of_your_age", many=crowd, n=usual), MODEL)


def _people(assessment: "Assessment", lang: Language) -> pictures.Drawing | None:
    """The hundred people, where there is somebody to draw."""
    if assessment.caution or pictures.main_risk(assessment).risk.median < _LEAST:
        return None
    return pictures.people(assessment, lang)


def _why(assessment: "Assessment", write: Writer) -> Part:
    """What adds to the chance, as bars and in words; no bars where the chances are known to be too high."""
    lang = write.lang
    found = [(plain_causes.named(each, lang), each) for each in plain_causes.telling(assessment)]
    drawn = None if assessment.caution else pictures.why(found, lang.in_years(assessment.horizon_y), lang)
    lead = tuple(plain_causes.lead(assessment, write))
    lines = tuple(plain_causes.listed(assessment, write))
    title, careful = lang.text("plain.what_adds_to_your_chance"), bool(assessment.caution)
    return Part("why", title, lines, listed=careful, picture=drawn, lead=lead)


def _bones(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Statement]:
    """How dense the hip is beside the average, how we know, what took bone, and how much of it goes."""
    lang = write.lang
    hip = next((each for each in assessment.bone if each.site == "total_hip"), None)
    if hip is None:
        return
    yield write.own(_beside_average(hip, lang), MODEL)
    yield write.own(_how_we_know(assessment, person, lang), RECORD)
    yield from plain_causes.took_bone(assessment, write)
    yield write.own(_to_come(hip, assessment, lang), MODEL)


def _beside_average(hip: "BoneSite", lang: Language) -> str:
    """The hip beside people of the same age."""
    z = hip.trajectory[hip.now].z_score.median
    if z <= -_CLEAR_SD:
        return lang.text("plain.the_bone_in_your_hip_is_thinner")
    if z < -_ABOUT_SD:
        return lang.text("plain.the_bone_in_your_hip_is_a")
    if z <= _ABOUT_SD:
        return lang.text("plain.the_bone_in_your_hip_is_about")
    return lang.text("plain.the_bone_in_your_hip_is")


def _how_we_know(assessment: "Assessment", person: "Person | None", lang: Language) -> str:
    """Whether the hip was scanned, another bone, or none; scans that the model cannot use stand in the record alone."""
    scanned = {each.site for each in assessment.bone if each.scans}
    if scanned.intersection(_HIP):
        return lang.text("plain.we_know_this_from_your_bone")
    if scanned or (person is not None and any(each.date <= assessment.date for each in person.dxa)):
        return lang.text("plain.you_have_had_a_scan_of")
    return lang.text("plain.you_have_had_no_bone_scan")


def _to_come(hip: "BoneSite", assessment: "Assessment", lang: Language) -> str:
    """The change over the horizon, in whole per cent."""
    by = hip.change_percent
    low, middle, high = round(by.low), round(by.median), round(by.high)
    when = lang.next_years(assessment.horizon_y)
    if middle < 0:
        first = lang.text("plain.when_you_may_lose_about_n", when=when, n=-middle)
    else:
        first = lang.text("plain.when_we_do_not_expect_you", when=when)
    return f"{first} {_reach(low, middle, high, lang)}".strip()


def _reach(low: int, middle: int, high: int, lang: Language) -> str:
    """The whole range of a change in per cent: a loss, a gain, or anything between the two; nothing if it is none."""
    if low < 0 < high or middle >= 0 > low:
        return lang.text("plain.it_could_be_anything_from_a", loss=-low, gain=high)
    if low < 0:
        return lang.text("plain.it_could_be_range_percent", range=span(str(-high), str(-low)))
    return (
        lang.text("plain.you_could_gain_range_percent", range=span(str(low), str(high))) if high > 0 else ""
    )


def _asks(assessment: "Assessment", write: Writer) -> list[Statement]:
    """What to ask, and what the record does not say yet."""
    gaps = " ".join(each.what for each in assessment.missing)
    questions = GAPS if assessment.person.age_y < _LATE_Y else {**GAPS, **GAPS_LATE}
    told = [write.own(write.lang.text(words), RECORD) for gap, words in questions.items() if gap in gaps]
    asked = [each.written(write) for each in advised(assessment, ASKS, write.lang)]
    return [*asked, *told]
