"""What an adapter read, what it left out and what it assumed, so that nothing is dropped silently.

Every resource (or row) of the input is counted once: as read, or as ignored with a reason.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from trabecula.words.message import Message, Value, verbatim

NAMELESS = verbatim("")
"""The name of a resource that has none."""


class _Line(BaseModel):
    """One line of the report; its texts are messages, which JSON has as sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadLine(_Line):
    """So many resources of a type, all called the same, went to this field of the Person."""

    resource: str
    """The type, as the other system calls it: Observation."""
    what: Message
    """What the resources are called there."""
    field: Message
    """The field of the Person, or what was noted without one."""
    n: int


class IgnoredLine(_Line):
    """So many resources of a type, all called the same, were left out for this reason."""

    resource: str
    what: Message
    reason: Message
    n: int


class AssumedLine(_Line):
    """Something the record does not say, what was put in its place, and what that costs."""

    what: Message
    """What is unsaid, and where."""
    assumed: Message
    """The value assumed instead."""
    cost: Message
    """What that costs, or what to do when it is wrong."""


def assumption(id: str, values: Mapping[str, Value]) -> AssumedLine:
    """An assumption by its id: the catalogue has its three parts under `id.what`, `id.assumed` and `id.cost`."""
    what, assumed, cost = (Message(f"{id}.{part}", values) for part in ("what", "assumed", "cost"))
    return AssumedLine(what=what, assumed=assumed, cost=cost)


class ResourceTotal(_Line):
    """All resources of one type: read + ignored is what the record had."""

    resource: str
    read: int
    ignored: int


class LossReport(_Line):
    """What became of a record: read, ignored, assumed. A Message is a sentence in JSON, in the language asked for.

    >>> from datetime import date
    >>> import trabecula as tb
    >>> person, loss = tb.read("tests/adapters/bundles/everyday.json", date(2026, 11, 22), with_loss=True)
    >>> loss.n_read + loss.n_ignored == loss.n_resources
    True
    """

    source: Message
    """Which kind of record it was."""
    read: tuple[ReadLine, ...]
    ignored: tuple[IgnoredLine, ...]
    assumed: tuple[AssumedLine, ...]

    @property
    def totals(self) -> tuple[ResourceTotal, ...]:
        """Read and ignored by type of resource, the commonest first."""
        read, ignored = _sum_by_resource(self.read), _sum_by_resource(self.ignored)
        together = read + ignored
        ordered = sorted(together, key=lambda kind: (-together[kind], kind))
        return tuple(ResourceTotal(resource=kind, read=read[kind], ignored=ignored[kind]) for kind in ordered)

    @property
    def n_read(self) -> int:
        """How many resources were read."""
        return sum(line.n for line in self.read)

    @property
    def n_ignored(self) -> int:
        """How many resources were left out."""
        return sum(line.n for line in self.ignored)

    @property
    def n_resources(self) -> int:
        """How many resources there were."""
        return self.n_read + self.n_ignored

    def lines(self) -> tuple[Message, ...]:
        """The report line by line, each section under its title; what stands under a title is indented.

        A page says each line in its language; `str(line)` is the English for a terminal.
        """
        counts = {"n": self.n_resources, "read": self.n_read, "ignored": self.n_ignored}
        head = Message("loss.head", {"source": self.source, **counts})
        read = [Message("loss.read_line", _fields_of(line)) for line in self.read]
        assumed = [Message("loss.assumed_line", _fields_of(line)) for line in self.assumed]
        sections = {"read": read, "not_used": _by_reason(self.ignored), "assumed": assumed}
        return (head, *(line for title, found in sections.items() for line in _titled(title, found)))


def _fields_of(line: ReadLine | AssumedLine) -> Mapping[str, Value]:
    """The parts of a line, for its message."""
    return {name: getattr(line, name) for name in type(line).model_fields}


def _sum_by_resource(lines: Iterable[ReadLine | IgnoredLine]) -> Counter[str]:
    """The number of resources of each type."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.resource] += line.n
    return sums


def _by_reason(lines: Iterable[IgnoredLine]) -> list[Message]:
    """What was ignored, one line for each type and reason."""
    groups: dict[tuple[str, Message], list[IgnoredLine]] = {}
    for line in lines:
        groups.setdefault((line.resource, line.reason), []).append(line)
    return [_counted(kind, reason, group) for (kind, reason), group in groups.items()]


def _counted(kind: str, reason: Message, group: Sequence[IgnoredLine]) -> Message:
    """A reason, how many resources it holds for, and what they are called."""
    names = [
        Message("loss.name_and_number", {"what": line.what, "n": line.n}) for line in group if line.what != NAMELESS
    ]
    values = {"resource": kind, "reason": reason, "n": sum(line.n for line in group), "names": names}
    return Message("loss.ignored_line" if names else "loss.ignored_line_without_names", values)


def _titled(title: str, lines: Sequence[Message]) -> list[Message]:
    """The lines under their title, or nothing."""
    entries = [Message("loss.entry", {"line": line}) for line in lines]
    return [Message(f"loss.title_{title}"), *entries] if entries else []
