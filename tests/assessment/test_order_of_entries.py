"""A record is a set of facts: in which order they were written down changes no number."""

import pytest

from assessment.conftest import EVIDENCE, person
from assessment.random_records import ON, records
from trabecula.assessment.answer import answered
from trabecula.assessment.patient_state import prepare
from trabecula.model import Model
from trabecula.person import read_person

MODEL = Model(EVIDENCE)
SAME_DAY = {
    "birth_date": "1970-03-01",
    "sex": "female",
    "country": "UK",
    "ms": {
        "onset": 2000,
        "disability": [
            {"date": "2025", "edss": 3.0},
            {"date": "2025", "walking_distance_m": 120.0},
            {"date": "2025", "pdds": 5, "aid": "two_canes"},
            {"date": "2020-02-01", "edss": 2.0},
            {"date": "2020-02-01", "edss": 4.0},
        ],
    },
    "dxa": [
        {"date": "2024-05-01", "site": "total_hip", "bmd_g_cm2": 0.8, "device": "hologic"},
        {"date": "2024-05-01", "site": "total_hip", "bmd_g_cm2": 0.78, "device": "hologic"},
        {"date": "2024-05-01", "site": "lumbar_spine", "bmd_g_cm2": 0.9, "device": "lunar"},
    ],
    "laboratory": [
        {"date": "2024-05-01", "test": "CTX", "value": 0.4, "unit": "ng/mL"},
        {"date": "2024-05-01", "test": "P1NP", "value": 50, "unit": "ug/L"},
    ],
}


def backwards(record):
    """The same record with every list the other way round."""
    if isinstance(record, dict):
        return {key: backwards(value) for key, value in record.items()}
    return [backwards(each) for each in reversed(record)] if isinstance(record, list) else record


def numbers(record):
    """Every figure of an answer."""
    answer = answered(prepare(read_person(record, ON), ON, MODEL, 20))
    return [answer.person.edss, answer.bone, answer.markers, answer.falls, answer.risks, answer.deaths]


@pytest.mark.parametrize("record", [SAME_DAY, *records(8, seed=11)])
def test_the_order_of_entries_changes_no_number(record):
    """Visits, scans and samples of one day among them."""
    assert numbers(record) == numbers(backwards(record))


def test_of_one_day_an_examined_edss_counts_and_the_aid_is_kept():
    """A distance or a PDDS of the same day translates what was examined, and does not replace it."""
    visits = person(ms={"onset": 2000, "disability": SAME_DAY["ms"]["disability"]}).ms.examinations
    assert [visit.edss for visit in visits if visit.date.year == 2020] == [2.0, 4.0]
    assert visits[-1].edss == 3.0
