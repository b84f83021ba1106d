"""The shipped examples: invented people to try the app with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trabecula.adapters.files import read_record
from trabecula.person import Person

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
        "ms_woman_44", "web.woman_of_44_relapsing_ms_seven", "web.what_have_the_infusions_done_to"
    ),
    Example("ms_man_58", "web.man_of_58_progressive_ms", "web.would_training_still_help_me"),
    Example("ms_woman_67", "web.woman_of_67_osteoporosis_on_denosumab", "web.may_denosumab_be_paused"),
)}  # fmt: skip


def warm_up() -> None:
    """Make one answer, so that nobody waits for what is compiled or read once."""
    from trabecula.web import answering

    person = next(iter(EXAMPLES.values())).person
    answering.answer(answering.known(person, person.assessed_on or date.min))
