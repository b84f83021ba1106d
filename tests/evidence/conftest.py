"""A small registry in a temporary directory, to be broken in one place at a time."""

import csv
from pathlib import Path

import pytest
import yaml

from trabecula.evidence import Evidence, Finding

FINDING = {
    "id": "oral_gc.someone_2001.ls_1y",
    "topic": "oral_gc",
    "quantity": "LS BMD change",
    "population": "adults starting steroids",
    "value": "-3.4",
    "unit": "%",
    "source": "Someone 2001 Bone 1:1-9",
    "year": "2001",
    "doi": "10.1000/someone",
    "locator": "abstract",
    "status": "abstract",
}
RECALLED = FINDING | {"id": "oral_gc.elder_1990.ls_1y", "source": "Elder 1990", "doi": "", "status": "recalled"}
NUMBER = {
    "id": "bone.loss.first_year",
    "symbol": "l1",
    "label": "Loss in the first year on steroids",
    "unit": "%/y",
    "value": 3.4,
    "spread": {"kind": "lognormal", "sd": 0.2},
    "method": "as_printed",
    "from": [FINDING["id"]],
    "because": "The one trial at hand; the spread is a guess at its interval.",
    "reviewed": "2026-11-22",
}
CURVE = {
    "id": "bone.load.edss",
    "label": "Load by disability",
    "unit": "1",
    "value": [1.0, 0.8, 0.3],
    "at": [0, 5, 8],
    "at_unit": "EDSS",
    "spread": {"kind": "logitnormal", "sd": 0.4},
    "method": "assumed",
    "because": "A guess, with a wide spread because nothing was measured.",
    "reviewed": "2026-11-22",
}
FIT = {
    "id": "first",
    "label": "First fit",
    "numbers_fitted": 3,
    "free_parameters": 1,
    "chi_square": 2.5,
    "method": "least squares",
    "leaves_open": "nearly everything",
    "from": ["oral_gc.someone_2001"],
    "reviewed": "2026-11-22",
}


class Registry:
    """A registry laid out as the package's own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.write_findings([FINDING, RECALLED])
        self.write_yaml("fits.yaml", [FIT])
        (directory / "sources.csv").write_text("id,citation,year,doi,pmid,licence\n", encoding="utf-8")

    def write_findings(self, rows, name="imported.csv"):
        """Put a file of findings in place."""
        path = self.directory / "findings" / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, tuple(Finding.model_fields))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def write_yaml(self, name, records):
        """Put a file of records, or of any text, in place."""
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        text = records if isinstance(records, str) else yaml.safe_dump(records, sort_keys=False)
        path.write_text(text, encoding="utf-8")

    def load(self, *parameters, check=False):
        """The registry with these parameters."""
        self.write_yaml("parameters/some.yaml", list(parameters or (NUMBER, CURVE)))
        return Evidence.load(self.directory, check=check)


@pytest.fixture
def registry(tmp_path):
    """An empty small registry."""
    return Registry(tmp_path)


@pytest.fixture
def evidence(registry):
    """A registry of one number and one curve."""
    return registry.load()
