"""Plans on a page: what each would do to bone and to the chance of a fracture, and what it costs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.page import (
    Block,
    Cell,
    Estimate,
    Item,
    Items,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    section,
)
from trabecula.reporting.risks import chance_text
from trabecula.vocabulary import site_name
from trabecula.words.language import language
from trabecula.words.numbers import SPACE, change, counted, fixed, significant, span, whole, years

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind a comparison
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import (
        Chance,
        Comparison,
        Effect,
        Interval,
        NumberNeeded,
        Objection,
        PlanResult,
        RiskEffect,
    )

_SITES = ("spine", "hip", "major_osteoporotic")
"""In the order of the columns: where space is short the first are left out."""


_SMALL = 0.1  # points below which two figures would be false precision


def comparison_page(comparison: "Comparison") -> Page:
    """All plans for one person."""
    return Page(
        title=f"Trabecula {comparison.software.version}, {comparison.date.isoformat()}: plans",
        opening=(Paragraph(comparison.person), Paragraph(comparison.statement, quiet=True)),
        sections=(*_sections(comparison),),
    )


def _sections(comparison: "Comparison") -> list[Section]:
    """Risk and bone side by side, then each plan by itself."""
    done = [each for each in comparison.plans if each.bone]
    shown = [comparison.baseline, *done]
    return [
        *section(
            f"Chance of breaking a bone within {years(comparison.horizon_y)}", _risks(comparison, shown)
        ),
        *section(f"Density after {years(comparison.horizon_y)}", _bones(comparison, shown)),
        *(each for plan in comparison.plans for each in section(plan.title, _plan(plan))),
        *section("Sources of side effects and co-benefits", _sources(comparison)),
        *section("What this does not know", [_list(comparison.left_out)] if comparison.left_out else []),
    ]


def _sources(comparison: "Comparison") -> list[Block]:
    """Every document behind what is said beside bone, once."""
    told = (each for plan in comparison.plans for each in (*plan.side_effects, *plan.cobenefits))
    names = dict.fromkeys(source for each in told for source in each.sources)
    return [_list(list(names))] if names else []


def _risks(comparison: "Comparison", shown: Sequence["PlanResult"]) -> list[Block]:
    """The chance of a fracture under each plan."""
    rows = []
    for plan in shown:
        found = {each.site: each for each in plan.risks}
        rows.append(Row(plan.name, tuple(chance_text(found[site].risk) for site in _SITES)))
        if plan is not comparison.baseline:
            rows.append(Row("difference", tuple(points_text(found[site]) for site in _SITES), beside=True))
    note = (
        f"Difference: percentage points against “{comparison.baseline.title}”, the same draws under both."
        " Dying first counts as not breaking a bone."
    )
    columns = tuple(language("en").heading(site_name(site)) for site in _SITES)
    caution = [Paragraph(comparison.caution)] if comparison.caution else []
    return [*caution, Table("", columns, tuple(rows), len(_SITES) - 1), Paragraph(note, quiet=True)]


def points_text(effect: "RiskEffect") -> Cell:
    """A difference of probabilities in percentage points."""
    low, middle, high = (
        _point(each) for each in (effect.difference.low, effect.difference.median, effect.difference.high)
    )
    return Estimate(middle, span(low, high)) if low != high else middle


def _point(difference: float) -> str:
    """A difference in percentage points with its sign; a hundredth is the finest that is said."""
    points = round(100 * difference, 2)
    if points == 0:
        return "0"
    text = fixed(points, 2) if abs(points) < _SMALL else significant(points)
    return text if points < 0 else f"+{text}"


def _bones(comparison: "Comparison", shown: Sequence["PlanResult"]) -> list[Block]:
    """Density under each plan."""
    rows = []
    for plan in shown:
        rows.append(Row(plan.name, tuple(change_text(each.change_percent) for each in plan.bone)))
        if plan is not comparison.baseline:
            rows.append(
                Row(
                    "difference",
                    tuple(change_text(each.difference_percent) for each in plan.bone),
                    beside=True,
                )
            )
    columns = tuple(language("en").heading(site_name(each.site)) for each in comparison.baseline.bone)
    note = f"Change from today in per cent, and the difference from “{comparison.baseline.title}”."
    return [Table("", columns, tuple(rows), len(columns) - 1), Paragraph(note, quiet=True)]


def change_text(by: "Interval") -> Estimate:
    """A change in per cent with its range."""
    low, high = change(by.low), change(by.high)
    return Estimate(change(by.median), span(low, high) if low != high else "")


def _plan(plan: "PlanResult") -> list[Block]:
    """One plan in words: refusals, what it helps, what it costs."""
    blocks: list[Block] = []
    if plan.refused:
        lead = (
            "Computed all the same, because you asked for it" if plan.forced else "Refused, and not computed"
        )
        blocks += [Paragraph(f"{lead}:"), _list([_objection(each) for each in plan.refused])]
    if plan.warnings:
        blocks.append(Items(tuple(Item("Careful", _objection(each)) for each in plan.warnings)))
    if plan.because:
        blocks.append(Paragraph(plan.because))
    if plan.bone:
        blocks.append(Items(tuple(_in_words(plan))))
    if plan.notes:
        blocks.append(_list(plan.notes))
    effects = {"Side effects": plan.side_effects, "Burdens": plan.burdens, "Beside bone": plan.cobenefits}
    for title, found in effects.items():
        if found:
            blocks += [Paragraph(f"{title}:"), Items(tuple(Item("", _effect(each)) for each in found))]
    return blocks


def _objection(of: "Objection") -> str:
    """Why a plan is refused or dangerous, with what it rests on."""
    return f"{of.reason} On file: {of.found}. ({of.source})"


def _in_words(plan: "PlanResult") -> list[Item]:
    """Number needed, and how likely it is that the plan helps."""
    major = next(each for each in plan.risks if each.site == "major_osteoporotic")
    hip = next(each for each in plan.bone if each.site == "total_hip")
    at_all, enough = major.helps
    points = f"{significant(100 * enough.by_more_than)}{SPACE}points"
    least = f"{significant(hip.helps[-1].by_more_than)}{SPACE}%"
    return [
        Item("People who follow it for one major fracture fewer", number_needed_text(major.number_needed)),
        Item("It helps", f"{_odds(at_all)}; by more than {points}: {_odds(enough)}"),
        Item("A scan of the hip could tell", f"{_odds(hip.helps[-1])} (more than {least})"),
    ]


def _odds(chance: "Chance") -> str:
    """A probability as people say it."""
    of_hundred = round(100 * chance.probability)
    if of_hundred < 1:
        return "hardly ever"
    return "nearly always" if of_hundred >= 100 else f"{of_hundred} in 100"


def number_needed_text(needed: "NumberNeeded") -> str:
    """How many people follow the plan for one fracture fewer; an interval may run through no effect into harm."""
    if needed.median is None:
        return "no effect"
    middle, best, worst = (_people(each) for each in (needed.median, needed.best, needed.worst))
    harm = "one more in " if needed.median < 0 else ""
    if needed.may_do_nothing:
        return f"{harm}{middle} (from {best} to no effect, or one more in {worst})"
    return f"{harm}{middle} ({span(worst, best) if harm else span(best, worst)})"


def _people(needed: float | None) -> str:
    """A number of people, two figures."""
    return "no effect" if needed is None else whole(needed)


def _effect(effect: "Effect") -> str:
    """A side effect, burden or co-benefit."""
    size = f": {effect.size}" if effect.size else ""
    note = "" if effect.status == "read" else f" [{effect.status}]"
    return f"{effect.what}{size}{note}"


def _list(texts: Sequence[str]) -> Items:
    """A plain list."""
    return Items(tuple(Item("", each) for each in texts))


def library_page(plans: Sequence["Plan"]) -> Page:
    """The named plans."""
    entries = tuple(
        Item(each.name, f"{each.title}. {each.because or ''}".strip(), code=True) for each in plans
    )
    return Page(f"{counted(len(plans), 'plan')} of the library", (Items(entries),), ())
