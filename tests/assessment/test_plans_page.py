"""The page about plans: its table is what the program says today."""

import importlib.util
import re
from pathlib import Path

from trabecula.assessment.plans.reading import library

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "compare-plans.md"


def script():
    """The script that writes the table."""
    spec = importlib.util.spec_from_file_location("make_plans_table", ROOT / "scripts" / "make_plans_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_plans_is_fresh():
    """Nobody copies numbers by hand: a refit changes them, and the script renews them."""
    page = PAGE.read_text(encoding="utf-8")
    made = script()
    assert made.with_table(page, made.table()) == page, "run scripts/make_plans_table.py"


def test_every_plan_that_a_page_names_is_in_the_library():
    """What stands behind --plan or in the table can be asked for."""
    text = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"--plan ([a-z-]+)(?=\s)", text) + re.findall(r"^\| `ms_\w+` \| `([a-z-]+)`", text, re.MULTILINE)
    assert named
    assert {*named} <= {*library()}
