"""Medicines: one generic name, one class, whatever name was written. What is known of them is in the vocabulary."""

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import model_validator

from trabecula.person.dates import DosingInterval, Past, days_between
from trabecula.person.limits import WithinLimits
from trabecula.person.parts import Episode, RecordPart, one_of
from trabecula.person.problems import PartProblem, require, show
from trabecula.vocabulary import STEROIDS, class_of, generic_name
from trabecula.words.message import Message


class Medicine(Episode):
    """A medicine other than a glucocorticoid."""

    drug: str
    """The generic name, such as denosumab."""
    dose_mg: Annotated[float, WithinLimits("medicine_dose_mg")] | None = None
    """Each dose, in mg."""
    every_days: Annotated[float, WithinLimits("medicine_every_days")] | None = None
    """Days from dose to dose: 1 is daily, 7 weekly."""
    per: DosingInterval | None = None
    """The same in words: "8 hours", "day", "6 months"."""
    adherence: Annotated[float, WithinLimits("adherence")] | None = None
    """The share of the doses that is taken, 0 to 1."""

    @model_validator(mode="after")
    def _is_no_glucocorticoid(self) -> Self:
        """Glucocorticoids have a place of their own, and a dosing interval is given once."""
        wrong = one_of(self, "every_days", "per", at_least_one=False)
        if self.generic in STEROIDS:
            expected = Message("expected.a_medicine_other_than_a_glucocorticoid")
            drug = STEROIDS[self.generic].name
            todo = Message("todo.move_it_to_steroids_drug_is", {"drug": drug})
            wrong.append(PartProblem("drug", show(self.drug), expected, todo))
        require(wrong)
        return self

    @property
    def generic(self) -> str:
        """The generic name, whatever name was written."""
        return generic_name(self.drug)

    @property
    def kind(self) -> str | None:
        """The class of the medicine, None when it is not known here."""
        known = class_of(self.drug)
        return None if known is None else known.key

    @property
    def interval_days(self) -> float | None:
        """Days from dose to dose, None when it is not given."""
        return days_between(self.per) if self.per is not None else self.every_days


class InjectedDose(RecordPart):
    """One injection or infusion of a medicine that is listed too; its date counts, and no regular one beside it."""

    drug: str
    """The generic name, such as denosumab or zoledronate."""
    date: Past
    """When it was given."""

    @property
    def generic(self) -> str:
        """The generic name, whatever name was written."""
        return generic_name(self.drug)


def says_of_others(medicines: Iterable[Medicine], none: bool | None = None) -> bool:
    """Whether a list of medicines says that what is not on it is not taken; `none`: whether it is said to be empty.

    A list with nothing that is known here does not: one tablet against hay fever is no list of medicines.
    """
    return bool(none) or any(medicine.kind is not None for medicine in medicines)
