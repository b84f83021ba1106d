"""What does not load, and what it says: a number without a reason has no place in the registry."""

import pytest

from trabecula.evidence import EvidenceError

from .conftest import CURVE, FIT, NUMBER, RECALLED


def without(record, *keys):
    """The record without some keys."""
    return {key: value for key, value in record.items() if key not in keys}


def calibrated(**changes):
    """A number that comes from a fit."""
    return NUMBER | {"method": "calibrated", "fit": "first"} | changes


REFUSED = {
    "unknown key": (NUMBER | {"vlaue": 3}, "unknown key `vlaue`"),
    "no reason": (without(NUMBER, "because"), "`because` is missing; say in a sentence or two why"),
    "empty reason": (NUMBER | {"because": " "}, "`because`"),
    "no spread": (without(NUMBER, "spread"), "`spread` is missing; say {kind: lognormal"),
    "no review": (without(NUMBER, "reviewed"), "`reviewed` is missing; the date on which"),
    "no findings": (without(NUMBER, "from"), "method as_printed needs `from`"),
    "empty findings": (NUMBER | {"from": []}, "method as_printed needs `from`"),
    "unknown method": (NUMBER | {"method": "guessed"}, "`method`"),
    "id with capitals": (NUMBER | {"id": "Bone.Loss"}, "dotted and lower case"),
    "id of one word": (NUMBER | {"id": "loss"}, "dotted and lower case"),
    "unit misspelt": (NUMBER | {"unit": "mgg/d"}, "has a part 'mgg' that is not known"),
    "unit empty": (NUMBER | {"unit": ""}, "has a part '' that is not known"),
    "value as text": (NUMBER | {"value": "much"}, "`value`"),
    "value true": (NUMBER | {"value": True}, "`value`"),
    "value infinite": (NUMBER | {"value": float("inf")}, "`value`"),
    "unknown spread": (NUMBER | {"spread": {"kind": "cauchy", "sd": 1.0}}, "`spread`"),
    "spread without sd": (NUMBER | {"spread": {"kind": "normal"}}, "kind normal needs an sd above 0"),
    "sd of a fixed value": (NUMBER | {"spread": {"kind": "none", "sd": 0.1}}, "kind none has no sd"),
    "sd below zero": (NUMBER | {"spread": {"kind": "normal", "sd": -0.1}}, "`spread`"),
    "spread without reason": (NUMBER | {"because": "The one trial at hand."}, "the spread has no reason"),
    "share above one": (NUMBER | {"spread": {"kind": "logitnormal", "sd": 0.1}}, "for values from 0 to 1"),
    "list without knots": (without(CURVE, "at", "at_unit"), "a list of values needs `at`"),
    "too few values": (CURVE | {"value": [1.0, 0.8]}, "`at` has 3 knots"),
    "one value for a curve": (CURVE | {"value": 1.0}, "`at` has 3 knots"),
    "knots that fall": (CURVE | {"at": [0, 8, 5]}, "the knots in `at` must rise"),
    "knots without unit": (without(CURVE, "at_unit"), "`at` needs `at_unit`"),
    "calibrated without fit": (calibrated(fit=None), "`fit` goes with method calibrated"),
    "fit without calibrated": (NUMBER | {"fit": "first"}, "`fit` goes with method calibrated"),
    "unknown fit": (calibrated(fit="second"), "fit 'second' is not in fits.yaml (known: first)"),
    "not a record": ("bone.loss", "(not a record)"),
}


@pytest.mark.parametrize(("record", "message"), REFUSED.values(), ids=REFUSED)
def test_an_incomplete_parameter_does_not_load_and_says_why(registry, record, message):
    """A parameter that lacks something refuses to load with a message that names it."""
    with pytest.raises(EvidenceError) as refusal:
        registry.load(record)
    assert message in str(refusal.value)


def test_a_refusal_names_the_file_and_the_id(registry):
    """Who wrote the mistake finds it without a search."""
    with pytest.raises(EvidenceError, match=r"some\.yaml: bone\.loss\.first_year: unknown key"):
        registry.load(NUMBER | {"vlaue": 3})


def test_all_problems_are_told_at_once(registry):
    """Two wrong records with two mistakes each give one refusal with both."""
    with pytest.raises(EvidenceError) as refusal:
        registry.load(without(NUMBER, "because") | {"unit": "mgg"}, CURVE | {"colour": "red"})
    assert len(refusal.value.problems) == 2
    assert "`because`" in refusal.value.problems[0]
    assert "`unit`" in refusal.value.problems[0]


