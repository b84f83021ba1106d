"""What brings a part that is missing works where it is printed."""

import shlex
import sys

from trabecula import installing


def test_packages_that_are_there_are_not_missing():
    """Looked for, not imported."""
    assert installing.missing_packages("numpy", "no_such_package") == ("no_such_package",)


def test_in_a_checkout_the_lock_brings_it(monkeypatch, tmp_path):
    """From any folder, with spaces in its name too, and into the Python that asked."""
    lock = tmp_path / "a checkout" / "core.txt"
    lock.parent.mkdir()
    lock.write_text("jinja2==3.1.6 \\\n    --hash=sha256:0\n", encoding="utf-8")
    monkeypatch.setattr(installing, "_LOCK", lock)
    said = shlex.split(installing.set_up_command(["jinja2"]))
    assert said == [sys.executable, "-m", "pip", "install", "--require-hashes", "-r", str(lock)]


def test_what_the_lock_does_not_have_is_brought_by_name():
    """`make demo` leaves out what a register needs: its lock would bring nothing."""
    said = shlex.split(installing.set_up_command(["duckdb", "pyarrow"]))
    assert said == [sys.executable, "-m", "pip", "install", "duckdb", "pyarrow"]


def test_elsewhere_pip_of_this_python_brings_the_packages_by_their_own_names(monkeypatch, tmp_path):
    """Never by ours: nobody knows who holds it on an index."""
    monkeypatch.setattr(installing, "_LOCK", tmp_path / "core.txt")
    said = shlex.split(installing.set_up_command(["jinja2", "matplotlib"]))
    assert said == [sys.executable, "-m", "pip", "install", "jinja2", "matplotlib"]


def test_this_checkout_has_the_lock():
    """Where the module looks for it."""
    assert installing._LOCK.is_file()
