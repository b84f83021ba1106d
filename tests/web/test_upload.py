"""Files that somebody chooses: read, or refused with the reason."""

import gzip
import io
import json
import re
import tempfile
import zipfile
from random import Random

import pytest

from trabecula.person import read_person
from trabecula.web import forms
from trabecula.web.state import Seal, SessionPage, open_page, seal_page

from .conftest import KEY, ROOT, state_in, text_in

REFUSED = ROOT / "tests" / "refused"


def sent(web, content, name="record.yaml"):
    """The page after a file was sent."""
    return web.post("/upload", files={"file": (name, content)})


def zipped(content: bytes) -> bytes:
    """A ZIP archive with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.yaml", content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["ms_woman_44", "ms_woman_67"])
def test_a_record_in_yaml_is_answered(web, name):
    """A shipped record leads to an answer."""
    answer = sent(web, (ROOT / "examples" / f"{name}.yaml").read_bytes())
    assert answer.status_code == 200
    assert "Fracture risk" in answer.text


def test_a_record_in_json_is_answered_for_today(web):
    """A record without a day of assessment is assessed for today."""
    answer = sent(web, json.dumps({"birth_date": "1970-05-01", "sex": "male"}).encode(), "record.json")
    assert "22 November 2026" in answer.text


def test_a_large_file_is_never_written_to_the_disk(web, monkeypatch):
    """Nothing is stored, not even for the seconds in which a bundle of some megabytes is read."""
    written = []
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", lambda file: written.append(file))
    record = {"birth_date": "1970-05-01", "sex": "male", "notes": "x" * 19_000_000}
    page = sent(web, json.dumps(record).encode(), "record.json")
    assert "19 MB" in text_in(page.text)
    assert written == []


def test_a_fhir_bundle_is_answered_and_says_how_it_was_read(web):
    """A bundle from a hospital is read, and what was left out is said."""
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-02-03"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]}
    answer = sent(web, json.dumps(bundle).encode(), "bundle.json")
    assert answer.status_code == 200
    assert "How the file was interpreted" in answer.text


HOSTILE = {
    "nothing": (b"", "an empty file"),
    "a ZIP archive that unpacks to 100 MB": (zipped(b"0" * 100_000_000), "a ZIP archive"),
    "a gzip archive": (gzip.compress(b"0" * 1_000_000), "a gzip archive"),
    "two megabytes of YAML": (b"a: " + b"x" * 2_000_000, "up to 1 MB"),
    "a YAML tag": (b"!!python/object/apply:os.system ['true']", "a tag"),
    "a YAML tag inside": (b"birth_date: !!python/name:os.system\nsex: female", "a tag"),
    "aliases that multiply": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "alias"),
    "lists in lists": (b"[" * 5_000, "levels"),
    "lists in lists in JSON": (b'{"a":' + b"[" * 100_000, "levels"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "UTF-8"),
    "control characters": (b"sex: \x00female", "control character"),
    "a huge number": (b'{"weight_kg": ' + b"9" * 20_000 + b"}", "a number that is too long"),
    "not a number": (b'{"weight_kg": NaN}', "NaN"),
    "half a surrogate pair": (b'{"sex": "\\ud800"}', "half a surrogate pair"),
    "half a surrogate pair in a name": (b'{"\\ud800": 1, "\\ud800": 2}', "half a surrogate pair"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_the_reason(web, what):
    """Whatever is sent, the page says what was found, and the program goes on."""
    content, reason = HOSTILE[what]
    page = sent(web, content)
    assert page.status_code == 422
    assert reason in text_in(page.text)
    assert 'role="alert"' in page.text


@pytest.mark.parametrize(("code", "said"), [("en", "too large"), ("de", "zu groß"), ("it", "troppo grande")])
def test_more_than_the_limit_is_refused_on_a_page(web, code, said):
    """A request beyond all limits is told in the language of whoever sent it, with a way on."""
    page = web.post("/upload", params={"lang": code}, files={"file": ("r.yaml", b"{" + b" " * 25_000_000)})
    assert page.status_code == 413
    assert said in text_in(page.text)
    assert f'<a href="/?lang={code}">' in page.text


def test_what_does_not_say_how_long_it_is_is_refused_too(web):
    """A request in pieces is told as soon as it is too long."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="r.yaml"\r\n\r\n'
    pieces = (head, *[b" " * 1_000_000] * 25, b"\r\n--b--\r\n")
    page = web.post("/upload", content=iter(pieces), headers={"content-type": "multipart/form-data; boundary=b"})
    assert page.status_code == 413
    assert "too large" in text_in(page.text)


MANY = {"start": "2000", "drug": "prednisone", "route": "oral", "dose_mg": 5, "days": 3}


def test_a_record_with_very_many_courses_can_be_worked_on(web):
    """Whatever was taken from a file, every button of its pages works and nothing is lost."""
    record = {"birth_date": "1950", "sex": "female", "steroids": [MANY] * 720}
    state = seal_page(SessionPage(forms.entries_of(read_person(record))), Seal(KEY))
    steps = web.post("/form", data={"state": state, "do": "go:steroids"}).text
    typed = dict(re.findall(r'name="(steroids[^"]+)" value="([^"]*)"', steps))
    chosen = {f"steroids[{n}].{name}": MANY[name] for n in range(720) for name in ("drug", "route")}
    assert len(typed) > 3_000
    back = web.post("/form", data={"state": state_in(steps), "step": "steroids", **typed, **chosen, "do": "back"})
    assert back.status_code == 200
    carried = [open_page(state_in(each), Seal(KEY)).entries for each in (steps, back.text)]
    assert carried[0] == carried[1]


def test_a_record_that_no_page_could_carry_is_refused(web):
    """What would be lost on the next page is told on the first."""
    random = Random(1)
    words = [{"drug": f"{random.getrandbits(1_500):x}", "start": "2000"} for _ in range(1_000)]
    record = {"birth_date": "1950", "sex": "female", "medicines": words}
    page = sent(web, json.dumps(record).encode())
    assert page.status_code == 422
    assert "more text than a page can hold" in text_in(page.text)


@pytest.mark.parametrize(
    "file", sorted(REFUSED.glob("*.yaml")) + sorted(REFUSED.glob("*.json")), ids=lambda file: file.name
)
def test_what_the_command_line_refuses_the_web_app_refuses(web, file):
    """Both doors have the same rules."""
    assert sent(web, file.read_bytes(), file.name).status_code == 422


def test_markup_in_the_name_of_a_file_is_shown_as_text(web):
    """A file may be called anything."""
    page = sent(web, b"!!x", "<img src=x onerror=alert(1)>.yaml")
    assert "<img" not in page.text


def test_how_a_file_was_read_is_told_in_the_language_of_each_page(web):
    """Also when the language changes after the file was sent: what the page carries is no sentence."""
    patient = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1970-02-03"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]}
    english = sent(web, json.dumps(bundle).encode(), "bundle.json").text
    german = web.post("/result", params={"lang": "de"}, data={"state": state_in(english)}).text
    for page, words in ((english, ("1 resource, 1 read", "Read")), (german, ("1 Ressource, 1 gelesen", "Gelesen"))):
        assert all(word in page.split("</details>")[0] for word in words)
