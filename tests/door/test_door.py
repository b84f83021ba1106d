"""`import trabecula as tb`: what a researcher finds first."""

import ast
import doctest
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import trabecula as tb

ROOT = Path(__file__).parents[2]
NAMES = [name for name in dir(tb) if name != "__version__"]


def said_by(code):
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_the_door_is_small_and_is_all_that_is_shown():
    """At most 25 names; what else is imported later does not appear."""
    assert len(dir(tb)) <= 25
    assert {"read", "Person", "assess", "compare", "causes", "advise", "report", "reproduce", "schema"} <= set(NAMES)
    assert {"Evidence", "Model", "TrabeculaError"} <= set(NAMES)
    __import__("trabecula.units")
    assert "units" not in dir(tb)


def test_importing_it_brings_nothing_heavy():
    """Names are looked up when they are asked for."""
    heavy = ("numba", "matplotlib", "pydantic", "numpy", "pandas", "babel")
    assert said_by(f"import sys, trabecula; print([name for name in {heavy} if name in sys.modules])") == "[]"


def test_reading_a_record_needs_no_compiler():
    """A script that only reads, or that fails on its first line, does not wait for numba."""
    code = 'import sys, trabecula as tb; tb.read("examples/ms_woman_44.yaml"); print("numba" in sys.modules)'
    assert said_by(code) == "False"


def test_a_door_name_is_the_same_before_and_after_every_room_was_imported():
    """No room bears a name of the door: importing one never puts a module in the place of a function."""
    code = """
import pkgutil, types, importlib, trabecula as tb
before = {name: getattr(tb, name) for name in dir(tb)}
for part in pkgutil.walk_packages(tb.__path__, "trabecula."):
    if not part.name.endswith("__main__"):
        importlib.import_module(part.name)
print([name for name, found in before.items() if getattr(tb, name) is not found or isinstance(found, types.ModuleType)])
"""
    assert said_by(code) == "[]"
    after = code.replace("before = {name: getattr(tb, name) for name in dir(tb)}\n", "").replace(
        "for name, found in before.items() if getattr(tb, name) is not found or isinstance(found, types.ModuleType)",
        "for name in dir(tb) if isinstance(getattr(tb, name), types.ModuleType)",
    )
    assert said_by(after) == "[]"


def test_a_name_that_there_is_not_is_an_attribute_error():
    """As in every module."""
    with pytest.raises(AttributeError, match="dir\\(trabecula\\) lists"):
        _ = tb.assessment_of  # type: ignore[attr-defined]


def test_types_are_shown_for_exactly_the_names_of_the_door():
    """What a type checker sees is what there is."""
    tree = ast.parse(Path(tb.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    shown = [alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert sorted(filter(None, shown)) == sorted(NAMES)
    assert (Path(tb.__file__).parent / "py.typed").exists()


def test_help_reads_like_a_table_of_contents():
    """Every name stands in it with a line; it is a page, not a book."""
    text = pydoc.plain(pydoc.render_doc(tb))
    head = text.split("PACKAGE CONTENTS")[0]
    assert [name for name in NAMES if name not in head] == []
    assert len(head.splitlines()) < 70


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_run(name, monkeypatch):
    """Each name of the door, and each method of its own, says what it does; the examples print what they say."""
    monkeypatch.chdir(ROOT)
    found = getattr(tb, name)
    assert inspect.getdoc(found)
    tests = doctest.DocTestFinder(recurse=True).find(found, name, globs={})
    results = [doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test) for test in tests]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) > 0


def test_python_m_trabecula_is_the_command():
    """The same with the name of the package."""
    done = subprocess.run([sys.executable, "-m", "trabecula", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"trabecula {tb.__version__}"


def test_a_schema_is_that_of_the_command():
    """Of a record, or of an assessment."""
    assert tb.schema("person")["title"] == "Trabecula person record"
    assert "risks" in tb.schema("assessment")["properties"]
