"""The person's page, in plain language. It says nothing that the clinician's page does not say in figures."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from trabecula.drawing.page import Block, Item, Items, Section
from trabecula.reporting import pictures
from trabecula.reporting.clinician import record_name
from trabecula.reporting.medicines import acting, has_never_late, taken
from trabecula.reporting.plain_helps import asks, helps
from trabecula.reporting.statements import MODEL, RECORD, Marks, Writer, sources
from trabecula.vocabulary import country_name, site_name
from trabecula.words.language import Language
from trabecula.words.numbers import fixed, span

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Assessment, BoneSite, CausesOf, Comparison, Share
    from trabecula.person import Fracture, Person

_MANY = 1000
"""The people of whom so many are counted, on the whole page."""
_HALF = 0.5
"""A chance from which on no people are drawn: no cohort has measured it."""
_ABOUT_SD, _CLEAR_SD = 0.5, 1.0
"""Z-scores that are called about average, and clearly lower."""
_SHOWN = 4
"""Causes with a line of their own; more would not be read."""
_LEAST_PERCENT = 0.1
"""The smallest loss of bone that is told."""
_MAIN, _HIP = "major_osteoporotic", "total_hip"
_HIP_SITES = (_HIP, "femoral_neck")
"""The sites of a scan of the hip."""
_TOOK_BONE = ("unloading", "oral_steroids", "pulses")
"""What a person asks about; ageing and medicines stand in other sentences."""
CAUSES = {
    "falls": "plain.falls_because_of_ms",
    "unloading": "plain.moving_less",
    "oral_steroids": "plain.steroid_tablets",
    "pulses": "plain.short_steroid_courses",
    "nutrition": "plain.calcium_and_vitamin_d",
    "smoking_alcohol": "plain.smoking_and_alcohol",
    "medicines": "plain.other_medicines",
}
"""What adds to the chance of breaking a bone, beside age."""


def context(
    assessment: "Assessment", lang: Language, person: "Person | None" = None, comparison: "Comparison | None" = None
) -> dict[str, Any]:
    """What `parts/person.html` reads.

    person: whose scans are looked at, also those that the model cannot use; comparison: the plans that may help.

    `conclusion` is what comes first, `parts` are the sections that have something to say: the chance as people, what
    adds to it, the bones, the medicines that are taken, what helps, what to ask. Numbers are people out of a thousand
    and whole per cent; nothing has more than two figures.
    """
    marks = Marks("p")
    write = Writer(lang, marks)
    parts = {
        "chance": ("plain.your_chance_of_breaking_a_bone", [*_people(assessment, lang), *_chance(assessment, write)]),
        "why": ("plain.what_adds_to_your_chance", [*_why(assessment, person, write)]),
        "bones": ("plain.how_your_bones_are", _running(_bones(assessment, person, write))),
        "medicines": ("plain.your_medicines", _running(_medicines(assessment, person, write))),
        "helps": ("plain.what_helps", _listed(helps(assessment, comparison, person, write))),
        "ask": ("plain.what_to_ask_and_to_tell", _listed(asks(assessment, person, write))),
    }
    first = _conclusion(assessment, person, write)
    shown = [Section(lang.text(title), tuple(blocks), name) for name, (title, blocks) in parts.items() if blocks]
    return {
        "page": "p", "assessment": assessment, "record": record_name(person), "conclusion": first, "parts": shown,
        "sources": sources(assessment, marks, lang, plain=True),
    }  # fmt: skip


def _conclusion(assessment: "Assessment", person: "Person | None", write: Writer) -> list[Item]:
    """What comes first: of a running denosumab, then the conclusion in plain words, which has what is urgent."""
    found = assessment.summary
    said = [] if found is None else [write.model(sentence, MODEL) for sentence in found.plain]
    if has_never_late(person, assessment.date) and (found is None or found.urgent is None):
        return [write.own(write.lang.text("plain.you_get_denosumab"), RECORD), *said]
    return said


def _running(statements: Iterator[Item]) -> list[Block]:
    """Sentences that run on."""
    found = tuple(statements)
    return [Items(found, running=True)] if found else []


def _listed(statements: Sequence[Item]) -> list[Block]:
    """Sentences as a list."""
    return [Items(tuple(statements))] if statements else []


# --- The chance, and what adds to it -------------------------------------------------------------------------------


def _people(assessment: "Assessment", lang: Language) -> list[Block]:
    """The thousand people, and the average beside them: where a figure is told, and half of them are not filled."""
    if not _has_figure(assessment) or pictures.main_risk(assessment).risk.high >= _HALF:
        return []
    return [pictures.people(assessment, lang), pictures.average_people(assessment, lang)]


def _has_figure(assessment: "Assessment") -> bool:
    """Whether the chance is one that has a figure: not above all that was ever measured, and not with many factors."""
    found = assessment.summary
    return not assessment.caution and (found is None or found.above_measured is None)


def _chance(assessment: "Assessment", write: Writer) -> list[Block]:
    """The main chance as people, beside the average, unless the conclusion has it; no figures where none is told."""
    lang = write.lang
    if assessment.summary is not None:
        return _running(write.own(sentence, MODEL) for sentence in _elsewhere(assessment, lang))
    if not _has_figure(assessment):
        said = ("plain.your_chance_of_breaking_a_bone_is", "plain.we_cannot_say_by_how_much")
        return _running(write.own(lang.text(id), MODEL) for id in said)
    risk = pictures.main_risk(assessment)
    n, low, high, usual = (
        lang.written(chance, "people_of_1000")
        for chance in (risk.risk.mean, risk.risk.low, risk.risk.high, risk.average)
    )
    sentences = (
        lang.text("plain.think_of_many_people_like_you", many=_MANY),
        lang.text("plain.when_about_n_of_them_will", when=lang.next_years(assessment.horizon_y), n=n),
        lang.text("plain.we_are_not_sure_of_this", low=low, high=high),
        lang.text("plain.of_many_people_of_your_age", many=_MANY, n=usual),
    )
    return _running(write.own(sentence, MODEL) for sentence in (*sentences, *_elsewhere(assessment, lang)))


def _elsewhere(assessment: "Assessment", lang: Language) -> Iterator[str]:
    """That there are no numbers from the person's own country, and whose were taken."""
    if assessment.stands_in_for is not None:
        own, other = country_name(assessment.stands_in_for), country_name(assessment.country)
        yield lang.text("plain.rates_of_another_country", person=own, country=other)


