"""What the door answers: the results of the rooms below, with data frames, references, pictures and a page."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from pydantic import BaseModel, PrivateAttr

from trabecula.assessment.figures import Result
from trabecula.assessment.results import STATEMENT, Assessment, Causes, Comparison
from trabecula.door.checks import Asked, a_language, needs, one_of, refuse, write
from trabecula.door.frames import tables, to_frame
from trabecula.drawing.page import Page, Paragraph
from trabecula.evidence import Evidence
from trabecula.guidelines.activity_bands import Band
from trabecula.guidelines.facts import Facts
from trabecula.guidelines.plan import asks_nothing
from trabecula.guidelines.plan_tasks import Task
from trabecula.guidelines.records import Advice
from trabecula.reporting import pictures
from trabecula.reporting.advice import advice_opening, advice_page
from trabecula.reporting.assessment import assessment_page, causes_blocks
from trabecula.reporting.notebook import to_notebook
from trabecula.reporting.plans import comparison_page
from trabecula.words.language import Language
from trabecula.words.language import language as in_language
from trabecula.words.message import Message

if TYPE_CHECKING:  # extras, and what only a picture or the laboratory needs
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from trabecula.drawing.picture import Drawing
    from trabecula.lab.pages.agreement import StudyComparison
    from trabecula.lab.studies.reproduce import FindingComparison

_MAJOR, _HIP = "major_osteoporotic", "total_hip"
_UNFOLDED = 3
"""Sections of a notebook's page that stand open."""
_TITLE_INCHES, _TITLE_POINTS = 0.3, 9
"""The margin of a title above a figure, and its letters."""
_TITLE_LEFT, _TITLE_TOP = 0.02, 0.99
"""Where a title begins, as shares of the figure."""
AssessmentTable = Literal[
    "risks", "bones", "markers", "falls", "deaths", "hazards", "scans", "advice", "tasks", "missing", "evidence"
]
ComparisonTable = Literal["risks", "bones", "plans", "effects"]


class Shown(ABC):
    """A result: a notebook shows it as a page of HTML, a terminal as a line."""

    @abstractmethod
    def _line(self) -> str:
        """What it is about, in a line."""

    @abstractmethod
    def _page(self, lang: Language) -> Page:
        """What it says."""

    def _pictures(self, lang: Language) -> "Iterable[Drawing | None]":  # noqa: ARG002
        """What a page shows beside tables."""
        return ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._line()}>"

    def __str__(self) -> str:
        return self._line()

    def _repr_html_(self) -> str:
        """A page for a notebook, which asks nobody for anything; without pictures where matplotlib is missing."""
        lang = in_language("en")
        try:
            drawn = [picture for picture in self._pictures(lang) if picture is not None]
        except ImportError:
            drawn = []
        return to_notebook(self._page(lang), drawn, _UNFOLDED)


def _lent(result: "Assessment | Comparison") -> str:
    """Whose rates stand in, at the end of a line; nothing where a country has its own."""
    return f", rates of {result.country} for {result.stands_in_for}" if result.stands_in_for else ""


