"""The clinician's page: one person in two minutes. Everything here is read from the assessment; nothing is computed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trabecula.drawing.page import Cell, Estimate, Item, Row, Table
from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.plan_tasks import references
from trabecula.reporting import pictures
from trabecula.reporting.medicines import behind_other_medicines, taken_item
from trabecula.reporting.sheet import LINES, WIDE, SheetColumn, lines
from trabecula.reporting.statements import (
    MODEL,
    RECORD,
    Marks,
    Writer,
    behind,
    estimate,
    falls_told,
    risk_told,
    sources,
)
from trabecula.vocabulary import site_name, tabled_sites
from trabecula.words.language import Language
from trabecula.words.message import Message

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, BoneSite, Comparison, Objection, ScanCheck
    from trabecula.guidelines.records import Advice
    from trabecula.person import Person

_MOST_TASKS, _MOST_ADVICE, _MOST_OPEN, _MOST_MISSING = 7, 4, 1, 4
"""Entries of a list that paper shows at most; the screen shows all."""
_HEAD, _TABLES = 7.5, 18.0
"""Lines of paper above the columns beside what the person's own words take, and those of the two tables."""
_PRINTED_RISKS = ("hip", "spine", "major_osteoporotic", "any")
"""The lines of the table of risks that paper has."""
_MAIN, _ANY = "major_osteoporotic", "any"
_LABELS = "labels"
NOTHING_TO_CHANGE = "nothing_to_change"
"""Why a plan for somebody else is refused: no smoker, no tablets. It is not worth a line."""


@dataclass(frozen=True)
class Recommendation:
    """What a guideline says, and how it concerns this person."""

    what: Item
    """The recommendation, with the number of its source."""
    guideline: str
    """The name of the guideline and its version."""
    strength: str = ""
    """As the guideline grades it; empty where it does not."""
    missing: str = ""
    """What must be known before it applies or not; empty unless it is open."""
    who: str = ""
    """For whom it was written, where that is not this person."""


def context(
    assessment: "Assessment", lang: Language, person: "Person | None" = None, comparison: "Comparison | None" = None
) -> dict[str, Any]:
    """What `parts/clinician.html` reads.

    person: who the assessment is about, for the events under the picture of their life; comparison: the plans that
    were worked out for them.

    The keys, in the order of the page: `record` is the name of the record, `line` says whom it is about, `conclusion`
    is the answer in at most five sentences, `basis` what disability, steroids and falls rest on, with the medicines
    that are taken, `caution` why no chance is to be taken at its face value, `stand_in` whose rates stand in for the
    country's, `main` the numbers that come first; `bones` and `risks` are tables (None where nothing is known),
    `measured` scans that stand out and from when on a change can be measured, `pictures` drawings by name, `acting` the
    medicines behind one of the causes; `refusals`, `tasks`, `advised`, `undecided` and `outside` what not to choose, to
    do and to consider; `missing`, `questions` and `notes` what limits all of it; `printed` how many entries of a list
    have room on paper; `sources` what the small numbers stand for, `references` everything behind the assessment.
    """
    marks = Marks("c")
    write = Writer(lang, marks)
    parts = {
        "page": "c",
        "assessment": assessment,
        "record": record_name(person),
        "line": write.model(assessment.person.line, RECORD),
        "conclusion": conclusion(assessment, write),
        "basis": _basis(assessment, person, write),
        "caution": write.model(assessment.caution, MODEL) if assessment.caution else None,
        "stand_in": write.stand_in(assessment),
        "main": [] if assessment.caution else _keys(assessment, lang),
        "risks": _risks(assessment, lang),
        "paper_risks": [lang.heading(site_name(site)) for site in _PRINTED_RISKS],
        "bones": _bones(assessment, lang),
        "measured": [*_unexplained(assessment, write), *_next_scan(assessment, write)],
        "pictures": _pictures(assessment, lang, person, comparison),
        "acting": behind_other_medicines(person, assessment.date, write),
        "refusals": _refusals(assessment, comparison, write),
        "missing": _missing(assessment, lang),
        "questions": [write.model(asked.message, RECORD, head=asked.path) for asked in assessment.questions],
        "notes": [write.model(note) for note in assessment.notes],
        "model_marks": marks(MODEL),
        "record_marks": marks(RECORD),
        "tasks": [*_tasks(assessment, write)],
        "advised": [*_recommended(_once(assessment.advice, Truth.TRUE), write)],
        "undecided": [*_recommended(_once(assessment.advice, Truth.UNKNOWN), write)],
        "outside": [*_recommended((said for said in assessment.advice if said.outside), write)],
        "references": behind(assessment.evidence.findings),
    }
    return {**parts, "printed": _printed(parts), "sources": sources(assessment, marks, lang)}


