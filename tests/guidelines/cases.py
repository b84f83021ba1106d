"""The cases, written from the text of the rules before the engine was run on them, to be read by a clinician."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from trabecula.guidelines import Facts

CASES = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True)
class Expected:
    """What a case expects of one rule, or of one exception (`rule/exception`)."""

    rule: str
    verdict: str
    scope: str | None = None
    literal: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A person in a sentence, the facts, and what the rules say by their own text."""

    sentence: str
    source: str
    file: str
    facts: Facts
    expect: tuple[Expected, ...] = field(default=())


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    """All cases, in the order of their files; a file that holds no list of advice cases is somebody else's."""
    return tuple(
        _case(raw, file.name)
        for file in sorted(CASES.glob("*.yaml"))
        for raw in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def _case(raw: dict[str, Any], file: str) -> Case:
    facts = Facts.model_validate(raw["facts"])
    expect = tuple(_expected(rule, each) for rule, each in raw["expect"].items())
    return Case(raw["case"], raw["source"], file, facts, expect)


def _expected(rule: str, raw: Any) -> Expected:
    """A verdict alone, or with scope, literal reading, and what must be named as missing."""
    if not isinstance(raw, dict):
        return Expected(rule, _word(raw))
    assert set(raw) <= {"verdict", "scope", "literal", "missing", "note"}, (rule, raw)
    parts = {name: _word(raw[name]) for name in ("scope", "literal") if name in raw}
    return Expected(rule, _word(raw["verdict"]), missing=tuple(raw.get("missing", ())), **parts)


def _word(value: object) -> str:
    """YAML reads true and false as booleans."""
    return str(value).lower()
