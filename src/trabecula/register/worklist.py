"""The work list: who first and why, what is new since the last run, and who may stay quiet.

    found = worklist(rows, earlier=rows_of_last_time, kept=Acknowledged(...))

Rows are those of the table of scores. Urgent people come first (late denosumab, a recent hip or vertebral fracture),
then those whom a guideline wants treated, then overdue scans, then by risk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trabecula.register.columns import RANKED_BY, SCORED

Scores = Mapping[str, Any]
"""One row of the table of scores."""
TREAT = ("very_high", "treat")
"""Categories in which a guideline wants a bone medicine that is not taken."""
_CHANGED = 0.02
"""A risk that moved by less is not new: of 1,000 people 20."""
_LATE = "denosumab"
"""The reason of those whose injection is late."""
WATCHED = ("urgent", "category", "action", "dxa_overdue", "denosumab_late")
"""What brings somebody back who was acknowledged, when it changes."""


@dataclass(frozen=True)
class Acknowledged:
    """What somebody said about a person on the list: seen, or not before a day."""

    snoozed_until: date | None
    """Quiet until then; None: until something changes."""
    seen: Mapping[str, Any]
    """The watched columns as they were."""
    by: str | None = None
    """Who said it, where they signed in."""
    on: date | None = None
    """When."""
    mark: str = ""
    """Changes when something else is said about the person."""


@dataclass(frozen=True)
class WorkLine:
    """One person on the list."""

    place: int
    row: Scores
    reasons: tuple[str, ...]
    """Why the person is here, the strongest first: denosumab, hip, spine, very_high, treat, dxa, dxa_due."""
    news: tuple[str, ...] = field(default=())
    """What changed since the last run: `new`, or the names of columns."""


def worklist(
    rows: Iterable[Scores],
    on: date,
    earlier: Mapping[str, Scores] | None = None,
    kept: Mapping[str, Acknowledged] | None = None,
) -> list[WorkLine]:
    """Everybody with something to do, the most urgent first; whoever is acknowledged or snoozed is left out.

    earlier: the rows of the last run by id; kept: what was said about people, by id.
    """
    chosen = [
        row
        for row in rows
        if row["status"] == SCORED and reasons(row) and not is_quiet(row, on, (kept or {}).get(row["id"]))
    ]
    ordered = sorted(chosen, key=lambda row: (rank(row), -row[RANKED_BY], row["id"]))
    return [
        WorkLine(place, row, reasons(row), news(row, earlier) if earlier is not None else ())
        for place, row in enumerate(ordered, 1)
    ]


def reasons(row: Scores) -> tuple[str, ...]:
    """Why somebody is on the list, the strongest first; nothing where there is nothing to do now."""
    found = [row["urgent"]] if row["urgent"] else []
    if row["denosumab_late"] and _LATE not in found:
        found.append(_LATE)
    if row["category"] in TREAT and not row["on_bone_medicine"]:
        found.append(row["category"])
    if row["dxa_overdue"] or row["dxa_due"]:
        found.append("dxa" if row["dxa_overdue"] else "dxa_due")
    return tuple(found)


def news(row: Scores, earlier: Mapping[str, Scores]) -> tuple[str, ...]:
    """What changed since the last run."""
    before = earlier.get(row["id"])
    if before is None or before["status"] != SCORED:
        return ("new",)
    changed = [name for name in WATCHED if row[name] != before[name]]
    if abs(row[RANKED_BY] - before[RANKED_BY]) >= _CHANGED:
        changed.append(RANKED_BY)
    return tuple(changed)


def watched(row: Scores) -> dict[str, Any]:
    """What is kept of a row when somebody acknowledges it."""
    return {name: row[name] for name in WATCHED}


def is_quiet(row: Scores, on: date, said: Acknowledged | None) -> bool:
    """Whether somebody was acknowledged or snoozed, and nothing has changed since."""
    if said is None or watched(row) != dict(said.seen):
        return False
    return said.snoozed_until is None or on < said.snoozed_until


_RANK = {_LATE: 0, "hip": 1, "spine": 1, "very_high": 2, "treat": 3, "dxa": 4, "dxa_due": 5}
REASONS = tuple(_RANK)
"""Why somebody may be on the list, the strongest first."""


def rank(row: Scores) -> int:
    """Where somebody stands by the strongest reason, 0 first; those of one rank stand by risk."""
    return min((_RANK.get(name, len(_RANK)) for name in reasons(row)), default=len(_RANK) + 1)
