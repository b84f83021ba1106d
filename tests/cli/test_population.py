"""`trabecula population`: from a scenario file to a page."""

import pytest
import yaml

STUDY = {
    "title": "A clinic",
    "people": {"who": "ms", "number": 30, "age": {"youngest": 40, "oldest": 70}},
    "years": 2,
    "scenarios": {"everybody": {"treat": {"drug": "denosumab"}}},
}


def test_a_run_and_its_page(run, tmp_path):
    """The run says its size first; the page has a table beside each picture, in the language that is asked for."""
    file, folder, page = tmp_path / "clinic.yaml", tmp_path / "out", tmp_path / "page.html"
    file.write_text(yaml.safe_dump(STUDY))
    done = run("population", "run", file, "-o", folder, "--people", "20", "--workers", "1")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("40 lives of 2 years")
    assert run("population", "report", folder, "-o", page, "--language", "it").exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 2
    assert text.count("<table") >= 4
    assert "everybody" in text
    assert "Fratture per anno" in text


@pytest.mark.parametrize("command", ["run", "report"])
def test_what_is_not_there_is_refused_in_one_message(run, tmp_path, command):
    """Exit code 2, and no traceback."""
    done = run("population", command, tmp_path / "nothing.yaml", "-o", tmp_path / "x.html")
    assert done.exit_code == 2
    assert "nothing.yaml" in done.stderr
    assert "Traceback" not in done.stderr
