"""Facts about drugs stand in the tables: no file of the program lists drugs of its own."""

import ast
from pathlib import Path

import pytest

import trabecula
from trabecula import vocabulary

SOURCE = Path(trabecula.__file__).parent
FILES = [path for path in sorted(SOURCE.rglob("*.py")) if "vocabulary" not in path.parts]
DRUGS = [row for row in vocabulary.medicines().values() if not row.supplement]
"""Calcium and vitamin D are food as well; kinds of hormone therapy are choices of the record."""
NAMES = {name for row in (*DRUGS, *vocabulary.STEROIDS.values()) for name in row.names()}
"""Every name of a drug. Classes may be named: rules and causes are about them."""
ALLOWED = {
    "reporting/plain_helps.py": "plans of the library, some of which are called after their drug",
    "door/writing.py": "the same",
    "skeleton/drugs.py": "inputs and states of the skeleton, which are called after what fills them",
    "skeleton/equations.py": "states and inputs by their names",
}


def lists(tree: ast.AST, names=NAMES):
    """Tuples, lists, sets and the keys and values of mappings that hold two of these names or more."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            groups = [node.elts]
        elif isinstance(node, ast.Dict):
            groups = [node.keys, node.values]
        else:
            continue
        for group in groups:
            texts = {item.value for item in group if isinstance(item, ast.Constant) and isinstance(item.value, str)}
            if len({text for text in texts if text in names}) >= 2:
                yield f"line {node.lineno}: {sorted(texts & names)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_list_of_drugs_stands_outside_the_vocabulary(path):
    """A second list would have to be kept by hand, and would be forgotten."""
    if path.relative_to(SOURCE).as_posix() not in ALLOWED:
        assert list(lists(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_drug_is_a_special_case_of_the_code(path):
    """What is true of one drug alone is a field of its row: nothing compares a name with a name."""
    named = [
        f"line {node.lineno}: {part.value}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for part in [node.left, *node.comparators]
        if isinstance(part, ast.Constant) and part.value in NAMES
    ]
    assert named == []


PLACES = {*vocabulary.FRACTURE_SITES, *vocabulary.COUNTRIES} - {"hip", "spine", "other"}
"""Sites of fractures and countries. Hip and spine are parts of the model by themselves; "other" is a common word."""
PROTOCOLS = {
    "lab/studies/register.py": "the six sites in which registers are judged, written down before the first run"
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_list_of_sites_or_countries_stands_outside_the_vocabulary(path):
    """Twelve lists of sites and four of countries would have to be kept by hand."""
    if path.relative_to(SOURCE).as_posix() not in PROTOCOLS:
        assert list(lists(ast.parse(path.read_text(encoding="utf-8")), PLACES)) == []
