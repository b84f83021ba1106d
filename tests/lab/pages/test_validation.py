import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from lab.studies import by_hand
from lab.studies.by_hand import STUDIES, STUDY
from trabecula.lab.pages.agreement import by_study
from trabecula.lab.pages.document import document_markdown, page_text
from trabecula.lab.pages.validation import ReproductionRun, validation


def test_headings_come_in_order(tree):
    """No level is skipped on the way down, and there is one title."""
    levels = [int(tag[1]) for tag, _ in tree.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_page_says_its_language_and_asks_nobody_for_anything(tree, html):
    """No script, no style sheet, no picture and no font from anywhere else."""
    assert tree.all("html") == [{"lang": "en"}]
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in tree.tags}
    assert "url(http" not in html
    assert all(each["href"].startswith("#") for each in tree.all("a"))


def test_every_link_and_label_leads_to_one_place(tree):
    """Ids are there, and there once."""
    ids = Counter(attrs["id"] for _, attrs in tree.tags if "id" in attrs)
    assert max(ids.values()) == 1
    named = [name for _, attrs in tree.tags for name in (attrs.get("aria-labelledby") or "").split()]
    linked = [each["href"].removeprefix("#") for each in tree.all("a")]
    assert {*named, *linked} <= set(ids)


def test_every_table_has_a_caption_and_heads(tree):
    """Columns and rows say what they are."""
    assert len(tree.all("table")) == len(tree.all("caption")) == 4
    assert {each.get("scope") for each in tree.all("th")} == {"col", "row"}


def test_every_picture_has_its_table(tree):
    """Whoever cannot see it reads the same numbers."""
    order = [tag for tag, attrs in tree.tags if tag == "table" or attrs.get("role") == "img"]
    assert order == ["table", "table", "svg", "svg", "table", "svg", "svg", "table"]


def test_the_misses_stand_before_the_studies_with_what_they_mean(markdown):
    """Predictions first, then fits; each with the meaning its study gives it."""
    predicted, fitted = (markdown.index("Predicted findings missed"), markdown.index("Fitted findings missed"))
    assert markdown.index("## Summary") < predicted < fitted < markdown.index("## Study by study")
    assert STUDY.meaning_of_a_miss in markdown[predicted:fitted]
    assert "published −2 (−3.0 to −1.0), model −5.0 (−6.0 to −4.0) (z −2.67)" in markdown[predicted:fitted]


def test_open_risks_and_the_rule_are_printed_with_the_numbers_of_the_registry(markdown, evidence):
    """Nobody has to look elsewhere for what agreement means."""
    written, shown = (
        text.partition("## Unresolved issues")[2].partition("\n##")[0].partition("\n")[2]
        for text in (page_text("validation.md"), markdown)
    )
    assert shown.count("\n- **") == 6
    assert shown == written
    for name in (each for each in evidence if each.startswith("studies.tau.")):
        assert f"`{name}`" in markdown


def test_a_page_of_some_studies_says_that_others_are_missing(markdown):
    """Two of three."""
    assert "2 studies (of 3; the rest were not requested), 6 findings, 24 draws" in markdown


def test_every_number_of_the_picture_is_in_the_table(markdown):
    """With the id of its finding, its role, and how its standard error is known."""
    row = (
        "| Total hip, day 60, tablets versus none | % | −1 (−1.8 to −0.2) | −1.2 (−1.5 to −0.9) | −0.18 | agrees"
        " | imputed | fitted | `nowhere.nobody_1990.hip` |"
    )
    assert row in markdown


def test_a_page_without_misses_says_so(evidence):
    """The heading stays."""
    met = [replace(each, within=True) for each in by_hand.comparisons()]
    text = document_markdown(validation(ReproductionRun(by_study(met, STUDIES, evidence), 1, 24, 1), evidence), "")
    assert "## Misses\n\nNone." in text
