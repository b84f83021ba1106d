"""Equations that somebody replaces: they are followed everywhere, and what is wrong with them is said plainly."""

from math import nan, sqrt

import numpy as np
import paper
import pytest
from changed import BY_PARAMETER, EVIDENCE, HALF_AS_SENSITIVE, ITSELF, LETTER, POOL_DAYS, WITH_A_POOL
from test_kernel import LETTER_VALUES, in_paper_order, paper_inputs

import schedules
from trabecula.skeleton import SHIPPED, EquationRefused, Equations, FurtherState, MarchError, simulate
from trabecula.skeleton.diagnosis import explained
from trabecula.skeleton.kernel import march, read_turnover
from trabecula.skeleton.parameters import kernel_parameters
from trabecula.timeline.record import NO_BIRTHDAY, average_timeline
from trabecula.words.language import LANGUAGES, language
from trabecula.words.message import verbatim

READ = 1e-6
"""A tolerance at which the kernel that is read marches everything."""
WITH_LETTER = EVIDENCE.replacing({"mine.per_day": LETTER})


def marched(equations, schedule=schedules.pulses_and_denosumab, evidence=EVIDENCE, rtol=1e-4):
    """States of one central skeleton at every edge, and the segments."""
    segments = schedule(1)
    parameters = kernel_parameters(evidence.draws(1).central(), equations)
    save = np.arange(len(segments.edges_d))
    return march(segments, parameters, equations.healthy(1), save, rtol, equations=equations)[0], segments


def test_replacing_every_part_by_itself_changes_nothing():
    """A stranger's function is compiled to the same numbers, within 1e-9 in every state and marker, by both kernels."""
    for rtol in (READ, 1e-4):
        (own, segments), (shipped, _) = marched(ITSELF, rtol=rtol), marched(SHIPPED, rtol=rtol)
        assert np.abs(own - shipped).max() < 1e-9
    draws, inputs = EVIDENCE.draws(1).central(), segments.start[:, :10]
    read = [read_turnover(own[None, :10], inputs, kernel_parameters(draws, e), e) for e in (ITSELF, SHIPPED)]
    assert np.abs(read[0] - read[1]).max() < 1e-9


def test_a_half_effect_doubled_by_equation_is_the_one_doubled_by_parameter():
    """Two ways to the same model, for the march and for what the markers read."""
    changed, segments = marched(HALF_AS_SENSITIVE, rtol=READ)
    by_parameter, _ = marched(SHIPPED, evidence=EVIDENCE.replacing(BY_PARAMETER), rtol=READ)
    assert np.abs(changed - by_parameter).max() < 1e-9
    assert np.abs(changed - marched(SHIPPED)[0]).max() > 0.01
    inputs, draws = segments.start[:, :20], EVIDENCE.draws(1).central()
    mine = read_turnover(changed[None, :20], inputs, kernel_parameters(draws, HALF_AS_SENSITIVE), HALF_AS_SENSITIVE)
    doubled = kernel_parameters(EVIDENCE.replacing(BY_PARAMETER).draws(1).central())
    assert np.abs(mine - read_turnover(by_parameter[None, :20], inputs, doubled, SHIPPED)).max() < 1e-9


@pytest.mark.parametrize(("rtol", "density_error", "state_error"), [(1e-4, 1e-5, 2e-3), (1e-6, 1e-7, 1e-4)])
def test_a_changed_set_agrees_with_an_independent_integrator(rtol, density_error, state_error):
    """Density and every state follow LSODA at 1e-11 on the paper's equations, with the half effect doubled there."""
    states, segments = marched(HALF_AS_SENSITIVE, rtol=rtol)
    letters = {**LETTER_VALUES, "u50": 2.0 * LETTER_VALUES["u50"]}
    inputs = (paper_inputs(rows[0]) for rows in (segments.start, segments.end))
    truth = paper.solve(segments.edges_d, *inputs, segments.dose[0], letters)
    found = in_paper_order(states)
    assert np.abs(paper.density(found) - paper.density(truth)).max() <= density_error
    assert np.abs(found - truth).max() <= state_error


def test_a_further_state_is_marched_with_the_others():
    """It follows its rate, reads inputs, letters and itself by name, and leaves the others as they are."""
    edges = np.linspace(0.0, 0.9 * POOL_DAYS, 4)
    timeline = average_timeline("male", edges + 30 * 365.25)
    found, shipped = (
        simulate(timeline, WITH_LETTER.draws(1).central(), timeline.edges_d, equations=e)
        for e in (WITH_A_POOL, SHIPPED)
    )
    assert found.state.shape == (1, shipped.state.shape[1] + 2)
    assert found.state[0, -2] == pytest.approx(0.9 * POOL_DAYS)
    assert 0.9 < found.state[0, -1] <= 1.0
    assert np.abs(found.state[:, :-2] - shipped.state).max() < 1e-6