def record_name(person: "Person | None") -> str:
    """What the record calls itself, a pseudonym; empty where nobody gave it one."""
    return "" if person is None or person.id is None else person.id


def conclusion(assessment: "Assessment", write: Writer) -> list[Item]:
    """The answer in at most five sentences."""
    found = assessment.summary
    return [] if found is None else [write.model(sentence, MODEL) for sentence in found.sentences]


def _printed(parts: dict[str, Any]) -> dict[str, int]:
    """How much of each list and picture has room on a sheet, beside what is never cut: what is refused, and questions.

    The left column has what to do, the right one the numbers.
    """
    head = [parts["line"], *parts["conclusion"], *filter(None, (parts["caution"], parts["stand_in"]))]
    basis = " ".join(f"{said.head} {said.text}" for said in parts["basis"])
    room = LINES - _HEAD - sum(lines(text, WIDE) for text in (basis, *(said.text for said in head)))
    return {**_printed_left(parts, SheetColumn(room)), **_printed_right(parts, SheetColumn(room - _TABLES))}


def _printed_left(parts: dict[str, Any], column: SheetColumn) -> dict[str, int]:
    """What not to give, what to do, the options, and what guidelines say."""
    column.takes(_texts(parts["refusals"]))
    tasks = column.takes(_texts(parts["tasks"]), _MOST_TASKS)
    drawn = "plans" in parts["pictures"] and column.holds(parts["pictures"]["plans"].high, words=2)
    advised, undecided = ([_length(said) for said in parts[name]] for name in ("advised", "undecided"))
    printed = {"tasks": tasks, "plans": int(drawn), "advised": column.takes(advised, _MOST_ADVICE)}
    comes_first = printed["advised"] == len(advised) or printed["advised"] == _MOST_ADVICE
    return {**printed, "undecided": column.takes(undecided, _MOST_OPEN) if comes_first else 0}


def _printed_right(parts: dict[str, Any], column: SheetColumn) -> dict[str, int]:
    """The life, the causes, what is odd in the record and what it lacks; the tables have their room already."""
    column.takes(_texts(parts["questions"]))
    column.left -= sum(lines(text) for text in _texts(parts["measured"]))
    drawn = {
        name: int(name in parts["pictures"] and column.holds(parts["pictures"][name].high, words))
        for name, words in (("causes", 1), ("bone", 0))
    }
    return {**drawn, "missing": column.takes(_texts(parts["missing"]), _MOST_MISSING)}


def _texts(said: "Iterable[Item]") -> list[str]:
    """Statements as they stand on the page, for their length."""
    return [f"{statement.head} {statement.text}" for statement in said]


def _length(said: Recommendation) -> str:
    """A recommendation as it stands on the page, for its length."""
    return f"{said.missing} {said.what.text} {said.guideline} {said.strength}"


def _basis(assessment: "Assessment", record: "Person | None", write: Writer) -> list[Item]:
    """Where disability, steroids and falls come from, and which medicines are taken."""
    person, lang, found = assessment.person, write.lang, []
    if person.edss is not None:
        edss = lang.text("page.edss", edss=person.edss.median)
        found.append(write.model(person.edss_basis, RECORD, head=edss))
    found.append(write.model(person.steroids, RECORD, head=lang.text("page.steroids")))
    found.append(write.model(assessment.falls.basis, RECORD, head=lang.text("page.falls")))
    medicines = taken_item(record, assessment.date, write)
    return found if medicines is None else [*found, medicines]


# --- The numbers ---------------------------------------------------------------------------------------------------


