"""Rows about blood tests: what a laboratory calls them, and the units in which it prints them.

LABORATORY["calcium"].factor("mg/dL")
"""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from trabecula.vocabulary.rows import Concept, ConceptTable


class LaboratoryTest(Concept):
    """A blood test. The limits of its value stand under its key in `person/limits.csv`, in the first unit."""

    kind: ClassVar[str] = "laboratory"
    key_form: ClassVar[tuple[str, str]] = (r"[A-Za-z0-9][A-Za-z0-9-]*", "letters, digits and hyphens")
    units: Mapping[str, float] = Field(min_length=1)
    """What to multiply by to come to the first unit, by unit."""
    short_unit: str = ""
    """How a coded value may be written, since its code already says the rest of the first unit."""

    @property
    def unit(self) -> str:
        """The unit in which values are compared."""
        return next(iter(self.units))

    def factor(self, unit: str) -> float | None:
        """What to multiply a value in this unit by; None for a unit that is not one of the test."""
        return self.units.get(self.spelled(unit))

    def spelled(self, unit: str) -> str:
        """A unit as the row writes it, whatever its blanks, signs and capitals."""
        plain = unit.replace(" ", "").replace("µ", "u").replace("μ", "u").replace("²", "2").replace("^", "")
        plain = plain.replace("mcg", "ug").replace("mL/min/1,73", "mL/min/1.73").lower()
        return next((known for known in self.units if known.lower() == plain), unit)


LABORATORY = ConceptTable("laboratory", LaboratoryTest)
"""Blood tests."""
