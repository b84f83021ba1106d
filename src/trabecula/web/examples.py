"""The shipped examples: invented people to try the app with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trabecula.adapters.files import read_record
from trabecula.person import Person
from trabecula.web.marking import marked as _

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """An invented person, and the question they ask."""

    name: str
    title: str
    question: str

    @property
    def person(self) -> Person:
        """The record."""
        return read_record(FOLDER / f"{self.name}.yaml").person


EXAMPLES: Mapping[str, Example] = {each.name: each for each in (
    Example(
        "ms_woman_44", _("Woman of 44, relapsing MS, seven infusions"), _("What have the infusions done to my bones?")
    ),
    Example("ms_man_58", _("Man of 58, progressive MS"), _("Would training still help me?")),
    Example("ms_woman_67", _("Woman of 67, osteoporosis, on denosumab"), _("May denosumab be paused?")),
)}  # fmt: skip


def warm_up() -> None:
    """Make one answer, so that nobody waits for what is compiled or read once."""
    from trabecula.web import answering

    person = next(iter(EXAMPLES.values())).person
    answering.answer(answering.known(person, person.assessed_on or date.min))
