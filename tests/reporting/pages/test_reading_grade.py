"""How hard the pages for the person are to read, in each language by an index of its own.

Counted is what stands on the page as sentences, headings, list items and captions; not what is inside a picture, the
tables that open on demand, and the documents that are cited. A heading or item is a sentence of its own; one of up to
two words adds its words and no sentence. A point or comma inside a number ends none.
"""

import re
from html import unescape

import pytest
import textstat
from textstat.backend.counts import _count_syllables

from reporting.examples import EXAMPLES, subject
from trabecula.reporting import articles, html
from trabecula.words.language import LANGUAGES

HARDEST_GRADE = 8.0
"""School year. Patients are best given texts of the 6th to 8th (Badarudeen 2010 Clin Orthop Relat Res 468:2572)."""
EASIEST_GULPEASE = 60.0
"""Below it a text is hard for who has the licenza media, eight years of school (Lucisano 1988 Scuola e Città 3)."""
_UNCOUNTED = re.compile(
    r'<(style|svg|details|sup)\b.*?</\1>|<div class="sources[^"]*">.*?</div>|<span class="visually-hidden">.*?</span>',
    re.DOTALL,
)
_BLOCK_END = re.compile(r"</(?:p|li|h\d|figcaption)>")


@pytest.fixture(autouse=True)
def no_dictionary(monkeypatch):
    """Syllables are counted by hyphenation: the dictionary that textstat prefers would have to be downloaded."""
    monkeypatch.setattr(_count_syllables, "get_cmudict", lambda lang: None)


def words_of(page):
    """What a reader sees of a page, one sentence behind the other."""
    article = page[page.index("<article") : page.index("</article>")]
    texts = (re.sub(r"<[^>]+>|\u2060", " ", part) for part in _BLOCK_END.split(_UNCOUNTED.sub(" ", article)))
    said = [" ".join(unescape(text).split()) for text in texts]
    ended = " ".join(text if text[-1] in ".!?" else f"{text}." for text in said if re.search(r"\w", text))
    return re.sub(r"(?<=\d)[.,](?=\d)", "", ended)


def grade(text):
    """The hardest of three English grades; two of them count letters and are independent of the syllables."""
    textstat.set_lang("en_US")
    measures = (textstat.flesch_kincaid_grade, textstat.automated_readability_index, textstat.coleman_liau_index)
    return max(measure(text) for measure in measures)


def school_year(text):
    """The first Wiener Sachtextformel, made for German texts that inform (Bamberger and Vanecek 1984)."""
    textstat.set_lang("de_DE")
    return textstat.wiener_sachtextformel(text, 1)


def is_easy(text, code):
    """Whether eight years of school are enough."""
    if code == "it":
        return textstat.gulpease_index(text) >= EASIEST_GULPEASE
    return {"en": grade, "de": school_year}[code](text) <= HARDEST_GRADE


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_eight_years_of_school_are_enough_for_the_whole_page(file, code):
    """The page of each example, with what helps and what adds to the chance."""
    person, assessment, comparison = subject(file)
    assert is_easy(words_of(html.page_person(assessment, code, person, comparison)), code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_eight_years_of_school_are_enough_for_a_page_with_everything_on_it(full, comparison, code):
    """Advice, plans, gaps and causes that no example has at once."""
    assert is_easy(words_of(html.page_person(full, code, comparison=comparison)), code)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", [*articles.NAMES, articles.ABOUT])
def test_eight_years_of_school_are_enough_for_the_articles(name, code):
    """So can they be taken home."""
    assert is_easy(words_of(html.page_article(name, code)), code)


def test_a_hard_text_is_told_from_an_easy_one():
    """Each index knows the difference in its own language."""
    easy = {"en": "Keep moving. Ask your doctor.", "de": "Gehen Sie. Das tut gut.", "it": "Cammini ogni giorno."}
    hard = {
        "en": "Glucocorticoid-induced osteoporosis necessitates individualised pharmacological intervention.",
        "de": "Glukokortikoidinduzierte Osteoporose erfordert individualisierte medikamentöse Behandlungsstrategien.",
        "it": "L'osteoporosi indotta dai glucocorticoidi richiede interventi farmacologici individualizzati.",
    }
    assert [is_easy(easy[code], code) for code in LANGUAGES] == [True, True, True]
    assert [is_easy(hard[code], code) for code in LANGUAGES] == [False, False, False]
