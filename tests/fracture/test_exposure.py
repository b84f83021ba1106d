"""From a person's record and timeline to exposures."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from trabecula.fracture import Exposure, FallCount, PriorFracture, grid_edges_y, record, time_grid
from trabecula.person import Person
from trabecula.person.history import Fall
from trabecula.person.medicines import Medicine

BIRTH = date(1970, 1, 1)


def test_a_grid_is_monthly_then_yearly_and_ends_at_the_age():
    """Ten years by the month, the rest by the year, no step lost."""
    age, dt_y = time_grid(50.25, 110, 10)
    assert dt_y[:120] == pytest.approx(1 / 12)
    assert dt_y[120:-1] == pytest.approx(1)
    assert dt_y.sum() == pytest.approx(59.75)
    assert age[-1] + dt_y[-1] / 2 == pytest.approx(110)
    assert np.all(dt_y > 0)


@pytest.mark.parametrize(("span", "monthly"), [(10, 10), (0.5, 10), (10, 0), (59.999, 10)])
def test_any_grid_has_rising_edges_from_nothing_to_its_end(span, monthly):
    """Short and odd ones too."""
    edges = grid_edges_y(span, monthly)
    assert edges[0] == 0
    assert edges[-1] == span
    assert np.all(np.diff(edges) > 0)


def timeline(**changes):
    """Two years of a timeline: 5 mg a day in the first, a pulse of five days at the start of the second."""
    edges = np.array([0.0, 365.25, 370.25, 730.5])
    plain = SimpleNamespace(
        edges_d=edges,
        prednisone_mg=np.array([5.0, 1250.0, 0.0]),
        pulse=np.array([False, True, False]),
        medicines={"opioid": np.array([True, False, False])},
        flag_at=lambda days, channel: channel[np.clip(np.searchsorted(edges, days, side="right") - 1, 0, 2)],
    )
    return SimpleNamespace(**{**vars(plain), **changes})


def someone(**known):
    """A record in which only a few things are known."""
    plain = dict.fromkeys(Person.model_fields) | {"birth_date": BIRTH, "medicines": (), "falls": (), "fractures": ()}
    plain |= {"height_cm": None, "weight_kg": None, "country": None, "no_fractures": None, "dxa": ()}
    return SimpleNamespace(**plain | known)


def test_pulses_are_taken_out_of_the_chronic_dose():
    """A pulse counts in milligrams of pulses, not as a daily dose."""
    assert record.chronic_mg(timeline()) == pytest.approx([5, 0, 0])
    assert record.pulse_mg_per_year(timeline(), np.array([365.0, 371.0, 2000.0])) == pytest.approx([0, 6250, 0])


def test_a_dose_is_averaged_over_each_step_and_held_at_the_end():
    """Half a step at 5 mg is 2.5 mg; beyond the timeline its last dose goes on."""
    mean = record.mean_over(timeline(), record.chronic_mg(timeline()), np.array([0.0, 182.0, 548.5]))
    assert mean == pytest.approx([5, 5 * 183.25 / 366.5])
    going_on = timeline(prednisone_mg=np.array([0.0, 0.0, 7.0]), pulse=np.zeros(3, dtype=bool))
    assert record.mean_over(going_on, record.chronic_mg(going_on), np.array([700.0, 1000.0])) == pytest.approx([7])


def test_an_empty_list_of_fractures_is_unknown():
    """Nobody asked is not the same as none; later fractures belong to no history."""
    assert record.priors(someone(), 20000) is None
    later = SimpleNamespace(site="hip", when=date(2030, 1, 1), trauma="low")
    assert record.priors(someone(fractures=(later,)), 20000) is None


def test_never_having_broken_a_bone_can_be_said():
    """no_fractures says what an empty list does not; a later fracture changes nothing in the history."""
    assert record.priors(someone(no_fractures=True), 20000) == ()
    assert record.priors(someone(no_fractures=False), 20000) is None


def test_a_scan_counts_from_its_day_on():
    """A scan after the beginning of the grid has not measured anything yet."""
    scan = SimpleNamespace(date=date(2000, 1, 1), is_used=True)
    days = (date(2000, 1, 1) - BIRTH).days
    assert record.density_measured(someone(dxa=(scan,)), days + 1)
    assert not record.density_measured(someone(dxa=(scan,)), days - 400)
    assert not record.density_measured(someone(), days)
    assert not record.density_measured(someone(dxa=(SimpleNamespace(**vars(scan) | {"is_used": False}),)), days)


def test_fractures_carry_their_time_and_their_force():
    """Years since, and whether it took an accident."""
    broken = SimpleNamespace(site="hip", when=date(1980, 1, 1), trauma="high")
    found = record.priors(someone(fractures=(broken,)), 365.25 * 20)
    assert found == (PriorFracture("hip", pytest.approx(10, abs=0.01), high_trauma=True),)


def test_falls_are_counted_over_their_period():
    """Three falls in half a year, told on the first day of the grid; without a word nothing is known."""
    counted = Fall(count=3, period_months=6)
    assert record.falls(someone(falls=(counted,)), 7305) == FallCount(3, 0.5)
    assert record.falls(someone(), 7305) is None


def test_factors_are_known_unknown_or_change_with_time():
    """A former smoker is between the two and counts as unknown; a medicine follows its dates."""
    days = np.array([100.0, 500.0])
    known = record.present(
        someone(smoking="former", diabetes="type2", medicines=(Medicine.model_construct(drug="oxycodone"),)),
        timeline(),
        days,
    )
    assert known["current_smoking"] is None
    assert (known["type1_diabetes"], known["type2_diabetes"]) == (False, True)
    assert known["opioid"] == pytest.approx([1, 0])
    assert known["ppi"] == pytest.approx([0, 0])
    silent = record.present(someone(), timeline(medicines={}), days)
    assert np.all(np.isnan(silent["opioid"]))
    assert np.all(np.isnan(silent["epilepsy"]))


def test_body_mass_index_needs_height_and_weight():
    """In kilograms a square metre; None when one of them is missing."""
    assert record.bmi(someone()) is None
    assert record.bmi(someone(height_cm=170.0, weight_kg=70.0)) == pytest.approx(24.22, abs=0.01)


def test_a_whole_person_becomes_an_exposure(evidence):
    """A record with MS, a pulse and a tablet goes through the timeline room into this one."""
    try:
        from trabecula.person import read_person
        from trabecula.timeline import build_timeline
    except ImportError:
        pytest.skip("the rooms before this one are not built")
    on = date(2026, 11, 22)
    data = {
        "birth_date": "1976-05-04",
        "sex": "female",
        "country": "US",
        "ms": {"onset": "2005", "course": "relapsing", "disability": [{"date": "2025-01-01", "edss": 4.0}]},
        "steroids": [{"drug": "prednisone", "route": "oral", "dose_mg": 5, "start": "2024-01-01"}],
        "fractures": [{"site": "forearm", "year": 2020, "trauma": "low"}],
        "falls": [{"count": 2, "period_months": 12}],
    }
    person = read_person(data, on)
    start = (on - date(1976, 5, 4)).days
    days = start + grid_edges_y(60, 10) * 365.25
    made = build_timeline(person, evidence, on=on, until=date(2036, 11, 22), grid_days=list(days[:121]))
    exposure = Exposure.from_person(person, made, list(days))
    assert exposure.dt_y.sum() == pytest.approx(60)
    assert np.all(exposure.has_ms)
    assert exposure.prednisone_mg[0] == pytest.approx(5, rel=0.1)
    assert exposure.priors[0].site == "forearm"
    assert exposure.falls == FallCount(2, 1)
