"""What the door answers: the results of the rooms below, with data frames, references, pictures and a page."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import PrivateAttr

from trabecula.assessment.results import STATEMENT, Assessment, Causes, Comparison, Result
from trabecula.door import frames
from trabecula.door.asking import Asked
from trabecula.door.checks import a_language, needs, one_of, refuse
from trabecula.evidence import Evidence
from trabecula.guidelines.activity_bands import Band
from trabecula.guidelines.facts import Facts
from trabecula.guidelines.plan_tasks import Task
from trabecula.guidelines.records import Advice
from trabecula.words.language import Language, language
from trabecula.words.message import Message

if TYPE_CHECKING:  # extras, and what only a picture, a draw or the laboratory needs
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from trabecula.drawing.page import Page
    from trabecula.drawing.picture import Drawing
    from trabecula.lab.pages.agreement import StudyComparison
    from trabecula.lab.studies.reproduce import FindingComparison

_MAJOR, _HIP = "major_osteoporotic", "total_hip"
_UNFOLDED = 3
"""Sections of a notebook's page that stand open."""
AssessmentTable = Literal[
    "risks", "bones", "markers", "falls", "deaths", "hazards", "scans", "advice", "tasks", "missing", "evidence"
]
ComparisonTable = Literal["risks", "bones", "plans", "effects"]


class Shown(ABC):
    """A result: a notebook shows it as a page of HTML, a terminal as a line."""

    _tables: ClassVar[Mapping[str, frames.FrameTable]]

    @abstractmethod
    def _line(self) -> str:
        """What it is about, in a line."""

    @abstractmethod
    def _page(self, lang: Language) -> "Page":
        """What it says."""

    def _pictures(self, lang: Language) -> "Sequence[Drawing | None]":  # noqa: ARG002
        """What a page shows beside tables."""
        return ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._line()}>"

    def __str__(self) -> str:
        return self._line()

    def _repr_html_(self) -> str:
        """A page for a notebook, which asks nobody for anything; without pictures where matplotlib is missing."""
        from trabecula.reporting.notebook import to_notebook

        lang = language("en")
        try:
            pictures = [picture for picture in self._pictures(lang) if picture is not None]
        except ImportError:
            pictures = []
        return to_notebook(self._page(lang), pictures, _UNFOLDED)


