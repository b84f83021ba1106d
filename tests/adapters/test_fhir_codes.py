"""The import of the clinical code table."""

import csv
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "import_codes.py"


@pytest.fixture(scope="module")
def script():
    """The import script as a module."""
    spec = importlib.util.spec_from_file_location("import_codes", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(folder, *rows):
    """A code table with these rows."""
    path = folder / "codes.csv"
    lines = ["concept,system,code,display,status,note", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_is_copied_with_its_provenance(script, tmp_path, monkeypatch):
    """Every row is kept as it is and says which version of which file it came from."""
    target = tmp_path / "imported.csv"
    monkeypatch.setattr(script, "TARGET", target)
    script.main([str(table(tmp_path, "ms,SNOMED,24700007,multiple sclerosis,verified,"))])
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["code"], row["status"]) for row in rows] == [("24700007", "verified")]
    assert rows[0]["provenance"].startswith("codes.csv sha256:")


@pytest.mark.parametrize("row", ["ms,SNOMED,24700007,multiple sclerosis,certain,", "ms,SNOMED"])
def test_an_unknown_status_or_a_short_row_is_refused(script, tmp_path, row):
    """Nothing is imported whose status is not known."""
    with pytest.raises(SystemExit, match="line 2"):
        script.rows_of(table(tmp_path, row))


def test_a_code_twice_under_one_concept_is_refused(script, tmp_path):
    """Two rows for one code could disagree."""
    row = "ms,SNOMED,24700007,multiple sclerosis,verified,"
    with pytest.raises(SystemExit, match="twice"):
        script.rows_of(table(tmp_path, row, row))
