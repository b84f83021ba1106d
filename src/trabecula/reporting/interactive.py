"""Choices worked out in advance, one panel each: a page that answers "what if" offline and without scripts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trabecula.reporting import pictures
from trabecula.reporting.choices import NOTHING_TO_CHANGE
from trabecula.reporting.marks import MODEL, RECORD, Marks
from trabecula.reporting.sources import Basis, sources
from trabecula.reporting.statements import Figure, Statement, Writer
from trabecula.vocabulary import site_name
from trabecula.words.language import Language
from trabecula.words.numbers import people, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison, Effect, PlanResult, RiskEffect

MOST = 24  # panels that the style sheet has a switch for
_MAIN = "major_osteoporotic"


@dataclass(frozen=True)
class Choice:
    """A choice with everything that is said about it."""

    name: str
    title: Statement
    because: Statement | None
    picture: pictures.Drawing | None
    answer: Statement | None
    bone: tuple[tuple[str, Figure], ...]
    effects: tuple[tuple[str, tuple[Statement, ...]], ...]
    warnings: tuple[Statement, ...]
    notes: tuple[Statement, ...]


def context(
    assessment: "Assessment | Basis", comparison: "Comparison", lang: Language, asked: bool = False
) -> dict[str, Any]:
    """What `parts/choices.html` reads; where the chances are known to be too high, no number of people is in it.

    assessment: what the list of sources reads. asked: somebody chose these plans, so that one that could change
    nothing is told of as well.
    """
    write = Writer(lang, Marks("w", lang))
    refused = [each for each in comparison.plans if any(o.rule != NOTHING_TO_CHANGE for o in each.refused)]
    shown = [each for each in comparison.plans if each.risks or (asked and each not in refused)][:MOST]
    return {
        "page": "w",
        "caution": write.model(comparison.caution, MODEL) if comparison.caution else None,
        "choices": [_choice(each, comparison, write) for each in shown],
        "refused": [_refusal(each, write) for each in refused],
        "left_out": [write.model(each, MODEL) for each in comparison.left_out],
        "sources": sources(assessment, write.marks, lang),
    }


def _choice(plan: "PlanResult", comparison: "Comparison", write: Writer) -> Choice:
    """A panel."""
    before, after = _risk(comparison.baseline), _risk(plan)
    careful = comparison.caution is not None
    return Choice(
        plan.name,
        write.model(plan.title),
        write.model(plan.because, MODEL) if plan.because else None,
        None if careful else _picture(plan.name, before, after, comparison, write.lang),
        _answer(plan, after, careful, write),
        tuple(
            (write.lang.heading(site_name(each.site)), write.change(each.difference_percent))
            for each in plan.bone
        ),
        tuple(_effects(plan, write)) if after is None or _does_something(after) else (),
        tuple(write.model(each.reason, MODEL) for each in plan.warnings),
        tuple(write.model(each, MODEL) for each in plan.notes),
    )


def _answer(plan: "PlanResult", after: "RiskEffect | None", careful: bool, write: Writer) -> Statement | None:
    """What a choice changes; of one that is followed already, that there is nothing to change."""
    if after is not None:
        return write.own(_difference(after, careful, write.lang), MODEL)
    idle = (each for each in plan.refused if each.rule == NOTHING_TO_CHANGE)
    return next((write.model(each.reason, RECORD) for each in idle), None)


def _does_something(risk: "RiskEffect") -> bool:
    """Whether a plan changes a chance in any draw: one that adds nothing to what is recorded does not."""
    return (risk.difference.low, risk.difference.high) != (0.0, 0.0)


def _risk(plan: "PlanResult") -> "RiskEffect | None":
    """The main chance under a plan."""
    return next((each for each in plan.risks if each.site == _MAIN), None)


def _picture(
    name: str,
    before: "RiskEffect | None",
    after: "RiskEffect | None",
    comparison: "Comparison",
    lang: Language,
) -> pictures.Drawing | None:
    """The chance as things are and with the choice."""
    if before is None or after is None:
        return None
    title = lang.text("page.out_of_1_000_people_like", when=lang.in_years(comparison.horizon_y))
    return pictures.beside(f"choice-{name}", before.risk, after.risk, title, lang)


def _difference(risk: "RiskEffect", careful: bool, lang: Language) -> str:
    """How many more or fewer people break a bone, and how sure that is; `careful`: no number."""
    by = risk.difference
    if not _does_something(risk):
        return lang.text("page.it_does_not_change_the_chance")
    if risk.number_needed.may_do_nothing:
        return lang.text("page.we_cannot_tell_whether_it_changes")
    if careful and by.median < 0:
        return lang.text("page.it_lowers_the_chance_of_breaking")
    if careful:
        return lang.text("page.it_raises_the_chance_of_breaking")
    many, ends = pictures.MANY, sorted((abs(by.low), abs(by.high)))
    n = lang.figures(people(abs(by.median), many))
    reach = lang.figures(span(*(people(each, many) for each in ends)))
    if by.median < 0:
        return lang.text("page.about_n_fewer_of_1_000", n=n, range=reach)
    return lang.text("page.about_n_more_of_1_000", n=n, range=reach)


def _effects(plan: "PlanResult", write: Writer) -> list[tuple[str, tuple[Statement, ...]]]:
    """What else comes with a choice, by kind; kinds with nothing are left out."""
    kinds = (
        (write.lang.text("page.other_good_it_does"), plan.cobenefits),
        (write.lang.text("page.side_effects"), plan.side_effects),
        (write.lang.text("page.what_it_asks_of_you"), plan.burdens),
    )
    return [(title, tuple(_effect(each, write) for each in found)) for title, found in kinds if found]


def _effect(effect: "Effect", write: Writer) -> Statement:
    """A side effect, a burden or another benefit, with its size and source."""
    said = write.model(effect.what)
    size = f" ({write.model(effect.size).text})" if effect.size else ""
    marks = write.marks.findings(effect.findings)
    return Statement(f"{said.text}{size}", said.lang, marks or write.marks(MODEL))


def _refusal(plan: "PlanResult", write: Writer) -> Statement:
    """A choice that is not open to this person, and why."""
    said = write.model(plan.refused[0].reason)
    return Statement(
        said.text,
        said.lang,
        write.marks.cited(write.lang.say(plan.refused[0].source)),
        write.model(plan.title).text,
    )
