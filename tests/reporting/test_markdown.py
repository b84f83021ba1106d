import re

import pytest

from reporting.conftest import make_assessment
from trabecula.assessment import results
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.markdown import to_markdown
from trabecula.reporting.terminal import to_terminal


def tables_in(markdown):
    """The tables, each as a list of lists of cells."""
    blocks = [block.splitlines() for block in markdown.split("\n\n") if block.startswith("|")]
    return [[re.split(r"(?<!\\)\|", line)[1:-1] for line in block] for block in blocks]


def test_every_row_of_a_table_has_as_many_cells_as_its_head(page):
    """GitHub shows a table only when its rows agree."""
    tables = tables_in(to_markdown(page))
    assert len(tables) == 4
    for table in tables:
        assert len({len(row) for row in table}) == 1
        assert set("".join(table[1])) <= set(" -:")


def test_markdown_has_every_horizon(page):
    """A document need not leave columns out."""
    assert "| 1 year | 2 years | 5 years | 10 years | Lifetime |" in to_markdown(page)


def test_both_forms_say_the_same(page):
    """Every number on the widest screen is in the document, and the other way round."""

    def figures(text):
        return sorted(re.findall(r"\d[\d.,]*\d|\d", re.sub(r"\\(.)", r"\1", text)))

    assert figures(to_markdown(page)) == figures(to_terminal(page, 120))


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("a | b", r"a \| b"),
        ("*bold* _it_ `code` [link](x)", r"\*bold\* \_it\_ \`code\` \[link\](x)"),
        ("<script>alert(1)</script> 1 < 2", r"\<script>alert(1)\</script> 1 < 2"),
        ("two\nlines", "two lines"),
    ],
)
def test_nothing_in_a_record_becomes_markup(message, written):
    """Text from a record is text in the document."""
    question = results.UnusualValue(path="falls[0]", message=message)
    markdown = to_markdown(assessment_page(make_assessment(questions=[question])))
    assert f"- `falls[0]`: {written}\n" in markdown


def test_a_probability_below_a_tenth_of_a_per_cent_is_readable(page):
    """The smaller-than sign before a digit is no tag and stays."""
    assert "<0.1 %" in to_markdown(page)
