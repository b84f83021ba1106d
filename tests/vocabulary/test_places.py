"""Sites, countries, risk factors and blood tests: the rows agree with the record, the registry and the skeleton."""

import ast
import inspect

import pytest

from trabecula import skeleton, vocabulary
from trabecula.person import Person, record
from trabecula.person.limits import LIMITS
from trabecula.vocabulary import (
    COUNTRIES,
    FRACTURE_SITES,
    LABORATORY,
    RISK_FACTORS,
    SKELETAL_SITES,
    default_country,
    site_name,
    sites_of,
)
from trabecula.words.language import language


def test_the_simulated_bones_have_the_order_of_the_skeleton():
    """States and draws are keyed by it."""
    assert vocabulary.simulated_sites() == skeleton.SITES


def test_the_major_sites_are_those_of_the_guidelines_and_the_pelvis_is_none_of_them():
    """It foretells the next fracture fully all the same: two facts, two names."""
    assert sites_of("major_osteoporotic") == ("hip", "spine", "forearm", "humerus")
    fully = {key for key, site in FRACTURE_SITES.items() if site.foretells_fully}
    assert fully == {*sites_of("major_osteoporotic"), "pelvis"}


def test_any_bone_is_every_bone():
    """The groups hold what their names say."""
    everything = tuple(vocabulary.followed_sites())
    assert sites_of("any") == everything
    assert sites_of("nonvertebral") == tuple(site for site in everything if site != "spine")
    assert sites_of("hip") == ("hip",)


def test_a_rib_is_read_and_not_followed():
    """It is an earlier fracture, and has no hazard of its own."""
    assert "rib" in FRACTURE_SITES
    assert "rib" not in vocabulary.followed_sites()


@pytest.mark.parametrize("name", ["England", "uk", "United Kingdom ", "GBR"])
def test_a_country_is_known_by_all_its_names(name):
    """As addresses have it."""
    assert vocabulary.country_called(name) == "UK"


def test_one_country_stands_in_where_a_record_says_none():
    """And a name that no row has is nobody's."""
    assert default_country() in COUNTRIES
    assert vocabulary.country_called("Atlantis") is None


def test_every_risk_factor_is_a_field_with_its_description():
    """The record has what the table has, and in its order."""
    fields = [key for key, row in RISK_FACTORS.items() if row.is_field]
    assert [name for name in Person.model_fields if name in RISK_FACTORS] == fields
    assert all(Person.model_fields[name].description == RISK_FACTORS[name].about for name in fields)


def test_the_fields_that_code_reads_by_name_are_fields():
    """What the type checker is told of the record is true of it."""
    tree = ast.parse(inspect.getsource(record))
    (told,) = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "RiskFactors"]
    named = [part.target.id for part in told.body if isinstance(part, ast.AnnAssign)]
    assert named
    assert [name for name in named if name not in Person.model_fields] == []


@pytest.mark.parametrize("code", ["de", "it"])
def test_what_a_form_says_of_a_factor_is_translated(code):
    """Questions, hints, units and choices, beside the names."""
    said = [row.asks for row in RISK_FACTORS.values()]
    said += [more for row in RISK_FACTORS.values() for more in (row.hints, row.in_unit) if more]
    said += [row.choice(answer) for row in RISK_FACTORS.values() for answer in row.choices]
    assert [message.id for message in said if not language(code).knows(message.id)] == []


def test_every_blood_test_has_limits_and_a_first_unit():
    """A value is compared in the first unit, and has a range in which people live."""
    for key, row in LABORATORY.items():
        assert row.factor(row.unit) == 1
        assert key in LIMITS


@pytest.mark.parametrize(("test", "unit", "factor"), [
    ("calcium", "mg/dl", 0.2495), ("25-OH-D", "ng / mL", 2.496), ("CTX", "µg/L", 1.0), ("eGFR", "mL/min/1,73m²", 1.0),
])  # fmt: skip
def test_a_unit_is_known_in_every_spelling(test, unit, factor):
    """Blanks, signs and capitals differ between laboratories."""
    assert LABORATORY[test].factor(unit) == factor


def test_a_site_without_a_row_is_called_by_its_key():
    """An answer of another machine may have one."""
    assert str(site_name("left_toe")) == "left toe"
    assert str(site_name("total_hip")) == SKELETAL_SITES["total_hip"].label
