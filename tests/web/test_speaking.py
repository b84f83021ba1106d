"""English, German, Italian: who decides, how the choice stays, and that nothing is left in another language."""

import re
from html import unescape
from itertools import chain
from pathlib import Path

import pytest

from trabecula.adapters.files import InputError, read_record
from trabecula.person import PersonError
from trabecula.web import rendering
from trabecula.web.fields import STEPS, kind_of
from trabecula.web.localisation import NAMES, negotiated
from trabecula.web.rendering import choices_of
from trabecula.words.language import LANGUAGES, language
from trabecula.words.message import VERBATIM, Message

from .conftest import ROOT, state_in, text_in

OTHERS = [code for code in LANGUAGES if code != "en"]
PAGES = ("/", "/form", "/learn", "/learn/steroids", "/about", "/nothing")
HEADINGS = {"en": "Try an example", "de": "Ein Beispiel ansehen", "it": "Provare un esempio"}
REFUSED = sorted(chain(*((ROOT / "tests" / "refused").glob(f"*.{kind}") for kind in ("yaml", "json"))))
_JINJA = re.compile(r"\{% set more %\}.*?\{% endset %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_which_language_it_speaks(web, path, code):
    """A screen reader is told, and the language in use is marked in the switch."""
    page = web.get(path, params={"lang": code}).text
    assert f'<html lang="{code}">' in page
    current = re.findall(r'lang="(\w+)"[^>]* aria-current="true"', page)
    assert current == [code]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("fr;q=0.9, it;q=0.7, en;q=0.3", "it"),
        ("en;q=0.2, it", "it"),
        ("de;q=0, it;q=0.1", "it"),
        ("fr", "en"),
        ("", "en"),
        ("de;q=x, ;;,, *;q=nan", "en"),
    ],
)
def test_the_browser_says_what_somebody_speaks(accepted, code):
    """The wish with the greatest weight that there is; a header that is none does no harm."""
    found = negotiated("", accepted)
    assert (found.code, found.chosen) == (code, False)


@pytest.mark.parametrize("query", ["lang=xx", "lang=", "lang=<script>", "lang=de-AT", "%ff=%00"])
def test_a_language_that_there_is_not_is_no_choice(query):
    """Whatever stands in the address, the page speaks."""
    assert negotiated(query, "it").code == "it"


def test_a_choice_is_stronger_than_the_browser(web):
    """Who chose German on a page reads German."""
    page = web.get("/", params={"lang": "de"}, headers={"accept-language": "it"}).text
    assert HEADINGS["de"] in page
    assert HEADINGS["it"] in web.get("/", headers={"accept-language": "it"}).text


def test_a_choice_stays_on_every_way_on(web):
    """Links and forms hand it on; without a choice the addresses stay as they are."""
    page = web.get("/", params={"lang": "it"}).text
    ways = re.findall(r'(?:href|action|formaction)="(/[^"#]*)"', page)
    ours = [each for each in ways if not each.startswith(("/static", "/openapi", "/?lang"))]
    assert ours
    assert all(each.endswith("?lang=it") for each in ours), ours
    assert 'action="/upload"' in web.get("/").text


@pytest.mark.parametrize("code", OTHERS)
def test_the_answer_is_told_in_the_language(web, code):
    """Both views, and the panel of choices."""
    asked = {"lang": code}
    first = web.post("/example/ms_woman_44", params=asked).text
    state = {"state": state_in(first)}
    person = web.post("/result", params=asked, data={**state, "view": "person"}).text
    panel = web.post("/what-if", params=asked, data={**state, "training": "exercise"}).text
    words = {
        "de": ("Risiko für einen Knochenbruch", "Ihre Knochen", "Was könnte daran etwas ändern?"),
        "it": ("Probabilità di frattura", "Le sue ossa", "Che cosa potrebbe cambiare le cose?"),
    }
    for page, said in zip((first, person, panel), words[code], strict=True):
        assert f'<html lang="{code}">' in page
        assert said in unescape(page)


def test_changing_the_language_keeps_what_was_typed(web):
    """The button of a language sends the step, checks nothing, and shows the same step."""
    page = web.get("/form").text
    button = re.search(
        r'<button class="link" form="page" formaction="(/form\?lang=de)" name="do" value="([^"]+)"', page
    )
    typed = {"step": "person", "height_cm": "166", "do": button[2]}
    german = web.post(button[1], data=typed)
    assert german.status_code == 200
    assert 'value="166"' in german.text
    assert "Geburtsdatum" in german.text


def test_changing_the_language_of_an_answer_asks_for_nothing_again(web, example):
    """The state goes with the button, in the body and not in the address."""
    address = re.search(r'form="bar" formaction="([^"]+lang=it)"', example)[1]
    page = web.post(address, data={"state": state_in(example), "view": "clinician"})
    assert "Probabilità di frattura" in page.text
    assert re.fullmatch(r"/page/[\w-]{22}\?lang=it", page.url.raw_path.decode())


def test_enter_never_presses_a_language(web):
    """The first button of a form is the one that leads on."""
    for page in (web.get("/form").text, web.get("/form", params={"lang": "de"}).text):
        first = re.search(r'<button (?:class="[^"]*" )?form="page"[^>]*>', page)[0]
        assert 'value="next"' in first


@pytest.mark.parametrize("code", OTHERS)
def test_a_mistake_is_told_in_the_language(web, code):
    """Beside its field and in the summary, wholly in one language."""
    typed = {"step": "person", "sex": "female", "height_cm": "1.66", "do": "next"}
    page = web.post("/form", params={"lang": code}, data=typed)
    said = {"de": "vielleicht gemeint: 166 cm", "it": "forse si intende 166 cm"}[code]
    assert page.status_code == 422
    assert unescape(page.text).count(said) == 2
    assert "expected" not in page.text


