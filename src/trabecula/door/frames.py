"""Results as data frames: tidy and long, one row a thing, the unit of a column in its name (`tables.yaml`).

Numbers are those of the JSON; a lifetime is a horizon of infinity.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import cache
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trabecula.data_files import read_mapping
from trabecula.door.checks import a_language, needs, one_of
from trabecula.words.language import language
from trabecula.words.message import Message

if TYPE_CHECKING:  # an extra, and what brings the compiler
    from pandas import DataFrame

    from trabecula.assessment.figures import Interval
    from trabecula.assessment.patient_state import PatientState
    from trabecula.assessment.results import Causes, Comparison

_DTYPES = {"text": "string", "number": "float64", "whole": "int64", "day": "datetime64[ns]", "yes_no": "boolean"}
_ENDS = {"": "{}", "_low": "Lower end of its interval.", "_high": "Upper end of its interval."}
Cells = Iterable[Sequence[object]]


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """What `tables.yaml` says: by result and table what a row is (`about`) and the `columns`."""
    return read_mapping(Path(__file__).parent / "tables.yaml")


def columns(of: str, table: str) -> dict[str, tuple[str, str]]:
    """The columns of a table of a result: by name the kind, and what it holds."""
    found: dict[str, tuple[str, str]] = {}
    for name, (kind, about) in tables()[of][table]["columns"].items():
        if kind == "interval":
            found |= {f"{name}{end}": ("number", words.format(about)) for end, words in _ENDS.items()}
        else:
            found[name] = (kind, about)
    return found


def to_frame(of: str, table: str, result: Any, code: str) -> "DataFrame":
    """A table of a result [rows, columns of fixed types]; TrabeculaError for a table that there is not."""
    known = columns(of, one_of("table", table, tables()[of]))
    lang = language(a_language(code))
    needs("a_data_frame", "pandas")
    import pandas as pd  # takes half a second

    rows = ROWS[of][table](result)
    # A result says it once for all of its rows; draws are of a life, and say it row by row.
    marks = (result.country, result.stands_in_for) if "stands_in_for" in known and hasattr(result, "country") else ()
    said = [[lang.say(cell) if isinstance(cell, Message) else cell for cell in (*row, *marks)] for row in rows]
    found = pd.DataFrame(said, columns=pd.Index([*known]))
    return found.astype({name: _DTYPES[kind] for name, (kind, _) in known.items()})


def _ends(value: "Interval | None") -> tuple[float | None, ...]:
    """The cells of a number with its interval; the median in front."""
    return (None, None, None) if value is None else (value.median, value.low, value.high)


def _chance(value: "Interval | None") -> tuple[float | None, ...]:
    """The cells of a probability, or of falls, with its interval: the mean in front, which is what is told."""
    return (None, None, None) if value is None else (value.mean, value.low, value.high)


def _years(horizon_y: float | str) -> float:
    """A horizon as a number."""
    return inf if isinstance(horizon_y, str) else horizon_y


def _advice(of: Any) -> Cells:
    for a in of.advice:
        yield a.guideline, a.rule, a.verdict.value, a.recommendation, a.strength, a.section, a.status, a.citation


def _bones(of: Any) -> Cells:
    for bone in of.bone:
        for at in bone.trajectory:
            scores = (*_ends(at.bmd_g_cm2), *_ends(at.t_score), *_ends(at.z_score))
            yield bone.site, at.date, at.age_y, *scores, at.average_bmd_g_cm2


def _plan_risks(of: "Comparison") -> Cells:
    for plan in (of.baseline, *of.plans):
        for risk in plan.risks:
            needed, helps = risk.number_needed, (chance.probability for chance in risk.helps)
            effect = (*_chance(risk.risk), *_chance(risk.difference), *_ends(risk.ratio))
            yield plan.name, risk.site, *effect, needed.mean, needed.may_do_nothing, *helps


def _plan_bones(of: "Comparison") -> Cells:
    for plan in (of.baseline, *of.plans):
        for bone in plan.bone:
            for at in bone.course:
                yield plan.name, bone.site, at.date, *_ends(at.bmd_g_cm2), *_ends(at.difference_percent)


def _effects(of: "Comparison") -> Cells:
    for plan in (of.baseline, *of.plans):
        for kind, effects in zip(
            ("side_effect", "burden", "cobenefit"), (plan.side_effects, plan.burdens, plan.cobenefits), strict=True
        ):
            yield from ((plan.name, kind, effect.of, effect.what, effect.size, effect.status) for effect in effects)


def _shares(of: "Causes") -> Cells:
    for outcome in ("bone", "risk", "beyond_age"):
        for found in getattr(of, outcome):
            yield outcome, found.of, "together", *_chance(found.total), found.mean, found.unit
            for share in found.shares:
                yield outcome, found.of, share.cause, *_chance(share.share), share.mean, found.unit


def _drawn_risks(known: "PatientState") -> Iterator[Sequence[object]]:
    """The chance of a fracture in each draw."""
    from trabecula.assessment.answer import risks_ahead

    exposure, risks = risks_ahead(known)
    rates = exposure.country, exposure.stands_in_for
    for site in risks.fracture:
        for horizon_y in risks.horizons_y:
            yield from ((draw, site, horizon_y, p, *rates) for draw, p in enumerate(risks.at(site, horizon_y)))


def _drawn_bones(known: "PatientState") -> Iterator[Sequence[object]]:
    """Density in each draw, on the days that are printed."""
    from trabecula.skeleton import SITES
    from trabecula.units import date_at

    for site in SITES:
        density = known.bones.density(site, known.level)
        for day in known.days.printed:
            when, drawn = date_at(day, known.person.birth_date), density[:, known.bones.place(day)]
            yield from ((draw, site, when, value) for draw, value in enumerate(drawn))


_OF_GUIDELINES: Mapping[str, Callable[[Any], Cells]] = {
    "advice": _advice,
    "tasks": lambda of: ((t.date, t.task, t.what, t.why, t.who, ", ".join(t.rules)) for t in of.tasks),
}
_OF_PERSON: Mapping[str, Callable[[Any], Cells]] = {
    **_OF_GUIDELINES,
    "risks": lambda of: (
        (r.site, _years(r.horizon_y), *_chance(r.risk), r.average, r.above_measured) for r in of.risks
    ),
    "bones": _bones,
    "markers": lambda of: ((m.marker, at.date, *_ends(at.value)) for m in of.markers for at in m.course),
    "falls": lambda of: [(*_chance(of.falls.per_year), of.falls.average_per_year)],
    "deaths": lambda of: ((_years(d.horizon_y), *_chance(d.risk), d.average) for d in of.deaths),
    "hazards": lambda of: (
        (site, part, value)
        for site, hazard in of.fracture.items()
        for part, value in {"per_year": hazard.per_year, **hazard.parts}.items()
    ),
    "scans": lambda of: ((s.site, s.date, s.bmd_g_cm2, *_ends(s.expected), s.tail, s.surprising) for s in of.scans),
    "missing": lambda of: ((gap.what, gap.assumed, gap.cost) for gap in of.missing),
    "evidence": lambda of: ((name, name in of.evidence.assumed) for name in of.evidence.parameters),
}
_OF_PLANS: Mapping[str, Callable[[Any], Cells]] = {
    "risks": _plan_risks,
    "bones": _plan_bones,
    "plans": lambda of: (
        (plan.name, plan.title, bool(plan.refused), bool(plan.risks), *_chance(plan.falls_per_year))
        for plan in (of.baseline, *of.plans)
    ),
    "effects": _effects,
}
ROWS: Mapping[str, Mapping[str, Callable[[Any], Cells]]] = {
    "PersonAssessment": _OF_PERSON,
    "PersonAssessment draws": {"risks": _drawn_risks, "bones": _drawn_bones},
    "PlanComparison": _OF_PLANS,
    "CauseShares": {"shares": _shares},
    "GuidelineAdvice": _OF_GUIDELINES,
    "Reproduction": {"findings": lambda of: map(astuple, of.findings)},
    "PopulationRun": {"results": lambda of: of.results.rows},
}
"""The rows of every table of `tables.yaml`."""