class PersonAssessment(Shown, Assessment):
    """One person, assessed: the fields of docs/reference/assessment.md, read as attributes.

    >>> import trabecula as tb
    >>> assessment = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20)
    >>> assessment
    <PersonAssessment: Woman of 44, relapsing MS, EDSS 3.5, 7 steroid courses, 3 bone scans; 2026-11-22, 20 draws>
    >>> assessment.bone[0].site, assessment.bone[0].trajectory[0].date.year
    ('lumbar_spine', 2007)
    """

    _tables = frames.ASSESSMENT
    _asked: Asked | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, assessment: Assessment, asked: Asked) -> Self:
        """An assessment with what was asked."""
        found = cls.model_construct(**dict(assessment))
        found._asked = asked
        return found

    def to_frame(self, table: AssessmentTable = "risks", language: str = "en") -> "DataFrame":
        """A table of the assessment, long and tidy: see docs/reference/python.md for tables, columns and units.

        Raises TrabeculaError for a table that there is not, and where pandas (the extra `frame`) is missing.

        >>> import trabecula as tb
        >>> risks = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).to_frame("risks")
        >>> list(risks.columns)
        ['site', 'horizon_y', 'probability', 'probability_low', 'probability_high', 'average_probability']
        """
        return frames.to_frame(self, self._tables, table, language)

    def draws_to_frame(self, table: Literal["risks", "bones"] = "risks") -> "DataFrame":
        """The numbers behind the intervals, one row a draw: `risks` by site and horizon, `bones` by site and day.

        The person is lived through again with the same draws, which takes as long as `assess` did. Raises
        TrabeculaError for an assessment that was read from JSON, which does not know its person.

        >>> import trabecula as tb
        >>> drawn = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).draws_to_frame("risks")
        >>> list(drawn.columns), drawn["draw"].nunique()
        (['draw', 'site', 'horizon_y', 'probability'], 20)
        """
        columns = frames.DRAWN[one_of("table", table, frames.DRAWN)]
        if self._asked is None:
            refuse("draws_to_frame", Message("door.an_assessment_from_json"), "an_assessment_of_assess", _ASSESS)
        from trabecula.door.drawn import DRAWN

        return frames.frame(columns, DRAWN[table](self._asked.lived()))

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The assessment as plain data, as `trabecula assess --format json` writes it; sentences in a language."""
        return self.model_dump(mode="json", context={"language": a_language(language)})

    def citation(self) -> str:
        """References for exactly the parameters that were read, one a line, then what is assumed and why."""
        return _evidence(self._asked).citation(self.evidence.parameters)

    def plot_bone(self, site: str = _HIP, language: str = "en") -> "Figure":
        """Density at a site over life [g/cm2 by age], its interval, scans, and the average person's.

        Raises TrabeculaError for a site that has none, and where matplotlib (the extra `report`) is missing.

        >>> import trabecula as tb
        >>> figure = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=20).plot_bone("lumbar_spine")
        >>> type(figure).__name__
        'Figure'
        """
        from trabecula.reporting.pictures import events, trajectory

        lang = _drawable(language)
        known = one_of("site", site, (bone.site for bone in self.bone))
        happened = None if self._asked is None else events(self._asked.person, self.date)
        return _figure(trajectory(self, lang, known, happened))

    def plot_risks(self, sites: Sequence[str] | None = None, language: str = "en") -> "Figure":
        """The chance of a fracture by horizon [% by year], a panel a site (all that matter unless `sites` are given)."""
        from trabecula.reporting.pictures import risks_over_time

        lang = _drawable(language)
        known = sites and [one_of("sites", site, {risk.site: 0 for risk in self.risks}) for site in sites]
        return _figure(risks_over_time(self, lang, known))

    def plot_markers(self, language: str = "en") -> "Figure":
        """Markers of bone turnover around the last steroid course [times a healthy 30-year-old].

        Raises TrabeculaError where there was no course within the two years before.
        """
        from trabecula.reporting.pictures import turnover

        drawing = turnover(self, _drawable(language))
        if drawing is None:
            refuse("plot_markers", Message("door.no_recent_course"), "a_recent_course", Message("door.use_markers"))
        return _figure(drawing)

    def _line(self) -> str:
        return f"{self.person.line}; {self.date.isoformat()}, {self.draws} draws"

    def _page(self, lang: Language) -> "Page":
        from trabecula.reporting import assessment_page

        return assessment_page(self, code=lang.code)

    def _pictures(self, lang: Language) -> "Sequence[Drawing | None]":
        from trabecula.reporting.pictures import trajectory

        return (trajectory(self, lang, _HIP),)


class PlanComparison(Shown, Comparison):
    """Plans for one person beside each other, all under the same draws: the fields are read as attributes.

    `baseline` is what the plans are compared with, `plans` has each of them: `risks`, `bone`, side effects, burdens
    and co-benefits; `refused` with its reasons where the record speaks against a plan.
    """

    _tables = frames.COMPARISON
    _asked: Asked | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, comparison: Comparison, asked: Asked) -> Self:
        """A comparison with what was asked."""
        found = cls.model_construct(**dict(comparison))
        found._asked = asked
        return found

    def to_frame(self, table: ComparisonTable = "risks", language: str = "en") -> "DataFrame":
        """A table of the comparison, long and tidy: see docs/reference/python.md. Errors as of an assessment.

        >>> import trabecula as tb
        >>> comparison = tb.compare(tb.read("examples/ms_woman_44.yaml"), ["exercise"], draws=20)
        >>> sorted(comparison.to_frame("risks")["plan"].unique())
        ['as-recorded', 'exercise']
        """
        return frames.to_frame(self, self._tables, table, language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The comparison as plain data, as `trabecula compare --format json` writes it; sentences in a language."""
        return self.model_dump(mode="json", context={"language": a_language(language)})

    def citation(self) -> str:
        """References for exactly the parameters that were read, one a line, then what is assumed and why."""
        return _evidence(self._asked).citation(self.evidence)

    def plot_risks(self, site: str = _MAJOR, language: str = "en") -> "Figure":
        """Fractures more or fewer in 1,000 people within the horizon, a point a plan, with its interval.

        Raises TrabeculaError for a site that there is not, and where every plan was refused.
        """
        from trabecula.reporting.pictures import plans

        lang = _drawable(language)
        drawing = plans(self, lang, one_of("site", site, (risk.site for risk in self.baseline.risks)))
        if drawing is None:
            refuse("plot_risks", Message("door.refused_plans"), "a_computed_plan", Message("door.force"))
        return _figure(drawing)

    def _line(self) -> str:
        return f"{self.person}; {self.date.isoformat()}, {', '.join(plan.name for plan in self.plans)}"

    def _page(self, lang: Language) -> "Page":
        from trabecula.reporting.plans import comparison_page

        return comparison_page(self, lang.code)

    def _pictures(self, lang: Language) -> "Sequence[Drawing | None]":
        from trabecula.reporting.pictures import plans

        return (plans(self, lang),)


