"""What the skeleton must do over months and years: pulses, tablets, stopping, sequences, damage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import CENTRAL, EVIDENCE, TODAY, date, days_since_birth, person
from test_kernel import PARAMETERS, steady

import schedules
from trabecula.skeleton import simulate
from trabecula.skeleton.equations import (
    CALCIUM_DRIVE,
    LOG_LOAD,
    LOG_S,
    LOG_V,
    N_INPUTS,
    OCCUPANCY,
    OESTROGEN,
    ORAL_BISPHOSPHONATE,
    RALOXIFENE,
    TERIPARATIDE,
    WORK,
    M,
    healthy_state,
)
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.kernel import march
from trabecula.timeline import build_timeline

WOMAN_60 = {"birth_date": date(1960, 1, 1), "menopause": {"age_y": 50}}
YEARS = [365 * year for year in range(7)]


def course(who, days, draws=CENTRAL):
    """The skeleton on some days after 1 January 2020."""
    today = days_since_birth(TODAY, who.birth_date)
    read = [today + day for day in days]
    return simulate(build_timeline(who, EVIDENCE, TODAY, date(2041, 1, 1), read), draws, read)


def prednisone(dose_mg, **when):
    """Tablets every day from the first day on."""
    return [{"drug": "prednisone", "route": "oral", "dose_mg": dose_mg, "start": "2020-01-01", **when}]


@pytest.fixture(scope="module")
def pulse():
    """One gram a day for five days in a healthy person of 35, relative to the same person without."""
    days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, *range(14, 366, 7), 365]
    young = {"birth_date": date(1985, 1, 1)}
    given = course(
        person(**young, steroids=[{"as_written": "5 x 1 g IV methylprednisolone", "start": "2020-01-01"}]), days
    )
    without = course(person(**young), days)
    ratio = lambda name, of: getattr(given, of)[name][0] / getattr(without, of)[name][0]  # noqa: E731
    return np.array(days), {name: ratio(name, "markers") for name in given.markers} | {
        site: ratio(site, "density") for site in given.density
    }


def test_a_pulse_silences_osteocalcin_and_lowers_p1np(pulse):
    """Osteocalcin is at most 30 % of baseline by day 3 to 4; P1NP is down by a third between days 5 and 10."""
    days, ratio = pulse
    assert ratio["osteocalcin"][(days == 3) | (days == 4)].min() <= 0.30
    assert ratio["P1NP"][(days >= 5) & (days <= 10)].min() <= 2 / 3


def test_markers_are_back_by_day_90_and_formation_passes_above_baseline(pulse):
    """All markers are within 15 % of baseline after three months, and formation overshoots on the way to a year."""
    days, ratio = pulse
    near = np.abs(days - 90) <= 4
    assert all((np.abs(ratio[name][near] - 1.0) < 0.15).all() for name in ("CTX", "P1NP", "osteocalcin"))
    assert ratio["P1NP"][days > 60].max() > 1.01


@pytest.mark.parametrize("site", ["lumbar_spine", "femoral_neck", "total_hip"])
def test_bone_weakens_after_a_pulse_and_then_recovers(pulse, site):
    """The loss stays below one per cent; in a year a quarter of it is regained at the spine, a twentieth at the hip.

    It was half, until recruitment was freed from its narrow prior (decision 15): the findings ask for less of it.
    At the hip hardly more than a thousandth is lost, and most of it is still away after a year (decision 16).
    """
    _, ratio = pulse
    worst, one_year = 1.0 - ratio[site].min(), 1.0 - ratio[site][-1]
    assert 0.0 < worst < 0.01
    assert one_year <= {"lumbar_spine": 0.75}.get(site, 0.95) * worst


def test_without_recruitment_by_unfilled_space_bone_does_not_recover():
    """The variant without recovery is one parameter away: half of the loss is then still there after a year."""
    rigid = EVIDENCE.replacing({"skeleton.unfilled_space.recruitment": 0.0}).draws(1).central()
    days = [0, *range(7, 366, 7), 365]
    young = {"birth_date": date(1985, 1, 1)}
    steroids = [{"as_written": "5 x 1 g IV methylprednisolone", "start": "2020-01-01"}]
    spine = [
        course(who, days, rigid).density["lumbar_spine"][0]
        for who in (person(**young, steroids=steroids), person(**young))
    ]
    loss = 1.0 - spine[0] / spine[1]
    assert loss[-1] > loss.max() / 2


def test_loss_on_daily_tablets_slows_down_and_stopping_regains_part():
    """On 20 mg each year costs less than the one before, at spine and hip; two years off regain part."""
    given = course(person(**WOMAN_60, steroids=prednisone(20, end="2022-12-31")), YEARS)
    without = course(person(**WOMAN_60), YEARS)
    for site in ("lumbar_spine", "total_hip"):
        net = given.density[site][0] / without.density[site][0]
        first, second, third = -np.diff(net)[:3]
        assert first > second > third > 0.0
        assert net[5] > net[3]


@pytest.mark.parametrize("years", [2, 3])
def test_denosumab_stopped_loses_its_gain_within_a_year_and_resorption_overshoots(years):
    """At its low within the year a sixth of the spine's gain at most is left, and CTX stood half above the untreated.

    Part of it comes back before the year is over (failure 4): at one year more than two thirds are gone.
    """
    stop = {"drug": "denosumab", "start": "2020-01-01", "end": f"{2019 + years}-12-31"}
    end = 365 * years
    days = [0, end, *range(end + 30, end + 366, 30), end + 365]
    off = course(person(**WOMAN_60, medicines=[stop]), days)
    none = course(person(**WOMAN_60), days)
    density, ctx = off.density["lumbar_spine"][0], off.markers["CTX"][0] / none.markers["CTX"][0]
    gain = density / density[0] - 1.0
    assert gain[2:].min() < gain[1] / 6
    assert gain[-1] < gain[1] / 3
    assert ctx.max() > 1.5


def test_zoledronate_after_denosumab_keeps_most_of_the_gain():
    """With an infusion when the last injection wears off, more than half of the gain is there two years later."""
    medicines = [
        {"drug": "denosumab", "start": "2020-01-01", "end": "2022-12-31"},
        {"drug": "zoledronate", "start": "2023-01-15", "end": "2023-02-01"},
    ]
    days = [0, 1095, 1095 + 730]
    kept, none = course(person(**WOMAN_60, medicines=medicines), days), course(person(**WOMAN_60), days)
    gain = kept.density["lumbar_spine"][0] / none.density["lumbar_spine"][0] - 1.0
    assert gain[1] > gain[2] > 0.5 * gain[1]


def test_teriparatide_works_on_steroids():
    """Eighteen months of it leave clearly more spine density than the steroid alone."""
    chronic = prednisone(7.5, start="2017-01-01")
    teriparatide = {"drug": "teriparatide", "start": "2020-01-01", "end": "2021-06-30"}
    with_it = course(person(**WOMAN_60, steroids=chronic, medicines=[teriparatide]), [0, 547])
    without = course(person(**WOMAN_60, steroids=chronic), [0, 547])
    assert with_it.density["lumbar_spine"][0, 1] > 1.03 * without.density["lumbar_spine"][0, 1]


@given(dose_mg=st.sampled_from([5, 10, 20, 40]), more=st.floats(1.5, 10.0))
@settings(max_examples=12, deadline=None)
def test_more_osteocyte_death_never_means_more_bone(dose_mg, more):
    """However fast steroids kill osteocytes, density is not protected by it."""
    usual = float(EVIDENCE["skeleton.steroid.osteocyte_loss"].value)
    deadlier = EVIDENCE.replacing({"skeleton.steroid.osteocyte_loss": usual * more}).draws(1).central()
    who = person(**WOMAN_60, steroids=prednisone(dose_mg))
    for site in ("lumbar_spine", "total_hip"):
        less, least = (course(who, [0, 3650], draws).density[site][0, 1] for draws in (CENTRAL, deadlier))
        assert least <= less + 1e-9


def test_calcium_and_vitamin_d_help_a_little_and_their_lack_costs_a_little():
    """A gram of calcium with vitamin D gains less than two per cent at the spine in three years; a lack loses."""
    plenty = person(**WOMAN_60, calcium_mg_per_day=1800.0, vitamin_d_ug_per_day=20.0)
    little = person(**WOMAN_60, calcium_mg_per_day=300.0)
    usual, more, less = (
        course(who, [0, 1095]).density["lumbar_spine"][0, 1] for who in (person(**WOMAN_60), plenty, little)
    )
    assert usual < more < 1.02 * usual
    assert 0.95 * usual < less < usual


LEVELS = {
    OCCUPANCY: (0.0, 0.9), OESTROGEN: (0.05, 1.0), WORK: (0.7, 1.0), TERIPARATIDE: (0.0, 1.0), RALOXIFENE: (0.0, 1.0),
    CALCIUM_DRIVE: (0.8, 1.3), ORAL_BISPHOSPHONATE: (0.0, 10.0),
}  # fmt: skip


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_every_state_stays_positive_whatever_a_year_brings(seed):
    """Twelve months of arbitrary doses, hormones, loads and injections: no cell number or density turns negative."""
    luck = np.random.default_rng(seed)
    inputs = np.zeros((1, 12, N_INPUTS))
    for channel, (low, high) in LEVELS.items():
        inputs[0, :, channel] = luck.uniform(low, high, 12)
    inputs[0, :, LOG_LOAD:] = np.log(luck.uniform(0.05, 1.3, (12, 1)))
    dose = luck.uniform(0.0, 1.0, (1, 12, 3)) * np.array([5.0, 60.0, 210.0]) * (luck.random((1, 12, 3)) < 0.3)
    year = Segments(np.linspace(0.0, 365.0, 13), inputs, inputs.copy(), dose)
    states = march(year, PARAMETERS, healthy_state(1), np.arange(13))
    numbers = np.delete(states, np.s_[LOG_S:M], axis=-1)
    assert (numbers > -1e-6).all()
    assert np.isfinite(states[..., LOG_V]).all()


def test_no_equation_moves_a_healthy_skeleton_at_any_draw():
    """The healthy state is a rest point whatever the parameters are, not only at their central values."""
    from trabecula.skeleton.parameters import kernel_parameters

    draws, still = EVIDENCE.draws(50), steady(5.0)
    many = Segments(still.edges_d, *(np.repeat(each, 50, axis=0) for each in (still.start, still.end)), still.dose)
    states = march(many, kernel_parameters(draws), healthy_state(50), np.array([1]))
    assert np.abs(states - healthy_state(50)[:, None]).max() < 1e-9


def test_schedules_are_what_they_say():
    """The schedule of the benchmark has fifty pulses and twenty injections in ten years."""
    pulses = schedules.pulses_and_denosumab(1)
    assert (pulses.start[0, :, OCCUPANCY] == schedules.PULSE).sum() == 50
    assert (pulses.dose[0, :, 1] > 0).sum() == 20
