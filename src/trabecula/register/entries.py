"""What a source of people yields: everybody it found, read or refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from trabecula.person import Person
from trabecula.words.message import Message


@dataclass(frozen=True)
class Entry:
    """One person of a register: a record, or why there is none. Nobody is passed over."""

    id: str
    """What the register calls the person; where it has no id, the place in it, such as `row 17`."""
    person: Person | None = None
    """The record; None when the entry was refused."""
    refusal: Message | None = None
    """Why it was refused, with its place; None when it was read."""
    notes: tuple[Message, ...] = ()
    """How it was read: what was guessed, and what was left unread."""

    def __post_init__(self) -> None:
        """Either read or refused."""
        if (self.person is None) == (self.refusal is None):
            raise ValueError("an entry has a person or a refusal, and not both")


class Register(Protocol):
    """A source of people, which can be gone through more than once in the same order."""

    def __iter__(self) -> Iterator[Entry]:
        """Everybody, one after the other; nothing is kept in memory that need not be."""
        ...

    @property
    def kind(self) -> str:
        """What it is, in one word for the manifest: `records`, `table`, `fhir`, `omop`."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash of what is read: a run goes on only with the source that it was begun with."""
        ...

    @property
    def size(self) -> int | None:
        """How many people there are, where that is known before reading: for the time left."""
        ...

    @property
    def facts(self) -> Mapping[str, object]:
        """What the manifest says of the source beside that: counts, queries; nothing that names anybody."""
        ...