def _why(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Block]:
    """What adds to the chance, as bars and in words; no bars where no figure is told. A broken bone comes first."""
    lang, careful = write.lang, not _has_figure(assessment)
    found = [(_named(share, lang), share) for share in telling(assessment)]
    yield from _running(_broken(assessment, person, write))
    yield from _running(_lead(assessment, write))
    drawn = causes_drawn(assessment, lang)
    if drawn is not None:
        yield drawn
    adding = [write.own(f"{name}.", MODEL) for name, share in found if share.mean > 0] if careful else []
    yield from _listed(adding)
    yield from _running(_counted(assessment, person, write))
    if careful:
        return
    small = [_named(share, lang) for share in _beyond_age(assessment) if abs(share.mean) * _MANY < 1]
    if found and small:
        words = lang.text("plain.less_than_one_of_them_what", what="; ".join(small))
        yield from _running(iter([write.own(words, MODEL)]))


def causes_drawn(assessment: "Assessment", lang: Language) -> "pictures.Drawing | None":
    """What adds to the chance, as bars; none where no figure is told, or nothing adds."""
    if not _has_figure(assessment):
        return None
    found = [(_named(share, lang), share) for share in telling(assessment)]
    return pictures.why(found, lang.in_years(assessment.horizon_y), lang)


def _counted(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Item]:
    """Which medicines one of the causes is; whatever they do to bone, nobody stops one alone."""
    names = [] if person is None else acting(person, assessment.date)
    if names and any(share.cause == "medicines" for share in telling(assessment)):
        yield write.own(write.lang.text("plain.medicines_counted", names=names), RECORD)


def _broken(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Item]:
    """The bones that broke without much force, by name and year."""
    fractures = () if person is None else person.fractures
    weak = [fracture for fracture in fractures if fracture.trauma != "high" or fracture.found_on_imaging]
    past = [fracture for fracture in weak if fracture.when is None or fracture.when.first <= assessment.date]
    if past:
        broken = [_bone_of(fracture, write.lang) for fracture in past]
        yield write.own(write.lang.text("plain.you_broke", n=len(broken), bones=broken), RECORD)


def _bone_of(fracture: "Fracture", lang: Language) -> str:
    """A bone that broke, with its year."""
    site = lang.say(site_name(fracture.site))
    return site if fracture.when is None else lang.text("plain.bone_in_year", bone=site, year=fracture.when.year)


def _medicines(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Item]:
    """What is taken, by name; whatever it is, nobody stops it alone."""
    names = [] if person is None else taken(person, assessment.date)
    if names:
        yield write.own(write.lang.text("plain.you_take", names=names), RECORD)
        yield write.own(write.lang.text("plain.never_stop_a_medicine_on_your_own"), RECORD)