def _keys(assessment: "Assessment", lang: Language) -> list[Row]:
    """The numbers that a clinician looks for first, each beside the average."""
    horizon = lang.years(assessment.horizon_y)
    found = {risk.site: risk for risk in assessment.risks if risk.horizon_y == assessment.horizon_y}
    rows = [
        Row(
            f"{lang.heading(site_name(site))}, {horizon}",
            (risk_told(found[site], lang, assessment.caution), lang.written(found[site].average, "percent")),
        )
        for site in (_MAIN, "hip", _ANY)
        if site in found
    ]
    falls = assessment.falls
    rate = falls_told(falls, lang)
    return [*rows, Row(lang.text("page.falls_a_year"), (rate, lang.written(falls.average_per_year, "significant")))]


def _average(value: float, style: str, lang: Language) -> Estimate:
    """The figure of the average person, which stands back."""
    return Estimate(lang.written(value, style), beside=True)


def _risks(assessment: "Assessment", lang: Language) -> Table | None:
    """The chances by site at the horizon and over life, with the average of the same age and sex."""
    columns = (
        lang.years(assessment.horizon_y),
        lang.text("page.avg"),
        lang.text("page.lifetime"),
        lang.text("page.avg"),
    )
    sites = {risk.site for risk in assessment.risks}
    rows = tuple(_risk_row(assessment, site, lang) for site in tabled_sites() if site in sites)
    return Table(lang.text("picture.bone"), columns, rows) if rows else None


def _risk_row(assessment: "Assessment", site: str, lang: Language) -> Row:
    """A line of the table of risks; a horizon that was not worked out stays empty."""
    found = {risk.horizon_y: risk for risk in assessment.risks if risk.site == site}
    cells: list[Cell] = []
    for horizon in (assessment.horizon_y, "lifetime"):
        risk = found.get(horizon)
        cells += (
            [Estimate(""), Estimate("", beside=True)]
            if risk is None
            else [risk_told(risk, lang, assessment.caution), _average(risk.average, "percent", lang)]
        )
    return Row(lang.heading(site_name(site)), tuple(cells), group=site in (_MAIN, _ANY))


def _bones(assessment: "Assessment", lang: Language) -> Table | None:
    """Each site of the skeleton today and at the horizon."""
    if not assessment.bone:
        return None
    until = lang.text("page.by_year", year=assessment.bone[0].trajectory[-1].date.year)
    average = lang.text("page.avg")
    columns = ("g/cm²", average, "T", "Z", until, average)
    return Table(lang.text("form.site"), columns, tuple(_bone_row(site, lang) for site in assessment.bone))


def _bone_row(site: "BoneSite", lang: Language) -> Row:
    """A line of the table of density."""
    now = site.trajectory[site.now]
    cells = (
        estimate(now.bmd_g_cm2, "hundredths", lang),
        _average(now.average_bmd_g_cm2, "hundredths", lang),
        estimate(now.t_score, "tenths", lang),
        estimate(now.z_score, "tenths", lang),
        estimate(site.change_percent, "change", lang),
        _average(site.average_change_percent, "tenths", lang),
    )
    scans = lang.text("page.n_scans", n=site.scans) if site.scans else lang.text("page.no_scan")
    return Row(lang.heading(site_name(site.site)), cells, note=scans)


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
        "risks": pictures.risks_over_time(assessment, lang) if _as_numbers(assessment) else None,
    }
    return {name: drawing for name, drawing in drawn.items() if drawing is not None}


def _as_numbers(assessment: "Assessment") -> bool:
    """Whether the chances may be read as numbers, and drawn."""
    return bool(assessment.risks) and not assessment.caution


# --- Scans, and what the record does not say -----------------------------------------------------------------------


def _unexplained(assessment: "Assessment", write: Writer) -> Iterator[Item]:
    """Scans far from what was foretold, with what to consider; and those that only rules of guidelines read."""
    for scan in assessment.scans:
        if scan.surprising:
            yield _beside_forecast(scan, write)
    for said in assessment.scans_for_rules:
        yield Item(write.lang.text("page.for_rules_only"), write.lang.say(said))


def _beside_forecast(scan: "ScanCheck", write: Writer) -> Item:
    """A scan beside its forecast."""
    lang = write.lang
    sites = [cause.source for cause in scan.consider if cause.source]
    marks = dict.fromkeys([*write.marks(MODEL), *write.marks.findings(sites)])
    text = lang.text(
        "page.site_day_measured_g_cm_measured",
        site=lang.heading(site_name(scan.site)), day=scan.date, measured=scan.bmd_g_cm2,
        range=(scan.expected.low, scan.expected.high),
        reasons=[lang.say(cause.what) for cause in scan.consider],
    )  # fmt: skip
    return Item(lang.text("page.not_explained"), text, marks=tuple(marks))


