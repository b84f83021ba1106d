"""Nothing that was printed is left out in silence: every finding has a study, or a line that says why not."""

from collections import Counter
from fnmatch import fnmatchcase

import pytest

from trabecula.evidence import Evidence, Status
from trabecula.lab.studies.not_studied import not_studied, patterns, reasons, why_not_studied

EVIDENCE = Evidence.load()
LEFT_OUT = not_studied(EVIDENCE)
COULD_BE_SAID = 90
"""Findings that the model could say if there were a measure: it only becomes fewer."""


def test_every_finding_has_a_study_or_a_reason():
    """No silent rows."""
    silent = [name for name, reason in LEFT_OUT.items() if reason is None]
    assert silent == [], "write a study that reads them, or say why not in lab/studies/not_studied.yaml"


def test_every_reason_is_a_sentence_and_leaves_something_out():
    """Neither an unknown key nor an idle sentence, and no pattern that fits nothing any more."""
    assert {reason for reason, _ in patterns()} == set(reasons()) == set(LEFT_OUT.values())
    assert all(text.endswith(".") for text in reasons().values())
    idle = [pattern for _, pattern in patterns() if not any(fnmatchcase(name, pattern) for name in LEFT_OUT)]
    assert idle == []


def test_what_only_lacks_a_measure_becomes_less():
    """A finding that the model could say is not put off without being counted."""
    assert Counter(LEFT_OUT.values())["measure"] <= COULD_BE_SAID


def test_what_is_called_recalled_is_recalled():
    """By its own status; nothing that was read is left out for that."""
    named = {name for name, reason in LEFT_OUT.items() if reason == "recalled"}
    assert {EVIDENCE.finding(name).status for name in named} == {Status.RECALLED}


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        ("mortality.ssa_2015.q50_men", "input"),
        ("treatment.hooper_2005.troch_difference_24mo", "site"),
        ("treatment.path_2005.ls_placebo_24mo", "medicine"),
        ("guideline_threshold.nogg_it.nobody", "rule"),
        ("nowhere.nobody_1990.spine", None),
    ],
)
def test_the_first_pattern_that_fits_says_why(finding: str, reason: str | None):
    """A topic, a site, a medicine; what nobody thought of has none."""
    assert why_not_studied(finding) == reason
