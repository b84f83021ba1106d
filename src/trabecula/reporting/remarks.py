"""What stands around the numbers: whom they are about, what was missing, what to look at again, what they rest on."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Estimate, Item, Items, Paragraph
from trabecula.words.numbers import SPACE, counted, fixed, span

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Assessment


def opening(assessment: "Assessment") -> list[Block]:
    """The person in one line, and that this is no medical device."""
    return [
        Paragraph(assessment.person.line),
        Items(tuple(_basis(assessment))),
        Paragraph(assessment.statement, quiet=True),
    ]


def _basis(assessment: "Assessment") -> list[Item]:
    """What is known about the two things that matter most in MS."""
    person, items = assessment.person, []
    if person.edss is not None:
        low, high = fixed(person.edss.low, 1), fixed(person.edss.high, 1)
        edss = Estimate(fixed(person.edss.median, 1), span(low, high) if low != high else "")
        items.append(Item("EDSS", f"{edss}. {person.edss_basis}"))
    return [*items, Item("Steroids", person.steroids)]


def missing(assessment: "Assessment") -> list[Block]:
    """What the record does not say, what was put in its place, what that costs."""
    entries = [Item(each.what, f"{each.assumed.rstrip('.')}; {each.cost}") for each in assessment.missing]
    return [Items(tuple(entries))] if entries else []


def questions(assessment: "Assessment") -> list[Block]:
    """Values that are possible but unusual."""
    entries = [Item(each.path, each.message, code=True) for each in assessment.questions]
    return [Items(tuple(entries))] if entries else []


def notes(assessment: "Assessment") -> list[Block]:
    """What to know when reading the numbers."""
    entries = [Item("", each) for each in assessment.notes]
    return [Items(tuple(entries))] if entries else []


def record(read: Sequence[str]) -> list[Block]:
    """What became of the record on the way in, in the words of the adapter; indented lines are entries."""
    blocks: list[Block] = []
    for is_entry, lines in groupby(read, key=lambda line: line.startswith(" ")):
        if is_entry:
            blocks.append(Items(tuple(Item("", line.strip()) for line in lines)))
        else:
            blocks.extend(Paragraph(line) for line in lines)
    return blocks


_COMMAND = f'"trabecula{SPACE}evidence{SPACE}ID"'


def rests_on(assessment: "Assessment") -> list[Block]:
    """How many numbers the answer used, and how many of them nobody has measured or checked."""
    used = assessment.evidence
    text = (
        f"{counted(len(used.parameters), 'parameter')} used, of which {len(used.assumed)} assumed;"
        f" {counted(len(used.recalled), 'finding')} recalled. {_COMMAND} prints each."
        f" Intervals hold {round(100 * assessment.interval)} % of {assessment.draws} draws (seed {assessment.seed});"
        f" fracture and death rates: {assessment.country}."
    )
    return [Paragraph(text)]
