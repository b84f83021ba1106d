"""The kernel against an independent integrator and against what must hold of any march."""

from dataclasses import replace

import numpy as np
import paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schedules
from trabecula.evidence import Evidence
from trabecula.skeleton.arriving import MarchError, MarchStatus
from trabecula.skeleton.equations import (
    CALCIUM_DRIVE,
    DE,
    GS,
    LANES,
    LETTERS,
    LOG_LOAD,
    LOG_S,
    LOG_V,
    N_STATES,
    OCCUPANCY,
    OESTROGEN,
    ORAL_BISPHOSPHONATE,
    RALOXIFENE,
    SITES,
    TERIPARATIDE,
    WORK,
    M,
    exp,
    healthy_state,
)
from trabecula.skeleton.inputs import Segments
from trabecula.skeleton.kernel import RTOL, march
from trabecula.skeleton.parameters import kernel_parameters

EVIDENCE = Evidence.load()
LETTER_VALUES = {letter: EVIDENCE.scalar(EVIDENCE.symbols[letter]) for letter in LETTERS}
PARAMETERS = kernel_parameters(EVIDENCE.draws(1).central())


def in_paper_order(states):
    """Kernel states [..., N_STATES] as the paper orders and scales them [..., paper.N]."""
    lanes = states[..., :GS].reshape(*states.shape[:-1], paper.A_SITE, LANES)[..., : len(SITES)].copy()
    lanes[..., [LOG_S // LANES, LOG_V // LANES], :] = np.exp(lanes[..., [LOG_S // LANES, LOG_V // LANES], :])
    sites = np.swapaxes(lanes, -1, -2).reshape(*states.shape[:-1], paper.A_SITE * len(SITES))
    return np.concatenate([sites, states[..., GS:]], axis=-1)


def paper_inputs(rows):
    """Kernel inputs [K, N_INPUTS] as the paper's."""
    return [
        paper.Inputs(
            u=row[OCCUPANCY], e=row[OESTROGEN], fa=row[WORK], tp=row[TERIPARATIDE], ral=row[RALOXIFENE],
            pth=row[CALCIUM_DRIVE],
            bisphosphonate_mg_per_day=row[ORAL_BISPHOSPHONATE], load=np.exp(row[LOG_LOAD : LOG_LOAD + 3]),
        )
        for row in rows
    ]  # fmt: skip


def march_all(segments, rtol=RTOL, **settings):
    """States of one skeleton at every edge."""
    save = np.arange(len(segments.edges_d))
    return march(segments, PARAMETERS, healthy_state(1), save, rtol, **settings)[0]


@pytest.fixture(scope="module", params=schedules.ALL, ids=lambda name: name.replace(" ", "-"))
def lived(request):
    """A schedule and its exact course."""
    segments = schedules.ALL[request.param](1)
    truth = paper.solve(
        segments.edges_d,
        paper_inputs(segments.start[0]),
        paper_inputs(segments.end[0]),
        segments.dose[0],
        LETTER_VALUES,
    )
    return segments, truth


@pytest.mark.parametrize(("rtol", "density_error", "state_error"), [(RTOL, 1e-5, 2e-3), (1e-6, 1e-7, 1e-4)])
def test_agrees_with_an_independent_integrator(lived, rtol, density_error, state_error):
    """Density and every state follow LSODA at 1e-11 on the equations as they are printed."""
    segments, truth = lived
    states = in_paper_order(march_all(segments, rtol))
    assert np.abs(paper.density(states) - paper.density(truth)).max() <= density_error
    assert np.abs(states - truth).max() <= state_error


def steady(years=10.0, pieces=1):
    """Segments in which nothing acts, ageing switched off."""
    quiet = schedules.quiet_years(1, years=1)
    edges = np.linspace(0.0, years * schedules.YEAR_D, pieces + 1)
    still = np.zeros((1, pieces, quiet.start.shape[2]))
    still[:, :, [OESTROGEN, WORK, CALCIUM_DRIVE]] = 1.0
    return Segments(edges, still, still.copy(), np.zeros((1, pieces, 3)))


def test_a_healthy_skeleton_stays_as_it_is():
    """Without ageing, doses or unloading the states drift by less than 1e-9 in ten years."""
    assert np.abs(march_all(steady())[-1] - healthy_state(1)[0]).max() < 1e-9


def test_no_step_crosses_a_dose():
    """A one-day pulse in ten quiet years is seen as it is, however large the steps around it have grown."""
    segments = steady(10.0, 3652)
    start = segments.start.copy()
    start[:, 2000, OCCUPANCY] = schedules.PULSE
    pulsed = march_all(replace(segments, start=start, end=start.copy()))
    fast = schedules.PULSE**2 / (schedules.PULSE**2 + LETTER_VALUES["u50"] ** 2)
    assert (pulsed[:2001, GS] == 0.0).all()
    expected = fast * (1 - np.exp(-1 / LETTER_VALUES["tauS"]))
    assert pulsed[2001, GS] == pytest.approx(expected, abs=2e-3)


def test_a_dose_on_an_edge_acts_from_that_edge():
    """Denosumab is in the blood after its day and not on it."""
    states = march_all(schedules.denosumab_stopped(1))
    assert states[0, DE] == 0.0
    assert states[1, DE] > 0.0


@given(cuts=st.lists(st.floats(1.0, 3600.0), min_size=1, max_size=8, unique=True))
@settings(max_examples=20, deadline=None)
def test_extra_edges_change_nothing_beyond_the_tolerance(cuts):
    """How a quiet decade is cut into segments doesn't matter."""
    whole = schedules.quiet_years(1, years=10)
    edges = np.union1d(whole.edges_d, np.round(cuts, 3))
    rows = np.searchsorted(whole.edges_d, edges[:-1], side="right") - 1

    def at(day, row):
        share = (day - whole.edges_d[row]) / np.diff(whole.edges_d)[row]
        return whole.start[:, row] + share[None, :, None] * (whole.end[:, row] - whole.start[:, row])

    split = Segments(edges, at(edges[:-1], rows), at(edges[1:], rows), np.zeros((1, len(rows), 3)))
    cut, uncut = (in_paper_order(march_all(each)[-1]) for each in (split, whole))
    assert np.abs(cut - uncut).max() < 2e-3
    assert np.abs(paper.density(cut) - paper.density(uncut)).max() < 1e-5


def test_a_draw_does_not_depend_on_its_neighbours_or_threads():
    """Alone, in a batch and on several threads a draw gives the same numbers to the last bit."""
    draws = EVIDENCE.draws(12)
    parameters, many = kernel_parameters(draws), schedules.pulses_and_denosumab(12)
    one = Segments(many.edges_d, many.start[5:6], many.end[5:6], many.dose)
    save = np.arange(len(many.edges_d))
    batch = march(many, parameters, healthy_state(12), save, threads=1)
    assert np.array_equal(batch, march(many, parameters, healthy_state(12), save, threads=3))
    assert np.array_equal(batch[5], march(one, parameters[5:6], healthy_state(1), save)[0])


def test_the_polynomial_exponential_is_exact_where_bone_lives():
    """Within 1e-12 for |x| < 4 and 5e-10 for |x| < 8, as the docstring says."""
    for reach, error in ((4.0, 1e-12), (8.0, 5e-10)):
        x = np.linspace(-reach, reach, 4001)
        ours = np.array([exp(each) for each in x])
        assert np.abs(ours / np.exp(x) - 1).max() < error


def with_input(channel, value):
    """A steady year with one input replaced."""
    segments = steady(1.0, 2)
    changed = segments.start.copy()
    changed[:, :, channel] = value
    return lambda: Segments(segments.edges_d, changed, changed.copy(), segments.dose)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_inputs_that_are_no_numbers_are_refused(value):
    """NaN, infinity and the logarithm of no load never reach the kernel."""
    with pytest.raises(ValueError, match="finite"):
        with_input(LOG_LOAD, value)()


@pytest.mark.parametrize(
    ("channel", "value"),
    [
        (LOG_LOAD, -60.0),
        (LOG_LOAD, 60.0),
        (OCCUPANCY, 1e9),
        (OESTROGEN, -1e12),
        (WORK, 1e30),
        (ORAL_BISPHOSPHONATE, -1e9),
    ],
)
def test_absurd_inputs_end_with_an_error_and_not_with_a_loop(channel, value):
    """A load, dose or hormone far outside life stops the march with a reason, or stays finite."""
    assert finite_or_refused(with_input(channel, value)())


def test_an_absurd_dose_ends_with_an_error_or_saturates():
    """A ton of denosumab does not hang the kernel."""
    segments = steady(1.0, 2)
    dose = segments.dose.copy()
    dose[0, 0, 1:] = 1e12
    assert finite_or_refused(replace(segments, dose=dose))


def finite_or_refused(segments):
    """Whether the march ends with numbers, or with an error that names the draw and the reason."""
    try:
        return np.isfinite(march_all(segments)).all()
    except MarchError as error:
        return error.message.id in {f"refusal.march.{status.name.lower()}" for status in MarchStatus}


def test_negative_doses_and_disordered_edges_are_refused():
    """A dose can't be negative and time can't run back."""
    segments = steady(1.0, 2)
    with pytest.raises(ValueError, match="negative"):
        replace(segments, dose=segments.dose - 1.0)
    with pytest.raises(ValueError, match="increasing"):
        replace(segments, edges_d=segments.edges_d[::-1].copy())


def test_the_idle_lane_is_a_copy_that_nobody_reads():
    """There are as many states as the layout says, and density is read from the sites alone."""
    states = march_all(schedules.bed_rest(1))
    assert states.shape[1] == N_STATES
    assert np.exp(states[-1, LOG_V : LOG_V + 3]) * states[-1, M : M + 3] == pytest.approx(
        paper.density(in_paper_order(states[-1]))
    )
