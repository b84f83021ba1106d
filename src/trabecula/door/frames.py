"""Results as data frames: tidy and long, one row a thing, the unit of a column in its name.

A number with its interval has three columns: `bmd_g_cm2` is the median, `bmd_g_cm2_low` and `bmd_g_cm2_high` are the
ends. Numbers are those of the JSON. A lifetime is a horizon of infinity.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from trabecula.door.checks import a_language, needs, one_of
from trabecula.words.language import language
from trabecula.words.message import Message

if TYPE_CHECKING:
    from pandas import DataFrame

    from trabecula.assessment.results import Assessment, Causes, Comparison, Interval, PlanResult
    from trabecula.guidelines.records import Advice
    from trabecula.lab.studies.reproduce import FindingComparison

Kind = Literal["text", "number", "day", "yes_no"]
_DTYPES: Mapping[Kind, str] = {"text": "string", "number": "float64", "day": "datetime64[ns]", "yes_no": "boolean"}
LIFETIME = inf
"""The horizon of a lifetime [y]."""
Cells = Iterable[Sequence[object]]


@dataclass(frozen=True)
class FrameColumn:
    """A column: its name with its unit, what it holds, and what that is."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class FrameTable:
    """One of the tables that a result has: what a row is, the columns, and the rows of a result."""

    about: str
    columns: tuple[FrameColumn, ...]
    rows: Callable[[Any], Cells]


def to_frame(result: object, tables: Mapping[str, FrameTable], name: str, code: str) -> "DataFrame":
    """A table of a result [rows, columns], its sentences in a language; TrabeculaError for one it does not have."""
    table = tables[one_of("table", name, tables)]
    return frame(table.columns, table.rows(result), code)


def frame(columns: Sequence[FrameColumn], rows: Cells, code: str = "en") -> "DataFrame":
    """Rows under columns of fixed types, also where there are none."""
    lang = language(a_language(code))
    needs("a_data_frame", "frame", "pandas")
    import pandas as pd  # an extra that takes half a second

    said = [[lang.say(cell) if isinstance(cell, Message) else cell for cell in row] for row in rows]
    found = pd.DataFrame(said, columns=pd.Index([column.name for column in columns]))
    return found.astype({column.name: _DTYPES[column.kind] for column in columns})


# --- Columns ----------------------------------------------------------------------------------------------------------


def _text(**names: str) -> tuple[FrameColumn, ...]:
    return tuple(FrameColumn(name, "text", about) for name, about in names.items())


def _numbers(**names: str) -> tuple[FrameColumn, ...]:
    return tuple(FrameColumn(name, "number", about) for name, about in names.items())


def _day(about: str) -> tuple[FrameColumn, ...]:
    return (FrameColumn("date", "day", about),)


def _yes_no(**names: str) -> tuple[FrameColumn, ...]:
    return tuple(FrameColumn(name, "yes_no", about) for name, about in names.items())


def _three(name: str, about: str) -> tuple[FrameColumn, ...]:
    """A number with its interval."""
    ends = {f"{name}_low": "Lower end of its interval.", f"{name}_high": "Upper end of its interval."}
    return _numbers(**{name: about, **ends})


def _ends(value: "Interval | None") -> tuple[float | None, ...]:
    """The cells of a number with its interval."""
    return (None, None, None) if value is None else (value.median, value.low, value.high)


_SITE = _text(site="Skeletal site, or a group: major_osteoporotic, any.")
_DENSITY = _three("bmd_g_cm2", "Areal density on the Hologic scale [g/cm2], the median.")
_PROBABILITY = _three("probability", "Chance of a first fracture within the horizon, death competing, 0 to 1.")
_HORIZON = _numbers(horizon_y="Years from the day of assessment; infinity: lifetime [y].")
_PLAN = _text(plan="Name of the plan; the comparison's own comes first.")
_DRAW = _numbers(draw="Number of the draw, from 0; the same number is the same draw in every table.")


