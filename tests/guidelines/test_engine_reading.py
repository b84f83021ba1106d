"""Guideline files: a small language that refuses what it does not know, beside texts that say the same."""

import copy
import re

import pytest

from trabecula.evidence import Evidence
from trabecula.guidelines import GuidelineError, shipped
from trabecula.guidelines.reading import raw_guidelines, read

MINIMAL = {
    "id": "g", "name": "G", "version": "1", "country": "US", "citation": "Somebody 2020", "population": "adults",
    "scope": "age_y >= 18",
    "rules": [
        {"id": "r", "condition": "smokes", "when": "smoking", "recommendation": "stop", "section": "1", "status": "own"}
    ],
}  # fmt: skip
MONTHS = {"90": "3 months", "180": "6 months", "183": "6 months"}


def altered(**changed):
    """The smallest guideline with its rule changed."""
    raw = copy.deepcopy(MINIMAL)
    raw["rules"][0].update(changed)
    return raw


def test_the_smallest_guideline_can_be_read():
    """What a rule does not have of its own is the guideline's."""
    (rule,) = read(MINIMAL, {}).rules
    assert (str(rule.population), rule.citation) == ("adults", "Somebody 2020")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"when": "t_scor <= -2.5"}, "no fact is called `t_scor`"),
        ({"when": "mof_percent >= 1.6 * limit"}, "no curve is called `limit`"),
        ({"when": "rule later"}, "no earlier rule is called `later`"),
        ({"when": "__import__('os')"}, "cannot be read as a condition"),
        ({"when": "age_y => 40"}, "cannot be read as a condition"),
        ({"when": {"some": ["smoking"]}}, "is no condition"),
        ({"when": []}, "needs a list of conditions"),
        ({"status": "sure"}, "`sure` is no status"),
        ({"colour": "red"}, "unknown ['colour']"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(changed, said):
    """A slip in a file does not become a rule."""
    with pytest.raises(GuidelineError, match=re.escape(said)) as refused:
        read(altered(**changed), {})
    assert str(refused.value).startswith("g: r")


def test_a_rule_without_a_section_is_refused():
    """No advice without a source."""
    raw = altered()
    del raw["rules"][0]["section"]
    with pytest.raises(GuidelineError, match="section"):
        read(raw, {})


def test_ids_are_unique():
    """Two rules of one name cannot be told apart."""
    raw = altered()
    raw["rules"] *= 2
    with pytest.raises(GuidelineError, match="already taken"):
        read(raw, {})
    names = [rule.id for guideline in shipped() for rule in guideline.rules]
    assert len(names) == len(set(names))


def test_threshold_curves_hold_the_numbers_of_the_registry():
    """Each knot is the value of the finding that stands beside it."""
    evidence = Evidence.load()
    for raw in raw_guidelines():
        for curve in raw.get("curves", {}).values():
            assert list(curve["knots"].values()) == [evidence.finding(each).value for each in curve["from"]]


def lines(condition):
    """The lines of a condition."""
    if isinstance(condition, str):
        return [condition]
    parts = condition if isinstance(condition, list) else condition.values()
    return [line for part in parts for line in lines(part)]


def test_the_text_beside_a_rule_names_its_numbers():
    """A threshold that is changed in one of the two places only is noticed; months are read as 30 days."""
    silent = []
    for raw in raw_guidelines():
        for rule in raw["rules"]:
            for part in (rule, *rule.get("unless", ())):
                text = " ".join((part["condition"], rule.get("note", ""), raw.get("note", "")))
                for line in lines(part["when"]):
                    found = re.fullmatch(r"\w+ [<>=]+ (-?[\d.]+)(?: \* \w+)?", line)
                    number = found[1] if found else "0"
                    small = number in ("0", "1", "2", "3")  # written as words
                    named = re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", text)
                    if not (small or named or MONTHS.get(number, "never") in text):
                        silent.append(f"{rule['id']}: {line}")
    assert silent in ([], ["nogg_7: steroid_days > 90"])  # "long-term", as in the guideline


def test_every_rule_and_exception_says_how_well_it_was_checked():
    """What rests on memory is marked; nothing is left open."""
    for guideline in shipped():
        for rule in guideline.rules:
            assert rule.status in ("read", "abstract", "transcribed", "recalled", "own")
            assert all(each.status for each in rule.unless)
