import re
from dataclasses import replace

import pytest

from lab.studies import by_hand
from lab.studies.by_hand import STUDIES
from trabecula.lab.pages.agreement import AgreementCount, as_data, by_study, counts, missed
from trabecula.lab.pages.comparisons import comparisons_page, summary_page
from trabecula.reporting.terminal import to_terminal


def test_findings_are_counted_by_role_and_standard_error(studies):
    """A share never mixes what was fitted with what was predicted, nor numbers with directions."""
    found = counts([line.comparison for each in studies for line in each.lines])
    assert found == {
        ("predicted", "printed"): AgreementCount(1, 2),
        ("predicted", "direction"): AgreementCount(2, 2),
        ("fitted", "imputed"): AgreementCount(1, 2),
    }


def test_missed_predictions_come_before_missed_fits(studies):
    """The worst news first."""
    assert [each.study.id for each in missed(studies)] == ["nowhere_1990", "elsewhere_1991"]


def test_some_findings_may_be_left_out(evidence):
    """With one role asked for, each comparison still finds its target."""
    only = [each for each in by_hand.comparisons() if each.role == "fitted"]
    (found,) = by_study(only, STUDIES, evidence)
    assert [line.target.finding for line in found.lines] == ["nowhere.nobody_1990.hip"]


def test_a_number_that_is_none_is_null_in_json():
    """JSON has no word for infinity."""
    data = as_data(replace(by_hand.SPINE, z=float("nan"), model_upper=float("inf")))
    assert (data["z"], data["model_upper"], data["model"]) == (None, None, -5.0)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_screen(studies, width):
    """Whatever the screen."""
    assert max(map(len, to_terminal(comparisons_page(studies), width).splitlines())) <= width


def test_the_summary_stands_last_and_begins_with_the_misses(studies):
    """Where a terminal stops, the misses are in sight."""
    text = to_terminal(comparisons_page(studies))
    misses, summary = text.index("\nMisses ─"), text.index("\nSummary ─")
    assert text.index("nowhere_1990 ─") < misses < summary
    assert text[misses:summary].index("nobody_1990.spine") < text[misses:summary].index("nobody_1990.hip")
    assert re.search(r"Predicted +4 +3 +75 %", text[summary:])


def test_a_run_without_a_miss_says_so(evidence):
    """Nothing is left to be guessed."""
    met = [replace(each, within=True) for each in by_hand.comparisons()]
    assert "None." in to_terminal(summary_page(by_study(met, STUDIES, evidence)))