# --- Rows -------------------------------------------------------------------------------------------------------------


def _bones(of: "Assessment") -> Iterator[Sequence[object]]:
    for bone in of.bone:
        for point in bone.trajectory:
            scores = (*_ends(point.bmd_g_cm2), *_ends(point.t_score), *_ends(point.z_score))
            yield bone.site, point.date, point.age_y, *scores, point.average_bmd_g_cm2


def _years(horizon_y: "float | str") -> float:
    """A horizon as a number."""
    return LIFETIME if isinstance(horizon_y, str) else horizon_y


def _hazards(of: "Assessment") -> Iterator[Sequence[object]]:
    for site, hazard in of.fracture.items():
        yield site, "per_year", hazard.per_year
        yield from ((site, part, value) for part, value in hazard.parts.items())


def _advice(of: "Iterable[Advice]") -> Cells:
    return (
        (a.guideline, a.rule, a.verdict.value, a.recommendation, a.strength, a.section, a.status, a.citation)
        for a in of
    )


def _tasks(of: Any) -> Cells:
    return ((task.date, task.task, task.what, task.why, task.who, ", ".join(task.rules)) for task in of)


def _plans(of: "Comparison") -> "tuple[PlanResult, ...]":
    """The comparison's own plan, and the others."""
    return (of.baseline, *of.plans)


def _plan_risks(of: "Comparison") -> Iterator[Sequence[object]]:
    for plan in _plans(of):
        for risk in plan.risks:
            needed, helps = risk.number_needed, [chance.probability for chance in risk.helps]
            effect = (*_ends(risk.risk), *_ends(risk.difference), *_ends(risk.ratio))
            yield plan.name, risk.site, *effect, needed.median, needed.may_do_nothing, *helps


def _plan_bones(of: "Comparison") -> Iterator[Sequence[object]]:
    for plan in _plans(of):
        for bone in plan.bone:
            for point in bone.course:
                yield plan.name, bone.site, point.date, *_ends(point.bmd_g_cm2), *_ends(point.difference_percent)


def _effects(of: "Comparison") -> Iterator[Sequence[object]]:
    for plan in _plans(of):
        kinds = {"side_effect": plan.side_effects, "burden": plan.burdens, "cobenefit": plan.cobenefits}
        for kind, effects in kinds.items():
            yield from ((plan.name, kind, effect.of, effect.what, effect.size, effect.status) for effect in effects)


def _shares(of: "Causes") -> Iterator[Sequence[object]]:
    for outcome, found in (("bone", of.bone), ("risk", of.risk), ("beyond_age", of.beyond_age)):
        for causes in found:
            rest = (causes.unit,)
            yield outcome, causes.of, "together", None, *_ends(causes.total), causes.mean, *rest
            for share in causes.shares:
                yield outcome, causes.of, share.cause, share.label, *_ends(share.share), share.mean, *rest


def _findings(of: "Iterable[FindingComparison]") -> Cells:
    return (astuple(found) for found in of)


# --- Tables -----------------------------------------------------------------------------------------------------------

