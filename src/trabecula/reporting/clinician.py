"""The clinician's page: one person in two minutes. Everything here is read from the assessment; nothing is computed."""

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from trabecula.reporting import choices, measuring, pictures
from trabecula.reporting.marks import MODEL, RECORD, Marks, behind
from trabecula.reporting.sources import sources
from trabecula.reporting.statements import Figure, Statement, Writer
from trabecula.vocabulary import site_name, tabled_sites
from trabecula.words.language import Language
from trabecula.words.numbers import fixed, percent, significant

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, BoneSite, Comparison
    from trabecula.person import Person

# lines that have room on a page of paper; the screen shows all
_PRINTED_TASKS, _PRINTED_ADVICE, _PRINTED_OPEN, _MANY_CHOICES = 5, 4, 1, 8
_MAIN, _ANY = "major_osteoporotic", "any"


@dataclass(frozen=True)
class Key:
    """A number at the head of the page, with the average beside it."""

    label: str
    figure: Figure
    average: str
    marks: tuple[int, ...]


@dataclass(frozen=True)
class RiskRow:
    """The chances at a site, and the average of the same age and sex."""

    site: str
    group: bool
    soon: Figure
    soon_average: Figure
    lifetime: Figure
    lifetime_average: Figure


@dataclass(frozen=True)
class BoneRow:
    """A site of the skeleton today and at the horizon."""

    site: str
    scans: str
    density: Figure
    average: str
    t_score: Figure
    z_score: Figure
    change: Figure
    average_change: str


def context(
    assessment: "Assessment",
    lang: Language,
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
) -> dict[str, Any]:
    """What `parts/clinician.html` reads."""
    marks = Marks("c", lang)
    write = Writer(lang, marks)
    parts = {
        "page": "c",
        "assessment": assessment,
        "line": write.model(assessment.person.line, RECORD),
        "basis": _basis(assessment, write),
        "caution": write.model(assessment.caution, MODEL) if assessment.caution else None,
        "main": [] if assessment.caution else _keys(assessment, write),
        "risks": [_risk_row(assessment, site, write) for site in tabled_sites() if _has(assessment, site)],
        "bones": [_bone_row(each, write) for each in assessment.bone],
        "measured": [*measuring.unexplained(assessment, write), *measuring.to_come(assessment, write)],
        "horizon": lang.years(assessment.horizon_y),
        "until": assessment.bone[0].trajectory[-1].date.year if assessment.bone else "",
        "pictures": _pictures(assessment, lang, person, comparison),
        "refusals": choices.refusals(comparison, write),
        "missing": _missing(assessment, write),
        "questions": [write.model(each.message, RECORD, head=each.path) for each in assessment.questions],
        "notes": [write.model(each) for each in assessment.notes],
        "model_marks": marks(MODEL),
        "record_marks": marks(RECORD),
        **_to_do(assessment, comparison, write),
        "references": behind(assessment.evidence.findings),
    }
    return {**parts, "sources": sources(assessment, marks, lang)}


def _to_do(assessment: "Assessment", comparison: "Comparison | None", write: Writer) -> dict[str, Any]:
    """Plan and advice: first what is printed, so that its sources have the lowest numbers, then the rest.

    Each choice beyond many takes the room of a task.
    """
    kinds = {
        "tasks": choices.tasks(assessment, write),
        "advised": choices.advised(assessment, write),
        "undecided": choices.undecided(assessment, write),
    }
    choices_shown = 0 if comparison is None else sum(bool(each.risks) for each in comparison.plans)
    room_left = _PRINTED_TASKS - max(choices_shown - _MANY_CHOICES, 0)
    tasks = [*islice(kinds["tasks"], max(room_left, 1))]  # what is due first is printed beside any choices
    room = _PRINTED_ADVICE if not tasks else _PRINTED_ADVICE // 2
    printed = {
        "tasks": tasks,
        "advised": [*islice(kinds["advised"], room)],
        "undecided": [*islice(kinds["undecided"], _PRINTED_OPEN)],
    }
    n = len(write.marks.texts)
    more = {f"more_{name}": [*found] for name, found in kinds.items()}
    return {**printed, "printed": n, **more, "outside": [*choices.outside(assessment, write)]}