def test_a_replaced_part_that_gives_no_number_is_named_with_the_state_and_the_day():
    """Not that the march failed, but which equation, for what, and when."""
    edges = np.linspace(0.0, 2.0 * POOL_DAYS, 9)
    timeline = average_timeline("female", edges + 40 * 365.25)
    assert timeline.birth == NO_BIRTHDAY
    with pytest.raises(MarchError) as stopped:
        simulate(timeline, WITH_LETTER.draws(2).central(), timeline.edges_d, equations=WITH_A_POOL)
    said = str(stopped.value)
    assert "perforation gave no number for pre_osteoblasts at the lumbar spine" in said
    assert "in the average person at 40.3 years" in said
    assert all(language(code).say(stopped.value.message) for code in LANGUAGES)


def refused(**changes):
    """What is said of a change that cannot be used."""
    with pytest.raises(EquationRefused) as refusal:
        Equations().replacing(**changes)
    return str(refusal.value)


def test_a_part_that_does_not_exist_is_answered_with_those_that_do():
    """A slip of the pen does not pass silently."""
    assert "no equation 'fast_steroid'" in refused(fast_steroid=lambda u, p: u)
    assert "fast_steroid_effect, worn" in refused(fast_steroid=lambda u, p: u)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda u: u, "takes (u); expected (u, p)"),
        (lambda p, u: u, "takes (p, u); expected (u, p)"),
        (lambda u, p: np.ones(3)[int(u)] / [1.0][int(u)], "stopped with IndexError"),
        (lambda u, p: (u, u), "gives tuple (2,); expected one number"),
        (lambda u, p: np.ones(3), "gives ndarray (3,); expected one number"),
        (lambda u, p: None, "gives NoneType; expected one number"),
        (lambda u, p: p.nobody * u, "p has no 'nobody'"),
        (lambda u, p: input(u), "cannot be compiled: Untyped global name 'input'"),
        (0.5, "found float; expected a Python function"),
    ],
)
def test_a_function_that_cannot_be_used_is_refused_with_the_reason(function, said):
    """Before anything is marched, in one sentence."""
    assert said in refused(fast_steroid_effect=function)


def test_names_of_further_states_and_letters_are_checked():
    """One that is in use would hide what is there."""
    assert "'kP' cannot be" in refused(letters=["kP"])
    assert "'bisphosphonate' cannot be" in refused(states={"bisphosphonate": FurtherState(lambda y, x, p: 0.0)})
    assert "expected (y, x, p)" in refused(states={"mine": FurtherState(lambda p: 0.0)})
    with pytest.raises(EquationRefused, match="no parameter with this symbol"):
        kernel_parameters(EVIDENCE.draws(1), WITH_A_POOL)


def test_equations_of_the_same_content_are_equal():
    """So that they are compiled once, and a cache finds what it holds."""
    again = Equations().replacing(fast_steroid_effect=dict(HALF_AS_SENSITIVE.replaced)["fast_steroid_effect"])
    assert again == HALF_AS_SENSITIVE
    assert hash(again) == hash(HALF_AS_SENSITIVE)
    assert again != SHIPPED


def diagnosed(equations):
    """What is said of a march that stopped in the healthy state."""
    stopped = MarchError(verbatim("stopped"), 0, 0.0, equations.healthy(1)[0])
    parameters = kernel_parameters(EVIDENCE.draws(1), equations)
    given = schedules.pulses_and_denosumab(1)
    return str(explained(stopped, equations, given, parameters, NO_BIRTHDAY))


def test_a_part_that_stops_where_no_number_can_be_is_named_as_one_that_gives_none():
    """Compiled, a root of less than 0 is no number; in Python, in which the reason is looked for, it is an error."""
    said = diagnosed(Equations((("sclerostin_made", lambda drive_S, log_strain, log_S, p: sqrt(-1.0 - log_S)),)))
    assert "sclerostin_made gave no number for log_sclerostin" in said


def test_a_further_state_is_named_by_its_own_name():
    """Not by the name that its rate has in the compiled set."""
    said = diagnosed(Equations(further_states=(("recovery", FurtherState(lambda y, x, p: nan)),)))
    assert "recovery gave no number for recovery" in said


def test_a_part_that_is_too_large_is_not_said_to_give_no_number():
    """Nor is a function blamed that nobody replaced."""
    said = diagnosed(Equations((("sclerostin_made", lambda drive_S, log_strain, log_S, p: 1e300),)))
    assert "With the replaced equations (sclerostin_made)" in said
