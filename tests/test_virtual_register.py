"""Virtual people: the same whoever else is drawn, and a register that looks like one."""

from datetime import date
from statistics import mean

import pytest

from trabecula.evidence import Evidence
from trabecula.people import VirtualRegister
from trabecula.person import Person
from trabecula.vocabulary import COUNTRIES

ON = date(2026, 11, 1)
EVIDENCE = Evidence.load()


def drawn(numbers: range, seed: int = 1, *, ms: bool = True) -> list[Person]:
    """Some of the people of a register."""
    return list(VirtualRegister(ON, seed, EVIDENCE, ms).people(numbers))


@pytest.fixture(scope="module")
def people() -> list[Person]:
    """Six hundred people with MS."""
    return drawn(range(600))


def test_a_person_is_the_same_whoever_else_is_drawn(people):
    """In one go, one by one, in blocks or backwards."""
    assert [drawn(range(n, n + 1))[0] for n in (0, 5, 299)] == [people[n] for n in (0, 5, 299)]
    assert drawn(range(250, 270)) == people[250:270]
    register = VirtualRegister(ON, 1, EVIDENCE)
    assert list(register.people(range(19, -1, -1))) == people[19::-1]


def test_the_rare_are_drawn_within_what_a_record_may_hold():
    """People of seed 1 whose menopause was drawn after 65: a register of 100,000 stopped at the first who noted it."""
    rare = (717, 2742, 13254, 30286, 49605, 60557, 70093, 73692, 75071, 96006)
    found = [one for number in rare for one in drawn(range(number, number + 1))]
    ages = [one.menopause.age_y for one in found if one.menopause is not None and one.menopause.age_y is not None]
    assert len(found) == len(rare)
    assert max(ages, default=0.0) <= 65.0


def test_another_seed_gives_other_people(people):
    """And the same seed the same."""
    assert drawn(range(5), seed=2) != people[:5]
    assert drawn(range(5)) == people[:5]


def test_everybody_of_the_register_has_ms_and_nobody_of_the_population(people):
    """Each is drawn from their own group."""
    assert all(person.ms is not None for person in people)
    assert all(person.ms is None for person in drawn(range(50), ms=False))


def test_nobody_has_a_future(people):
    """Everything in a record happened by the day of the extract, after birth; onset is before the examinations."""
    for person in people:
        assert person.birth_date < ON
        assert all(scan.date <= ON for scan in person.dxa)
        assert all(course.start <= ON for course in person.steroids)
        onset = person.ms.onset if person.ms else None
        assert onset is not None
        assert person.ms.disability == () or onset.year <= min(one.date for one in person.ms.disability).year


def test_the_register_is_like_the_published_ones(people):
    """Women, age and age at onset of the Swedish register, within four standard errors; disability rises with time."""
    women = mean(person.sex == "female" for person in people)
    assert women == pytest.approx(EVIDENCE.scalar("fall.ms.women.share"), abs=0.075)
    ages = [(ON - person.birth_date).days / 365.25 for person in people]
    assert mean(ages) == pytest.approx(50.0, abs=2.5)
    onset = [person.ms.onset.year - person.birth_date.year for person in people if person.ms and person.ms.onset]
    assert mean(onset) == pytest.approx(33.0, abs=2.5)
    early = [one.edss for p in people if p.ms for one in p.ms.disability if one.date.year - p.ms.onset.year <= 3]
    late = [one.edss for p in people if p.ms for one in p.ms.disability if one.date.year - p.ms.onset.year >= 20]
    assert mean(late) > mean(early) + 1.0


def test_density_is_lower_with_ms():
    """By about half a standard deviation at the femoral neck, as the meta-analysis has it."""
    with_ms, without = drawn(range(500)), drawn(range(500), ms=False)

    def z_scores(people: list[Person]) -> list[float]:
        found = []
        for person in people:
            sex = "women" if person.sex == "female" else "men"
            for scan in person.dxa:
                if scan.site == "femoral_neck" and scan.bmd_g_cm2 is not None:
                    age = (scan.date - person.birth_date).days / 365.25
                    average = EVIDENCE.curve_at(f"reference.bmd.femoral_neck.{sex}", age)
                    sd = EVIDENCE.curve_at(f"reference.bmd_sd.femoral_neck.{sex}", age)
                    found.append((scan.bmd_g_cm2 - average) / sd)
        return found

    assert mean(z_scores(with_ms)) - mean(z_scores(without)) == pytest.approx(-0.56, abs=0.35)


def test_a_register_has_gaps_of_every_kind(people):
    """What a register leaves out occurs, and what it holds occurs too."""
    for field in (
        "height_cm",
        "smoking",
        "menopause",
        "dxa",
        "fractures",
        "falls",
        "steroids",
        "medicines",
        "laboratory",
    ):
        has = mean(bool(getattr(person, field)) or getattr(person, f"no_{field}", None) is True for person in people)
        assert 0.02 < has < 0.98, field
    assert any(person.no_steroids for person in people)
    assert any(person.injections for person in people)
    assert {person.ms.course for person in people if person.ms} >= {None, "relapsing", "secondary_progressive"}
    assert {person.country for person in people} == set(COUNTRIES)