class OfPerson(Shown, BaseModel):
    """A result about one person, which knows what was asked; read from JSON it does not."""

    _asked: Asked | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, result: BaseModel, asked: Asked) -> Self:
        """A result of the rooms below with what was asked."""
        found = cls.model_construct(**dict(result))
        found._asked = asked
        return found

    @abstractmethod
    def _parameters(self) -> Sequence[str]:
        """The ids of what was read."""

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Plain data, as `--format json` of the command writes it; `language` (en, de, it) is that of sentences."""
        return self.model_dump(mode="json", context={"language": a_language(language)})

    def citation(self) -> str:
        """References for exactly the parameters that were read, one a line, then what is assumed and why."""
        evidence = Evidence.load() if self._asked is None else self._asked.model.evidence
        return evidence.citation(self._parameters())


class PersonAssessment(OfPerson, Assessment):
    """One person, assessed: the fields of docs/reference/assessment.md, read as attributes.

    >>> import trabecula as tb
    >>> assessment = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20)
    >>> assessment
    <PersonAssessment: Woman of 44, ...; 2026-11-22, 20 draws>
    >>> assessment.bone[0].site, assessment.bone[0].trajectory[0].date.year
    ('lumbar_spine', 2007)
    """

    def to_frame(self, table: AssessmentTable = "risks", language: str = "en") -> "DataFrame":
        """A table of the assessment, long and tidy; docs/reference/python.md has tables, columns and units.

        Raises TrabeculaError for a table that there is not, and where pandas is missing.

        >>> import trabecula as tb
        >>> risks = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).to_frame("risks")
        >>> list(risks.columns)[:5]
        ['site', 'horizon_y', 'probability', 'probability_low', 'probability_high']
        """
        return to_frame("PersonAssessment", table, self, language)

    def draws_to_frame(self, table: Literal["risks", "bones"] = "risks") -> "DataFrame":
        """The numbers behind the intervals, one row a draw: `risks` by site and horizon, `bones` by site and day.

        The person is lived through again with the same draws, which takes as long as `tb.assess` did. Raises
        TrabeculaError for an assessment that was read from JSON, which does not know its person.

        >>> import trabecula as tb
        >>> drawn = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).draws_to_frame("risks")
        >>> list(drawn.columns), drawn["draw"].nunique()
        (['draw', 'site', 'horizon_y', 'probability', 'rates_of', 'stands_in_for'], 20)
        """
        if self._asked is None:
            found = Message("door.an_assessment_from_json")
            refuse("draws_to_frame", found, "an_assessment_of_assess", write("tb.assess(person)"))
        one_of("table", table, tables()["PersonAssessment draws"])
        return to_frame("PersonAssessment draws", table, self._asked.lived(), "en")

    def plot_bone(self, site: str = _HIP, language: str = "en") -> "Figure":
        """Density at a site over life [g/cm2 by age], its interval, scans, and the average person's.

        Raises TrabeculaError for a site that has none, and where matplotlib is missing.

        >>> import trabecula as tb
        >>> figure = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).plot_bone("lumbar_spine")
        >>> figure.savefig("spine.png")  # doctest: +SKIP
        """
        lang = _drawable(language)
        happened = None if self._asked is None else pictures.events(self._asked.person, self.date)
        return _titled(
            pictures.trajectory(self, lang, one_of("site", site, (bone.site for bone in self.bone)), happened)
        )

    def plot_risks(self, sites: Sequence[str] | None = None, language: str = "en") -> "Figure":
        """The chance of a fracture by horizon [% by year], a panel a site (the main ones unless `sites` are given)."""
        lang = _drawable(language)
        known = dict.fromkeys(risk.site for risk in self.risks)
        return _figure(pictures.risks_over_time(self, lang, sites and [one_of("sites", site, known) for site in sites]))

    def plot_markers(self, language: str = "en") -> "Figure":
        """Markers of bone turnover around the last steroid course [times a healthy 30-year-old].

        Raises TrabeculaError where there was no course within the two years before.
        """
        lang = _drawable(language)
        if (drawing := pictures.turnover(self, lang)) is None:
            refuse("plot_markers", Message("door.no_recent_course"), "a_recent_course", Message("door.use_markers"))
        return _figure(drawing)

    def _parameters(self) -> Sequence[str]:
        return self.evidence.parameters

    def _line(self) -> str:
        return f"{self.person.line}; {self.date.isoformat()}, {self.draws} draws{_lent(self)}"

    def _page(self, lang: Language) -> Page:
        return assessment_page(self, code=lang.code)

    def _pictures(self, lang: Language) -> "Iterable[Drawing | None]":
        return (pictures.trajectory(self, lang, _HIP),)


class PlanComparison(OfPerson, Comparison):
    """Plans for one person beside each other, all under the same draws; the fields are read as attributes.

    `baseline` is what the plans are compared with, `plans` has each of them: `risks`, `bone`, side effects, burdens
    and co-benefits; `refused` with its reasons where the record speaks against a plan.
    """

    def to_frame(self, table: ComparisonTable = "risks", language: str = "en") -> "DataFrame":
        """A table of the comparison, long and tidy; docs/reference/python.md has columns and units.

        Raises what `PersonAssessment.to_frame` raises.

        >>> import trabecula as tb
        >>> comparison = tb.compare(tb.read("examples/ms_woman_44.yaml"), "exercise", draws=20)
        >>> sorted(comparison.to_frame("risks")["plan"].unique())
        ['as-recorded', 'exercise']
        """
        return to_frame("PlanComparison", table, self, language)

    def plot_risks(self, site: str = _MAJOR, language: str = "en") -> "Figure":
        """Fractures more or fewer in 1,000 people within the horizon, a point a plan, with its interval.

        Raises TrabeculaError for a site that there is not, and where every plan was refused.
        """
        lang = _drawable(language)
        if (
            drawing := pictures.plans(self, lang, one_of("site", site, (risk.site for risk in self.baseline.risks)))
        ) is None:
            refuse("plot_risks", Message("door.refused_plans"), "a_computed_plan", Message("door.force"))
        return _figure(drawing)

    def _parameters(self) -> Sequence[str]:
        return self.evidence

    def _line(self) -> str:
        return f"{self.person}; {self.date.isoformat()}, {', '.join(plan.name for plan in self.plans)}{_lent(self)}"

    def _page(self, lang: Language) -> Page:
        return comparison_page(self, lang.code)

    def _pictures(self, lang: Language) -> "Iterable[Drawing | None]":
        return (pictures.plans(self, lang),)


class CauseShares(OfPerson, Causes):
    """How much each cause has done to density so far, and does to the chance of a fracture.

    `bone`, `risk` and `beyond_age` have one entry a site, each with its total and its `shares`, which add up to it in
    the mean; `sentence` says in words how much is due to MS.

    >>> import trabecula as tb
    >>> shares = tb.causes(tb.read("examples/ms_woman_44.yaml"), draws=20)
    >>> [found.of for found in shares.bone]
    ['lumbar_spine', 'femoral_neck', 'total_hip']
    """

    evidence: list[str] = []
    """Parameters that were read."""

    def to_frame(self, language: str = "en") -> "DataFrame":
        """All shares, one row a cause, site and outcome; docs/reference/python.md has columns and units."""
        return to_frame("CauseShares", "shares", self, language)

    def plot(self, site: str = _MAJOR, language: str = "en") -> "Figure":
        """What each cause adds to the chance beyond age, in 1,000 people, a bar a cause with its interval.

        Raises TrabeculaError for a site that there is not, and where matplotlib is missing.
        """
        lang = _drawable(language)
        return _figure(pictures.shares(self, lang, one_of("site", site, (found.of for found in self.beyond_age))))

    def _parameters(self) -> Sequence[str]:
        return self.evidence

    def _line(self) -> str:
        return str(self.sentence)

    def _page(self, lang: Language) -> Page:
        blocks = causes_blocks(self, lang)
        return Page(lang.text("page.causes"), (*blocks, Paragraph(lang.say(STATEMENT), quiet=True)), (), lang.code)


class GuidelineAdvice(Shown, Result):
    """What published guidelines say of one person, side by side, and the dated plan that follows.

    `advice` has a rule an entry: its `verdict`, `recommendation`, `because` and what is `missing`; `tasks` is the plan.

    >>> import trabecula as tb
    >>> advice = tb.advise(tb.read("examples/ms_woman_44.yaml"), draws=20)
    >>> advice.to_frame("tasks").columns.to_list()
    ['date', 'task', 'what', 'why', 'who', 'rules']
    """

    statement: Message = STATEMENT
    assessment: Assessment
    """What the rules read their numbers from."""
    facts: Facts
    """What they read."""
    advice: list[Advice]
    activity: Band | None
    """What is realistic and safe at this EDSS; none without MS."""
    tasks: list[Task]

    @property
    def asks_nothing(self) -> Message | None:
        """Why no task comes of the advice, where it is all of other countries."""
        return asks_nothing(self.advice)

    def to_frame(self, table: Literal["advice", "tasks"] = "advice", language: str = "en") -> "DataFrame":
        """The advice by rule, or the dated plan; docs/reference/python.md has the columns."""
        return to_frame("GuidelineAdvice", table, self, language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Facts, advice and plan as plain data, as `trabecula advise --format json` writes them."""
        said = {"language": a_language(language)}
        parts = self.model_dump(mode="json", include={"statement", "advice", "activity", "tasks"}, context=said)
        facts = self.facts.model_dump(mode="json", exclude_none=True, context=said)
        more = {} if self.asks_nothing is None else {"asks_nothing": in_language(language).say(self.asks_nothing)}
        return {"statement": parts.pop("statement"), "date": f"{self.assessment.date}", "facts": facts, **parts, **more}

    def citation(self) -> str:
        """The guidelines that are quoted, one a line."""
        return "\n".join(sorted({advice.citation for advice in self.advice}, key=str.lower))

    def _line(self) -> str:
        about = self.assessment
        return f"{about.person.line}; {about.date}, {len(self.advice)} rules, {len(self.tasks)} tasks"

    def _page(self, lang: Language) -> Page:
        opening = advice_opening(self.assessment, code=lang.code)
        return advice_page(self.advice, opening, self.tasks, self.activity, lang.code)


