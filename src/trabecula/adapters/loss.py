"""What an adapter read, what it left out and what it assumed, so that nothing is dropped silently.

Every resource (or row) of the input is counted once: as read, or as ignored with a reason.
"""

from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict


class _Line(BaseModel):
    """One line of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Read(_Line):
    """So many resources went to this field of the Person."""

    resource: str
    what: str
    field: str
    n: int


class Ignored(_Line):
    """So many resources were left out, for this reason."""

    resource: str
    what: str
    reason: str
    n: int


class Assumed(_Line):
    """Something the record does not say, what was put in its place, and what that costs."""

    what: str
    assumed: str
    cost: str


class Total(_Line):
    """All resources of one type: read + ignored."""

    resource: str
    read: int
    ignored: int


class LossReport(_Line):
    """What became of a record: read, ignored, assumed."""

    source: str
    read: tuple[Read, ...]
    ignored: tuple[Ignored, ...]
    assumed: tuple[Assumed, ...]

    @property
    def totals(self) -> tuple[Total, ...]:
        """Read and ignored by type of resource, the commonest first."""
        read, ignored = _sum_by_resource(self.read), _sum_by_resource(self.ignored)
        together = read + ignored
        ordered = sorted(together, key=lambda kind: (-together[kind], kind))
        return tuple(Total(resource=kind, read=read[kind], ignored=ignored[kind]) for kind in ordered)

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

    def lines(self) -> tuple[str, ...]:
        """The report as lines for a terminal."""
        head = f"{self.source}: {self.n_resources} resources, {self.n_read} read, {self.n_ignored} not used"
        read = [f"  {line.resource}: {line.what} -> {line.field} ({line.n})" for line in self.read]
        ignored = [f"  {line}" for line in _by_reason(self.ignored)]
        assumed = [f"  {line.what}: {line.assumed}; {line.cost}" for line in self.assumed]
        return (head, *_titled("Read", read), *_titled("Not used", ignored), *_titled("Assumed", assumed))


def _sum_by_resource(lines: Iterable[Read | Ignored]) -> Counter[str]:
    """The number of resources of each type."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.resource] += line.n
    return sums


def _by_reason(lines: Iterable[Ignored]) -> list[str]:
    """What was ignored, one line for each type and reason."""
    groups: dict[tuple[str, str], list[Ignored]] = {}
    for line in lines:
        groups.setdefault((line.resource, line.reason), []).append(line)
    return [f"{kind}: {reason} {_counted(group)}" for (kind, reason), group in groups.items()]


def _counted(group: list[Ignored]) -> str:
    """How many, and of what."""
    names = ", ".join(f"{line.what} {line.n}" for line in group if line.what)
    return f"({sum(line.n for line in group)}{': ' if names else ''}{names})"


def _titled(title: str, lines: list[str]) -> list[str]:
    """The lines under their title, or nothing."""
    return [title, *lines] if lines else []
