"""Nobody chooses what the model may be adjusted to: a hash of the document does, or the rule names a register."""

from hashlib import sha256

import pytest

from trabecula.evidence.library import package_library
from trabecula.lab.studies.collection import every_study
from trabecula.lab.studies.split import seen_before, split_role, with_roles

NAMED = ("registers", "probabilities")
"""Chapters whose roles do not come from the hash alone."""


def test_findings_are_predicted_by_the_hash_of_their_document():
    """Three documents of eight: those whose hash begins with a byte below 96."""
    document_of = package_library().source_of
    for study in every_study().values():
        for target in study.targets:
            document = document_of[target.finding].id
            if study.block in NAMED or document == "frax_uk_2008":
                continue
            begins = int(sha256(document.encode()).hexdigest()[:2], 16)
            assert target.role == ("predicted" if begins < 96 else "fitted"), target.finding


@pytest.mark.parametrize(
    ("study", "outcome", "role"),
    [
        ("denmark_prevalent", "ratio hip", "fitted"),
        ("gprd", "ratio any", "fitted"),
        ("pharmo", "ratio osteoporotic", "fitted"),
        ("england", "ratio hip", "predicted"),
        ("denmark_incident", "help osteoporotic", "predicted"),
        ("su_liu_2014", "ratio spine", "fitted"),
        ("su_liu_2014", "ratio humerus", "fitted"),
        ("su_liu_2014", "ratio pelvis", "fitted"),
        ("su_liu_2014", "ratio hip", "predicted"),
    ],
)
def test_registers_are_named_by_the_rule(study: str, outcome: str, role: str):
    """One by one; the meta-analysis is fitted only where the three fitted registers are silent."""
    targets = [target for target in every_study()[study].targets if target.what == outcome]
    assert targets
    assert {target.role for target in targets} == {role}


def test_no_cell_of_the_british_tables_is_a_prediction():
    """The baseline of the country is fitted to their neighbours."""
    cells = [study for study in every_study().values() if study.block == "probabilities"]
    assert {target.role for study in cells for target in study.targets} == {"fitted"}


def test_what_was_run_before_the_rule_is_marked_seen():
    """The list was closed with the rule: 983 findings, and a study that is added later is not on it."""
    assert len(seen_before()) == 983
    for study in every_study().values():
        assert all(target.seen == (target.finding in seen_before()) for target in study.targets)


def test_a_file_that_says_another_role_is_refused():
    """The message names study, finding, both roles and the byte."""
    study, finding = "horizon_pft", every_study()["horizon_pft"].targets[0].finding
    given = split_role(study, finding)
    assert given is not None
    other = "fitted" if given.role == "predicted" else "predicted"
    data = {"id": study, "targets": [{"finding": finding, "role": other}]}
    with pytest.raises(ValueError, match=f"{study}: {finding}: found the role {other}; expected .* begins with"):
        with_roles(data)
    group = {
        "id": "gprd",
        "groups": [{"role": "predicted", "findings": {"ms_fracture.bazelier_2011.hip_hr": "ratio hip"}}],
    }
    with pytest.raises(ValueError, match=r"gprd: .* expected fitted \(Registers are named"):
        with_roles(group)