def _basis(assessment: "Assessment", write: Writer) -> list[Statement]:
    """Where disability, steroids and falls come from."""
    person, said = assessment.person, []
    if person.edss is not None:
        edss = write.lang.figures(fixed(person.edss.median, 1))
        said.append(write.model(person.edss_basis, RECORD, head=f"EDSS {edss}"))
    said.append(write.model(person.steroids, RECORD, head=write.lang.text("page.steroids")))
    return [*said, write.model(assessment.falls.basis, RECORD, head=write.lang.text("page.falls"))]


def _keys(assessment: "Assessment", write: Writer) -> list[Key]:
    """The numbers that a clinician looks for first."""
    lang, marks = write.lang, write.marks(MODEL)
    horizon = lang.years(assessment.horizon_y)
    found = {each.site: each for each in assessment.risks if each.horizon_y == assessment.horizon_y}
    keys = [
        Key(
            f"{lang.heading(site_name(site))}, {horizon}",
            write.chance(found[site].risk),
            lang.figures(percent(found[site].average)),
            marks,
        )
        for site in (_MAIN, "hip", _ANY)
        if site in found
    ]
    falls = assessment.falls
    average = lang.figures(significant(falls.average_per_year))
    return [*keys, Key(lang.text("page.falls_a_year"), write.rate(falls.per_year), average, marks)]


def _has(assessment: "Assessment", site: str) -> bool:
    """Whether the assessment says something about a site."""
    return any(each.site == site for each in assessment.risks)


def _risk_row(assessment: "Assessment", site: str, write: Writer) -> RiskRow:
    """A line of the table of risks."""
    found = {each.horizon_y: each for each in assessment.risks if each.site == site}
    cells = []
    for horizon in (assessment.horizon_y, "lifetime"):
        risk = found.get(horizon)
        cells += (
            [Figure(""), Figure("")]
            if risk is None
            else [write.chance(risk.risk), write.average(risk.average)]
        )
    return RiskRow(write.lang.heading(site_name(site)), site in (_MAIN, _ANY), *cells)


def _bone_row(site: "BoneSite", write: Writer) -> BoneRow:
    """A line of the table of density."""
    now, lang = site.trajectory[site.now], write.lang
    return BoneRow(
        lang.heading(site_name(site.site)),
        lang.text("page.n_scans", n=site.scans) if site.scans else lang.text("page.no_scan"),
        write.density(now.bmd_g_cm2),
        lang.figures(fixed(now.average_bmd_g_cm2, 2)),
        write.score(now.t_score),
        write.score(now.z_score),
        write.change(site.change_percent),
        lang.figures(fixed(site.average_change_percent, 1)),
    )


def _pictures(
    assessment: "Assessment", lang: Language, person: "Person | None", comparison: "Comparison | None"
) -> dict[str, pictures.Drawing]:
    """The pictures that there is something for, by name."""
    happened = pictures.events(person, assessment.date) if person is not None else None
    drawn = {
        "bone": pictures.trajectory(assessment, lang, happened=happened) if assessment.bone else None,
        "turnover": pictures.turnover(assessment, lang),
        "causes": pictures.causes(assessment, lang),
        "plans": pictures.plans(comparison, lang) if comparison is not None else None,
        "risks": pictures.risks_over_time(assessment, lang) if assessment.risks else None,
    }
    return {name: each for name, each in drawn.items() if each is not None}


def _bare(statement: Statement) -> Statement:
    """A sentence as a part of another."""
    return replace(statement, text=statement.text.rstrip("."))


def _missing(assessment: "Assessment", write: Writer) -> list[tuple[Statement, Statement, Statement]]:
    """What the record does not say, what stood in, what that costs."""
    return [
        (write.model(each.what), _bare(write.model(each.assumed)), write.model(each.cost))
        for each in assessment.missing
    ]
