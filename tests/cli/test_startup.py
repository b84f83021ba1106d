"""What a command imports before it answers: only what it uses. Speed itself is measured in `benchmarks/startup.py`."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.conftest import WOMAN
from trabecula.cli import COMMANDS

ROOT = Path(__file__).parents[2]
AFTER = """
import sys
from trabecula.cli import main
sys.argv = ["trabecula", *sys.argv[1:]]
try:
    main()
finally:
    print("\\n" + " ".join(sys.modules), file=sys.stderr)
"""
"""The command, and then the names of all modules that it imported."""
HEAVY = {"numba", "scipy", "matplotlib", "pandas", "jinja2", "fastapi"}
"""What takes its time, and answers no question about options and records."""
COMPUTED = {f"trabecula.{room}" for room in ("skeleton", "fracture", "course", "twin", "assessment", "lab", "web")}
"""Rooms in which something is simulated."""
MODELS = {"pydantic", "numpy", "yaml", "babel", "rich"}
"""What is needed as soon as a record or a table of the vocabulary is read."""
RECORD = {"trabecula.person", "trabecula.vocabulary", "trabecula.evidence", "trabecula.guidelines"}
"""Rooms with the models of a record, of the registry and of guidelines."""


def imported_by(*arguments, ends=0):
    """Names of the modules that a command has imported when it ends, with the exit code that is expected."""
    asked = [sys.executable, "-c", AFTER, *map(str, arguments)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == ends, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_and_the_list_of_commands_need_nothing_but_the_command_line():
    """No model, no table, no catalogue."""
    assert not imported_by("--version") & (HEAVY | COMPUTED | MODELS | RECORD)
    assert not imported_by("--help") & (HEAVY | COMPUTED | MODELS | RECORD)


def test_the_version_needs_no_command():
    """A command is imported when it is asked for."""
    assert not imported_by("--version") & {f"trabecula.cli.{name}" for name in COMMANDS}


def test_a_command_needs_no_other_that_it_does_not_build_on():
    """Whoever prints a schema has nothing of the web app."""
    assert not imported_by("schema", "--help") & {f"trabecula.cli.{name}" for name in {*COMMANDS} - {"schema"}}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_on_a_command_needs_no_model_of_the_body(command):
    """Where a person can live stands in the vocabulary; that is all that help may read."""
    assert not imported_by(command, "--help") & (HEAVY | COMPUTED | RECORD - {"trabecula.vocabulary"})


@pytest.mark.parametrize("command", ["calibrate", "evidence", "reproduce", "schema", "serve"])
def test_help_without_a_country_reads_nothing(command):
    """The vocabulary is read where countries are listed."""
    assert not imported_by(command, "--help") & (MODELS | RECORD)


@pytest.mark.parametrize("command", ["assess", "advise", "compare", "report"])
def test_an_unknown_option_is_refused_before_anything_is_read(command):
    """A slip of the keyboard is told at once."""
    assert not imported_by(command, "record.yaml", "--no-such-option", ends=2) & (HEAVY | COMPUTED | MODELS | RECORD)


@pytest.mark.parametrize("asked", [["assess"], ["report", "-o", "report.html"]])
def test_a_missing_file_is_refused_without_the_models_of_a_record(asked, tmp_path):
    """Nothing is there that could be a record."""
    command, *options = asked
    assert not imported_by(command, tmp_path / "nobody.yaml", *options, ends=2) & (HEAVY | COMPUTED | RECORD)


def test_a_form_of_report_that_there_is_none_of_is_refused_before_anything_is_read():
    """The name of the file says it."""
    assert not imported_by("report", "record.yaml", "-o", "report.docx", ends=2) & (HEAVY | COMPUTED | MODELS | RECORD)


def test_an_unknown_field_is_refused_without_the_compiler(tmp_path):
    """The models of a record are needed to know its fields, the model of the body is not."""
    path = tmp_path / "woman.yaml"
    path.write_text(WOMAN + "shoe_size: 38\n")
    assert not imported_by("assess", path, ends=2) & (HEAVY | COMPUTED | {"trabecula.evidence", "trabecula.guidelines"})


def test_the_schema_of_a_record_needs_only_its_own_models():
    """A record names drugs and countries, hence the vocabulary; it says nothing of answers or guidelines."""
    assert not imported_by("schema", "person") & (HEAVY | COMPUTED | {"trabecula.evidence", "trabecula.guidelines"})


def test_the_registry_is_asked_without_the_compiler():
    """A number and its source are read, not computed."""
    assert "numba" not in imported_by("evidence")
