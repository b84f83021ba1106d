import re
from itertools import pairwise

import pytest

from trabecula.reporting import articles, html
from trabecula.words.language import LANGUAGES, UnknownLanguage

ALL = (*articles.NAMES, articles.ABOUT)
HONCODE = 8
"""Principles of the HONcode."""


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_every_mark_leads_to_a_record(name, code):
    """A finding of the registry or a rule of a guideline: a mark that leads nowhere would raise."""
    assert all(articles.article(name, code).sources) or name == articles.ABOUT


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", articles.NAMES)
def test_every_language_rests_on_the_same_sources(name, code):
    """A translation claims nothing of its own."""
    assert sorted(articles.article(name, code).marks) == sorted(articles.article(name).marks)


@pytest.mark.parametrize("name", articles.NAMES)
def test_no_article_rests_on_something_nobody_has_read(name):
    """A finding from memory may stand in the model, and not in advice to a person."""
    from trabecula.evidence import Evidence, Status

    evidence = Evidence.load()
    findings = [each for each in articles.article(name).marks if not each.startswith("rule:")]
    assert [each for each in findings if evidence.finding(each).status is Status.RECALLED] == []


@pytest.mark.parametrize("name", articles.NAMES)
def test_an_article_is_dated_and_short(name):
    """When it was last checked, and no more than a page."""
    found = articles.article(name)
    assert found.reviewed.year >= 2026
    assert len(found.text.split()) < 400


def test_links_between_articles_lead_to_articles():
    """No link goes astray, in any language."""
    for code in LANGUAGES:
        for each in articles.articles(code):
            assert set(re.findall(r"\]\(([^)]+)\)", each.text)) <= set(articles.NAMES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_about_it_has_the_eight_headings_and_claims_no_seal(code):
    """The questions of the HONcode, answered without its logo."""
    found = articles.article(articles.ABOUT, code)
    assert found.text.count("## ") == HONCODE
    page = html.page_article(articles.ABOUT, code)
    assert "<img" not in page
    assert "{version}" not in page


def test_an_unknown_article_or_language_is_refused():
    """Nothing outside the folder can be asked for."""
    with pytest.raises(KeyError):
        articles.article("../en/about")
    with pytest.raises(UnknownLanguage):
        articles.article("falls", "xx")


def test_an_article_is_a_page_of_its_own_with_its_sources():
    """Each mark finds its line."""
    page = html.page_article("steroids")
    named = set(re.findall(r'href="#(steroids-source-\d+)"', page))
    assert named
    assert named == set(re.findall(r'id="(steroids-source-\d+)"', page))


@pytest.mark.parametrize("name", articles.NAMES)
def test_a_document_is_marked_once_behind_a_sentence(name):
    """Two of its findings are one source."""
    marks = re.findall(r'(?:<sup class="marks"><a href="#[^"]+">\d+</a></sup>)+', html.page_article(name))
    numbers = [re.findall(r">(\d+)<", each) for each in marks]
    assert [each for each in numbers if any(a == b for a, b in pairwise(each))] == []


def test_the_list_of_articles_links_all_of_them():
    """As the place that serves them wants it."""
    page = html.page_learn(link="/learn/{name}")
    assert all(f'href="/learn/{name}"' in page for name in articles.NAMES)
