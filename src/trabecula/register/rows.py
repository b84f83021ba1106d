"""One row a person: the same answer as `assess` gives, in columns.

    table([Entry("17", person), ...], Scoring(on=date(2026, 11, 22)), Model.default())

Nobody is passed over: whoever cannot be assessed has a row that says why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from trabecula.assessment.answer import brief
from trabecula.assessment.causes_off import MODIFIABLE, major_shares
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.results import Assessment, Risk
from trabecula.assessment.together import prepared_together, risks_without_together
from trabecula.errors import TrabeculaError
from trabecula.guidelines import Facts
from trabecula.model import Model, ModelDraws
from trabecula.register.columns import HORIZONS, REFUSED, SCORED, schema
from trabecula.register.entries import Entry
from trabecula.register.sizes import CHUNK, DRAWS, FINE_DRAWS
from trabecula.words.message import Message, pack, verbatim

if TYPE_CHECKING:  # an extra
    import pyarrow as pa

Row = dict[str, Any]
"""A row by column; what is missing is null."""
_TOGETHER = CHUNK
"""People who are marched side by side."""
Found = TypeVar("Found")
_MAIN = "major_osteoporotic"
_SOON = timedelta(days=183)
_LATE = ("late_denosumab", "denosumab_dose", "follow_on")


@dataclass(frozen=True)
class Scoring:
    """What is asked about everybody."""

    on: date
    """The day of assessment: nothing later is known."""
    draws: int = DRAWS
    """Draws behind the intervals of everybody."""
    seed: int = 1
    highest: int | None = None
    """How many of the highest ranked are worked out again with `fine_draws`, and with Shapley shares of all causes; a
    tenth of all, and at most 500, unless given."""
    fine_draws: int = FINE_DRAWS


def table(
    entries: Sequence[Entry], scoring: Scoring, model: Model, *, in_full: bool = False, sample: ModelDraws | None = None
) -> "pa.Table":
    """The scores of some people, one row each, in their order; in_full: with the shares of all causes.

    sample: the draws that everybody of a register shares, if they are at hand.
    """
    import pyarrow as pa  # an extra

    sample = sample or model.fresh().draws(scoring.draws, scoring.seed)
    batches = (entries[i : i + _TOGETHER] for i in range(0, len(entries), _TOGETHER))
    found = [row for batch in batches for row in score(batch, scoring, sample, in_full=in_full)]
    return pa.Table.from_pylist(found, schema=schema())


def score(entries: Sequence[Entry], scoring: Scoring, sample: ModelDraws, *, in_full: bool = False) -> Iterator[Row]:
    """The rows of some people, marched side by side; whoever was refused, or cannot be assessed, has one too.

    sample: the draws that everybody of a register shares.
    """
    people = prepared_together([entry.person for entry in entries if entry.person is not None], scoring.on, sample)
    risks = () if in_full else risks_without_together([one for one in people if isinstance(one, PatientState)])
    met, without = iter(people), iter(risks)
    for entry in entries:
        if entry.person is None:
            yield refused(entry, scoring, entry.refusal or verbatim(""))
            continue
        try:
            known = _or_raised(next(met))
            causes = _shares(known) if in_full else {"risk_without_causes": _or_raised(next(without))}
            yield {**scored(entry, known, scoring), **causes}
        except TrabeculaError as error:
            message = getattr(error, "message", None)
            yield refused(entry, scoring, message if isinstance(message, Message) else verbatim(str(error)))


def _or_raised(found: Found | TrabeculaError) -> Found:
    """What was found; raises why there is nothing."""
    if isinstance(found, TrabeculaError):
        raise found
    return found


def refused(entry: Entry, scoring: Scoring, why: Message) -> Row:
    """The row of somebody without a score."""
    return {**_head(entry, scoring, REFUSED), "refusal": str(why), "refusal_message": pack(why)}


def _head(entry: Entry, scoring: Scoring, status: str) -> Row:
    """What every row has."""
    return {"id": entry.id, "status": status, "date": scoring.on, "notes": [pack(note) for note in entry.notes]}


def scored(entry: Entry, known: PatientState, scoring: Scoring) -> Row:
    """The row of somebody who was assessed."""
    answer, facts = brief(known)
    return {
        **_head(entry, scoring, SCORED),
        **_who(answer, known),
        **_said(answer, facts),
        **_density(answer),
        **{name: value for risk in answer.risks for name, value in _risk(risk).items()},
        **{f"death_{_horizon(death.horizon_y)}": death.risk.mean for death in answer.deaths},
        "falls_per_year": answer.falls.per_year.mean,
    }


def _shares(known: PatientState) -> Row:
    """The share of every cause, the largest that can be changed, and the same counterfactual."""
    shares, without = major_shares(known)
    changeable = {name: share for name, share in shares.items() if name in MODIFIABLE and share > 0.0}
    largest = max(changeable, key=lambda name: changeable[name], default=None)
    return {
        "risk_without_causes": without,
        "causes": [*shares],
        "cause_shares": [*shares.values()],
        "modifiable_cause": largest,
        "modifiable_share": None if largest is None else changeable[largest],
    }


def _who(answer: Assessment, known: PatientState) -> Row:
    """Who it is about, without anything that names the person."""
    of, ms = answer.person, known.person.ms
    return {
        "draws": answer.draws,
        "age_y": of.age_y,
        "sex": of.sex,
        "country": answer.country,
        "ms": ms is not None,
        "ms_course": of.ms_course,
        "edss": None if of.edss is None else of.edss.median,
    }


def _said(answer: Assessment, facts: Facts) -> Row:
    """The conclusion, the next action, scans, and what is late."""
    said, on = answer.summary, answer.date
    assert said is not None, "an answer has its conclusion"
    first = next((task for task in answer.tasks if task.task == said.task and task.date == said.due), None)
    return {
        "conclusion": " ".join(str(sentence) for sentence in said.sentences),
        "conclusion_messages": [pack(sentence) for sentence in said.sentences],
        "category": said.category_key,
        "urgent": said.urgent.id.rpartition(".")[2] if said.urgent else None,
        "action": said.task,
        "action_on": said.due,
        "action_message": pack(first.what) if first else None,
        "dxa_last_on": facts.dxa_on,
        "dxa_next_on": said.dxa_on,
        "dxa_overdue": any(task.task == "dxa" and task.date <= on for task in answer.tasks),
        "dxa_due": any(task.task == "dxa" and task.date <= on + _SOON for task in answer.tasks),
        "denosumab_late": any(task.task in _LATE and task.date <= on for task in answer.tasks),
        "on_bone_medicine": None if facts.bone_drug is None else facts.bone_drug != "none",
        "driver": None if said.driver is None else _first_driver(said.driver),
        "gaps": [gap.what.id.removeprefix("gap.") for gap in answer.missing],
        "questions": [asked.path for asked in answer.questions],
    }


def _first_driver(driver: Message) -> str | None:
    """The first of the drivers that a sentence names."""
    names = driver.values["drivers"]
    first = names[0] if isinstance(names, Sequence) and names else None
    return first.id.rpartition(".")[2] if isinstance(first, Message) else None


def _density(answer: Assessment) -> Row:
    """T-scores of today."""
    found = {bone.site: bone.trajectory[bone.now].t_score for bone in answer.bone}
    ends = (("", "median"), ("_low", "low"), ("_high", "high"))
    return {f"t_score_{site}{end}": getattr(score, name) for site, score in found.items() for end, name in ends}


def _risk(risk: Risk) -> Row:
    """One risk with its interval, beside the average."""
    name = f"risk_{risk.site}_{_horizon(risk.horizon_y)}"
    ends = {"": risk.risk.mean, "_low": risk.risk.low, "_high": risk.risk.high, "_average": risk.average}
    return {f"{name}{end}": value for end, value in ends.items()}


def _horizon(horizon_y: float | str) -> str:
    """A horizon as columns name it."""
    name = horizon_y if isinstance(horizon_y, str) else f"{horizon_y:g}y"
    assert name in HORIZONS, name
    return name
