"""Plans on a page: what each would do to bone and to the chance of a fracture, and what it costs."""

from collections.abc import Iterable, Iterator, Sequence
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
    listed,
    section,
)
from trabecula.reporting.risks import above_note, elsewhere
from trabecula.reporting.statements import estimate, risk_told
from trabecula.vocabulary import site_name
from trabecula.words.language import Language, language
from trabecula.words.message import Message
from trabecula.words.numbers import fixed, signed, span, whole

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind a comparison
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import Chance, Comparison, Effect, NumberNeeded, Objection, PlanResult, RiskEffect

_SITES = ("spine", "hip", "major_osteoporotic")
"""In the order of the columns: where space is short the first are left out."""
_SMALL = 0.1
"""Points below which two figures would be false precision."""


def comparison_page(comparison: "Comparison", code: str = "en") -> Page:
    """All plans for one person: chances and density side by side, then every plan in words.

    code: the language of the page.
    """
    lang = language(code)
    return Page(
        title=lang.text("page.plans", version=comparison.software.version, day=comparison.date.isoformat()),
        opening=(Paragraph(lang.say(comparison.person)), Paragraph(lang.text("page.statement"), quiet=True)),
        sections=tuple(_sections(comparison, lang)),
        lang=code,
    )


def library_page(plans: Sequence["Plan"], code: str = "en") -> Page:
    """The named plans."""
    lang = language(code)
    entries = tuple(
        Item(plan.name, f"{lang.say(plan.title)}. {lang.say(plan.because) if plan.because else ''}".strip(), code=True)
        for plan in plans
    )
    return Page(lang.text("page.n_plans_of_the_library", n=len(plans)), (Items(entries),), (), code)


def _sections(comparison: "Comparison", lang: Language) -> Iterator[Section]:
    """Risk and bone side by side, then each plan by itself."""
    shown = [comparison.baseline, *(plan for plan in comparison.plans if plan.bone)]
    horizon = lang.years(comparison.horizon_y)
    if comparison.common_y is not None:
        yield from section(
            lang.text("page.ranking", horizon=lang.years(comparison.common_y)), _ranked(comparison, lang)
        )
    yield from section(lang.text("page.chance_within", horizon=horizon), _risks(comparison, shown, lang))
    yield from section(lang.text("page.density_after", horizon=horizon), _bones(comparison, shown, lang))
    for plan in comparison.plans:
        yield from section(lang.say(plan.title), _plan(plan, lang))
    yield from section(lang.text("page.sources_of_effects"), _texts(_sources(comparison)))
    unknown = (lang.say(text) for text in comparison.left_out)
    yield from section(lang.text("page.what_this_does_not_know"), _texts(unknown))


def _ranked(comparison: "Comparison", lang: Language) -> list[Block]:
    """The plans by net benefit, each with what it asks of a person."""
    by_name = {plan.name: plan for plan in comparison.plans}
    items = []
    for plan in (by_name[name] for name in comparison.ranking):
        if plan.within_common is not None:
            points = _point(plan.within_common.difference.mean)
            burdens = [burden.what for burden in plan.burdens]
            asks = lang.text("page.rank_burdens", burdens=burdens) if burdens else ""
            items.append(Item(lang.say(plan.title), lang.text("page.rank", points=points, burdens=asks).strip()))
    return [*listed(items), Paragraph(lang.text("page.how_plans_are_ranked"), quiet=True)] if len(items) > 1 else []


def _texts(texts: Iterable[str]) -> list[Block]:
    """A plain list."""
    return listed(Item("", text) for text in texts)


def _sources(comparison: "Comparison") -> list[str]:
    """Every document behind what is said beside bone, once."""
    effects = (effect for plan in comparison.plans for effect in (*plan.side_effects, *plan.cobenefits))
    return [*dict.fromkeys(source for effect in effects for source in effect.sources)]


def _risks(comparison: "Comparison", shown: Sequence["PlanResult"], lang: Language) -> list[Block]:
    """The chance of a fracture under each plan."""
    rows = []
    for plan in shown:
        found = {risk.site: risk for risk in plan.risks}
        rows.append(Row(plan.name, tuple(risk_told(found[site], lang) for site in _SITES)))
        if plan is not comparison.baseline:
            points = tuple(points_text(found[site], lang) for site in _SITES)
            rows.append(Row(lang.text("page.difference"), points, beside=True))
    columns = tuple(lang.heading(site_name(site)) for site in _SITES)
    note = lang.text("page.how_to_read_differences", baseline=lang.say(comparison.baseline.title))
    caution = [Paragraph(lang.say(comparison.caution))] if comparison.caution else []
    return [
        *caution,
        *elsewhere(comparison, lang),
        Table("", columns, tuple(rows), len(_SITES) - 1),
        *above_note((risk for plan in shown for risk in plan.risks if risk.site in _SITES), lang),
        Paragraph(note, quiet=True),
    ]


