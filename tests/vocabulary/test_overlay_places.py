"""An invented country, fracture site and habit go through every door: nothing in the program knows of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trabecula import vocabulary
from trabecula.data_files import OVERLAY
from trabecula.person import Person

HERE = Path(__file__).parent
NAMES = {
    "en": ("collarbone", "Utopia", "Hums while walking"),
    "de": ("Schlüsselbein", "Utopien", "Summt beim Gehen"),
    "it": ("clavicola", "Utopia", "Canticchia camminando"),
}


def process(arguments, overlay):
    """A process with an overlay."""
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, OVERLAY: str(overlay)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a process with the overlay answers, by door."""
    session = [str(HERE / "places_session.py"), str(tmp_path_factory.mktemp("doors"))]
    found = process(session, HERE / "overlay_places")
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def risk(answer, site):
    """The median chance at a site within ten years."""
    return next(
        found["risk"]["median"] for found in answer["risks"] if (found["site"], found["horizon_y"]) == (site, 10)
    )


def test_nobody_knows_them_without_the_overlay():
    """They are invented, and stand in the tests alone."""
    assert "UT" not in vocabulary.COUNTRIES
    assert "collarbone" not in vocabulary.FRACTURE_SITES
    assert "humming" not in Person.model_fields


def test_a_person_of_the_country_is_assessed_by_its_rates(answers):
    """The result names it; any of its names will do on the command line."""
    silent, by_name = answers["assess"]["silent"], answers["assess"]["by_name"]
    assert silent["country"] == by_name["country"] == "UT"
    assert risk(silent, "hip") == risk(by_name, "hip") > 0
    assert "fracture.baseline.ut.hip.women" in json.dumps(silent["evidence"])


def test_the_site_has_a_chance_of_its_own_and_counts_in_its_groups(answers):
    """More bones can break somewhere than in the hip and the collarbone alone."""
    silent = answers["assess"]["silent"]
    assert 0 < risk(silent, "collarbone") < risk(silent, "any")
    assert "collarbone" in json.dumps(silent["fracture"])


def test_the_habit_acts_where_its_row_says(answers):
    """Humming raises the chance at the hip more than elsewhere; who says no is a little below who says nothing."""
    silent, hums, does_not = (answers["assess"][name] for name in ("silent", "hums", "does_not"))
    for site in ("hip", "collarbone"):
        assert risk(does_not, site) < risk(silent, site) < risk(hums, site)
    assert risk(hums, "hip") / risk(silent, "hip") > risk(hums, "collarbone") / risk(silent, "collarbone")


def test_a_record_that_does_not_say_is_told_so(answers):
    """The habit is one that is asked for."""
    gaps = {name: json.dumps(answers["assess"][name]["missing"]) for name in ("silent", "hums")}
    assert "humming" in gaps["silent"]
    assert "humming" not in gaps["hums"]


def test_plans_are_compared_there(answers):
    """A plan of the library, in the country, with the site among the chances."""
    assert answers["compare"]["country"] == "UT"
    assert "collarbone" in json.dumps(answers["compare"]["plans"])


def test_guidelines_see_a_fracture_at_the_site(answers):
    """A low-trauma fracture is one, wherever it was."""
    assert "fragility_fracture" in json.dumps(answers["advise"])


@pytest.mark.parametrize("code", NAMES)
def test_the_report_names_site_and_country(answers, code):
    """In the words of the overlay's catalogue."""
    site, country, _ = NAMES[code]
    assert site[1:] in answers["report"][code]
    assert country in answers["report"][code]


@pytest.mark.parametrize("code", NAMES)
def test_the_form_offers_them(answers, code):
    """A choice of countries, a choice of bones, a question."""
    site, country, question = NAMES[code]
    for name in (site[1:], country, question):
        assert name in answers["form"][code]


def test_the_form_answers(answers):
    """What was chosen is worked out."""
    assert "collarbone" in answers["form"]["answer"].lower()


def test_a_bundle_is_read_by_its_codes(answers):
    """An address and two codes say country, fracture and habit."""
    assert answers["fhir"] == {
        "birth_date": "1959-10-30",
        "sex": "female",
        "country": "UT",
        "humming": True,
        "fractures": [{"site": "collarbone", "date": "2024-03-01"}],
    }


def test_a_country_without_a_row_is_refused_with_the_way_to_add_it(answers):
    """The refusal names the countries in hand, the overlay's among them, and the page that says how."""
    nowhere, site, norway = answers["refused"]
    assert nowhere.startswith('country: found "Atlantis"; expected a country in two letters')
    assert site.endswith('did you mean "collarbone"?')
    assert "Norway" in norway
    assert "UT" in norway.split("Available")[1]
    assert "docs/how-to/add-a-country.md" in norway


def test_a_site_may_lack_a_rate_in_a_country_that_nobody_of_the_overlay_lives_in(answers):
    """The overlay knows nothing of the collarbone in Germany: a person there is refused, and nobody else is."""
    german = answers["assess"]["german"]
    assert german.startswith("exit 2")
    assert "Germany" in german.split("Available")[0]
    assert "DE" not in german.split("Available")[1].split(".")[0]


def test_a_country_without_its_parameters_is_refused_when_the_registry_is_read(tmp_path):
    """The refusal names the file, the row, and each parameter that is missing."""
    (tmp_path / "countries.yaml").write_text("FR:\n  label: France\n  registry: fr\n", encoding="utf-8")
    record = tmp_path / "records" / "woman.yaml"
    record.parent.mkdir()
    record.write_text("birth_date: 1970-01-01\nsex: female\ncountry: FR\n", encoding="utf-8")
    found = process(["-m", "trabecula.cli", "assess", str(record)], tmp_path)
    assert found.returncode != 0
    said = found.stderr + found.stdout
    assert "countries.yaml, FR: found no fracture.baseline.fr.hip.women; expected" in said
    assert "add the parameter to a file in parameters/" in said
    assert "Traceback" not in said


def test_a_site_whose_group_nobody_knows_is_refused(tmp_path):
    """The refusal names the row and the groups that there are."""
    text = "toe:\n  label: toe\n  bone: femoral_neck\n  groups: [feet]\n"
    (tmp_path / "fracture_sites.yaml").write_text(text, encoding="utf-8")
    found = process(["-c", "import trabecula.fracture"], tmp_path)
    assert 'fracture_sites.yaml, toe: found "feet"; expected one of major_osteoporotic, any' in found.stderr


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("value: number\n  limits: loudness", "humming: found loudness; expected one of the quantities in limits.csv"),
        ("effects: {h: {ratios: {hip: a.b}, share: a.c}}", "ratios for hip and for other"),
        ("volume: 3", "the unknown key volume"),
    ],
)
def test_a_factor_that_cannot_be_read_is_refused(fields, said, tmp_path):
    """Where, what was found, what was expected."""
    text = f"humming:\n  label: humming\n  about: Hums.\n  form: food_and_habits\n  {fields}\n"
    (tmp_path / "risk_factors.yaml").write_text(text, encoding="utf-8")
    found = process(["-c", "import trabecula.person"], tmp_path)
    assert said in found.stderr
