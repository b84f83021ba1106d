"""Many people at once, each answered as if alone, whoever stands beside them."""

from datetime import date

import numpy as np
import pytest

from trabecula.assessment.patient_state import NotAssessable, PatientState, prepare
from trabecula.assessment.together import NotWorkedOut, prepared_together, risks_without_together
from trabecula.errors import TrabeculaError
from trabecula.model import Model
from trabecula.person import Person
from trabecula.skeleton import DoseRefused

ON = date(2026, 11, 22)


def person(number, **record):
    """Somebody with MS, of an age and a history that hang on the number."""
    pulses = [
        {"start": f"{year}-03-01", "drug": "methylprednisolone", "dose_mg": 1000, "days": 5, "route": "iv"}
        for year in range(2026 - number, 2027)
    ]
    sex = ("female", "male")[number % 2]
    ms = {"onset": str(2001 + number), "course": "relapsing"}
    return Person.model_validate(
        {"birth_date": f"{1955 + 7 * number}-05-01", "sex": sex, "ms": ms, "steroids": pulses, **record}
    )


ABSURD = {"medicines": [{"drug": "zoledronate", "dose_mg": 5000, "start": "2020-01-01"}]}
USUAL = [person(number) for number in range(3)]


@pytest.fixture(scope="module")
def sample():
    """Few draws, which everybody shares: fewer than the lanes of a group."""
    return Model.default().draws(5)


@pytest.fixture(scope="module")
def usual(sample):
    """The others alone."""
    return prepared_together(USUAL, ON, sample)


def same(one, other):
    """Whether two people have the same bones ahead, to the last bit."""
    return all(np.array_equal(one.bones.typical[site], course) for site, course in other.bones.typical.items())


def test_one_absurd_person_is_told_in_their_place_and_the_others_are_the_same_to_the_last_bit(sample, usual):
    """A dose in the wrong unit, and somebody who has died, beside three people."""
    dead = person(1, death_date="2020-01-01", steroids=[])
    found = prepared_together([USUAL[0], person(4, **ABSURD), USUAL[1], dead, USUAL[2]], ON, sample)
    assert isinstance(found[1], DoseRefused)
    assert isinstance(found[3], NotAssessable)
    for alone, beside in zip(usual, (found[0], found[2], found[4]), strict=True):
        assert isinstance(beside, PatientState)
        assert same(beside, alone)


def test_somebody_of_a_batch_is_who_they_are_alone(sample, usual):
    """The way of one person and that of many lead to the same bones."""
    for who, known in zip(USUAL, usual, strict=True):
        assert same(prepare(who, ON, sample.model, sample=sample, lifetime=False), known)


def test_what_nobody_foresaw_is_told_of_the_person_alone(sample, monkeypatch):
    """An input without meaning (no load has no logarithm) stops nobody else's answer."""
    from trabecula.skeleton import drivers

    usual_load = drivers._region
    monkeypatch.setattr(
        drivers, "_region", lambda life, *a: usual_load(life, *a) * (0.0 if life.sex == "male" else 1.0)
    )
    woman, man, _ = prepared_together(USUAL, ON, sample)
    assert isinstance(woman, PatientState)
    assert isinstance(man, NotWorkedOut)
    assert "no logarithm" in str(man)


def test_risks_without_causes_of_many_are_those_of_each(usual):
    """Whoever is asked beside others has the risk that they have alone."""
    together = risks_without_together(usual)
    assert not any(isinstance(risk, TrabeculaError) for risk in together)
    assert together == [risk for known in usual for risk in risks_without_together([known])]
