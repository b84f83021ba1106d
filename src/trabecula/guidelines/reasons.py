"""Why a verdict is what it is: the facts it rests on, those that are missing, and what each answer would lead to.

Everything is said in messages; the ids begin with `reason`, `amount` (a number with its unit) and `value` (a word).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from trabecula.guidelines.conditions import Compare, Condition, Group, Is, Leaf, Truth, Value, Values, deciding, leaves
from trabecula.guidelines.facts import Facts, Range, label, unit
from trabecula.guidelines.records import FactAnswer, Guideline, Missing, Reason, Rule
from trabecula.guidelines.values import FRAX_AGES_Y, OWN, PROBABILITIES, SINCE, values_of
from trabecula.vocabulary import BONE_DRUGS, CLASSES
from trabecula.words.message import Message

_STEP = 1.0
"""How far beyond the outermost threshold an answer is tried; any distance gives the same verdict."""
_ASKED = {">=": "reason.or_more", "<=": "reason.or_less", ">": "reason.more_than", "<": "reason.less_than"}
_YES, _NO = Message("reason.yes"), Message("reason.no")
_AMOUNTS = {
    "y": "amount.years", "d": "amount.days", "mg/d": "amount.mg_a_day", "ug/d": "amount.ug_a_day", "SD": "amount.sd",
    "a week": "amount.times_a_week", "units a week": "amount.units_a_week", "min/week": "amount.minutes_a_week",
}  # fmt: skip
"""Units that are words or abbreviated words; the others are the same in every language."""
End = tuple[float, bool]
"""An end of an interval of answers: a threshold, and whether it belongs to the interval."""


# --- What is known, and what is asked ------------------------------------------------------------------------------


def reason(leaf: Leaf, negated: bool, values: Values, facts: Facts, rule: Rule) -> Reason:
    """One fact on which a verdict rests."""
    what = asked(leaf, values)
    return Reason(
        fact=leaf.fact,
        found=found(leaf.fact, values, facts),
        asked=Message("reason.not", {"what": what}) if negated else what,
        truth=leaf.truth(values),
        locator=f"{rule.citation}, {rule.section}",
    )


def is_plain(question: Message) -> bool:
    """Whether a rule only asks for yes or no, so that the fact itself says enough."""
    return question in (_YES, Message("reason.not", {"what": _YES}))


def found(name: str, values: Values, facts: Facts) -> Message:
    """A fact and what is known of it: "EDSS 6.5", "no hip fracture", "age not known"."""
    value, what = values.get(name), label(name)
    if isinstance(value, bool):
        return what if value else Message("reason.not_so", {"what": what})
    if value is None:
        own = getattr(facts, OWN[name]) if name in OWN else None
        beside = None if own is None else {"what": what, "value": _written(own, "%")}
        return Message("reason.own_probability", beside) if beside else Message("reason.unknown", {"what": what})
    if name in PROBABILITIES:
        return _probability(name, value, facts)
    if name in SINCE and value != value:  # not a number: no fracture from which time could run
        return Message("reason.not_so", {"what": label(SINCE[name])})
    return Message("reason.value", {"what": what, "value": _written(value, unit(name))})


def _written(value: Value, measured_in: str) -> Message:
    """A value with its unit; a range has its ends behind it."""
    if isinstance(value, Range):
        middle = amount(value.median, measured_in)
        return Message("reason.range", {"amount": middle, "low": value.low, "high": value.high})
    assert value is not None, "what is unknown is said before"
    return word(value) if isinstance(value, str) else amount(value, measured_in)


def word(value: str) -> Message:
    """One of the words that a fact may be: an aid, a class of medicines, a medicine."""
    named = CLASSES.get(value) or BONE_DRUGS.get(value)
    return named.name if named else Message(f"value.{value}")


def _probability(name: str, value: Value, facts: Facts) -> Message:
    """FRAX as it was typed in and adjusted, or that there is none at this age."""
    typed, what = getattr(facts, PROBABILITIES[name]), label(name)
    if typed is None:
        return Message("reason.no_frax", {"what": what, "low": FRAX_AGES_Y[0], "high": FRAX_AGES_Y[1]})
    if isinstance(value, Range):
        ends = {"low": amount(value.low, "%"), "high": amount(value.high, "%")}
        return Message("reason.adjusted_or_not", {"what": what, **ends})
    said = Message("reason.value", {"what": what, "value": amount(typed, "%")})
    return said if value == typed else Message("reason.adjusted", {"what": said, "to": _written(value, "%")})


def asked(leaf: Leaf, values: Values) -> Message:
    """What a rule asks of a fact."""
    if not isinstance(leaf, Compare):
        words = [word(name) for name in leaf.words]
        return Message("reason.one_of", {"words": words}) if words else _YES
    threshold = leaf.threshold(values)
    text = Message("reason.threshold") if threshold is None else amount(threshold, unit(leaf.fact))
    if leaf.op in _ASKED:
        text = Message(_ASKED[leaf.op], {"what": text})
    if leaf.curve is not None:
        text = Message("reason.depends", {"what": text, "by": label(leaf.curve.by)})
    straddles = isinstance(values.get(leaf.fact), Range) and leaf.truth(values) is Truth.UNKNOWN
    return Message("reason.within_range", {"what": text}) if straddles else text


def amount(value: float, measured_in: str) -> Message:
    """A number with its unit."""
    if measured_in in _AMOUNTS:
        return Message(_AMOUNTS[measured_in], {"n": value})
    return (
        Message("amount.bare", {"n": value})
        if not measured_in
        else Message("amount.unit", {"n": value, "unit": measured_in})
    )


def run_text(low: End | None, high: End | None, measured_in: str) -> Message:
    """An interval of answers: each end is a threshold and whether it belongs to it."""
    if low and high and low[0] == high[0]:
        return amount(low[0], measured_in)
    ends = []
    if low:
        ends.append(Message(_ASKED[">=" if low[1] else ">"], {"what": amount(low[0], measured_in)}))
    if high:
        ends.append(Message(_ASKED["<=" if high[1] else "<"], {"what": amount(high[0], measured_in)}))
    return Message("reason.between", {"ends": ends}) if ends else Message("reason.any")


# --- What is missing -----------------------------------------------------------------------------------------------


def missing(
    condition: Condition, facts: Facts, guideline: Guideline, values: Values, *, answers: bool = True
) -> tuple[Missing, ...]:
    """What an open condition waits for, each datum once, with its answers; empty unless it is open.

    values: those of the facts, as this guideline reads them (`values_of`). answers: whether each is tried, which takes
    most of the time.
    """
    if condition.truth(values) is not Truth.UNKNOWN:
        return ()
    waits = dict.fromkeys(
        name for leaf, _ in deciding(condition, values) for name in _unknown_in(leaf, values, facts, guideline)
    )
    if not answers:
        return tuple(Missing(fact=PROBABILITIES.get(name, name), what=label(name), answers=()) for name in waits)
    asks = [*leaves(condition), *(leaf for adjustment in guideline.adjustments for leaf in leaves(adjustment.when))]
    return tuple(
        Missing(
            fact=PROBABILITIES.get(name, name),
            what=label(name),
            answers=_answers(name, asks, values, lambda answers: condition.truth(values_of(facts, guideline, answers))),
        )
        for name in waits
    )


def _unknown_in(leaf: Leaf, values: Values, facts: Facts, guideline: Guideline) -> Iterator[str]:
    """What a comparison waits for: its fact, the fact behind its threshold, or what decides on an adjustment."""
    typed = leaf.fact in PROBABILITIES and getattr(facts, PROBABILITIES[leaf.fact]) is not None
    if typed:
        parts = [part for adjustment in guideline.adjustments for part in deciding(adjustment.when, values)]
        yield from (part.fact for part, _ in parts if part.truth(values) is Truth.UNKNOWN)
    elif not isinstance(values.get(leaf.fact), int | float | str):
        yield leaf.fact
    if isinstance(leaf, Compare) and leaf.curve is not None and values.get(leaf.curve.by) is None:
        yield leaf.curve.by


def _answers(
    name: str, asks: Sequence[Leaf], values: Values, verdict: Callable[[Values], Truth]
) -> tuple[FactAnswer, ...]:
    """Each kind of answer and the verdict it leads to."""

    def then(value: Value) -> Truth:
        return verdict({name: value})

    mine = [leaf for leaf in asks if isinstance(leaf, Is) and leaf.fact == name]
    if words := dict.fromkeys(name for leaf in mine for name in leaf.words):
        told = [*((word(name), name) for name in words), (Message("reason.anything_else"), "other")]
    elif mine:
        told = [(_YES, True), (_NO, False)]
    else:
        thresholds = _thresholds(name, asks, values)
        return tuple(_runs(thresholds, [then(value) for value in _tried(thresholds)], unit(name)))
    return tuple(FactAnswer(answer=text, verdict=then(value)) for text, value in told)


def _thresholds(name: str, asks: Sequence[Leaf], values: Values) -> list[float]:
    """Where an answer may change the verdict: the thresholds of a number, the steps of a curve that depends on it.

    None where that is not known beforehand: a threshold that waits for another datum, or moves along a line.
    """
    compares = [leaf for leaf in asks if isinstance(leaf, Compare)]
    own = {leaf.threshold(values) for leaf in compares if leaf.fact == name}
    curves = [leaf.curve for leaf in compares if leaf.curve is not None and leaf.curve.by == name]
    if None in own or not all(curve.steps for curve in curves):
        return []
    return sorted(
        {threshold for threshold in own if threshold is not None} | {at for curve in curves for at in curve.at}
    )


def _tried(thresholds: Sequence[float]) -> Iterator[float]:
    """A value below all thresholds, at each, between neighbours, and above all; none without a threshold."""
    if not thresholds:
        return
    yield thresholds[0] - _STEP
    for here, after in zip(thresholds, [*thresholds[1:], thresholds[-1] + 2 * _STEP], strict=True):
        yield from (here, (here + after) / 2)


def _runs(thresholds: Sequence[float], verdicts: Sequence[Truth], measured_in: str) -> Iterator[FactAnswer]:
    """Neighbouring answers with the same verdict, as one; even places are gaps, odd ones are thresholds."""
    if not verdicts:
        yield FactAnswer(answer=Message("reason.any"), verdict=Truth.UNKNOWN)
    for verdict, run in groupby(enumerate(verdicts), key=lambda tried: tried[1]):
        places = [place for place, _ in run]
        first, last = places[0], places[-1]
        low = (thresholds[(first - 1) // 2], first % 2 == 1) if first else None
        high = (thresholds[last // 2], last % 2 == 1) if last < len(verdicts) - 1 else None
        yield FactAnswer(answer=run_text(low, high, measured_in), verdict=verdict)


def whole(scope: Condition, when: Condition) -> Group:
    """The condition of a verdict: in the population, and met."""
    return Group("all", (scope, when))
