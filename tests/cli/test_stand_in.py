"""A country without tables: refused, or computed with the rates of another that somebody named, and marked as such."""

import json
import re

import pytest

from trabecula.words.language import language

WOMAN = """\
birth_date: 1970-04-05
sex: female
assessed_on: 2026-11-22
ms: {onset: 2005, course: relapsing, disability: [{date: 2026-05-01, edss: 4}]}
"""
NAMES = {
    "en": ("France", "United Kingdom"),
    "de": ("Frankreich", "Vereinigtes Königreich"),
    "it": ("Francia", "Regno Unito"),
}
FEW = ("--draws", "60")
APART = 574 / 73
"""Between the highest and the lowest national rate of hip fracture (Kanis 2012)."""


@pytest.fixture
def woman(tmp_path):
    """Writes the record of a woman of 56 with MS who lives in a country."""

    def written(country, *more):
        path = tmp_path / "woman.yaml"
        path.write_text("\n".join([WOMAN.strip(), f"country: {country}", *more]), encoding="utf-8")
        return path

    return written


def _answer(run, *words):
    """An answer as a program reads it."""
    found = run(*words, "--format", "json", *FEW)
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def _risks(answer):
    return {(risk["site"], risk["horizon_y"]): risk["risk"] for risk in answer["risks"]}


def test_without_a_stand_in_the_country_is_refused(run, woman):
    """The refusal names the country, those in hand, and both ways to ask for a stand-in."""
    found = run("assess", woman("FR"), *FEW)
    assert found.exit_code == 2
    for word in ("France", "UK", "stand_in", "--stand-in"):
        assert word in found.stderr


def test_a_stand_in_gives_its_rates_with_a_wider_interval(run, woman):
    """The middle is that of the country that stands in, the interval is wider at every site."""
    french = _risks(_answer(run, "assess", woman("FR"), "--stand-in", "UK"))
    british = _risks(_answer(run, "assess", woman("UK")))
    for key, risk in british.items():
        other = french[key]
        assert risk["median"] / APART < other["median"] < risk["median"] * APART
        if key[1] == 10.0:
            assert other["high"] / other["low"] > risk["high"] / risk["low"]


def test_in_a_record_it_says_the_same_as_on_the_command_line(run, woman):
    """A field of the record, and an option: the same answer to the last digit."""
    by_option = _answer(run, "assess", woman("FR"), "--stand-in", "UK")
    by_field = _answer(run, "assess", woman("FR", "stand_in: UK"))
    assert by_option == by_field
    assert (by_field["country"], by_field["stands_in_for"]) == ("UK", "FR")


def test_where_the_country_has_tables_nothing_stands_in(run, woman):
    """Its own rates are used, and nothing is marked."""
    asked, plain = _answer(run, "assess", woman("SE"), "--stand-in", "UK"), _answer(run, "assess", woman("SE"))
    assert asked == plain
    assert asked["stands_in_for"] is None


@pytest.mark.parametrize("code", NAMES)
def test_it_is_marked_wherever_a_figure_of_fracture_or_death_stands(run, woman, code):
    """In every section with such figures, in three languages; and among what is missing, with what it costs."""
    own, other = NAMES[code]
    lang = language(code)
    shown = run("assess", woman("FR"), "--stand-in", "UK", "--causes", "--lang", code, "--format", "markdown", *FEW)
    sections = {part.split("\n")[0].strip(): part for part in re.split(r"\n## ", shown.stdout)}
    for title in ("page.chance_of_breaking_a_bone", "page.falls_and_death", "page.causes", "page.not_in_the_record"):
        assert own in sections[lang.text(title)]
        assert other in sections[lang.text(title)]


def test_plans_are_compared_under_the_mark(run, woman):
    """The table of chances has it, and the JSON says whose rates they are."""
    path = woman("FR", "stand_in: UK")
    found = _answer(run, "compare", path, "--plan", "alendronate")
    assert (found["country"], found["stands_in_for"]) == ("UK", "FR")
    shown = run("compare", path, "--plan", "alendronate", *FEW).stdout
    assert "France" in shown


@pytest.mark.parametrize("code", NAMES)
def test_both_pages_of_a_report_say_it(run, woman, tmp_path, code):
    """The clinician's and the person's, in words that each of them reads."""
    page = tmp_path / "page.html"
    found = run("report", woman("FR"), "--stand-in", "UK", "--lang", code, "--quick", "-o", page, *FEW)
    assert found.exit_code == 0, found.stderr
    clinician, person = page.read_text(encoding="utf-8").split('<article class="sheet person"')
    own, other = NAMES[code]
    assert clinician.count(own) >= 3  # above the figures, below the table, among what is missing
    assert own in person
    assert other in person


@pytest.mark.parametrize("name", ["FR", "France", "Narnia"])
def test_a_stand_in_without_tables_is_refused(run, woman, name):
    """It must be one of those in hand."""
    found = run("assess", woman("PL"), "--stand-in", name)
    assert found.exit_code == 2
    assert f"--stand-in: found {name}; expected a country with fracture and death rates: one of US, UK" in found.stderr


def test_a_country_by_any_of_its_names_is_where_the_person_lives(run, woman):
    """The option takes names; a country of no map is refused."""
    assert _answer(run, "assess", woman("US"), "--country", "Sweden")["country"] == "SE"
    found = run("assess", woman("US"), "--country", "Narnia")
    assert found.stderr.startswith("trabecula: --country: found Narnia; expected a country")
