"""Papers that strangers ask for: what they say is what the repository holds."""

import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import yaml

import trabecula

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TRIPOD = [
    "1", "2", "3a", "3b", "3c", "4", "5a", "5b", "6a", "6b", "6c", "7", "8a", "8b", "8c", "9a", "9b", "9c", "10", "11",
    "12a", "12b", "12c", "12d", "12e", "12f", "12g", "13", "14", "15", "16", "17",
    "18a", "18b", "18c", "18d", "18e", "18f", "19", "20a", "20b", "20c", "21", "22", "23a", "23b", "24", "25", "26",
    "27a", "27b", "27c",
]  # fmt: skip
"""The items of the checklist."""


def test_the_figures_of_model_card_and_data_sheet_are_those_of_today():
    """Performance by subgroup follows the last validation run, counts the registry."""
    import make_papers

    stale = [path.name for path, text in make_papers.papers().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `make reference`"


def test_every_item_of_tripod_is_answered():
    """One by one, none twice, none empty."""
    card = (ROOT / "MODEL_CARD.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+[a-g]?) \| (.+) \| (.+) \|$", card, re.MULTILINE)
    assert [item for item, _, _ in rows] == TRIPOD


def test_the_citation_is_of_this_version():
    """Whoever cites it cites what they used."""
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (found["version"], found["license"]) == (trabecula.__version__, PROJECT["license"])
    assert PROJECT["version"] == trabecula.__version__


def test_every_locked_package_has_its_licence():
    """Table, page and lock files name the same packages, and none has a licence that nobody knows."""
    import make_licences

    with make_licences.TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [*make_licences.locked()] == [row["package"] for row in rows], "run scripts/make_licences.py"
    assert [row["package"] for row in rows if row["licence"] == make_licences.UNKNOWN] == []
    assert make_licences.PAGE.read_text(encoding="utf-8") == make_licences.page(rows)


def test_the_bill_of_materials_names_every_package_and_is_always_the_same():
    """Name, version, hashes and licence of what the lock holds; no time, so that two can be compared."""
    import make_sbom

    bill = make_sbom.bill("core")
    lock = (ROOT / "requirements" / "core.txt").read_text(encoding="utf-8")
    assert re.findall(r"^([\w.-]+)==", lock, re.MULTILINE) == [part["name"] for part in bill["components"]]
    assert lock.count("--hash=") == sum(len(part["hashes"]) for part in bill["components"])
    assert bill == make_sbom.bill("core")
    assert str(date.today().year) not in str(bill["metadata"])


def test_a_weakness_can_be_reported():
    """A stranger finds how, what counts, and that no record of a person is sent."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert [word for word in ("How to report", "What counts", "never send a record") if word not in text] == []
