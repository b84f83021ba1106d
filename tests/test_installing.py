"""What brings a part that is missing works where it is printed."""

import shlex
import sys

from trabecula import installing


def test_packages_that_are_there_are_not_missing():
    """Looked for, not imported."""
    assert installing.missing_packages("numpy", "no_such_package") == ("no_such_package",)


def test_in_the_environment_of_a_checkout_make_brings_it(monkeypatch, tmp_path):
    """From any folder, with spaces in its name too."""
    checkout = tmp_path / "a checkout"
    (checkout / ".venv").mkdir(parents=True)
    (checkout / "Makefile").touch()
    monkeypatch.setattr(installing, "_CHECKOUT", checkout)
    monkeypatch.setattr(sys, "prefix", str(checkout / ".venv"))
    assert shlex.split(installing.set_up_command(["jinja2"])) == ["make", "-C", str(checkout), "demo"]


def test_elsewhere_pip_of_this_python_brings_the_packages_by_their_own_names(monkeypatch, tmp_path):
    """Never by ours: nobody knows who holds it on an index."""
    monkeypatch.setattr(installing, "_CHECKOUT", tmp_path)
    said = shlex.split(installing.set_up_command(["jinja2", "matplotlib"]))
    assert said == [sys.executable, "-m", "pip", "install", "jinja2", "matplotlib"]
