"""Findings of falls and fractures on the validation page."""

import pytest

from trabecula.evidence import Evidence
from trabecula.lab.pages import comparisons
from trabecula.lab.pages.agreement import by_study
from trabecula.lab.pages.document import document_html
from trabecula.lab.pages.validation import ReproductionRun, validation
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.reproduce import compare
from trabecula.model import Model


@pytest.fixture(scope="module")
def found():
    """One study of fractures beside the model, in the real registry."""
    evidence = Evidence.load()
    study = fracture_studies()["leslie_2019"]
    return by_study(compare(study, Model(evidence).draws(2, 1)), {study.id: study}, evidence)


def test_a_finding_is_called_what_it_measured(found):
    """In the words of the finding, with its unit and decimals."""
    line = found[0].lines[0]
    assert "falls in the past year" in comparisons.label(line)
    assert (comparisons.unit(line), comparisons.short_unit(line), comparisons.decimals(line)) == ("ratio", "", 2)
    assert line.nothing == 1.0


def test_the_page_shows_it_like_any_other_study(found):
    """Title, picture, table and what a miss would mean."""
    page = document_html(validation(ReproductionRun(found, 1, 2, 1), Evidence.load()), "Made by hand.")
    for word in ("Manitoba", "Falls, and from falls to fractures", "If missed", "risk_factor.leslie_2019.mof_falls_1"):
        assert word in page
