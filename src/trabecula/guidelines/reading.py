"""Guidelines as they are written: one YAML file each, text and rule side by side, with a small language of conditions.

A condition is a line, or a list (all of it), or a group `all:`, `any:`, `none:` of conditions. A line is

    t_score <= -2.5                   a fact beside a number (>=, <=, >, <, ==)
    mof_percent >= 1.6 * intervention a fact beside a threshold curve of the guideline
    hip_fracture, not hip_fracture    a fact that is true or false
    aid is wheelchair or bed          a fact that is one of some words
    rule acr_vh40                     the condition of an earlier rule, of this file or one before it

There is nothing to execute in it: what is none of these is an error.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from trabecula.data_files import load_yaml
from trabecula.guidelines.conditions import OPERATORS, Compare, Condition, Group, Is, ThresholdCurve
from trabecula.guidelines.facts import DERIVED, Facts
from trabecula.guidelines.records import DRUGS, LEVELS, STATUSES, Adjustment, Guideline, Rule, Status, Unless
from trabecula.words.message import sourced

COMPARISON = re.compile(r"(\w+) (>=|<=|==|>|<) (?:(-?\d+(?:\.\d+)?)|(?:(\d+(?:\.\d+)?) \* )?([a-z]\w*))")
_WORDS = re.compile(r"(\w+) is (\w+(?: or \w+)*)")
_FACT = re.compile(r"(not )?(\w+)")
_RULE = re.compile(r"rule (\w+)")
_GROUPS = ("all", "any", "none")


class GuidelineError(ValueError):
    """A guideline file that cannot be read; the message says where and why."""


@lru_cache(maxsize=1)
def shipped() -> tuple[Guideline, ...]:
    """The guidelines that come with the package, in the order of their files."""
    return read_all(raw_guidelines())


def read_all(raws: Iterable[Mapping[str, Any]]) -> tuple[Guideline, ...]:
    """Guidelines in order; a condition can name a rule of an earlier one."""
    conditions: dict[str, Condition] = {}
    return tuple(read(raw, conditions) for raw in raws)


def raw_guidelines() -> tuple[dict[str, Any], ...]:
    """The files as they are written."""
    folder = resources.files("trabecula.guidelines").joinpath("data")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return tuple(load_yaml(Path(str(file))) for file in files)


def read(raw: Mapping[str, Any], conditions: dict[str, Condition]) -> Guideline:
    """One guideline; what is wrong with it is said with its place. `conditions` are those of the rules so far."""
    place = str(raw.get("id", "(a guideline without an id)"))
    _only(raw, place, "id name version country citation population scope rules", "doi note adjust curves read")
    book = _Book(place, {name: _curve(curve) for name, curve in raw.get("curves", {}).items()}, conditions)
    rules = tuple(book.rule(rule, raw) for rule in raw["rules"])
    return Guideline(
        id=raw["id"],
        name=raw["name"],
        title=sourced("guideline", f"{raw['name']} ({raw['version']})"),
        version=str(raw["version"]),
        country=sourced("region", raw["country"]),
        citation=raw["citation"],
        doi=raw.get("doi"),
        population=sourced("population", raw["population"]),
        scope=book.condition(raw["scope"], place),
        note=raw.get("note", ""),
        read=raw.get("read"),
        rules=rules,
        adjustments=tuple(book.adjustment(factor) for factor in raw.get("adjust", ())),
    )


def _curve(raw: Mapping[str, Any]) -> ThresholdCurve:
    """A threshold by age or another fact; the source of its numbers stands beside it."""
    _only(raw, "curve", "by knots between from", "")
    knots = raw["knots"]
    at, value = tuple(map(float, knots)), tuple(map(float, knots.values()))
    return ThresholdCurve(raw["by"], at, value, raw["between"] == "steps")


def _only(raw: Mapping[str, Any], place: str, needed: str, allowed: str) -> None:
    """Every key that is needed, and none that is not known."""
    missing = [name for name in needed.split() if name not in raw]
    unknown = [name for name in raw if name not in (*needed.split(), *allowed.split())]
    if missing or unknown:
        raise GuidelineError(f"{place}: missing {missing or 'nothing'}, unknown {unknown or 'nothing'}")


class _Book:
    """A guideline while it is read: its curves, and the conditions of all rules so far."""

    def __init__(self, place: str, curves: Mapping[str, ThresholdCurve], conditions: dict[str, Condition]) -> None:
        self.place, self.curves, self.conditions = place, curves, conditions

    def rule(self, raw: Mapping[str, Any], guideline: Mapping[str, Any]) -> Rule:
        """One rule; population, scope and citation are the guideline's unless it has its own."""
        place = f"{self.place}: {raw.get('id', '(a rule without an id)')}"
        needed = "id condition when recommendation section status"
        _only(raw, place, needed, "population scope strength citation note unless beside topic stance level drug")
        if raw["id"] in self.conditions:
            raise GuidelineError(f"{place}: the id is already taken; ids are unique and permanent")
        when = self.condition(raw["when"], place)
        self.conditions[raw["id"]] = when
        return Rule(
            id=raw["id"],
            population=sourced("population", raw.get("population", guideline["population"])),
            scope=self.condition(raw.get("scope", guideline["scope"]), place),
            condition=sourced("condition", raw["condition"]),
            when=when,
            recommendation=sourced("rule", raw["recommendation"]),
            strength=sourced("strength", raw.get("strength", "")),
            section=raw["section"],
            citation=raw.get("citation", guideline["citation"]),
            status=_status(raw["status"], place),
            note=sourced("rule_note", raw.get("note", "")),
            beside=raw.get("beside", ""),
            topic=raw.get("topic", ""),
            stance=raw.get("stance", ""),
            level=_one_of(LEVELS, raw, "level", place),
            drug=_one_of(DRUGS, raw, "drug", place),
            unless=tuple(self.unless(exception, place) for exception in raw.get("unless", ())),
        )

    def unless(self, raw: Mapping[str, Any], place: str) -> Unless:
        """One exception."""
        _only(raw, place, "name condition when instead section status", "stance")
        when = self.condition(raw["when"], place)
        status = _status(raw["status"], place)
        condition, instead = sourced("condition", raw["condition"]), sourced("rule", raw["instead"])
        return Unless(raw["name"], condition, when, instead, raw["section"], status, raw.get("stance", ""))

    def adjustment(self, raw: Mapping[str, Any]) -> Adjustment:
        """A factor on FRAX."""
        _only(raw, self.place, "text when section status", "mof_percent hip_percent")
        factors = {name: float(raw[name]) for name in ("mof_percent", "hip_percent") if name in raw}
        return Adjustment(self.condition(raw["when"], self.place), factors, raw["text"])

    def condition(self, raw: Any, place: str) -> Condition:
        """A line, a list, or a group."""
        if isinstance(raw, str):
            return self.line(raw, place)
        if isinstance(raw, list):
            return self._group("all", raw, place)
        if isinstance(raw, dict) and raw and set(raw) <= set(_GROUPS):
            parts = tuple(self._group(how, parts, place) for how, parts in raw.items())
            return parts[0] if len(parts) == 1 else Group("all", parts)
        raise GuidelineError(f"{place}: {raw!r} is no condition; write a line, a list, or all/any/none")

    def _group(self, how: str, raw: Sequence[Any], place: str) -> Group:
        if not isinstance(raw, list) or not raw:
            raise GuidelineError(f"{place}: `{how}` needs a list of conditions")
        return Group(how, tuple(self.condition(part, place) for part in raw))

    def line(self, text: str, place: str) -> Condition:
        """One line of the language."""
        if found := COMPARISON.fullmatch(text):
            return self._comparison(found, place)
        if found := _WORDS.fullmatch(text):
            return Is(_known(found[1], place), tuple(found[2].split(" or ")))
        if found := _RULE.fullmatch(text):
            return self._earlier(found[1], place)
        if found := _FACT.fullmatch(text):
            leaf = Is(_known(found[2], place))
            return Group("none", (leaf,)) if found[1] else leaf
        raise GuidelineError(f"{place}: `{text}` cannot be read as a condition")

    def _comparison(self, found: re.Match[str], place: str) -> Compare:
        fact, op, number, factor, curve = found.groups()
        assert op in OPERATORS, "the pattern and the table agree"
        if curve is None:
            return Compare(_known(fact, place), op, float(number))
        if curve not in self.curves:
            raise GuidelineError(f"{place}: no curve is called `{curve}`")
        return Compare(_known(fact, place), op, float(factor or 1), self.curves[curve])

    def _earlier(self, name: str, place: str) -> Condition:
        if name not in self.conditions:
            raise GuidelineError(f"{place}: no earlier rule is called `{name}`")
        return self.conditions[name]


def _known(name: str, place: str) -> str:
    """The name of a fact."""
    if name not in Facts.model_fields and name not in DERIVED:
        raise GuidelineError(f"{place}: no fact is called `{name}`")
    return name


def _one_of(words: tuple[Any, ...], raw: Mapping[str, Any], key: str, place: str) -> Any:
    """One of some words, or empty where the rule does not say."""
    found = raw.get(key, "")
    if found and found not in words:
        raise GuidelineError(f"{place}: `{found}` is no {key}; one of {', '.join(words)}")
    return found


def _status(text: str, place: str) -> Status:
    """How well a rule was checked."""
    if text not in STATUSES:
        raise GuidelineError(f"{place}: `{text}` is no status; one of {', '.join(STATUSES)}")
    return text  # type: ignore[return-value]
