"""`trabecula cohort`: from an empty template to a report, and input that is refused in one sentence."""

import csv

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from register_people import person

from trabecula.adapters.table.writing import tables, write_csv, write_workbook
from trabecula.cli import cli

DAY = ("--date", "2026-11-22")


def _run(*arguments):
    return CliRunner().invoke(cli, ["cohort", *map(str, arguments)])


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """Four people of a workbook, scored."""
    folder = tmp_path_factory.mktemp("cohort")
    write_workbook(tables((f"p{n}", person(n)) for n in range(4)), folder / "people.xlsx")
    found = _run("score", folder / "people.xlsx", "-o", folder / "scores.parquet", *DAY, "--highest", 1, "--workers", 1)
    assert found.exit_code == 0, found.output
    return folder, found


def test_a_workbook_becomes_a_table_of_scores(scored):
    """Everybody has a row; what was done is said, with the time left on the way."""
    folder, found = scored
    assert pq.read_table(folder / "scores.parquet").column("id").to_pylist() == ["p0", "p1", "p2", "p3"]
    assert "4 people: 4 scored, 0 refused" in found.output
    assert "people: read as people, 4 rows" in found.output


@pytest.mark.parametrize("language", ["en", "de", "it"])
def test_the_report_is_a_page_in_three_languages_with_a_work_list(scored, tmp_path, language):
    """One file that needs no connection; the work list opens in a spreadsheet."""
    folder, _ = scored
    page, listed = tmp_path / "report.html", tmp_path / "list.csv"
    since = ("--since", folder / "scores.parquet")
    found = _run("report", folder / "scores.parquet", "-o", page, "--worklist", listed, *since, "--language", language)
    assert found.exit_code == 0, found.output
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    with listed.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file, delimiter="," if language == "en" else ";"))
    assert len(header) == 12


def test_csv_files_are_the_same_register(scored, tmp_path):
    """A folder of CSV gives the very same scores."""
    folder, _ = scored
    write_csv(tables((f"p{n}", person(n)) for n in range(4)), tmp_path / "people")
    out = tmp_path / "scores.parquet"
    found = _run("score", tmp_path / "people", "-o", out, *DAY, "--highest", 1, "--workers", 1)
    assert found.exit_code == 0, found.output
    assert pq.read_table(out).equals(pq.read_table(folder / "scores.parquet"))


def _locked(path):
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def _empty(path):
    openpyxl.Workbook().save(path)


def _broken(path):
    path.write_bytes(b"PK\x03\x04 this is no workbook")


def _nobody(path):
    book = openpyxl.Workbook()
    book.active.append(["fruit", "colour"])
    book.active.append(["apple", "red"])
    book.save(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [(_locked, "password"), (_empty, "no rows"), (_broken, "cannot be opened"), (_nobody, "no sheet with people")],
)
def test_a_workbook_that_cannot_be_read_is_refused(make, said, tmp_path):
    """One sentence, and nothing half-written."""
    make(tmp_path / "people.xlsx")
    found = _run("score", tmp_path / "people.xlsx", "-o", tmp_path / "scores.parquet", *DAY)
    assert found.exit_code == 2
    assert said in found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.xlsx"]


def test_a_table_that_is_no_table_of_scores_is_refused(tmp_path):
    """A report is made of scores alone."""
    (tmp_path / "other.parquet").write_bytes(b"nothing")
    found = _run("report", tmp_path / "other.parquet")
    assert found.exit_code == 2
    assert "no table of scores" in found.output


def test_the_template_is_not_written_over(tmp_path):
    """A template that is there may be filled in already."""
    assert _run("template", "-o", tmp_path / "people.xlsx").exit_code == 0
    assert _run("template", "-o", tmp_path / "people.xlsx").exit_code == 2


def test_a_fit_to_ones_own_people_is_an_overlay(scored, tmp_path):
    """Before and after, foretold and observed; a folder in use and an unknown parameter are refused."""
    folder, _ = scored
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text("id;years;event\np0;4,5;none\np1;2;fracture\np2;8;death\np3;9;none\n")
    asked = ["fit", folder / "people.xlsx", outcomes, "--date", "2016-01-01", "-o", tmp_path / "ours", "--draws", 20]
    found = _run(*asked, "--parameter", "fall.ms.rate")
    assert found.exit_code == 0, found.output
    assert "4 people, 1 fractures" in found.output
    assert "before" in found.output
    assert "observed" in found.output
    assert (tmp_path / "ours" / "posterior" / "manifest.json").is_file()
    assert "in use" in _run(*asked, "--parameter", "fall.ms.rate").output
    wrong = _run(*asked[:5], "-o", tmp_path / "others", "--parameter", "fall.ms.rat")
    assert wrong.exit_code == 2
    assert "fall.ms.rate" in wrong.output
    assert "Traceback" not in wrong.output
