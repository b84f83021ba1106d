"""The clinic at a glance: counts and audit measures with their denominators, small cells kept back.

A cell with fewer people than `least` is not told, nor is one from which it could be worked out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trabecula.register.columns import RANKED_BY, REFUSED, SCORED
from trabecula.register.worklist import TREAT, Scores

LEAST = 5
"""The fewest people of whom a count is told; many registers publish no smaller cell."""
RISK_BANDS = ((0.0, 0.05), (0.05, 0.10), (0.10, 0.20), (0.20, 1.01))
"""Bands of the ten-year risk of a major fracture."""


@dataclass(frozen=True)
class AuditCount:
    """A measure of care: how many of those whom it is about meet it; None where it may not be told."""

    name: str
    met: int | None
    of: int | None

    @property
    def share(self) -> float | None:
        """The share that meets it; None where a number is kept back, or nobody is meant."""
        return None if self.met is None or not self.of else self.met / self.of


@dataclass(frozen=True)
class ClinicSummary:
    """What is told of everybody together."""

    people: int
    scored: int
    refused: int
    with_ms: int | None
    bands: Mapping[tuple[float, float], int | None]
    """People by ten-year risk of a major fracture."""
    categories: Mapping[str, int | None]
    gaps: Mapping[str, int | None]
    """What records do not say, the commonest first."""
    measures: Sequence[AuditCount]


_Rule = Callable[[Scores], bool]
_AUDIT: Mapping[str, tuple[_Rule, _Rule]] = {
    "dxa_ever": (lambda _: True, lambda row: row["dxa_last_on"] is not None),
    "dxa_in_time": (
        lambda row: row["dxa_last_on"] is not None or bool(row["dxa_overdue"]),
        lambda row: not row["dxa_overdue"],
    ),
    "treated": (
        lambda row: row["category"] in TREAT or (row["category"] == "treated"),
        lambda row: bool(row["on_bone_medicine"]),
    ),
    "denosumab_in_time": (
        lambda row: bool(row["denosumab_late"]) or row["action"] == "denosumab_dose",
        lambda row: not row["denosumab_late"],
    ),
    "falls_asked": (lambda row: bool(row["ms"]), lambda row: "falls" not in (row["gaps"] or ())),
    "fractures_asked": (lambda _: True, lambda row: "fractures" not in (row["gaps"] or ())),
}
"""By measure: whom it is about, and who meets it."""


def summary(rows: Sequence[Scores], least: int = LEAST) -> ClinicSummary:
    """What is told of everybody together; cells of fewer than `least` people are kept back."""
    scored = [row for row in rows if row["status"] == SCORED]
    bands = {band: sum(band[0] <= row[RANKED_BY] < band[1] for row in scored) for band in RISK_BANDS}
    gaps = Counter(gap for row in scored for gap in row["gaps"] or ())
    return ClinicSummary(
        people=len(rows),
        scored=len(scored),
        refused=sum(row["status"] == REFUSED for row in rows),
        with_ms=apart(sum(bool(row["ms"]) for row in scored), len(scored), least),
        bands=kept_back(bands, least),
        categories=kept_back(Counter(row["category"] for row in scored), least),
        gaps={gap: apart(n, len(scored), least) for gap, n in gaps.most_common()},
        measures=[_measure(name, scored, least) for name in _AUDIT],
    )


def _measure(name: str, scored: Sequence[Scores], least: int) -> AuditCount:
    """One measure."""
    about, meets = _AUDIT[name]
    meant = [row for row in scored if about(row)]
    met = sum(meets(row) for row in meant)
    if 0 < len(meant) < least:
        return AuditCount(name, None, None)
    return AuditCount(name, apart(met, len(meant), least), len(meant))


def apart(count: int, of: int, least: int) -> int | None:
    """A count beside its total: kept back where it, or the rest, would be a small cell."""
    return None if 0 < count < least or 0 < of - count < least else count


def kept_back(cells: Mapping[Any, int], least: int) -> dict[Any, int | None]:
    """Cells of a total: small ones are kept back, and where that is one alone the next smallest too.

    Otherwise it could be worked out from the total.
    """
    hidden = {name for name, n in cells.items() if 0 < n < least}
    if len(hidden) == 1 and (others := {name: n for name, n in cells.items() if n >= least}):
        hidden.add(min(others, key=lambda name: others[name]))
    return {name: None if name in hidden else n for name, n in cells.items()}