def _next_scan(assessment: "Assessment", write: Writer) -> Iterator[Item]:
    """When the next scan is expected to tell something."""
    found, lang = assessment.next_measurement, write.lang
    if found is None:
        return
    if found.due is None:
        words = lang.text("page.no_change_beyond_the_noise_of", when=lang.in_years(assessment.horizon_y))
    elif found.site is None or found.due <= assessment.date:
        words = lang.text("page.now")
    else:
        due, of_site = found.due, [scan for scan in found.telling if scan.site == found.site]
        telling = min(of_site, key=lambda scan: abs(scan.date - due))  # the plan's day need not be the scan's own
        words = lang.text(
            "page.from_month_on_by_then_the",
            month=found.due, site=lang.heading(site_name(found.site)),
            least=found.least_significant_percent[found.site], chance=telling.beyond_least_significant,
        )  # fmt: skip
    yield write.own(words, MODEL, head=lang.text("page.measurable_change"))


def _missing(assessment: "Assessment", lang: Language) -> list[Item]:
    """What the record does not say, what stood in, what that costs."""
    return [
        Item(lang.say(gap.what), f"{lang.say(gap.assumed).rstrip('.')}; {lang.say(gap.cost)}")
        for gap in assessment.missing
    ]


# --- What is advised, planned and to choose from -------------------------------------------------------------------


def _once(advice: "Iterable[Advice]", verdict: Truth) -> list["Advice"]:
    """The advice with a verdict, each recommendation once; what labels of medicines say comes last.

    What is open without a datum that would settle it is left out: nobody could do anything about it.
    """
    found: dict[Message, Advice] = {}
    for said in advice:
        if said.verdict is verdict and (said.missing or verdict is Truth.TRUE):
            found.setdefault(said.recommendation, said)
    return sorted(found.values(), key=lambda said: said.guideline == _LABELS)


def _recommended(advice: "Iterable[Advice]", write: Writer) -> Iterator[Recommendation]:
    """Recommendations, each with its guideline and source."""
    lang = write.lang
    for said in advice:
        yield Recommendation(
            write.model(said.recommendation, f"{said.citation}, {said.section}"),
            lang.say(said.title),
            lang.say(said.strength),
            ", ".join(lang.say(gap.what) for gap in said.missing),
            lang.say(said.population) if said.outside else "",
        )


def _tasks(assessment: "Assessment", write: Writer) -> Iterator[Item]:
    """The dated plan: what is due when, and who says so."""
    for task in assessment.tasks:
        yield write.model(task.what, references()[task.rules[0]], head=write.lang.short_day(task.date))


def _refusals(assessment: "Assessment", comparison: "Comparison | None", write: Writer) -> list[Item]:
    """What must not be given and what only with care, by medicine; then what speaks against plans and is not said yet.

    What holds for several is said once, by its reason and source.
    """
    lang, found = write.lang, dict[tuple[str, str], tuple[str, list[str]]]()
    for kind, objections in (
        ("refused", _against(assessment, "refused")),
        ("cautions", _against(assessment, "cautions")),
    ):
        for medicine, objection in objections:
            said = lang.say(objection.reason), lang.say(objection.source)
            found.setdefault(said, (f"page.medicine_{kind}", []))[1].append(lang.say(medicine))
    reasons = {reason for reason, _ in found}
    for plan in () if comparison is None else comparison.plans:
        for objection in (*plan.refused, *plan.warnings):
            said = lang.say(objection.reason), lang.say(objection.source)
            if objection.rule != NOTHING_TO_CHANGE and said[0] not in reasons:
                found.setdefault(said, ("page.plan_objection", []))[1].append(lang.say(plan.title))
    return [
        write.own(reason, source or RECORD, head=lang.text(kind, names=list(dict.fromkeys(names))))
        for (reason, source), (kind, names) in found.items()
    ]


def _against(assessment: "Assessment", kind: str) -> Iterator[tuple[Message, "Objection"]]:
    """Each medicine with what speaks against it: refusals or cautions."""
    for check in assessment.medicines:
        for objection in check.refused if kind == "refused" else check.cautions:
            yield check.name, objection
