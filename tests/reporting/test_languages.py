"""Every page in every language: nothing of two words or more is left in English."""

import re
from functools import cache
from html import unescape
from string import Formatter

import pytest

from reporting.examples import EXAMPLES, ON, evidence, subject
from trabecula.assessment.facts import facts
from trabecula.assessment.plans.reading import library
from trabecula.guidelines import advise, to_show
from trabecula.guidelines.activity_bands import band_of, bands
from trabecula.guidelines.plan import dated_plan
from trabecula.reporting import articles, html
from trabecula.reporting.advice import advice_opening, advice_page
from trabecula.reporting.assessment import assessment_page
from trabecula.reporting.calendar import to_ics
from trabecula.reporting.markdown import to_markdown
from trabecula.reporting.plans import comparison_page, library_page
from trabecula.reporting.terminal import to_terminal
from trabecula.words.language import LANGUAGES, language
from words.sentences import data_messages

OTHERS = [code for code in LANGUAGES if code != "en"]
CITED = {"Trabecula", "United States"}
"""Words of a page that are names in every language."""
EXCEPTIONS = {
    "references": "documents are cited as they are published, with their titles and locators in English",
    "articles' sources": "they are such documents",
    "evidence pages": "they print what the registry holds, which is written and cited in English",
}
"""What stays English on purpose, and why; `cited_texts` takes it out of a page before English is looked for."""


@cache
def pages(file, code):
    """Every page about somebody, by name."""
    person, assessment, comparison = subject(file)
    lang = language(code)
    known = facts(person, assessment, ON, evidence())
    advice = advise(known)
    tasks = dated_plan(known, advice)
    opening = advice_opening(assessment, (), code)
    page = assessment_page(assessment, (), code)
    advised = advice_page(to_show(advice), opening, tasks, band_of(known.edss), code)
    compared = comparison_page(comparison, code)
    return {
        "clinician": plain(html.page_clinician(assessment, code, person, comparison)),
        "person": plain(html.page_person(assessment, code, person, comparison)),
        "both": plain(html.page_both(assessment, code, person, comparison)),
        "interactive": plain(html.page_interactive(assessment, comparison, code, person)),
        "readers, Markdown": html.markdown_pages(assessment, code, person, comparison),
        "terminal": to_terminal(page, 120),
        "Markdown": to_markdown(page),
        "advice": to_markdown(advised),
        "plans": to_markdown(compared),
        "library": to_terminal(library_page(list(library().values()), code), 120),
        "calendar": to_ics(tasks, ON, code).decode().replace("\r\n ", "").replace("\\,", ","),
        "activity": " ".join(lang.say(text) for text in _activity()),
    }


def _activity():
    """What bands of disability other than this person's are told."""
    return [text for band in bands() for text in (band.title, band.goal, *(advice.text for advice in band.advice))]


def plain(page):
    """The words of a page, with spaces as in a catalogue; the style, and what is marked as English, are left out."""
    page = re.sub(r"<(style|defs)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<(?!html)(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    page = re.sub(r"<sup\b.*?</sup>", "", page, flags=re.DOTALL)
    attributes = " ".join(re.findall(r'(?:aria-label|title|alt)="([^"]*)"', page))
    return unescape(re.sub(r"<[^>]+>", " ", page) + attributes)


def cited_texts(file):
    """The documents that pages about somebody cite, as they are cited: they stay English."""
    _, _, comparison = subject(file)
    known = facts(*subject(file)[:2], ON, evidence())
    advice = advise(known)
    found = {f"{rule.citation}, {rule.section}" for rule in advice}
    found |= {text for rule in advice for text in (rule.citation, rule.section)}
    found |= {task.source for task in dated_plan(known, advice)}
    found |= {said for band in bands() for advice in band.advice for said in (advice.citation, advice.locator)}
    found |= {evidence().source(name).reference for name in evidence().findings()}
    found |= {source for plan in comparison.plans for effect in plan.side_effects for source in effect.sources}
    return {spaced(text) for text in found if text}


def spaced(text):
    """The text with single ordinary spaces."""
    return re.sub(r"[\s\u2060]+", " ", text.replace("\\", ""))


def literal_parts(text):
    """What a text says whatever fills its places: runs of two words or more."""
    parts = (spaced(part).strip(" .,;:()[]") for part, *_ in Formatter().parse(text))
    return [part for part in parts if sum(bool(re.search(r"[a-zA-Z]{2}", word)) for word in part.split()) > 1]


def texts_of(code):
    """Every text of a language by id, those of data files too; of two forms, both."""
    lang = language(code)
    found = {message.id: lang.template(message.id, {}, message.source) for message in data_messages()}
    for id, text in lang.words.items():
        found[id] = " {} ".join(text) if isinstance(text, tuple) else text
    return found


@cache
def english_parts(code):
    """What must not stand on a page of another language: literal parts of English texts that are other there."""
    there = " | ".join(spaced(text) for text in texts_of(code).values())
    found = {part: id for id, text in texts_of("en").items() for part in literal_parts(text)}
    return {part: id for part, id in found.items() if part not in there and part not in CITED}


def english_in(page, code, cited=()):
    """The English that is left in the text of a page in another language, with the id of its text.

    cited: documents, which are cited as they are published.
    """
    text = spaced(page)
    for document in sorted(map(spaced, cited), key=len, reverse=True):
        text = text.replace(document, " ")
    found = {part: id for part, id in english_parts(code).items() if part in text}
    return {part: id for part, id in found.items() if re.search(rf"\b{re.escape(part)}\b", text)}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_no_page_holds_english_of_two_words(file, code):
    """On a terminal, as Markdown, as HTML, in a calendar: every sentence is in the language of the page."""
    cited = cited_texts(file)
    left = {name: english_in(page, code, cited) for name, page in pages(file, code).items()}
    assert {name: found for name, found in left.items() if found} == {}


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("name", [*articles.NAMES, articles.ABOUT])
def test_no_article_holds_english_of_two_words(name, code):
    """What is to be learnt is written in the language."""
    sources = articles.article(name, code).sources
    assert english_in(plain(html.page_article(name, code)), code, sources) == {}


@pytest.mark.parametrize("file", EXAMPLES[:1], ids=lambda file: file.stem)
def test_the_english_page_is_found_to_be_english(file):
    """The search finds what it looks for: on the English pages nearly everything is English."""
    found = {
        name: sum(part in spaced(page) for part in english_parts("de")) for name, page in pages(file, "en").items()
    }
    assert all(n > 5 for n in found.values()), found


def test_every_exception_has_its_reason():
    """What stays English is listed, with a sentence that says why."""
    assert all(len(reason.split()) > 3 for reason in EXCEPTIONS.values())
