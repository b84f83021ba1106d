"""Findings of the registry that no study reads, each with a reason: nothing is left out in silence."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trabecula.data_files import StrictLoader
from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import every_study

_FILE = Path(__file__).with_name("not_studied.yaml")


@cache
def _file() -> Mapping[str, Any]:
    """The reasons and the patterns, as they are written."""
    with _FILE.open(encoding="utf-8") as file:
        return yaml.load(file, StrictLoader)


def reasons() -> Mapping[str, str]:
    """The sentence of every reason, by its key."""
    return _file()["reasons"]


def patterns() -> Iterator[tuple[str, str]]:
    """(key of a reason, pattern) in the order of the file."""
    return ((entry["reason"], pattern) for entry in _file()["patterns"] for pattern in entry["findings"])


def why_not_studied(finding: str) -> str | None:
    """The key of the first reason whose pattern fits the id of a finding; None where there is none."""
    return next((reason for reason, pattern in patterns() if fnmatchcase(finding, pattern)), None)


def not_studied(evidence: Evidence) -> Mapping[str, str | None]:
    """Every finding that no study of the package reads, with the key of its reason."""
    read = {target.finding for study in every_study().values() for target in study.targets}
    return {name: why_not_studied(name) for name in evidence.findings() if name not in read}
