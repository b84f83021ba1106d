"""How a number is made up, and what would tell most: each figure with its parts and sources, and what to ask next.

The parts of a risk are those of today's rate at each of its sites: the rate of people of the same age and sex, and the
factors that multiply it. Sources are those of the parameters that were read for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trabecula.assessment import Assessment
from trabecula.reporting.statements import estimate, falls_told
from trabecula.vocabulary import site_name, sites_of
from trabecula.web.session import evidence
from trabecula.words.language import Language
from trabecula.words.message import Message

_MAIN = ("major_osteoporotic", "hip", "any")
_BASELINE, _MANY = "baseline", 1000
_PARTS = ("density", "prior", "factors", "steroids", "falls", "residual", "joint")
"""Factors of a rate, in the order in which they are told; each is 1 for the average."""
_ASSUMED = "\nAssumed\n"
"""What parts the documents of a citation from what is assumed, which `trabecula evidence` tells at length."""
_CLEAR = 0.005
"""A factor nearer to 1 than that, at every site, is not worth a column."""
_READ: Mapping[str, tuple[str, ...]] = {
    "risk": ("fracture.", "fall."),
    "falls": ("fall.",),
    "density": ("skeleton.", "reference.", "measur"),
}
"""How the ids of the parameters begin that are read for a kind of figure."""


@dataclass(frozen=True)
class ExplainedFigure:
    """One figure: what it is, what it is made of, and what it rests on."""

    name: str
    """For its place on the page."""
    title: str
    figure: str
    columns: tuple[str, ...]
    """Of the table of parts; empty where there is none."""
    rows: tuple[tuple[str, ...], ...]
    said: tuple[str, ...]
    sources: tuple[str, ...]
    """The documents, in English."""


def explanations(assessment: Assessment, lang: Language) -> tuple[ExplainedFigure, ...]:
    """Every figure that the page puts first, explained; no risk where none is told as a figure."""
    risks = () if assessment.caution else tuple(_risks(assessment, lang))
    return (*risks, _falls(assessment, lang), *_densities(assessment, lang))


def _risks(assessment: Assessment, lang: Language) -> Iterator[ExplainedFigure]:
    """The chances at the horizon, each with today's rates at its sites."""
    told = {risk.site: risk for risk in assessment.risks if risk.horizon_y == assessment.horizon_y}
    for site in _MAIN:
        risk = told.get(site)
        if risk is None or risk.above_measured is not None:
            continue
        members = [member for member in (sites_of(site) or (site,)) if member in assessment.fracture]
        parts = [name for name in _PARTS if any(_differs(assessment, member, name) for member in members)]
        columns = (
            lang.text("picture.bone"),
            lang.text("web.part.baseline"),
            *(lang.text(f"web.part.{name}") for name in parts),
        )
        rows = tuple(_row(assessment, member, parts, lang) for member in members)
        written = estimate(risk.risk, "percent", lang, "share")
        yield ExplainedFigure(
            f"risk-{site}", f"{lang.heading(site_name(site))}, {lang.years(assessment.horizon_y)}",
            f"{written.value} ({written.range})", columns, rows, (lang.text("web.explain.risk"),),
            _sources(assessment, "risk", members),
        )  # fmt: skip


def _differs(assessment: Assessment, site: str, part: str) -> bool:
    """Whether a factor changes anything at a site."""
    return abs(assessment.fracture[site].parts.get(part, 1.0) - 1) >= _CLEAR


def _row(assessment: Assessment, site: str, parts: Sequence[str], lang: Language) -> tuple[str, ...]:
    """A site: the average rate of so many people, and its factors."""
    found = assessment.fracture[site].parts
    rate = lang.written(found[_BASELINE] * _MANY, "significant")
    return (
        lang.heading(site_name(site)),
        rate,
        *(f"× {lang.written(found.get(name, 1.0), 'hundredths')}" for name in parts),
    )


def _falls(assessment: Assessment, lang: Language) -> ExplainedFigure:
    """The falls a year, as they are told, and what they rest on."""
    told = falls_told(assessment.falls, lang)
    figure = f"{told.value} ({told.range})" if told.range else told.value
    said = (lang.say(assessment.falls.basis),)
    return ExplainedFigure(
        "falls", lang.text("page.falls_a_year"), figure, (), (), said, _sources(assessment, "falls", ())
    )


def _densities(assessment: Assessment, lang: Language) -> Iterator[ExplainedFigure]:
    """The density at each site today, with what was measured there."""
    if not assessment.bone:
        return
    rows = []
    for site in assessment.bone:
        written = estimate(site.trajectory[site.now].bmd_g_cm2, "hundredths", lang)
        scans = lang.text("page.n_scans", n=site.scans) if site.scans else lang.text("page.no_scan")
        rows.append((lang.heading(site_name(site.site)), f"{written.value} ({written.range})", scans))
    columns = (lang.text("form.site"), "g/cm²", lang.text("web.explain.measured"))
    said = (lang.text("web.explain.density"),)
    title = lang.text("web.explain.density.title")
    yield ExplainedFigure("density", title, "", columns, tuple(rows), said, _sources(assessment, "density", ()))


def _sources(assessment: Assessment, kind: str, sites: Sequence[str]) -> tuple[str, ...]:
    """The documents behind the parameters that were read for a figure; of a risk those that are about its sites."""
    read = [id for id in assessment.evidence.parameters if id.startswith(_READ[kind])]
    if sites:
        read = [id for id in read if set(sites).intersection(id.split("."))]
    cited = evidence().citation(read).partition(_ASSUMED)[0] if read else ""
    return tuple(line for line in cited.splitlines()[1:] if line)


# --- What to ask next ----------------------------------------------------------------------------------------------

_MOST_ASKED = 3
_STEPS: Mapping[str, str] = {
    **dict.fromkeys(("body", "country", "menopause"), "person"),
    **dict.fromkeys(("disability", "edss", "onset", "recent_examination", "relapses"), "ms"),
    "steroids": "steroids",
    **dict.fromkeys(("falls", "fractures", "scan", "scan_elsewhere"), "bones"),
    **dict.fromkeys(("activity", "calcium", "risk_factors", "vitamin_d"), "life"),
}
"""The page of the form on which a gap can be filled."""


@dataclass(frozen=True)
class OpenQuestion:
    """What is missing, what that costs, and where it is asked."""

    what: Message
    cost: Message
    step: str


def asked_next(assessment: Assessment) -> tuple[OpenQuestion, ...]:
    """What would tell most, the costliest first; gaps that no entry could fill are left out."""
    names = ((gap, gap.what.id.removeprefix("gap.")) for gap in assessment.missing)
    found = [OpenQuestion(gap.what, gap.cost, _STEPS[name]) for gap, name in names if name in _STEPS]
    return tuple(found[:_MOST_ASKED])
