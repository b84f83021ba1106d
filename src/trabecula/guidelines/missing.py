"""A verdict that is open: which data are missing, and what each answer would lead to."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from trabecula.guidelines.conditions import (
    Compare,
    Condition,
    Group,
    Is,
    Leaf,
    Value,
    Values,
    deciding,
    leaves,
)
from trabecula.guidelines.facts import Facts, about
from trabecula.guidelines.logic import Truth
from trabecula.guidelines.records import Answer, Guideline, Missing
from trabecula.guidelines.values import PROBABILITIES, values_of
from trabecula.guidelines.words import label, run_text

_STEP = 1.0
"""How far beyond the outermost threshold an answer is tried; any distance gives the same verdict."""


def missing(condition: Condition, facts: Facts, guideline: Guideline) -> tuple[Missing, ...]:
    """What an open condition waits for, each datum once, with its answers; empty unless it is open."""
    values = values_of(facts, guideline)
    if condition.truth(values) is not Truth.UNKNOWN:
        return ()
    waits = dict.fromkeys(
        name
        for leaf, _ in deciding(condition, values)
        for name in _unknown_in(leaf, values, facts, guideline)
    )
    asks = [*leaves(condition), *(leaf for each in guideline.adjustments for leaf in leaves(each.when))]
    return tuple(
        Missing(
            fact=PROBABILITIES.get(name, name),
            what=label(name),
            answers=_answers(name, asks, condition, facts, guideline),
        )
        for name in waits
    )


def _unknown_in(leaf: Leaf, values: dict[str, Value], facts: Facts, guideline: Guideline) -> Iterator[str]:
    """What a comparison waits for: its fact, the fact behind its threshold, or what decides on an adjustment."""
    typed = leaf.fact in PROBABILITIES and getattr(facts, PROBABILITIES[leaf.fact]) is not None
    if typed:
        parts = [part for each in guideline.adjustments for part in deciding(each.when, values)]
        yield from (part.fact for part, _ in parts if part.truth(values) is Truth.UNKNOWN)
    elif not isinstance(values.get(leaf.fact), int | float | str):
        yield leaf.fact
    if isinstance(leaf, Compare) and leaf.curve is not None and values.get(leaf.curve.by) is None:
        yield leaf.curve.by


def _answers(
    name: str, asks: Sequence[Leaf], condition: Condition, facts: Facts, guideline: Guideline
) -> tuple[Answer, ...]:
    """Each kind of answer and the verdict it leads to."""

    def then(value: Value) -> Truth:
        return condition.truth(values_of(facts, guideline, {name: value}))

    mine = [leaf for leaf in asks if isinstance(leaf, Is) and leaf.fact == name]
    if words := dict.fromkeys(word for leaf in mine for word in leaf.words):
        told = [*((word.replace("_", " "), word) for word in words), ("anything else", "other")]
    elif mine:
        told = [("yes", True), ("no", False)]
    else:
        thresholds = _thresholds(name, asks, values_of(facts, guideline))
        return tuple(_runs(thresholds, [then(value) for value in _tried(thresholds)], about(name)[1]))
    return tuple(Answer(answer=text, verdict=then(value)) for text, value in told)


def _thresholds(name: str, asks: Sequence[Leaf], values: Values) -> list[float]:
    """Where an answer may change the verdict: the thresholds of a number, the steps of a curve that depends on it.

    None where that is not known beforehand: a threshold that waits for another datum, or moves along a line.
    """
    compares = [leaf for leaf in asks if isinstance(leaf, Compare)]
    own = {leaf.threshold(values) for leaf in compares if leaf.fact == name}
    curves = [leaf.curve for leaf in compares if leaf.curve is not None and leaf.curve.by == name]
    if None in own or not all(curve.steps for curve in curves):
        return []
    return sorted({each for each in own if each is not None} | {at for curve in curves for at in curve.at})


def _tried(thresholds: Sequence[float]) -> Iterator[float]:
    """A value below all thresholds, at each, between neighbours, and above all; none without a threshold."""
    if not thresholds:
        return
    yield thresholds[0] - _STEP
    for here, after in zip(thresholds, [*thresholds[1:], thresholds[-1] + 2 * _STEP], strict=True):
        yield from (here, (here + after) / 2)


def _runs(thresholds: Sequence[float], verdicts: Sequence[Truth], unit: str) -> Iterator[Answer]:
    """Neighbouring answers with the same verdict, as one; even places are gaps, odd ones are thresholds."""
    if not verdicts:
        yield Answer(answer="any", verdict=Truth.UNKNOWN)
    for verdict, run in groupby(enumerate(verdicts), key=lambda each: each[1]):
        places = [place for place, _ in run]
        first, last = places[0], places[-1]
        low = (thresholds[(first - 1) // 2], first % 2 == 1) if first else None
        high = (thresholds[last // 2], last % 2 == 1) if last < len(verdicts) - 1 else None
        yield Answer(answer=run_text(low, high, unit), verdict=verdict)


def whole(scope: Condition, when: Condition) -> Group:
    """The condition of a verdict: in the population, and met."""
    return Group("all", (scope, when))