_ADVICE_COLUMNS = _text(
    guideline="Id of the guideline.", rule="Id of the rule.", verdict="Whether it applies: true, false or unknown.",
    recommendation="What is recommended, in our words.", strength="As the guideline grades it.",
    section="Where it stands.", status="How well the rule was checked.", citation="The document.",
)  # fmt: skip
_TASK_COLUMNS = (
    *_day("Do it on or before this day."),
    *_text(
        task="Kind of task, a permanent word.", what="What to do.", why="Why.", who="Who does it.",
        rules="The rules that ask for it.",
    ),
)  # fmt: skip
ASSESSMENT: Mapping[str, FrameTable] = {
    "risks": FrameTable(
        "The chance of a fracture, by site and horizon.",
        (*_SITE, *_HORIZON, *_PROBABILITY, *_numbers(average_probability="The same for the average person, 0 to 1.")),
        lambda of: ((r.site, _years(r.horizon_y), *_ends(r.risk), r.average) for r in of.risks),
    ),
    "bones": FrameTable(
        "Density over time, by site and day.",
        (
            *_SITE, *_day("The day."), *_numbers(age_y="Age [y]."), *_DENSITY,
            *_three("t_score", "Standard deviations from the young reference [SD]."),
            *_three("z_score", "Standard deviations from the mean of the same age and sex [SD]."),
            *_numbers(average_bmd_g_cm2="Density of the average person of the same age and sex [g/cm2]."),
        ),
        _bones,
    ),
    "markers": FrameTable(
        "Markers of bone turnover over time.",
        (
            *_text(marker="CTX, P1NP or osteocalcin."), *_day("The day."),
            *_three("times_healthy_30", "In units of a healthy 30-year-old of the same sex [1]."),
        ),
        lambda of: ((m.marker, p.date, *_ends(p.value)) for m in of.markers for p in m.course),
    ),
    "falls": FrameTable(
        "Falls, in one row.",
        (
            *_three("falls_per_year", "Expected falls a year, now."),
            *_numbers(average_falls_per_year="The same for the average person."),
        ),
        lambda of: [(*_ends(of.falls.per_year), of.falls.average_per_year)],
    ),
    "deaths": FrameTable(
        "The chance of death, by horizon.",
        (
            *_HORIZON, *_three("probability", "Chance of death within the horizon, 0 to 1."),
            *_numbers(average_probability="The same for the average person, 0 to 1."),
        ),
        lambda of: ((_years(d.horizon_y), *_ends(d.risk), d.average) for d in of.deaths),
    ),
    "hazards": FrameTable(
        "What the hazard of fracture at each site is made of, today.",
        (
            *_SITE, *_text(part="per_year (the whole), baseline, or a factor."),
            *_numbers(value="Fractures per person-year of per_year and baseline; the factors multiply, 1 is average."),
        ),
        _hazards,
    ),
    "scans": FrameTable(
        "Bone scans beside what the history and the scans before foretold.",
        (
            *_SITE, *_day("Day of the scan."), *_numbers(bmd_g_cm2="As measured, on the Hologic scale [g/cm2]."),
            *_three("expected_bmd_g_cm2", "Foretold, scanner's error included [g/cm2]."),
            *_numbers(tail="Probability of a value at least as far out, 0 to 1."),
            *_yes_no(surprising="Whether that is called unexplained."),
        ),
        lambda of: ((s.site, s.date, s.bmd_g_cm2, *_ends(s.expected), s.tail, s.surprising) for s in of.scans),
    ),
    "advice": FrameTable("What guidelines say, by rule.", _ADVICE_COLUMNS, lambda of: _advice(of.advice)),
    "tasks": FrameTable("The dated plan.", _TASK_COLUMNS, lambda of: _tasks(of.tasks)),
    "missing": FrameTable(
        "What the record does not say.",
        _text(what="What is missing.", assumed="What was put in its place.", cost="What that costs."),
        lambda of: ((gap.what, gap.assumed, gap.cost) for gap in of.missing),
    ),
    "evidence": FrameTable(
        "The parameters that were read.",
        (*_text(parameter="Id in the registry."), *_yes_no(assumed="Whether its value is assumed.")),
        lambda of: ((name, name in of.evidence.assumed) for name in of.evidence.parameters),
    ),
}  # fmt: skip
COMPARISON: Mapping[str, FrameTable] = {
    "risks": FrameTable(
        "The chance of a fracture within the horizon, by plan and site.",
        (
            *_PLAN, *_SITE, *_PROBABILITY,
            *_three("difference", "Against the comparison, in the same draw; negative: fewer fractures."),
            *_three("ratio", "Risk under the plan over that of the comparison."),
            *_numbers(number_needed="People for one fracture fewer; negative: for one more; none: no effect."),
            *_yes_no(may_do_nothing="Whether the interval includes no effect."),
            *_numbers(
                helps="Probability that the risk is lower, 0 to 1.",
                helps_more_than="Probability that it is lower by more than was asked for, 0 to 1.",
            ),
        ),
        _plan_risks,
    ),
    "bones": FrameTable(
        "Density from today to the horizon, by plan, site and day.",
        (
            *_PLAN, *_SITE, *_day("The day."), *_DENSITY,
            *_three("difference_percent", "Against the comparison, in the same draw [%]."),
        ),
        _plan_bones,
    ),
    "plans": FrameTable(
        "The plans.",
        (
            *_PLAN, *_text(title="What it is."),
            *_yes_no(refused="Whether the record speaks against it.", computed="Whether it was computed."),
            *_three("falls_per_year", "Expected falls a year under the plan."),
        ),
        lambda of: ((p.name, p.title, bool(p.refused), bool(p.risks), *_ends(p.falls_per_year)) for p in _plans(of)),
    ),
    "effects": FrameTable(
        "What comes with a plan beside its effect on bone.",
        (
            *_PLAN,
            *_text(
                kind="side_effect, burden or cobenefit.", of="The medicine or measure.", what="What it is.",
                size="How often or how much, as published.", status="read, recalled or assumed.",
            ),
        ),
        _effects,
    ),
}  # fmt: skip
CAUSES: Mapping[str, FrameTable] = {
    "shares": FrameTable(
        "What each cause contributes, by outcome and site; the rows of an outcome add up to `together` in the mean.",
        (
            *_text(
                outcome="bone: density today against a healthy 30-year-old; risk: chance of a fracture against the"
                " same at 30; beyond_age: against the same age with no other cause.",
                site="Site of the bone or of the fracture.", cause="The cause, or together.", label="In words.",
            ),
            *_three("share", "What it contributes, in the unit of the row."),
            *_numbers(mean="Mean over the draws: the means add up."), *_text(unit="%, or probability."),
        ),
        _shares,
    )
}  # fmt: skip
ADVICE: Mapping[str, FrameTable] = {
    "advice": FrameTable("What guidelines say, by rule.", _ADVICE_COLUMNS, lambda of: _advice(of.advice)),
    "tasks": FrameTable("The dated plan.", _TASK_COLUMNS, lambda of: _tasks(of.tasks)),
}
REPRODUCTION: Mapping[str, FrameTable] = {
    "findings": FrameTable(
        "One finding a row, beside the model.",
        (
            *_text(study="Id of the study.", finding="Id of the finding.", block="Chapter of the validation page."),
            *_numbers(
                published="As published, in `unit`; none for a direction.", published_lower="Of its 95 % interval.",
                published_upper="Of its 95 % interval.", model="Median of the draws, in `unit`.",
                model_lower="Of the 90 % band of the draws.", model_upper="Of the 90 % band of the draws.",
            ),
            *_text(unit="Of published number and model; 1 for a ratio."),
            *_numbers(z="Distance from model to publication, in allowed distances."),
            *_text(se_kind="Where its standard error is from: printed, imputed or direction.",
                   role="fitted or predicted."),
            *_yes_no(seen="Whether the prototype fit saw it."), *_text(direction="Of a finding without a number."),
            *_yes_no(
                within="Whether the finding is met.", covered="Whether the 90 % interval holds it.",
                covered_by_rule="The same with the allowance as first fixed.",
                covered_by_draws="The same without an allowance.",
            ),
        ),
        lambda of: _findings(of.findings),
    )
}  # fmt: skip
DRAWN: Mapping[str, tuple[FrameColumn, ...]] = {
    "risks": (*_DRAW, *_SITE, *_HORIZON, *_numbers(probability="In this draw, 0 to 1.")),
    "bones": (*_DRAW, *_SITE, *_day("The day."), *_numbers(bmd_g_cm2="In this draw [g/cm2].")),
}
"""Draw by draw, what an assessment has as intervals."""
