"""Choices worked out in advance, one panel each: a page that answers "what if" offline and without scripts."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trabecula.drawing.page import Estimate, Item
from trabecula.reporting import pictures
from trabecula.reporting.clinician import NOTHING_TO_CHANGE
from trabecula.reporting.statements import MODEL, RECORD, Basis, Marks, Writer, estimate, sources
from trabecula.vocabulary import site_name
from trabecula.words.language import Language

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison, Effect, PlanResult, RiskEffect

MOST = 24
"""Panels that the style sheet has a switch for."""
_MAIN = "major_osteoporotic"


@dataclass(frozen=True)
class Choice:
    """A choice with everything that is said about it."""

    name: str
    """The plan's name, which is also its anchor."""
    title: Item
    because: Item | None
    """Why somebody would choose it."""
    picture: pictures.Drawing | None
    """The main chance as things are and with the choice; None where no number of people is told."""
    answer: Item | None
    """What it changes, in a sentence."""
    bone: tuple[tuple[str, Estimate], ...]
    """Sites of the skeleton, and the difference in density at the end [%]."""
    effects: tuple[tuple[str, tuple[Item, ...]], ...]
    """What else comes with it, under headings."""
    warnings: tuple[Item, ...]
    notes: tuple[Item, ...]


def context(
    assessment: "Assessment | Basis", comparison: "Comparison", lang: Language, asked: bool = False
) -> dict[str, Any]:
    """What `parts/choices.html` reads; where the chances are known to be too high, no number of people is in it.

    assessment: what the list of sources reads. asked: somebody chose these plans, so that one that could change
    nothing is told of as well.

    `choices` are panels in the order of the comparison, at most MOST; `refused` are plans that this person cannot
    follow, with the reason and its source; `left_out` is what no comparison knows.
    """
    write = Writer(lang, Marks("w"))
    refused = [
        plan for plan in comparison.plans if any(objection.rule != NOTHING_TO_CHANGE for objection in plan.refused)
    ]
    shown = [plan for plan in comparison.plans if plan.risks or (asked and plan not in refused)][:MOST]
    return {
        "page": "w",
        "caution": write.model(comparison.caution, MODEL) if comparison.caution else None,
        "stand_in": write.stand_in(comparison),
        "choices": [_choice(plan, comparison, write) for plan in shown],
        "refused": [_refusal(plan, write) for plan in refused],
        "left_out": [write.model(unknown, MODEL) for unknown in comparison.left_out],
        "sources": sources(assessment, write.marks, lang),
    }


def _choice(plan: "PlanResult", comparison: "Comparison", write: Writer) -> Choice:
    """A panel."""
    before, after, lang = _risk(comparison.baseline), _risk(plan), write.lang
    careful = comparison.caution is not None
    return Choice(
        plan.name,
        write.model(plan.title),
        write.model(plan.because, MODEL) if plan.because else None,
        None if careful else _picture(plan.name, before, after, comparison, lang),
        _answer(plan, after, careful, write),
        tuple(
            (lang.heading(site_name(bone.site)), estimate(bone.difference_percent, "change", lang))
            for bone in plan.bone
        ),
        tuple(_effects(plan, write)) if after is None or _does_something(after) else (),
        tuple(write.model(warning.reason, MODEL) for warning in plan.warnings),
        tuple(write.model(note, MODEL) for note in plan.notes),
    )


def _answer(plan: "PlanResult", after: "RiskEffect | None", careful: bool, write: Writer) -> Item | None:
    """What a choice changes; of one that is followed already, that there is nothing to change."""
    if after is not None:
        return write.own(_difference(after, careful, write.lang), MODEL)
    idle = (objection for objection in plan.refused if objection.rule == NOTHING_TO_CHANGE)
    return next((write.model(objection.reason, RECORD) for objection in idle), None)


def _does_something(risk: "RiskEffect") -> bool:
    """Whether a plan changes a chance in any draw: one that adds nothing to what is recorded does not."""
    return (risk.difference.low, risk.difference.high) != (0.0, 0.0)


def _risk(plan: "PlanResult") -> "RiskEffect | None":
    """The main chance under a plan."""
    return next((risk for risk in plan.risks if risk.site == _MAIN), None)


def _picture(
    name: str, before: "RiskEffect | None", after: "RiskEffect | None", comparison: "Comparison", lang: Language
) -> pictures.Drawing | None:
    """The chance as things are and with the choice."""
    if before is None or after is None:
        return None
    title = lang.text("page.out_of_1_000_people_like", when=lang.in_years(comparison.horizon_y))
    found = (_risk(plan) for plan in (comparison.baseline, *comparison.plans))
    end = pictures.end_of_scale(risk.risk for risk in found if risk is not None)
    return pictures.beside(f"choice-{name}", before.risk, after.risk, title, lang, end)


def _difference(risk: "RiskEffect", careful: bool, lang: Language) -> str:
    """How many more or fewer people break a bone, and how sure that is.

    careful: the chances are known to be too high, so that only the direction is told. Where the interval of the number
    needed runs through no effect, not even that is.
    """
    by = risk.difference
    if not _does_something(risk):
        return lang.text("page.it_does_not_change_the_chance")
    if risk.number_needed.may_do_nothing:
        return lang.text("page.we_cannot_tell_whether_it_changes")
    if careful:
        lowers = by.mean < 0
        return lang.text("page.it_lowers_the_chance_of_breaking" if lowers else "page.it_raises_the_chance_of_breaking")
    ends = tuple(sorted((abs(by.low), abs(by.high))))
    said = "page.about_n_fewer_of_1_000" if by.mean < 0 else "page.about_n_more_of_1_000"
    return lang.text(said, n=abs(by.mean), range=ends)


def _effects(plan: "PlanResult", write: Writer) -> list[tuple[str, tuple[Item, ...]]]:
    """What else comes with a choice, by kind; kinds with nothing are left out."""
    kinds = (
        ("page.other_good_it_does", plan.cobenefits),
        ("page.side_effects", plan.side_effects),
        ("page.what_it_asks_of_you", plan.burdens),
    )
    return [
        (write.lang.text(title), tuple(_effect(effect, write) for effect in found)) for title, found in kinds if found
    ]


def _effect(effect: "Effect", write: Writer) -> Item:
    """A side effect, a burden or another benefit, with its size and source."""
    size = f" ({write.lang.say(effect.size)})" if effect.size else ""
    marks = write.marks.findings(effect.findings) or write.marks(MODEL)
    return Item("", f"{write.lang.say(effect.what)}{size}", marks=marks)


def _refusal(plan: "PlanResult", write: Writer) -> Item:
    """A choice that is not open to this person, and why."""
    first = plan.refused[0]
    refused = write.model(first.reason, write.lang.say(first.source))
    return replace(refused, head=write.lang.say(plan.title))