def points_text(effect: "RiskEffect", lang: Language) -> Cell:
    """A difference of probabilities in percentage points, with a sign and its range; 0 is nothing to a hundredth."""
    by = effect.difference
    low, middle, high = (lang.figures(_point(value)) for value in (by.low, by.mean, by.high))
    return Estimate(middle, lang.figures(span(low, high))) if low != high else middle


def _point(difference: float) -> str:
    """A difference in percentage points with its sign; a hundredth is the finest that is said."""
    points = round(100 * difference, 2)
    if points == 0:
        return "0"
    if abs(points) >= _SMALL:
        return signed(points)
    return fixed(points, 2) if points < 0 else f"+{fixed(points, 2)}"


def _bones(comparison: "Comparison", shown: Sequence["PlanResult"], lang: Language) -> list[Block]:
    """Density under each plan."""
    rows = []
    for plan in shown:
        changes = tuple(estimate(bone.change_percent, "change", lang) for bone in plan.bone)
        rows.append(Row(plan.name, changes))
        if plan is not comparison.baseline:
            by = tuple(estimate(bone.difference_percent, "change", lang) for bone in plan.bone)
            rows.append(Row(lang.text("page.difference"), by, beside=True))
    columns = tuple(lang.heading(site_name(bone.site)) for bone in comparison.baseline.bone)
    note = lang.text("page.how_to_read_changes", baseline=lang.say(comparison.baseline.title))
    return [Table("", columns, tuple(rows), len(columns) - 1), Paragraph(note, quiet=True)]


def _plan(plan: "PlanResult", lang: Language) -> list[Block]:
    """One plan in words: refusals, what it helps, what it costs."""
    blocks: list[Block] = []
    if plan.refused:
        lead = "page.computed_all_the_same" if plan.forced else "page.refused_and_not_computed"
        blocks += [Paragraph(lang.text(lead)), *_texts(_objection(refusal, lang) for refusal in plan.refused)]
    careful = lang.text("page.careful")
    blocks += listed(Item(careful, _objection(warning, lang)) for warning in plan.warnings)
    if plan.because:
        blocks.append(Paragraph(lang.say(plan.because)))
    if plan.bone:
        blocks += listed(_in_words(plan, lang))
    blocks += _texts(lang.say(note) for note in plan.notes)
    effects = {
        "page.side_effects": plan.side_effects,
        "page.what_it_asks_of_you": plan.burdens,
        "page.other_good_it_does": plan.cobenefits,
    }
    for title, found in effects.items():
        if found:
            blocks += [Paragraph(f"{lang.text(title)}:"), *_texts(_effect(effect, lang) for effect in found)]
    return blocks


def _objection(of: "Objection", lang: Language) -> str:
    """Why a plan is refused or dangerous, with what it rests on."""
    return lang.text("page.objection", reason=lang.say(of.reason), found=lang.say(of.found), source=of.source)


def _in_words(plan: "PlanResult", lang: Language) -> list[Item]:
    """Number needed, and how likely it is that the plan helps."""
    major = next(risk for risk in plan.risks if risk.site == "major_osteoporotic")
    hip = next(bone for bone in plan.bone if bone.site == "total_hip")
    at_all, enough = major.helps
    scan = hip.helps[-1]
    helps = lang.text(
        "page.helps_at_all_and_by_more", at_all=_odds(at_all), enough=_odds(enough), points=100 * enough.by_more_than
    )
    return [
        Item(lang.text("page.number_needed"), number_needed_text(major.number_needed, lang)),
        Item(lang.text("page.it_helps"), helps),
        Item(
            lang.text("page.a_scan_of_the_hip_could_tell"),
            lang.text("page.odds_of_more_than", odds=_odds(scan), least=scan.by_more_than),
        ),
    ]


def _odds(chance: "Chance") -> Message:
    """A probability as people say it."""
    of_hundred = round(100 * chance.probability)
    if of_hundred < 1:
        return Message("odds.hardly_ever")
    return Message("odds.nearly_always") if of_hundred >= 100 else Message("odds.in_100", {"n": of_hundred})


def number_needed_text(needed: "NumberNeeded", lang: Language) -> str:
    """How many people follow the plan for one fracture fewer; an interval may run through no effect into harm."""
    if needed.mean is None:
        return lang.text("page.no_effect")
    middle, best, worst = (_people(n, lang) for n in (needed.mean, needed.best, needed.worst))
    harm = needed.mean < 0
    if needed.may_do_nothing:
        reach = lang.text("page.from_best_to_harm", best=best, worst=worst)
    else:
        reach = span(worst, best) if harm else span(best, worst)
    text = f"{middle} ({reach})"
    return lang.text("picture.one_more_in_n", n=text) if harm else text


def _people(needed: float | None, lang: Language) -> str:
    """A number of people, two figures."""
    return lang.text("page.no_effect") if needed is None else lang.figures(whole(needed))


def _effect(effect: "Effect", lang: Language) -> str:
    """A side effect, burden or co-benefit."""
    size = f": {lang.say(effect.size)}" if effect.size else ""
    note = "" if effect.status == "read" else f" [{lang.text(f'status.{effect.status}')}]"
    return f"{lang.say(effect.what)}{size}{note}"