@dataclass(frozen=True, repr=False)
class Reproduction(Shown):
    """Published studies beside the model: `studies` has each with its findings, `findings` all of them in a row."""

    studies: "tuple[StudyComparison, ...]"
    evidence: Evidence

    @property
    def findings(self) -> "tuple[FindingComparison, ...]":
        """Every finding beside the model."""
        return tuple(line.comparison for study in self.studies for line in study.lines)

    def to_frame(self, language: str = "en") -> "DataFrame":
        """One finding a row; docs/reference/python.md has columns and units.

        >>> import trabecula as tb
        >>> found = tb.reproduce("leblanc_1990", draws=2).to_frame()
        >>> found["finding"].to_list()
        ['loading.leblanc_1990.ls', 'loading.leblanc_1990.fn']
        """
        return to_frame("Reproduction", "findings", self, language)

    def to_dict(self) -> dict[str, Any]:
        """The findings as plain data, as `trabecula reproduce --format json` has them in a list."""
        from trabecula.lab.pages.agreement import as_data

        return {"findings": [as_data(found) for found in self.findings]}

    def citation(self) -> str:
        """The documents that printed the findings, one a line."""
        documents = {self.evidence.source(found.finding).reference for found in self.findings}
        return "\n".join(sorted(documents, key=str.lower))

    def plot(self, study: str | None = None) -> "Figure":
        """A study's findings beside the model: points are what was published, bands are the model.

        study: which one, by its id; the first unless given. Raises TrabeculaError for another.
        """
        _drawable("en")
        from trabecula.lab.pages.figures import drawn

        known = {found.study.id: found for found in self.studies}
        return drawn(known[one_of("study", next(iter(known)) if study is None else study, known)])

    def _line(self) -> str:
        met = sum(found.within for found in self.findings)
        return f"{len(self.studies)} studies, {met} of {len(self.findings)} findings met"

    def _page(self, lang: Language) -> Page:  # noqa: ARG002
        from trabecula.lab.pages.comparisons import comparisons_page

        return comparisons_page(self.studies)


def _drawable(code: str) -> Language:
    """The language of a picture, if one can be drawn."""
    needs("a_picture", "matplotlib")
    return in_language(a_language(code))


def _figure(drawing: "Drawing") -> "Figure":
    """The picture in matplotlib's hands."""
    assert drawing.figure is not None, "a picture with axes"
    return drawing.figure


def _titled(drawing: "Drawing") -> "Figure":
    """The same with its title, which pages write above it, in a margin of its own."""
    figure = _figure(drawing)
    width, height = figure.get_size_inches()
    share = height / (height + _TITLE_INCHES)
    figure.set_size_inches(width, height + _TITLE_INCHES)
    for axes in figure.axes:
        x, y, wide, high = axes.get_position().bounds
        axes.set_position((x, y * share, wide, high * share))
    for text in figure.texts:
        text.set_y(text.get_position()[1] * share)
    title = cast("Any", figure).text(_TITLE_LEFT, _TITLE_TOP, drawing.title, ha="left", va="top")
    title.set_fontsize(_TITLE_POINTS)
    return figure
