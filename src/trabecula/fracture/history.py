"""What happened before the grid begins: earlier fractures and counted falls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PriorFracture:
    """A fracture that happened `years_since` [y] before the grid begins."""

    site: str
    years_since: float
    high_trauma: bool = False


@dataclass(frozen=True)
class FallCount:
    """Falls remembered over a period [y] that reaches into the year before the grid."""

    count: float
    period_y: float
