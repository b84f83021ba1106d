"""An installation can be asked whether it is in order."""

import json
import re
import tomllib

import pytest

from trabecula.cli import doctor_checks
from trabecula.cli.completion import _SHELLS
from trabecula.installing import CORE, PARTS

from .conftest import EXAMPLES

PROJECT = tomllib.loads((EXAMPLES.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_DEVELOPERS = {"dev", "docs"}
IMPORTED_AS = {"pyyaml": "yaml"}


@pytest.fixture
def without_answers(monkeypatch):
    """The checks but for the slow one."""
    quick = {area: look for area, look in doctor_checks.AREAS.items() if area != "self-check"}
    monkeypatch.setattr(doctor_checks, "AREAS", quick)


def imported(requirements):
    """What Python calls the packages that are required, through extras of ours too."""
    for requirement in requirements:
        if found := re.fullmatch(r"trabecula\[(\w+)\]", requirement):
            yield from imported(PROJECT["optional-dependencies"][found[1]])
        else:
            name = re.match(r"[\w-]+", requirement)[0]
            yield IMPORTED_AS.get(name, name.replace("-", "_"))


def test_this_installation_is_sound(run):
    """Data can be read, and the shipped examples are answered as when the baselines were written."""
    done = run("doctor")
    assert done.exit_code == 0, done.output
    assert "The core is sound." in done.output
    assert done.output.count("figures as expected") == len([*EXAMPLES.glob("*.yaml")])


def test_every_extra_is_known_with_its_packages():
    """What doctor looks for is what pyproject.toml installs."""
    offered = {name: {*imported(rows)} for name, rows in PROJECT["optional-dependencies"].items()}
    expected = {name: packages for name, packages in offered.items() if name not in FOR_DEVELOPERS}
    assert expected == {part.extra: {*part.packages} for part in PARTS}
    assert {*imported(PROJECT["dependencies"])} == {*CORE}


@pytest.mark.usefixtures("without_answers")
def test_a_missing_extra_is_no_fault(run, monkeypatch):
    """It is named with what it is for and the command that brings it, and the core stays sound."""
    monkeypatch.setattr(doctor_checks, "missing_packages", lambda *asked: [one for one in asked if one == "pandas"])
    done = run("doctor", "--format", "json")
    assert done.exit_code == 0
    (frame,) = (check for check in json.loads(done.output)["checks"] if check["name"] == "frame")
    assert frame["state"] == "absent"
    assert "to_frame()" in frame["told"]
    assert "pip install" in frame["todo"]


@pytest.mark.usefixtures("without_answers")
def test_a_missing_package_of_the_core_is_a_fault(run, monkeypatch):
    """Whoever calls it from a script sees it in the exit code."""
    monkeypatch.setattr(doctor_checks, "missing_packages", lambda *asked: [one for one in asked if one == "rich"])
    done = run("doctor")
    assert done.exit_code == 1
    assert "The core is not sound" in done.output


def test_numbers_that_moved_are_a_fault(monkeypatch, tmp_path):
    """A processor, a library or an overlay that changes answers is told, with both numbers."""
    moved = {"ms_woman_44": {"density at total_hip [g/cm2]": 0.5}}
    (tmp_path / "expected.json").write_text(json.dumps(moved))
    monkeypatch.setattr(doctor_checks, "EXPECTED", tmp_path / "expected.json")
    (check,) = doctor_checks._answers()
    assert check.state == "fault"
    assert "expected 0.5" in check.told


def test_what_breaks_a_check_is_told(monkeypatch):
    """Data that cannot be read end no check in a traceback."""

    def broken():
        raise OSError("half a file")

    monkeypatch.setattr(doctor_checks, "AREAS", {"data": broken})
    (check,) = doctor_checks.checked()
    assert (check.state, check.told) == ("fault", "OSError: half a file")


@pytest.mark.parametrize("shell", _SHELLS)
def test_a_shell_gets_its_script(run, shell):
    """The script asks the program itself what fits."""
    done = run("completion", shell)
    assert done.exit_code == 0
    assert "_TRABECULA_COMPLETE" in done.output
    assert "%(" not in done.output


def test_the_examples_are_copied(run, tmp_path):
    """All files, and never over a folder that is there."""
    target = tmp_path / "examples"
    assert run("examples", "-o", target).exit_code == 0
    files = {path.relative_to(EXAMPLES) for path in EXAMPLES.rglob("*.*")}
    assert files == {path.relative_to(target) for path in target.rglob("*.*")}
    again = run("examples", "-o", target)
    assert again.exit_code == 2
    assert "there already" in again.output


def test_a_package_that_is_not_there_ends_in_one_sentence(monkeypatch, capsys):
    """Also where no command thought of asking before: with the command that installs it, and no traceback."""
    from trabecula import cli

    def needs_it():
        raise ModuleNotFoundError("No module named 'duckdb.sub'", name="duckdb.sub")

    monkeypatch.setattr(cli, "cli", needs_it)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "found no duckdb; expected it installed; run: " in said
    assert len(said.splitlines()) == 1
