"""The table of scores: its columns, what each means, and the version of both.

One row a person. A refused person has the same row with nothing but the id, the date and the reason. Whoever adds a
column raises the minor version, whoever changes or drops one the major.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from trabecula.assessment.answer import HORIZONS_Y
from trabecula.fracture import GROUPS
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.skeleton import SITES

if TYPE_CHECKING:  # an extra, which whoever reads one record need not have
    import pyarrow as pa

SCHEMA_VERSION = "1.0"
SCORED, REFUSED = "scored", "refused"
RISK_SITES = (*GROUPS, *FRACTURE_SITES[1:])
"""Sites and groups of sites, as an assessment has them."""
HORIZONS = tuple(f"{years:g}y" for years in HORIZONS_Y)
"""How a column names each horizon."""
RANKED_BY = "risk_major_osteoporotic_10y"
"""By which people are ranked where nothing is urgent."""


@dataclass(frozen=True)
class ScoreColumn:
    """One column: name, kind of value (text, whole, number, yes_no, day, texts, numbers), unit and meaning."""

    name: str
    kind: str
    unit: str
    about: str


_TOLD = (
    ScoreColumn("id", "text", "", "What the register calls the person."),
    ScoreColumn("status", "text", "", "scored, or refused."),
    ScoreColumn("refusal", "text", "", "Why there is no score, in English; null for who was scored."),
    ScoreColumn("refusal_message", "text", "", "The same as a message, which a report says in any language."),
    ScoreColumn("date", "day", "", "The day of assessment: nothing later is known."),
    ScoreColumn("draws", "whole", "1", "Draws behind the intervals of this row."),
    ScoreColumn("age_y", "number", "y", "Age on the day."),
    ScoreColumn("sex", "text", "", "female or male."),
    ScoreColumn("country", "text", "", "Whose fracture and death rates were used."),
    ScoreColumn("ms", "yes_no", "", "Whether MS is on file; without it the person counts as general population."),
    ScoreColumn("ms_course", "text", "", "Course of MS, where it was recorded."),
    ScoreColumn("edss", "number", "1", "EDSS on the day: the middle of what is known."),
    ScoreColumn("conclusion", "text", "", "The conclusion of the assessment, at most five sentences, in English."),
    ScoreColumn("conclusion_messages", "texts", "", "The same as messages."),
    ScoreColumn("category", "text", "", "Of the own country's guideline: treated, very_high, treat, consider, low ..."),
    ScoreColumn("urgent", "text", "", "denosumab (late), hip or spine (a recent fracture); else null."),
    ScoreColumn("action", "text", "", "Kind of the most urgent task of the dated plan."),
    ScoreColumn("action_on", "day", "", "The day by which it is to be done."),
    ScoreColumn("action_message", "text", "", "What is to be done, as a message."),
    ScoreColumn("dxa_last_on", "day", "", "The latest DXA on file."),
    ScoreColumn("dxa_next_on", "day", "", "The next DXA: of the plan, else the day from which one would tell."),
    ScoreColumn("dxa_overdue", "yes_no", "", "Whether a guideline asks for a DXA that should have been done by now."),
    ScoreColumn("dxa_due", "yes_no", "", "Whether a guideline asks for a DXA within half a year, the first one too."),
    ScoreColumn("denosumab_late", "yes_no", "", "Whether denosumab, or what must follow it, is late."),
    ScoreColumn("on_bone_medicine", "yes_no", "", "Whether a bone medicine is taken; null when that is not known."),
    ScoreColumn("driver", "text", "", "The part of today's hazard that raises it most: falls, density, prior ..."),
    ScoreColumn("modifiable_cause", "text", "", "Largest cause that can be changed (Shapley); highest ranked only."),
    ScoreColumn("modifiable_share", "number", "1", "Its share of the 10-year risk of a major fracture."),
    ScoreColumn("causes", "texts", "", "Causes of the 10-year major risk beyond age; highest ranked only."),
    ScoreColumn("cause_shares", "numbers", "1", "The Shapley share of each of them, a mean over the draws."),
    ScoreColumn("risk_without_causes", "number", "1", "The 10-year major risk with all such causes off."),
    ScoreColumn("falls_per_year", "number", "fall/y", "Expected falls a year."),
    ScoreColumn("gaps", "texts", "", "What the record does not say, by the names of an assessment, worst first."),
    ScoreColumn("questions", "texts", "", "Fields with values worth a second look."),
    ScoreColumn("notes", "texts", "", "How the entry was read: what was guessed or left unread, as messages."),
)  # fmt: skip


@cache
def columns() -> tuple[ScoreColumn, ...]:
    """All columns in their order."""
    return (*_TOLD, *_of_density(), *_of_risk())


def _of_density() -> Iterator[ScoreColumn]:
    """The T-score of today at each site, with its interval."""
    for site in SITES:
        for end, about in (("", "median"), ("_low", "lower end of the interval"), ("_high", "upper end")):
            yield ScoreColumn(f"t_score_{site}{end}", "number", "SD", f"T-score today, {site}: {about}.")


def _of_risk() -> Iterator[ScoreColumn]:
    """The chance of a fracture at each site within each horizon, with its interval and the average."""
    for site in RISK_SITES:
        for horizon in HORIZONS:
            name = f"risk_{site}_{horizon}"
            yield ScoreColumn(name, "number", "1", f"Probability of a fracture, {site}, {horizon}: mean of the draws.")
            yield ScoreColumn(f"{name}_low", "number", "1", "Lower end of its 90 % interval.")
            yield ScoreColumn(f"{name}_high", "number", "1", "Upper end of its 90 % interval.")
            yield ScoreColumn(f"{name}_average", "number", "1", "The same for the average of the same age and sex.")
    for horizon in HORIZONS:
        yield ScoreColumn(f"death_{horizon}", "number", "1", f"Probability of death, {horizon}: mean of the draws.")


@cache
def schema() -> "pa.Schema":
    """The columns as Arrow has them; each field brings its unit and meaning, the table its version."""
    import pyarrow as pa  # an extra

    kinds = {
        "text": pa.string(),
        "whole": pa.int32(),
        "number": pa.float64(),
        "yes_no": pa.bool_(),
        "day": pa.date32(),
        "texts": pa.list_(pa.string()),
        "numbers": pa.list_(pa.float64()),
    }
    fields = [
        pa.field(column.name, kinds[column.kind], column.name not in ("id", "status", "date"),
                 {"unit": column.unit, "about": column.about})
        for column in columns()
    ]  # fmt: skip
    return pa.schema(fields, {"trabecula.scores": SCHEMA_VERSION})
