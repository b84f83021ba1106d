"""`trabecula letter`: text to paste, a page to change, a PDF; clear refusals."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from trabecula.cli import cli

WOMAN = str(Path(__file__).parents[2] / "examples" / "ms_woman_67.yaml")


def run(*arguments):
    """The command about the woman on denosumab: few draws, for speed."""
    return CliRunner().invoke(cli, ["letter", WOMAN, "--draws", "20", *map(str, arguments)])


def test_without_a_file_the_text_is_printed():
    """To be pasted into the clinic's own letter."""
    result = run("--to", "dentist", "--language", "de")
    assert result.exit_code == 0, result.output
    assert "An: Zahnarztpraxis" in result.stdout
    assert "Denosumab" in result.stdout


@pytest.mark.parametrize(
    ("name", "beginning"), [("l.html", b"<!doctype html>"), ("l.pdf", b"%PDF"), ("l.txt", b"From:")]
)
def test_the_name_of_the_file_decides_the_form(tmp_path, name, beginning):
    """HTML, PDF, text."""
    target = tmp_path / name
    assert run("--to", "dxa", "-o", target).exit_code == 0
    assert target.read_bytes().startswith(beginning)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "dxa", "-o", "letter.doc"), "expected a name that ends in .html, .pdf, .txt"),
        (("--to", "hospital"), "hospital"),
        ((), "--to"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_can(arguments, words):
    """One message, before anything is computed."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
