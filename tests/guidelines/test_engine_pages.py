"""The generated pages say what the rules and the cases say."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script():
    """The script that writes docs/guidelines."""
    spec = importlib.util.spec_from_file_location("make_guidelines", ROOT / "scripts" / "make_guidelines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_page_of_rules_is_never_stale(script):
    """Nobody edits these pages by hand, and nobody forgets to renew them."""
    stale = [name for name, text in script.pages().items() if not script.is_fresh(script.PAGES / name, text)]
    assert stale == [], "run scripts/make_guidelines.py"


def test_every_guideline_has_a_page_and_every_page_a_guideline(script):
    """Besides the overview, the log of disagreements and the list of what could not be read."""
    written = {page.name for page in script.PAGES.glob("*.md")} - {"README.md", "disagreements.md", "not_read.md"}
    assert written == set(script.pages())
