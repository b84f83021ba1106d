"""What a rule asks, as a tree: comparisons of one fact each, joined by all, any and none.

There are three truth values: true, false, and unknown, which a missing fact leaves behind (Kleene's strong logic).
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from trabecula.guidelines.facts import Range


class Truth(StrEnum):
    """Whether something holds, as far as the facts say."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


def truth_of(value: bool | None) -> Truth:
    """A yes, a no, or nothing known."""
    if value is None:
        return Truth.UNKNOWN
    return Truth.TRUE if value else Truth.FALSE


def all_of(truths: Iterable[Truth]) -> Truth:
    """True when all are; false as soon as one is, whatever is unknown beside it."""
    found = Truth.TRUE
    for truth in truths:
        if truth is Truth.FALSE:
            return truth
        found = found if truth is Truth.TRUE else truth
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """True as soon as one is, whatever is unknown beside it; false when all are."""
    found = Truth.FALSE
    for truth in truths:
        if truth is Truth.TRUE:
            return truth
        found = found if truth is Truth.FALSE else truth
    return found


def opposite(truth: Truth) -> Truth:
    """The other of true and false; unknown stays unknown."""
    if truth is Truth.UNKNOWN:
        return truth
    return Truth.FALSE if truth is Truth.TRUE else Truth.TRUE


Value = float | bool | str | Range | None
Values = Mapping[str, Value]
_DECIMALS = 9
"""Of a threshold that is multiplied: 1.6 times 12 is 19.2, whatever floats say."""
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq,
}  # fmt: skip


@dataclass(frozen=True)
class ThresholdCurve:
    """A threshold that depends on a fact: steps (the value of the last knot reached) or straight lines between."""

    by: str
    at: tuple[float, ...]
    value: tuple[float, ...]
    steps: bool
    """Whether the value holds until the next knot; beyond both ends the outermost value holds."""

    def read(self, where: float) -> float:
        """The threshold at one place."""
        reached = [i for i, knot in enumerate(self.at) if knot <= where]
        i = reached[-1] if reached else 0
        if self.steps or not reached or i == len(self.at) - 1:
            return self.value[i]
        share = (where - self.at[i]) / (self.at[i + 1] - self.at[i])
        return self.value[i] + share * (self.value[i + 1] - self.value[i])


@dataclass(frozen=True)
class Compare:
    """A number beside a threshold: `t_score <= -2.5`, `mof_percent >= 1.6 * intervention`."""

    fact: str
    op: str
    number: float
    """The threshold, or what the curve is multiplied by."""
    curve: ThresholdCurve | None = None

    def threshold(self, values: Values) -> float | None:
        """The threshold for this person; None when it depends on something unknown."""
        if self.curve is None:
            return self.number
        where = values.get(self.curve.by)
        if not isinstance(where, int | float):
            return None
        return round(self.number * self.curve.read(where), _DECIMALS)

    def truth(self, values: Values) -> Truth:
        """A range that holds the threshold leaves it open."""
        value, threshold = values.get(self.fact), self.threshold(values)
        if value is None or threshold is None:
            return Truth.UNKNOWN
        compare = OPERATORS[self.op]
        if isinstance(value, Range):
            ends = {compare(value.low, threshold), compare(value.high, threshold)}
            return truth_of(ends.pop() if len(ends) == 1 else None)
        return truth_of(compare(float(value), threshold))


@dataclass(frozen=True)
class Is:
    """A fact that is one of some words, or simply true."""

    fact: str
    words: tuple[str, ...] = ()

    def truth(self, values: Values) -> Truth:
        """Unknown when the fact is."""
        value = values.get(self.fact)
        return truth_of(None if value is None else value in self.words if self.words else bool(value))


@dataclass(frozen=True)
class Group:
    """Several conditions: all of them, any of them, or none of them."""

    how: str
    parts: tuple["Condition", ...]

    def truth(self, values: Values) -> Truth:
        """Kleene's logic over the parts."""
        truths = (part.truth(values) for part in self.parts)
        if self.how == "all":
            return all_of(truths)
        return any_of(truths) if self.how == "any" else opposite(any_of(truths))


Leaf = Compare | Is
Condition = Leaf | Group


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every comparison of a condition, in order."""
    if not isinstance(condition, Group):
        yield condition
        return
    for part in condition.parts:
        yield from leaves(part)


def deciding(condition: Condition, values: Values, negated: bool = False) -> Iterator[tuple[Leaf, bool]]:
    """The comparisons on which the truth rests, and whether each is asked for or ruled out."""
    if not isinstance(condition, Group):
        yield condition, negated
        return
    wanted = condition.truth(values)
    if condition.how == "none":
        wanted, negated = opposite(wanted), not negated
    for part in condition.parts:
        if part.truth(values) is wanted:
            yield from deciding(part, values, negated)
