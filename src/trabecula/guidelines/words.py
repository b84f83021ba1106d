"""Facts, thresholds and reasons in words."""

from trabecula.guidelines.conditions import Compare, Leaf, Value, Values
from trabecula.guidelines.facts import Facts, Range, about
from trabecula.guidelines.logic import Truth
from trabecula.guidelines.records import Reason, Rule
from trabecula.guidelines.values import PROBABILITIES

_LONG = 1000  # from here digits are grouped
_ASKED = {
    ">=": "{} or more", "<=": "{} or less", ">": "more than {}", "<": "less than {}", "==": "{}",
}  # fmt: skip


def plain(value: float) -> str:
    """A number as a guideline prints it, with a real minus sign: three significant figures, no exponent."""
    text = f"{value:,.0f}" if abs(value) >= _LONG else f"{value:.3g}"
    return text.replace("-", "−")


def reason(leaf: Leaf, negated: bool, values: Values, facts: Facts, rule: Rule) -> Reason:
    """One fact on which a verdict rests."""
    what = asked(leaf, values)
    return Reason(
        fact=leaf.fact,
        found=found(leaf.fact, values, facts),
        asked=f"not {what}" if negated else what,
        truth=leaf.truth(values),
        locator=f"{rule.citation}, {rule.section}",
    )


def label(name: str) -> str:
    """A fact in few words."""
    return about(name)[0]


def found(name: str, values: Values, facts: Facts) -> str:
    """A fact and what is known of it: "EDSS 6.5", "no hip fracture", "age not known"."""
    value, what = values.get(name), label(name)
    if isinstance(value, bool):
        return what if value else f"no {what}"
    if name in PROBABILITIES and value is not None:
        return _probability(name, value, facts)
    return f"{what} {_written(value, about(name)[1])}"


def _written(value: Value, unit: str) -> str:
    """A value with its unit."""
    if value is None:
        return "not known"
    if isinstance(value, Range):
        return f"{amount(value.median, unit)} ({plain(value.low)} to {plain(value.high)})"
    return value.replace("_", " ") if isinstance(value, str) else amount(value, unit)


def _probability(name: str, value: Value, facts: Facts) -> str:
    """FRAX as it was typed in and adjusted, or our own probability under its own name."""
    typed, what = getattr(facts, PROBABILITIES[name]), label(name)
    if typed is None:
        return f"{what}: not typed in; our own probability, which is not FRAX, {_written(value, '%')}"
    if isinstance(value, Range):
        ends = f"{amount(value.low, '%')} or {amount(value.high, '%')}"
        return f"{what} {ends}, depending on the adjustment for the steroid dose"
    adjusted = "" if value == typed else f", adjusted to {_written(value, '%')}"
    return f"{what} {amount(typed, '%')}{adjusted}"


def asked(leaf: Leaf, values: Values) -> str:
    """What a rule asks of a fact."""
    if not isinstance(leaf, Compare):
        return " or ".join(leaf.words).replace("_", " ") or "yes"
    threshold, unit = leaf.threshold(values), about(leaf.fact)[1]
    text = _ASKED[leaf.op].format("the threshold" if threshold is None else amount(threshold, unit))
    if leaf.curve is not None:
        text = f"{text} (it depends on {label(leaf.curve.by)})"
    straddles = isinstance(values.get(leaf.fact), Range) and leaf.truth(values) is Truth.UNKNOWN
    return f"{text}, which lies within the range" if straddles else text


def amount(value: float, unit: str) -> str:
    """A number with its unit."""
    return f"{plain(value)} {unit}".rstrip()


def run_text(low: tuple[float, bool] | None, high: tuple[float, bool] | None, unit: str) -> str:
    """An interval of answers: each end is a threshold and whether it belongs to it."""
    if low and high and low[0] == high[0]:
        return amount(low[0], unit)
    ends = []
    if low:
        ends.append(_ASKED[">=" if low[1] else ">"].format(amount(low[0], unit)))
    if high:
        ends.append(_ASKED["<=" if high[1] else "<"].format(amount(high[0], unit)))
    return ", ".join(ends) or "any"
