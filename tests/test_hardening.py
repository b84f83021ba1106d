"""Damaged files end in an answer or a refusal: docs/reliability.md."""

import pytest

import fuzz_readers
import trabecula as tb
from trabecula.assessment.plans.reading import PlanError, read_plan
from trabecula.person import PersonError, read_person


def test_damaged_records_bundles_and_plans_never_crash(capsys):
    """A few of each, always the same."""
    assert fuzz_readers.main(["150", "--seed", "3"]) == 0, capsys.readouterr().err


@pytest.mark.long
def test_twenty_thousand_damaged_files_never_crash(capsys):
    """More than a commit waits for."""
    assert fuzz_readers.main(["20000", "--seed", "4"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("months", ["1201", "1777777777777777777777777777777", "9" * 400])
def test_a_time_that_no_life_has_is_refused(months):
    """In a plan, for its beginning and its end, and as an interval between doses in a record."""
    medicine = {"drug": "alendronate", "start": "now", "end": f"now + {months} months"}
    with pytest.raises(PlanError, match="medicines"):
        read_plan({"name": "far", "title": "Far ahead", "because": "To see.", "medicines": [medicine]})
    taken = {"drug": "alendronate", "start": "2020-01-01", "dose_mg": 70, "per": f"{months} months"}
    with pytest.raises(PersonError, match="per"):
        read_person({"sex": "female", "birth_date": "1960-01-01", "medicines": [taken]})


def test_the_disability_of_somebody_alive_lies_in_its_interval():
    """An EDSS of 10 is death: of somebody who is alive it says that nothing worse is possible, not that it is 10."""
    visits = [{"date": "2019-10-22", "edss": 10.0}]
    record = {"sex": "male", "birth_date": "1945-04-13", "country": "SE", "ms": {"onset": "1960", "disability": visits}}
    edss = tb.assess(tb.Person.model_validate({**record, "assessed_on": "2026-11-22"}), draws=20).person.edss
    assert edss is not None
    assert edss.low <= edss.median <= edss.high
