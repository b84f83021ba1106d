"""Since the last visit: what changed, by how much beyond noise, and why."""

import json
from datetime import date

import pytest

from assessment.conftest import EVIDENCE, TODAY, example, person
from trabecula.assessment.answer import answered
from trabecula.assessment.follow_up import FollowUpError, as_known, follow_up, new_entries, read_earlier
from trabecula.assessment.patient_state import prepare
from trabecula.model import Model

EARLIER = date(2024, 11, 22)


def answer_on(record, day, draws=40, seed=1):
    """An answer, with what it was made from."""
    conditioned = prepare(record, day, Model(EVIDENCE), draws, seed)
    return conditioned, answered(conditioned)


def changes(earlier, conditioned, answer):
    """What changed, by name."""
    found = follow_up(read_earlier(json.loads(earlier.model_dump_json())), conditioned, answer)
    return {str(change.what): change for change in found.changes}


@pytest.fixture(scope="module")
def aged():
    """The woman of 67, two years ago and today, with what was recorded in between."""
    record = example("ms_woman_67").person
    _, earlier = answer_on(as_known(record, EARLIER), EARLIER)
    return earlier, *answer_on(record, TODAY)


EXAMINED = {"onset": 2000, "disability": [{"date": "2024-10-01", "edss": 4.0}]}
HIP = {"site": "hip", "year": 2025, "trauma": "low"}
HORMONES = {"start": "2025-06-01", "kind": "combined"}


def since_then(**recorded):
    """What changed in a woman who was examined before the earlier answer, with what was recorded since."""
    _, earlier = answer_on(person(ms=EXAMINED), EARLIER)
    return changes(earlier, *answer_on(person(ms=EXAMINED, **recorded), TODAY))


def test_a_new_hip_fracture_is_new_data_and_not_time():
    """Two years make the chance of the next hip fracture a little higher; the fracture, known by its year, much."""
    because = since_then(fractures=[HIP])["chance of a fracture within 10 years, hip"].because
    assert because.program_or_record == 0.0
    assert because.new_data > because.time > 0.0


def test_hormones_begun_since_are_named_and_blamed():
    """Every list of a record is looked through, that of hormones too."""
    depot = {"start": "2025-06-01", "end": "2025-09-01"}
    now = person(hormone_therapy=[HORMONES], depot_progestogen=[depot])
    assert [*map(str, new_entries(now, EARLIER)[:2])] == ["1 hormone therapy", "1 contraceptive injection"]
    assert since_then(hormone_therapy=[HORMONES])["density, lumbar spine"].because.new_data > 0.0


def test_the_same_program_and_record_change_nothing(aged):
    """What was known then, assessed again, is what was said then."""
    assert all(each.because.program_or_record == 0.0 for each in changes(*aged).values())


def test_time_alone_raises_the_chance_of_a_fracture():
    """Two years older and nothing new: all of the change is time."""
    record = person()
    young = as_known(record, EARLIER)
    _, earlier = answer_on(young, EARLIER)
    found = changes(earlier, *answer_on(young, TODAY))
    hip = found["chance of a fracture within 10 years, hip"]
    assert hip.because.new_data == 0.0
    assert hip.because.time > 0.0


def test_a_new_entry_is_named_and_blamed(aged):
    """Two DXA scans and a walking test are new, and density moves with them."""
    record = example("ms_woman_67").person
    assert "3 DXA scans" in map(str, new_entries(record, EARLIER))
    assert changes(*aged)["density, total hip"].because.new_data != 0.0


def test_another_seed_is_noise():
    """The same person, a day later, with other luck: nothing is called a change."""
    record = person()
    _, earlier = answer_on(record, date(2026, 11, 21), draws=200, seed=7)
    found = changes(earlier, *answer_on(record, TODAY, draws=200))
    assert not any(each.outside_interval for each in found.values())
    assert sum(each.beyond_noise for each in found.values()) <= 1


def test_what_began_later_was_not_known_then():
    """A record of today, as it stood two years ago, has no later scan, course or visit."""
    record = as_known(example("ms_woman_67").person, EARLIER)
    assert all(each.date <= EARLIER for each in record.dxa)
    assert len(record.medicines) == len(example("ms_woman_67").person.medicines)


@pytest.mark.parametrize(
    ("day", "record", "words"),
    [
        (date(2027, 3, 1), {}, "expected an earlier assessment"),
        (EARLIER, {"birth_date": "1980-01-01"}, "check that it is the same person"),
        (EARLIER, {"sex": "male"}, "check that it is the same person"),
    ],
)
def test_another_person_or_a_later_day_is_refused(day, record, words):
    """An answer is compared with an earlier one of the same person only."""
    now = prepare(person(), TODAY, Model(EVIDENCE), 20)
    other = person(ms=None, **record)
    _, earlier = answer_on(other, day, 20)
    with pytest.raises(FollowUpError, match=words):
        follow_up(read_earlier(json.loads(earlier.model_dump_json())), now, answered(now))


def test_another_horizon_is_refused_with_what_to_do():
    """Chances within 5 and within 10 years are no change."""
    record = person()
    conditioned, answer = answer_on(record, TODAY, 20)
    earlier = answered(prepare(record, date(2026, 10, 22), Model(EVIDENCE), 20, horizon_y=5.0))
    with pytest.raises(FollowUpError, match="add --horizon 5"):
        follow_up(read_earlier(json.loads(earlier.model_dump_json())), conditioned, answer)


def test_something_else_is_no_answer():
    """A record, or any other JSON, is refused by name."""
    with pytest.raises(FollowUpError, match="trabecula assess --format json"):
        read_earlier({"birth_date": "1980-01-01", "sex": "female"})


def test_an_answer_in_another_format_is_refused_with_both_versions():
    """Nobody compares what cannot be compared: which format was found, which is read, and where it is explained."""
    with pytest.raises(FollowUpError, match=r"found 0; expected 1; .*docs/explanation/versions.md"):
        read_earlier({"schema_version": "0"})
