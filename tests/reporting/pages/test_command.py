"""`trabecula report`: files to hand over, and clear refusals."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from trabecula import installing
from trabecula.cli import cli
from trabecula.door.writing import open_to
from trabecula.person import read_person

WOMAN = """\
assessed_on: 2026-11-22
birth_date: 1982-03-14
sex: female
country: US
id: "<script>alert(1)</script>"
ms:
  onset: 2013-06
  course: relapsing
  disability:
    - {date: 2026-10-19, edss: 3.5}
"""


@pytest.fixture
def run(tmp_path):
    """Runs the command about a woman with MS: few draws, for speed."""
    record = tmp_path / "woman.yaml"
    record.write_text(WOMAN, encoding="utf-8")

    def run(*arguments):
        return CliRunner().invoke(cli, ["report", str(record), "--draws", "20", *map(str, arguments)])

    return run


def test_a_report_is_one_file_with_both_pages(run, tmp_path):
    """Whom it is for is said, and nothing of the record becomes markup."""
    target = tmp_path / "report.html"
    result = run("-o", target, "--quick")
    assert result.exit_code == 0, result.output
    text = target.read_text(encoding="utf-8")
    assert 'class="sheet clinician"' in text
    assert 'class="sheet person"' in text
    assert "<script" not in text


def test_the_page_of_the_person_in_german_as_pdf(run, tmp_path):
    """The options of the form work together."""
    target = tmp_path / "seite.pdf"
    assert run("-o", target, "--quick", "--for", "person", "--lang", "de").exit_code == 0
    assert target.read_bytes().startswith(b"%PDF-1.7")


def test_a_report_in_markdown(run, tmp_path):
    """To paste into a letter."""
    target = tmp_path / "report.md"
    assert run("-o", target, "--quick", "--for", "clinician").exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("# Woman of 44")


@pytest.mark.parametrize(
    ("medicine", "offered"),
    [
        ([{"drug": "Prolia", "start": "2024-05-02"}], True),
        ([{"drug": "denosumab", "start": "2020-05-02", "end": "2022-05-02"}], False),
        ([], False),
    ],
)
def test_who_is_on_denosumab_is_told_what_stopping_does(medicine, offered):
    """The question that they ask; nobody else can stop it."""
    record = {"birth_date": "1959-03-14", "sex": "female", "medicines": medicine}
    chosen = [each.name for each in open_to(read_person(record), date(2026, 11, 22))]
    assert ("stop-denosumab" in chosen) is offered
    assert "exercise" in chosen


def test_an_age_without_tables_is_refused(tmp_path):
    """In words, as `assess` does: that somebody is 17 is no fault of the program."""
    record = tmp_path / "young.yaml"
    record.write_text("birth_date: 2009-01-01\nsex: male\nassessed_on: 2026-03-01\n", encoding="utf-8")
    arguments = ["report", str(record), "-o", str(tmp_path / "report.html"), "--quick", "--draws", "20"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert "17" in result.output
    assert "internal error" not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "report.doc"), "expected a name that ends in .html, .pdf, .md"),
        (("-o", "report.pdf", "--interactive"), "expected a name that ends in .html"),
        (("-o", "report.html", "--interactive", "--quick"), "remove one of the two"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_can(run, arguments, said):
    """One message, before anything is computed."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_what_is_missing_is_named_with_how_to_get_it(run, tmp_path, monkeypatch):
    """Without the extra the command says what to install."""
    monkeypatch.setattr(installing, "find_spec", lambda package: None if package == "matplotlib" else package)
    result = run("-o", tmp_path / "report.html")
    assert result.exit_code == 2
    assert "report: found no matplotlib" in result.output
    assert installing.set_up_command(["matplotlib"]) in result.output


@pytest.mark.parametrize("name", ["ms_man_58", "ms_woman_44", "ms_woman_67"])
def test_every_example_has_an_interactive_file(name, tmp_path):
    """However many choices are open to somebody, what is due first is printed beside them."""
    target, example = tmp_path / "report.html", Path(__file__).parents[3] / "examples" / f"{name}.yaml"
    asked = ["report", str(example), "--interactive", "--draws", "20", "-o", str(target)]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 0, result.output
    assert "What is due" in target.read_text(encoding="utf-8")
