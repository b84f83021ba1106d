"""Which findings the model may be adjusted to: a rule that was fixed before the fit that follows it (decision 15).

Nobody chooses. A finding is predicted when the first byte of the SHA-256 of its document's id is below 96, and fitted
otherwise, so that all findings of a document go the same way and three documents of eight are predicted. Registers of
fractures in MS are few, and are named instead.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from trabecula.data_files import read_mapping
from trabecula.evidence.library import package_library
from trabecula.lab.studies.record import Role

PREDICTED_BELOW = 96
"""A first byte below this is predicted."""
_RULE = read_mapping(Path(__file__).with_name("split.yaml"))
REGISTERS: Mapping[str, Role] = _RULE["registers"]
"""Registers of fractures in MS by study; the last is a meta-analysis of such."""
_META_ANALYSIS, _ONLY_THERE = _RULE["meta_analysis"], frozenset(_RULE["only_in_the_meta_analysis"])
BASELINES = frozenset({"frax_uk_2008"})
"""Documents that a country's baseline rates are fitted to: their cells are neighbours, and never a prediction."""
_SEEN = Path(__file__).with_name("seen.csv")
"""The findings that had been run before the rule was written, and the role that an earlier split had given them."""


@dataclass(frozen=True)
class SplitRole:
    """The role of a finding, and why."""

    role: Role
    """Whether the model may be adjusted to it."""
    because: str
    """By which part of the rule."""


def split_role(study: str, finding: str, outcome: str = "") -> SplitRole | None:
    """The role of a finding of a study of the package; none where the registry has no such finding.

    outcome: what of a register is measured, as its file has it ("ratio spine").
    """
    if study in REGISTERS:
        lacking = study == _META_ANALYSIS and outcome.split()[-1] in _ONLY_THERE
        return SplitRole("fitted" if lacking else REGISTERS[study], "Registers are named by the rule.")
    if finding not in package_library().source_of:
        return None
    document = package_library().source_of[finding].id
    if document in BASELINES:
        return SplitRole("fitted", "The baseline rates of a country are fitted to this table.")
    byte = first_byte(document)
    side: Role = "predicted" if byte < PREDICTED_BELOW else "fitted"
    return SplitRole(side, f"The SHA-256 of {document} begins with {byte}; below {PREDICTED_BELOW} is predicted.")


def first_byte(document: str) -> int:
    """The first byte of the SHA-256 of a document's id."""
    return sha256(document.encode()).digest()[0]


@cache
def seen_before() -> Mapping[str, Role]:
    """Findings that had been run before the rule was written, with the role of the split before."""
    with _SEEN.open(encoding="utf-8", newline="") as file:
        return {row["finding"]: _role(row["role"]) for row in csv.DictReader(file)}


def _role(text: str) -> Role:
    """A role as it is written."""
    return "fitted" if text == "fitted" else "predicted"


# --- Into the files of the package, which don't say roles themselves ----------------------------------------------


def with_roles(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A study of the package as its file has it, with the role of every finding.

    ValueError where the file gives a finding another role than the rule.
    """
    if "groups" in data:
        return {**data, "groups": [part for group in data["groups"] for part in _by_role(data["id"], group)]}
    return {**data, "targets": [_with_role(data["id"], target) for target in data.get("targets", ())]}


def _with_role(study: str, target: Mapping[str, Any]) -> Mapping[str, Any]:
    """A finding of a study of density or markers."""
    return {**target, **_said(study, target["finding"], target.get("role"))}


def _by_role(study: str, group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A group of findings of falls, fractures or death as one group a finding, in the order of the file."""
    for finding, what in group["findings"].items():
        yield {**group, **_said(study, finding, group.get("role"), what), "findings": {finding: what}}


def _said(study: str, finding: str, written: str | None, outcome: str = "") -> Mapping[str, Any]:
    """What the rule says of a finding; ValueError where a file says another role."""
    given = split_role(study, finding, outcome)
    if given is None:
        return {}
    if written not in (None, given.role):
        raise ValueError(
            f"{study}: {finding}: found the role {written}; expected {given.role} ({given.because}); leave it out"
        )
    return {"role": given.role, "because": given.because, "seen": finding in seen_before()}
