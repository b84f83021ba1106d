"""Every case, written from the rule's text, is answered as the text says."""

from collections import defaultdict

import pytest

from guidelines.cases import Case, cases
from trabecula.guidelines import Truth, advise, shipped


def answers(case: Case) -> dict[str, dict[str, object]]:
    """What the engine says of the guidelines that the case asks, by rule and by `rule/exception`."""
    found: dict[str, dict[str, object]] = {}
    home = {rule.id: guideline.id for guideline in shipped() for rule in guideline.rules}
    asked = {home[name] for each in case.expect if (name := each.rule.split("/")[0]) in home}
    for each in advise(case.facts, sorted(asked)):
        missing = {item.fact for item in each.missing}
        found[each.rule] = {
            "verdict": each.verdict, "scope": each.scope, "literal": each.literal, "missing": missing,
        }  # fmt: skip
        for exception in each.exceptions:
            missing = {item.fact for item in exception.missing}
            found[f"{each.rule}/{exception.name}"] = {"verdict": exception.verdict, "missing": missing}
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.sentence)
def test_a_case_is_answered_as_the_text_of_the_rules_says(case):
    """The verdict, the scope, the literal reading and what is missing are as the case expects."""
    found, wrong = answers(case), []
    for each in case.expect:
        told = found.get(each.rule, {"verdict": "no such rule"})
        for name in ("verdict", "scope", "literal"):
            wanted = getattr(each, name)
            if wanted is not None and wanted != told.get(name):
                wrong.append(f"{each.rule} {name}: expected {wanted}, found {told.get(name)}")
        if not set(each.missing) <= set(told.get("missing", ())):
            wrong.append(f"{each.rule} missing: expected {each.missing}, found {told.get('missing')}")
    assert not wrong, "\n".join([case.sentence, *wrong])


def reached() -> dict[str, set[str]]:
    """The verdicts that cases expect of each rule and exception."""
    found = defaultdict(set)
    for case in cases():
        for each in case.expect:
            found[each.rule].add(each.verdict)
    return found


def names() -> list[str]:
    """Every rule and every exception that is shipped."""
    rules = [rule for guideline in shipped() for rule in guideline.rules]
    return [name for rule in rules for name in (rule.id, *(f"{rule.id}/{each.name}" for each in rule.unless))]


@pytest.mark.parametrize("name", names())
def test_every_rule_and_exception_is_reached_true_false_and_unknown(name):
    """No rule is shipped that nobody has seen apply, not apply, and stay open."""
    assert {truth.value for truth in Truth} <= reached()[name]


def test_there_are_enough_cases_each_with_a_source():
    """At least 80, no two of a file with the same sentence, none without a source."""
    assert len(cases()) >= 80
    assert len({(case.file, case.sentence) for case in cases()}) == len(cases())
    assert all(case.source for case in cases())