def problems_of(path: Path):
    """Everything that is wrong with a record."""
    try:
        read_record(path)
    except PersonError as error:
        return error.problems
    except InputError as error:
        return (error,)
    raise AssertionError(f"{path.name} is not refused")


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.name)
def test_whatever_is_refused_is_told_in_the_language(path, code):
    """Every mistake that a record or file can have has its words in the catalogues, down to the names of fields."""
    parts = {part for problem in problems_of(path) for part in problem.message.inside()}
    assert [part.id for part in parts if part.id != VERBATIM and not language(code).knows(part.id)] == []


@pytest.mark.parametrize("path", sorted(rendering.TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_says_anything_without_its_mark(path):
    """Every word of a template is one that translators find (the name of the program is the same everywhere)."""
    bare = _TAG.sub(" ", _JINJA.sub(" ", path.read_text(encoding="utf-8"))).replace("Trabecula", "")
    assert re.findall(r"[^\W\d_]{2,}", unescape(bare)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_every_question_of_the_form_is_translated(code):
    """Titles, labels, hints, units and the words of choices; units that are signs are the same everywhere."""
    words, lang = set(), language(code)
    for step in STEPS:
        words |= {step.title, step.about}
        for group in step.groups:
            words |= {group.title, group.about, group.row_name}
            words |= {each for field in group.fields for each in (field.label, field.hint, field.unit)}
            asked = [field for field in group.fields if kind_of(field.path) in ("choice", "yes_no")]
            words |= {name for field in asked for name in choices_of(field.path).values()}
    ids = {word.id if isinstance(word, Message) else word for word in words} - {VERBATIM, ""}
    assert sorted(id for id in ids if id not in lang.words) == []


@pytest.mark.parametrize(
    ("code", "asked", "never"),
    [
        ("de", ("Die letzte Regelblutung ist länger als ein Jahr her", "Joggen", "Kortisonbehandlung 1"),
         ("Wechseljahre sind vorbei", "Laufen", "Kortisonstoß 1")),
        ("it", ("L'ultima mestruazione risale a più di un anno fa",), ("La menopausa è passata",)),
    ],
)  # fmt: skip
def test_a_question_asks_the_same_in_every_language(web, code, asked, never):
    """The years around the menopause are not its end, in much of the German-speaking world "laufen" is to walk, and
    not every course of steroids is a pulse."""
    steps = (web.post("/form", params={"lang": code}, data={"do": f"go:{step.id}"}).text for step in STEPS)
    form = unescape(" ".join(text_in(each) for each in steps))
    assert [each for each in asked if each not in form] == []
    assert [each for each in never if each in form] == []


def test_every_language_has_a_name_of_its_own():
    """The switch shows each as its speakers call it."""
    assert tuple(NAMES) == LANGUAGES


@pytest.mark.parametrize(
    ("path", "typed", "number"),
    [
        ("weight_kg", "61,5", 61.5),
        ("dxa[0].bmd_g_cm2", "1,043", 1.043),
        ("dxa[0].t_score", "-1,2", -1.2),
        ("dxa[0].bmd_g_cm2", "1.043", 1.043),
        ("dxa[0].t_score", "-1,250", -1.25),
        ("steroids[0].dose_mg", "0,125", 0.125),
        ("calcium_mg_per_day", "1,000", "1,000"),
        ("calcium_mg_per_day", "1.000", "1.000"),
        ("activity[0].steps_per_day", "8.000", "8.000"),
        ("calcium_mg_per_day", "1000", 1000),
    ],
)
def test_a_decimal_sign_is_read_unless_it_may_divide_thousands(path, typed, number):
    """Germans write 61,5 for a weight and 8.000 for steps; whether 1.000 is a thousand is asked, never guessed."""
    from trabecula.web.forms import _value

    assert _value(path, typed) == number


@pytest.mark.parametrize(
    ("code", "said"), [("en", "enter 8000 if you mean thousands"), ("de", "8000 schreiben, wenn Tausende"),
                       ("it", "scrivere 8000 se si intendono migliaia")]
)  # fmt: skip
def test_thousands_are_asked_back_with_what_to_write(web, code, said):
    """Eight thousand steps, as a German writes them, are not eight; the entry stands there as it was typed."""
    typed = {"step": "life", "activity[0].steps_per_day": "8.000", "do": "next"}
    page = web.post("/form", params={"lang": code}, data=typed)
    assert page.status_code == 422
    assert unescape(page.text).count(said) == 2
    assert 'value="8.000"' in page.text


def test_a_dose_in_words_may_have_thousands_too(web):
    """1.000 mg of methylprednisolone within a text is a gram to a German, and not a milligram to us."""
    course = {"steroids[0].start": "2020", "steroids[0].as_written": "5 x 1.000 mg IV methylprednisolone"}
    page = web.post("/form", params={"lang": "de"}, data={"step": "steroids", **course, "do": "next"})
    assert "1000 schreiben, wenn Tausende gemeint sind" in unescape(page.text)


@pytest.mark.parametrize(
    ("code", "names"),
    [("en", ("Germany", "Italy")), ("de", ("Deutschland", "Italien")), ("it", ("Germania", "Italia"))],
)
def test_the_form_offers_germany_and_italy_by_their_names(web, code, names):
    """Who reads German or Italian finds the own country among those with rates of their own."""
    page = web.get("/form", params={"lang": code}).text
    for key, name in zip(("DE", "IT"), names, strict=True):
        assert re.search(rf'<option[^>]*value="{key}"[^>]*>\s*{name}', page), name
