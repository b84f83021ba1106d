"""Every comparison of every rule, turned round: does a case notice?"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from guidelines.cases import Expected, cases
from trabecula.guidelines import Facts, Guideline, shipped
from trabecula.guidelines.engine import verdicts
from trabecula.guidelines.reading import COMPARISON, raw_guidelines, read_all

TURNED = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": ">"}
MOVED = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": ">="}
"""The threshold itself changes sides: only a case exactly at the threshold notices."""
CONDITIONS = ("scope", "when", "adjust", "rules", "unless", "all", "any", "none")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """One line of one guideline, changed."""

    guideline: str
    rule: str
    line: str
    changed: str
    guidelines: tuple[Guideline, ...]


def mutants(how: dict[str, str], *, words: bool) -> Iterator[Mutant]:
    """Each comparison changed, one at a time; with `words` also each yes-or-no and each choice turned round."""
    raws = raw_guidelines()
    for place, raw in enumerate(raws):
        for path, line in _lines(raw):
            changed = _changed(line, how, words=words)
            if changed is None:
                continue
            altered = copy.deepcopy(raws)
            _put(altered[place], path, changed)
            rule = _rule(raw, path)
            yield Mutant(raw["id"], rule, line, str(changed), read_all(altered))


def _lines(raw: Any, path: Path = (), *, inside: bool = False) -> Iterator[tuple[Path, str]]:
    """Every line of every condition, with its place."""
    if isinstance(raw, str):
        if inside:
            yield path, raw
    elif isinstance(raw, list):
        for i, each in enumerate(raw):
            yield from _lines(each, (*path, i), inside=inside)
    elif isinstance(raw, dict):
        for name, each in raw.items():
            if name in CONDITIONS:
                condition = inside or name in ("scope", "when")
                yield from _lines(each, (*path, name), inside=condition)


def _changed(line: str, how: dict[str, str], *, words: bool) -> Any:
    """The line turned round, or None when it is of another kind."""
    if COMPARISON.fullmatch(line):
        return re.sub(r" (>=|<=|==|>|<) ", lambda found: f" {how[found[1]]} ", line)
    if not words or line.startswith("rule "):
        return None
    return line.removeprefix("not ") if line.startswith("not ") else {"none": [line]}


def _put(raw: Any, path: Path, value: Any) -> None:
    """Change one place of nested data."""
    for step in path[:-1]:
        raw = raw[step]
    raw[path[-1]] = value


def _rule(raw: Any, path: Path) -> str:
    """The rule in which a line stands, or the guideline's own part."""
    return raw["rules"][path[1]]["id"] if path[0] == "rules" else str(path[0])


def survives(mutant: Mutant) -> bool:
    """Whether every case is answered as before; only guidelines that came out otherwise are asked again."""
    altered = (now for now, before in zip(mutant.guidelines, shipped(), strict=True) if now != before)
    return not any(_notices(facts, asked, each) for each in altered for facts, asked in _asked()[each.id])


@lru_cache(maxsize=1)
def _asked() -> dict[str, list[tuple[Facts, tuple[Expected, ...]]]]:
    """What cases expect, by guideline."""
    home = {rule.id: guideline.id for guideline in shipped() for rule in guideline.rules}
    found: dict[str, list[tuple[Facts, tuple[Expected, ...]]]] = {each.id: [] for each in shipped()}
    for case in cases():
        rules = [(home.get(each.rule.split("/")[0]), each) for each in case.expect]
        for guideline in {name for name, _ in rules if name is not None}:
            expected = tuple(each for name, each in rules if name == guideline)
            found[guideline].append((case.facts, expected))
    return found


def _notices(facts: Facts, asked: tuple[Expected, ...], guideline: Guideline) -> bool:
    """Whether a case is answered otherwise than expected."""
    found = verdicts(facts, guideline)
    for each in asked:
        told = dict(zip(("verdict", "scope", "literal"), found[each.rule], strict=True))
        if any(getattr(each, name) not in (None, word) for name, word in told.items()):
            return True
    return False
