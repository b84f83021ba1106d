"""Units as records write them, and what to multiply by: the table units.csv."""

from functools import cache

from trabecula.adapters.fhir.codes import rows


def factor(quantity: str, unit: str) -> float | None:
    """What turns a value in this unit into the unit of the record; None for a unit that is not known."""
    return _factors().get((quantity, unit.strip().lower()))


@cache
def _factors() -> dict[tuple[str, str], float]:
    """Every factor by quantity and unit."""
    return {(row["quantity"], row["unit"].lower()): float(row["factor"]) for row in rows("units.csv")}
