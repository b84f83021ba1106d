"""Abaloparatide goes through every door by its rows alone; what is refused was written from its labels first."""

import json
import re
import warnings

import pytest

from trabecula import vocabulary
from trabecula.adapters.fhir import read_bundle
from trabecula.person import questions, write_person
from trabecula.web import create_app
from vocabulary.doors import DAY, LANGUAGES, run, written

WOMAN = {
    "assessed_on": "2026-11-22",
    "birth_date": "1957-10-30",
    "sex": "female",
    "country": "UK",
    "menopause": {"age_y": 50},
}
TAKING = {**WOMAN, "medicines": [{"drug": "Tymlos", "start": "2025-11-22"}]}
LIBRARY = "abaloparatide-then-alendronate"
NAMES = [("en", "abaloparatide"), ("de", "Abaloparatid"), ("it", "abaloparatide")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files that a door reads or writes."""
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def web():
    """Asks an app whose clock stands still."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client is going to be renamed
        from fastapi.testclient import TestClient
    return TestClient(create_app(today=lambda: DAY, key=b"a key for tests", draws=20), base_url="http://127.0.0.1")


def asked(folder, verb, record, *words):
    """What a command answers of a record, as data."""
    return json.loads(run(verb, written(folder, "record.yaml", record), *words, "--format", "json"))


def spine_now(answer):
    """Median density of the lumbar spine on the day [g/cm2]."""
    spine = next(site for site in answer["bone"] if site["site"] == "lumbar_spine")
    return spine["trajectory"][spine["now"]]["bmd_g_cm2"]["median"]


@pytest.mark.parametrize("brand", ["Tymlos", "ELADYNOS", "abaloparatid"])
def test_it_is_known_by_its_brands_and_spellings(brand):
    """Sold as Tymlos in the United States and as Eladynos in Europe; German writes it without an e."""
    assert vocabulary.generic_name(brand) == "abaloparatide"


class TestAssess:
    """A woman of 69 who has injected it for a year."""

    def test_bone_is_denser_than_without_it(self, folder):
        """In trials the spine gained some nine per cent in 18 months."""
        without, with_drug = asked(folder, "assess", WOMAN), asked(folder, "assess", TAKING)
        assert 1.02 < spine_now(with_drug) / spine_now(without) < 1.15
        assert "Tymlos" not in json.dumps(with_drug["questions"])

    def test_where_the_model_is_known_to_be_wrong_about_it_is_told(self, folder):
        """Turnover falls back in trials and not here; who takes it reads that, and nobody else."""
        told = [json.dumps(asked(folder, "assess", record)["notes"]) for record in (WOMAN, TAKING)]
        assert ["keeps turnover high" in notes for notes in told] == [False, True]

    def test_its_strength_is_named_among_what_is_assumed(self, folder):
        """That a labelled dose counts as one of teriparatide is nobody's finding."""
        evidence = asked(folder, "assess", TAKING)["evidence"]
        assert "skeleton.drug.abaloparatide.potency" in json.dumps(evidence)
        assert "label.tymlos_summary.dose" in json.dumps(evidence)


class TestCompare:
    """The plan of the library, and plans against it."""

    def test_the_plan_of_the_library_gains_bone_and_says_what_comes_with_it(self, folder):
        """Eighteen months of it, then alendronate; palpitations were more frequent than on placebo."""
        (plan,) = asked(folder, "compare", WOMAN, "--plan", LIBRARY)["plans"]
        assert not plan["refused"]
        assert plan["bone"][0]["difference_percent"]["low"] > 0.0
        assert "Palpitations, versus placebo" in json.dumps(plan)

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("en", "The EU label excludes severe renal impairment"),
            ("de", "schließt Abaloparatid bei schwerer Nierenfunktionsstörung aus"),
            ("it", "esclude l'abaloparatide nell'insufficienza renale grave"),
        ],
    )
    def test_the_reason_is_given_in_the_language(self, folder, code, words):
        """An eGFR of 25 is severe renal impairment."""
        kidneys = [{"date": "2026-10-06", "test": "eGFR", "value": 25, "unit": "mL/min/1.73m2"}]
        record = written(folder, "kidneys.yaml", {**WOMAN, "laboratory": kidneys})
        assert words in " ".join(run("compare", record, "--plan", LIBRARY, "--lang", code).split())


def test_guidelines_see_a_medicine_of_its_class(folder):
    """They ask for the class, and for the time on any of it in life."""
    facts = asked(folder, "advise", TAKING, "--all")["facts"]
    assert facts["bone_drug"] == "parathyroid"
    assert facts["parathyroid_y"] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("code", "name"), NAMES)
def test_the_report_calls_it_by_its_name(folder, code, name):
    """German writes it as German does; the titles of documents stay as they are."""
    page = folder / f"{code}.html"
    run("report", written(folder, "r.yaml", TAKING), "--lang", code, "--quick", "--output", str(page))
    text = re.sub(r'<li[^>]*lang="en">.*', "", page.read_text(encoding="utf-8"))
    assert re.search(rf"\b{name}\b", text)
    assert code != "de" or not re.search(r"\babaloparatide\b", text)


@pytest.mark.parametrize(("code", "name"), NAMES)
def test_the_form_takes_it_by_its_brand(web, code, name):
    """Typed as Eladynos, it is no question, and the answer speaks of it."""
    born = {"en": "1957-10-30", "de": "30.10.1957", "it": "30/10/1957"}[code]
    began = {"en": "2025-11-22", "de": "22.11.2025", "it": "22/11/2025"}[code]
    typed = {"birth_date": born, "sex": "female", "country": "UK", "do": "next", "step": "person"}
    page = web.post(f"/form?lang={code}", data=typed).text
    state = page.split('name="state" value="')[1].split('"')[0]
    drug = {"medicines[0].drug": "Eladynos", "medicines[0].start": began}
    answer = web.post(f"/form?lang={code}", data={"state": state, "step": "life", **drug, "do": "assess"}).text
    assert re.search(rf"\b{name}\b", answer)


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("http://www.whocc.no/atc", "H05AA04"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1921069"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1921083"),
    ],
)
def test_a_bundle_brings_it_by_its_code(system, code):
    """An order with nothing but a code becomes the medicine."""
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "authoredOn": "2025-11-22",
        "medicationCodeableConcept": {"coding": [{"system": system, "code": code}]},
    }
    patient = {"resourceType": "Patient", "gender": "female", "birthDate": "1957-10-30"}
    entries = [{"resource": resource} for resource in (patient, order)]
    found, _ = read_bundle({"resourceType": "Bundle", "type": "collection", "entry": entries}, DAY)
    assert write_person(found)["medicines"] == [{"drug": "abaloparatide", "start": "2025-11-22"}]
    assert [str(one) for one in questions(found, DAY)] == []


def test_every_language_that_is_written_has_its_name():
    """The three of the program."""
    assert [code for code, _ in NAMES] == [*LANGUAGES]
