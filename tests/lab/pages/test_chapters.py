"""The page of all studies in pages that can be read."""

import pytest

from trabecula.lab.pages import chapters

PAGE = """<!-- Generated. -->

# Validation

See [one](#one-study).

## Misses

### Predicted

[One](#one-study)

## How

[Misses](#misses) are judged.

## Study by study

### Pulses

#### One study

words words words

### Tablets

#### Another study

Like [one](#one-study).

#### A third study

More.
"""


def test_a_page_is_cut_by_chapter():
    """Summary and rules stay in front, what was missed and each chapter get a page, nothing is lost."""
    pages = chapters.cut(PAGE)
    assert list(pages) == ["README.md", "misses.md", "pulses.md", "tablets.md"]
    assert pages["tablets.md"].startswith("<!-- Generated. -->\n\n# Tablets\n\n## Another study\n")
    assert "- [Tablets](tablets.md): 2 studies" in pages["README.md"]
    assert "- [Pulses](pulses.md): 1 study\n" in pages["README.md"]


def test_links_follow_their_headings():
    """A link to a heading that went to another page goes there, one that stayed stays."""
    pages = chapters.cut(PAGE)
    assert "[one](pulses.md#one-study)" in pages["README.md"]
    assert "[One](pulses.md#one-study)" in pages["misses.md"]
    assert "[Misses](misses.md#misses)" in pages["README.md"]


def test_a_long_chapter_becomes_several_pages(monkeypatch):
    """Of about the same length, cut between studies, each with its title."""
    monkeypatch.setattr(chapters, "_LONGEST", 8)
    pages = chapters.cut(PAGE)
    assert pages["tablets-2.md"].startswith("<!-- Generated. -->\n\n# Tablets, continued (2)\n")
    assert "[Tablets, continued (2)](tablets-2.md)" in pages["README.md"]


@pytest.mark.parametrize("text", ["# Validation\n\nNothing.\n", ""])
def test_a_page_without_chapters_stays_one(text):
    """A run that found nothing writes what it says."""
    assert list(chapters.cut(text)) == ["README.md"]
