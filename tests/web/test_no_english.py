"""Nothing that the English catalogue says stands on a German or Italian page."""

import json
import re
from html import unescape
from string import Formatter

import pytest

from trabecula.web.examples import EXAMPLES
from trabecula.web.fields import STEPS
from trabecula.web.state import Seal, SessionPage, seal_page
from trabecula.web.whatif import questions
from trabecula.words.language import language

from .conftest import KEY, state_in
from .test_choosing import FRAIL

OTHERS = ("de", "it")
CHOOSING = ("ms_woman_67", "frail")
"""For whom every choice is tried: somebody with a medicine to stop, and somebody whose numbers are withheld."""
_UNREAD = re.compile(r'<(style|script)\b.*?</\1>|<li\b[^>]*\blang="en"[^>]*>.*?</li>', re.DOTALL)
"""What is not said, and documents, which are cited in the language that they are written in."""
_WORD = r"[^\W\d_]"


def texts(words):
    """The fixed parts of every text of a catalogue, as far as they have two words or more."""
    for text in words.values():
        for form in text if isinstance(text, tuple) else (text,):
            for fixed, *_ in Formatter().parse(form):
                part = " ".join(fixed.split()).strip(" .,:;()")
                if re.search(rf"{_WORD}{{2,}}\W+{_WORD}{{2,}}", part):
                    yield part


def english(code):
    """What English says and the other language does not."""
    others = " \n ".join(texts(language(code).words))
    return sorted({part for part in texts(language("en").words) if part not in others})


def read(page):
    """What a page says, what is said aloud of pictures and entries included."""
    said = re.sub(r'<[^>]*\b(?:aria-label|title|alt)="([^"]*)"[^>]*>', r" \1 ", _UNREAD.sub(" ", page))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", said)).split())


def pages(web, code):
    """Every page of the app, with everything on it."""
    asked = {"lang": code}
    for path in ("/", "/form", "/learn", "/about", "/nothing"):
        yield path, web.get(path, params=asked).text
    wrong = {"step": "person", "birth_date": "soon", "height_cm": "1.66", "do": "next"}
    yield "mistakes", web.post("/form", params=asked, data=wrong).text
    yield "a bad file", web.post("/upload", params=asked, files={"file": ("a.yaml", b"!!x")}).text
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-02-03"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]}
    sent = {"file": ("b.json", json.dumps(bundle).encode())}
    yield "a bundle", web.post("/upload", params=asked, files=sent).text
    young = seal_page(SessionPage({"birth_date": "2015", "sex": "female"}), Seal(KEY))
    yield "too young", web.post("/result", params=asked, data={"state": young}).text
    for name in EXAMPLES:
        first = web.post(f"/example/{name}", params=asked).text
        yield from of_a_person(web, asked, name, state_in(first))
    yield from of_a_person(web, asked, "frail", seal_page(SessionPage(FRAIL), Seal(KEY)))


def of_a_person(web, asked, name, state):
    """The answer in both views with its causes, the panel with every choice, the form and its review."""
    for view in ("clinician", "person"):
        data = {"state": state, "view": view, "causes": "yes"}
        yield f"{name} {view}", web.post("/result", params=asked, data=data).text
    chosen = questions() if name in CHOOSING else ()
    for question in chosen:
        for plan in question.plans:
            key, value = (f"{question.name}:{plan.name}", "yes") if question.many else (question.name, plan.name)
            data, part = {"state": state, key: value}, {"hx-request": "true"}
            yield f"{name} {plan.name}", web.post("/what-if", params=asked, data=data, headers=part).text
    for step in (*(step.id for step in STEPS), "review"):
        yield (f"{name} {step}", web.post("/form", params=asked, data={"state": state, "do": f"go:{step}"}).text)


@pytest.mark.parametrize("code", OTHERS)
def test_no_page_has_english_on_it(web, code):
    """Whatever is asked for, in both views, with every choice and every step of the form."""
    parts = english(code)
    found = {}
    for name, page in pages(web, code):
        text = read(page)
        for part in parts:
            if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text):
                found.setdefault(part, name)
    assert found == {}


def test_english_is_found_where_it_is(web):
    """The English page has what is looked for on the others."""
    text = read(web.post("/example/ms_woman_44", params={"lang": "en"}).text)
    assert sum(part in text for part in english("de")) > 50
