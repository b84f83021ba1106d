"""What is said beside the numbers has its words in every language."""

import pytest

from trabecula.assessment.causes_switches import CAUSES
from trabecula.assessment.follow_up import _LISTS, _MS_LISTS
from trabecula.assessment.scans import _ANY, _HIGH, _HIGH_SPINE, _LOW, _LOW_TREATED
from trabecula.words.language import LANGUAGES, language


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_named_by_a_word_has_its_text(code):
    """Causes, kinds of entries, and what could explain a scan."""
    reasons = (*_ANY, *_HIGH, *_HIGH_SPINE, *_LOW, *_LOW_TREATED)
    ids = [f"cause.{name}" for name in CAUSES] + [f"explains.{name}" for name, _ in reasons]
    ids += [f"follow_up.new.{name}" for name in (*_LISTS, *_MS_LISTS)]
    assert [id for id in ids if not language(code).knows(id)] == []