def test_a_very_long_list_of_problems_is_cut_on_screen_but_kept(registry):
    """A screen shows the first twenty problems and how many more there are."""
    with pytest.raises(EvidenceError, match="and 10 more") as refusal:
        registry.load(*({"id": f"bone.loss.number_{i}"} for i in range(30)))
    assert len(refusal.value.problems) == 30


def test_an_id_is_taken_once(registry):
    """Two parameters of one id refuse to load, also from two files."""
    registry.write_yaml("parameters/another.yaml", [NUMBER | {"symbol": None}])
    with pytest.raises(EvidenceError, match=r"already taken in another\.yaml"):
        registry.load()


def test_a_symbol_is_used_once(registry):
    """An equation's letter cannot mean two parameters."""
    with pytest.raises(EvidenceError, match="symbol 'l1' is used by more than one parameter"):
        registry.load(NUMBER, NUMBER | {"id": "bone.loss.second_year"})


def test_a_former_id_cannot_be_given_to_another_parameter(registry):
    """Ids are permanent: one that was renamed is not free again."""
    with pytest.raises(EvidenceError, match=r"'bone\.load\.edss' is a present and a former id"):
        registry.load(NUMBER | {"formerly": ["bone.load.edss"]}, CURVE)


def test_a_key_written_twice_is_refused(registry):
    """YAML would silently keep the last of two values; the registry does not."""
    registry.write_yaml("parameters/twice.yaml", "- id: bone.loss.x\n  value: 1\n  value: 2\n")
    with pytest.raises(EvidenceError, match=r"key written twice: \['value'\]"):
        registry.load()


def test_a_file_that_is_no_yaml_says_how_to_write_it(registry):
    """The commonest slip, a unit that begins with a per cent sign, is explained."""
    registry.write_yaml("parameters/percent.yaml", "- id: bone.loss.x\n  unit: %/y\n")
    with pytest.raises(EvidenceError, match="Quote texts that begin with %"):
        registry.load()


def test_a_file_must_hold_a_list(registry):
    """A file with one record instead of a list of records is refused."""
    registry.write_yaml("parameters/single.yaml", "id: bone.loss.x\n")
    with pytest.raises(EvidenceError, match="must hold one list of records"):
        registry.load()


@pytest.mark.parametrize("text", ["2e-4", "2.0e-4", "0.0002", "2E-04"])
def test_small_numbers_may_be_written_as_people_write_them(registry, text):
    """2e-4 is a number and not a text."""
    registry.write_yaml(
        "parameters/small.yaml",
        f"- {{id: bone.rate, label: Rate, unit: 1/d, value: {text}, spread: {{kind: none}}, method: assumed,"
        " because: A guess without spread., reviewed: 2026-11-22}\n",
    )
    assert registry.load()["bone.rate"].value == 0.0002


def test_a_finding_that_does_not_exist_is_found_out_by_the_check(registry):
    """A parameter cannot rest on a finding nobody recorded."""
    with pytest.raises(EvidenceError, match=r"finding 'oral_gc\.nobody\.x' is in no file of findings/"):
        registry.load(NUMBER | {"from": ["oral_gc.nobody.x"]}, check=True)


def test_a_recalled_finding_makes_a_parameter_assumed(registry):
    """What is quoted from memory cannot be passed off as printed, pooled or calibrated."""
    with pytest.raises(EvidenceError, match="is recalled, so the method must be assumed"):
        registry.load(NUMBER | {"from": [RECALLED["id"]]}, check=True)
    assert registry.load(NUMBER | {"from": [RECALLED["id"]], "method": "assumed"}, check=True)


def test_a_fit_names_findings_that_exist(registry):
    """The record of a calibration points to findings, or to families of them."""
    registry.write_yaml("fits.yaml", [FIT | {"from": ["oral_gc.nobody"]}])
    with pytest.raises(EvidenceError, match=r"fit first: 'oral_gc\.nobody' is neither a finding nor a family"):
        registry.load(check=True)


def test_a_finding_with_an_unknown_status_does_not_load(registry):
    """How well a number was seen is one of four words."""
    registry.write_findings([RECALLED | {"id": "oral_gc.elder_1990.x", "status": "rumour"}], "found_x.csv")
    with pytest.raises(EvidenceError, match=r"found_x\.csv line 2: oral_gc\.elder_1990\.x: `status`"):
        registry.load(check=True)


def test_a_row_with_too_many_cells_does_not_load(registry):
    """A text with an unquoted comma would shift every cell after it."""
    path = registry.write_findings([RECALLED], "found_x.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Elder 1990", "Elder, 1990"), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"found_x\.csv line 2: more cells than columns"):
        registry.load(check=True)
