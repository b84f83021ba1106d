"""Gaps: each has its three texts, whatever is put in the place of what is missing."""

import ast
from pathlib import Path

import pytest

from trabecula.assessment import summary
from trabecula.timeline import gaps
from trabecula.words.language import LANGUAGES, language


def gap_ids():
    """The ids of every call of `gap` in the sources: what is missing, what was assumed, what that costs."""
    for module in (gaps, summary):
        for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "gap":
                name, *texts = (ast.unparse(text) for text in call.args)
                yield f"gap.{ast.literal_eval(name)}"
                assumed = [part.value for part in ast.walk(call.args[1]) if is_text(part)] if texts else []
                yield from (f"gap.{ast.literal_eval(name)}.{text}" for text in assumed or ["assumed"])


def is_text(part):
    """Whether a node is a word in quotes that can be an id."""
    return isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value not in ("female",)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_gap_has_its_texts_in_every_language(code):
    """Nothing is missing in silence, in any language."""
    found = {*gap_ids(), "gap.future.expected", "gap.future.stable"} - {"gap.future.assumed"}
    assert len(found) > 40
    assert [id for id in sorted(found) if not language(code).knows(id)] == []
