"""Units are parsed, so that a misspelt one is found."""

import pytest

from trabecula.evidence.records import UnitError, parse_unit


@pytest.mark.parametrize(
    ("text", "factors"),
    [
        ("1", (("1", 1),)),
        ("1/d", (("1", 1), ("d", -1))),
        ("g/cm2", (("g", 1), ("cm", -2))),
        ("%/y", (("%", 1), ("y", -1))),
        ("mg/kg/d", (("mg", 1), ("kg", -1), ("d", -1))),
        ("MET h/wk", (("MET", 1), ("h", 1), ("wk", -1))),
        ("per_person_year", (("per_person_year", 1),)),
        ("per_1000_person_years", (("per_1000_person_years", 1),)),
    ],
)
def test_a_unit_is_a_product_of_known_names(text, factors):
    """What stands after a slash divides, a digit is a power."""
    assert factors == parse_unit(text)


@pytest.mark.parametrize("text", ["", "mgg", "g/cm2/", "1 / d", "g//cm2", "2", "d^-1"])
def test_a_unit_with_an_unknown_part_is_refused_with_an_example(text):
    """The message shows how units are written."""
    with pytest.raises(UnitError, match="write for example 1, %, 1/d, g/cm2"):
        parse_unit(text)
