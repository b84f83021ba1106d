"""The studies that ship: what holds of all of them together."""

from collections import Counter

from trabecula.lab.studies.collection import studies

COUNTED_TWICE = {
    "oral_gc.dolan_1997.bmd_trend": "One sentence prints two directions: loss on the full dose, regain as it falls."
}
IN_TWO_STUDIES: dict[str, str] = {}


def test_no_finding_is_counted_in_two_studies():
    """Agreement with one number is not agreement with two, save where the reason is given here."""
    counted = Counter(name for study in studies().values() for name in {target.finding for target in study.targets})
    assert {name for name, times in counted.items() if times > 1} == set(IN_TWO_STUDIES)


def test_no_finding_is_counted_twice_in_a_study():
    """One number, one comparison, save where the reason is given here."""
    counted = Counter((study.id, target.finding) for study in studies().values() for target in study.targets)
    assert {name for (_, name), times in counted.items() if times > 1} == set(COUNTED_TWICE)
