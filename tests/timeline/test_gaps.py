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
                first, *texts = call.args
                assumed = words_in(texts[0]) if texts else []
                for name in words_in(first):
                    yield f"gap.{name}"
                    yield from (f"gap.{name}.{text}" for text in assumed or ["assumed"])


def words_in(argument):
    """The words in quotes of an argument: one, or one for each case."""
    return [part.value for part in ast.walk(argument) if is_text(part)]


def is_text(part):
    """Whether a node is a word in quotes that can be an id."""
    return isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value not in ("female",)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_gap_has_its_texts_in_every_language(code):
    """Nothing is missing in silence, in any language."""
    found = {*gap_ids(), "gap.future.expected", "gap.future.stable"} - {"gap.future.assumed"}
    assert len(found) > 40
    assert [id for id in sorted(found) if not language(code).knows(id)] == []