def _lead(assessment: "Assessment", write: Writer) -> Iterator[Item]:
    """What the numbers of the bars are; no numbers where they are known to be too high."""
    lang = write.lang
    if not telling(assessment):
        return
    yield write.own(lang.text("plain.your_age_is_one_cause_there"), MODEL)
    if not _has_figure(assessment):
        yield write.own(lang.text("plain.we_cannot_say_how_much_each"), MODEL)
        return
    when = lang.in_years(assessment.horizon_y)
    yield write.own(lang.text("plain.each_number_says_how_many_more", many=_MANY, when=when), MODEL)


def telling(assessment: "Assessment") -> tuple["Share", ...]:
    """The causes beyond age that reach one person in a thousand, the strongest first; at most four."""
    found = sorted(_beyond_age(assessment), key=lambda share: -abs(share.mean))
    return tuple(share for share in found if _counts(share))[:_SHOWN]


def _beyond_age(assessment: "Assessment") -> Sequence["Share"]:
    """The shares in the main chance for which there are plain words."""
    found = None if assessment.causes is None else _of(assessment.causes.beyond_age, _MAIN)
    return () if found is None else [share for share in found.shares if share.cause in CAUSES]


def _of(found: Sequence["CausesOf"], name: str) -> "CausesOf | None":
    """The causes of one result."""
    return next((causes for causes in found if causes.of == name), None)


def _counts(share: "Share") -> bool:
    """Whether a share is at least one of a thousand, and surely on one side."""
    return abs(share.mean) * _MANY >= 1 and share.share.low * share.share.high > 0


def _named(share: "Share", lang: Language) -> str:
    """A cause in plain words."""
    return lang.text(CAUSES[share.cause])


# --- The bones -----------------------------------------------------------------------------------------------------


def _bones(assessment: "Assessment", person: "Person | None", write: Writer) -> Iterator[Item]:
    """How dense the hip is beside the average, how we know, what took bone, and how much of it goes."""
    lang = write.lang
    hip = next((site for site in assessment.bone if site.site == _HIP), None)
    if hip is None:
        return
    yield write.own(lang.text(_beside_average(hip)), MODEL)
    yield write.own(lang.text(_how_we_know(assessment, person)), RECORD)
    yield from _took_bone(assessment, write)
    yield write.own(_to_come(hip, assessment, lang), MODEL)


def _beside_average(hip: "BoneSite") -> str:
    """The sentence on the hip beside people of the same age."""
    z = hip.trajectory[hip.now].z_score.median
    if z <= -_CLEAR_SD:
        return "plain.the_bone_in_your_hip_is_thinner"
    if z < -_ABOUT_SD:
        return "plain.the_bone_in_your_hip_is_a"
    return "plain.the_bone_in_your_hip_is_about" if z <= _ABOUT_SD else "plain.the_bone_in_your_hip_is"


def _how_we_know(assessment: "Assessment", person: "Person | None") -> str:
    """Whether the hip was scanned, another bone, or none; scans that the model cannot use stand in the record alone."""
    scanned = {site.site for site in assessment.bone if site.scans}
    if scanned.intersection(_HIP_SITES):
        return "plain.we_know_this_from_your_bone"
    if scanned or (person is not None and any(scan.date <= assessment.date for scan in person.dxa)):
        return "plain.you_have_had_a_scan_of"
    return "plain.you_have_had_no_bone_scan"


def _took_bone(assessment: "Assessment", write: Writer) -> Iterator[Item]:
    """How much of the bone in the hip some causes took so far."""
    found, lang = None if assessment.causes is None else _of(assessment.causes.bone, _HIP), write.lang
    for share in () if found is None else found.shares:
        if share.cause in _TOOK_BONE and share.share.high < 0 and -share.mean >= _LEAST_PERCENT:
            n, low, high = (_loss(-value) for value in _by_size(share.share))
            words = lang.text(
                "plain.what_took_about_n_percent_of",
                what=_named(share, lang), n=lang.figures(n), range=lang.figures(span(low, high)),
            )  # fmt: skip
            yield write.own(words, MODEL)


def _by_size(value: "Interval") -> tuple[float, float, float]:
    """The middle, and the ends of an interval on one side of nothing, the smaller one first."""
    low, high = sorted((value.low, value.high), key=abs)
    return value.mean, low, high


def _loss(per_cent: float) -> str:
    """A loss: with a decimal while it is small."""
    return fixed(per_cent, 0 if per_cent >= 1 else 1)


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
    return lang.text("plain.you_could_gain_range_percent", range=span(str(low), str(high))) if high > 0 else ""