class CauseShares(Shown, Causes):
    """How much each cause has done to density so far, and does to the chance of a fracture.

    `bone`, `risk` and `beyond_age` have one entry a site, each with its total and its `shares`, which add up to it in
    the mean; `sentence` says in words how much is due to MS.
    """

    _tables = frames.CAUSES
    _asked: Asked | None = PrivateAttr(default=None)
    _read: tuple[str, ...] = PrivateAttr(default=())

    @classmethod
    def of(cls, causes: Causes, asked: Asked, read: Sequence[str]) -> Self:
        """Causes with what was asked, and the parameters that were read."""
        found = cls.model_construct(**dict(causes))
        found._asked, found._read = asked, (*read,)
        return found

    def to_frame(self, language: str = "en") -> "DataFrame":
        """All shares, one row a cause, site and outcome: see docs/reference/python.md. Errors as of an assessment."""
        return frames.to_frame(self, self._tables, "shares", language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The causes as plain data, as `trabecula assess --causes --format json` has them."""
        return self.model_dump(mode="json", context={"language": a_language(language)})

    def citation(self) -> str:
        """References for exactly the parameters that were read, one a line, then what is assumed and why."""
        return _evidence(self._asked).citation(self._read)

    def plot(self, site: str = _MAJOR, language: str = "en") -> "Figure":
        """What each cause adds to the chance beyond age, in 1,000 people, a bar a cause with its interval.

        Raises TrabeculaError for a site that there is not, and where matplotlib (the extra `report`) is missing.
        """
        from trabecula.reporting.pictures.shares import shares

        lang = _drawable(language)
        return _figure(shares(self, lang, one_of("site", site, (found.of for found in self.beyond_age))))

    def _line(self) -> str:
        return str(self.sentence)

    def _page(self, lang: Language) -> "Page":
        from trabecula.drawing.page import Page, Paragraph
        from trabecula.reporting.assessment import causes_blocks

        blocks = causes_blocks(self, lang)
        return Page(lang.text("page.causes"), (*blocks, Paragraph(lang.say(STATEMENT), quiet=True)), (), lang.code)


class GuidelineAdvice(Shown, Result):
    """What published guidelines say of one person, side by side, and the dated plan that follows.

    `advice` has a rule an entry: its `verdict`, `recommendation`, `because` and what is `missing`; `tasks` is the plan.
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
    _tables = frames.ADVICE

    def to_frame(self, table: Literal["advice", "tasks"] = "advice", language: str = "en") -> "DataFrame":
        """The advice by rule, or the dated plan: see docs/reference/python.md. Errors as of an assessment."""
        return frames.to_frame(self, self._tables, table, language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Facts, advice and plan as plain data, as `trabecula advise --format json` writes them."""
        said = {"mode": "json", "context": {"language": a_language(language)}}
        parts = self.model_dump(include={"statement", "advice", "activity", "tasks"}, **said)
        facts = self.facts.model_dump(exclude_none=True, **said)
        order = ("statement", "date", "facts", "advice", "activity", "tasks")
        known = {**parts, "facts": facts, "date": self.assessment.date.isoformat()}
        return {name: known[name] for name in order}

    def citation(self) -> str:
        """The guidelines that are quoted, one a line."""
        return "\n".join(sorted({advice.citation for advice in self.advice}, key=str.lower))

    def _line(self) -> str:
        day = self.assessment.date.isoformat()
        return f"{self.assessment.person.line}; {day}, {len(self.advice)} rules, {len(self.tasks)} tasks"

    def _page(self, lang: Language) -> "Page":
        from trabecula.reporting.advice import advice_opening, advice_page

        opening = advice_opening(self.assessment, code=lang.code)
        return advice_page(self.advice, opening, self.tasks, self.activity, lang.code)


@dataclass(frozen=True, repr=False)
class Reproduction(Shown):
    """Published studies beside the model: `studies` has each with its findings, `findings` all of them in a row."""

    studies: "tuple[StudyComparison, ...]"
    evidence: Evidence
    _tables = frames.REPRODUCTION

    @property
    def findings(self) -> "tuple[FindingComparison, ...]":
        """Every finding beside the model."""
        return tuple(line.comparison for study in self.studies for line in study.lines)

    def to_frame(self, language: str = "en") -> "DataFrame":
        """One finding a row: see docs/reference/python.md. Errors as of an assessment.

        >>> import trabecula as tb
        >>> found = tb.reproduce("leblanc_1990", draws=2).to_frame()
        >>> found[["finding", "published", "model", "z", "within"]].shape[1]
        5
        """
        return frames.to_frame(self, self._tables, "findings", language)

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

        study: which one, by its id; it may be left out where there is one. Raises TrabeculaError for another.
        """
        needs("a_picture", "report", "matplotlib")
        from trabecula.lab.pages.figures import drawn

        known = {found.study.id: found for found in self.studies}
        return drawn(known[one_of("study", next(iter(known)) if len(known) == 1 and study is None else study, known)])

    def _line(self) -> str:
        met = sum(found.within for found in self.findings)
        return f"{len(self.studies)} studies, {met} of {len(self.findings)} findings met"

    def _page(self, lang: Language) -> "Page":  # noqa: ARG002
        from trabecula.lab.pages.comparisons import comparisons_page

        return comparisons_page(self.studies)


def _drawable(code: str) -> Language:
    """The language of a picture, if one can be drawn."""
    needs("a_picture", "report", "matplotlib")
    return language(a_language(code))


def _figure(drawing: "Drawing | None") -> "Figure":
    """The picture in matplotlib's hands."""
    assert drawing is not None, "checked by whoever drew it"
    assert drawing.figure is not None, "a picture with axes"
    return drawing.figure


def _evidence(asked: Asked | None) -> Evidence:
    """The registry that was asked; the package's, for what was read from JSON."""
    return Evidence.load() if asked is None else asked.model


_ASSESS = Message("door.write", {"code": "tb.assess(person)"})
