"""Causes: shares that add up, that vanish with their cause, and that go the way the cause goes."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.conftest import EVIDENCE, TODAY, example, known, person
from trabecula import course
from trabecula.assessment.causes import World, _of_100, causes
from trabecula.assessment.causes_lives import Lives, parting
from trabecula.assessment.causes_shapley import coalitions, expanded, shapley
from trabecula.assessment.patient_state import prepare
from trabecula.model import Model
from trabecula.words.language import language
from trabecula.words.numbers import MINUS

PLAYERS = ("a", "b", "c", "d")
GAMES = st.lists(st.floats(-1e3, 1e3), min_size=16, max_size=16)


def game(values):
    """A value for every coalition of four."""
    known_values = {on: np.array([value]) for on, value in zip(coalitions(PLAYERS), values, strict=True)}
    return known_values.__getitem__


@settings(max_examples=50, deadline=None)
@given(GAMES)
def test_shares_of_any_game_add_up_to_its_total(values):
    """Whatever the players do together, nothing is lost and nothing is invented."""
    value = game(values)
    total = value(frozenset(PLAYERS)) - value(frozenset())
    assert sum(shapley(PLAYERS, value).values()) == pytest.approx(total, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(GAMES)
def test_a_player_who_never_changes_anything_has_no_share(values):
    """With or without them, the same."""
    value = game(values)
    idle = shapley(PLAYERS, lambda on: value(on - {"d"}))
    assert idle["d"] == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(GAMES)
def test_players_who_do_the_same_get_the_same(values):
    """The order of names does not matter."""
    value = game(values)

    def blind(on):
        return value(on) + value(frozenset({"a": "b", "b": "a"}.get(each, each) for each in on))

    shares = shapley(PLAYERS, blind)
    assert shares["a"] == pytest.approx(shares["b"], abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(GAMES)
def test_a_game_is_rebuilt_from_all_its_coalitions(values):
    """With everything known nothing is left out."""
    value = game(values)
    rebuilt = expanded({on: value(on) for on in coalitions(PLAYERS)})
    for on in coalitions(PLAYERS):
        assert rebuilt(on) == pytest.approx(value(on), abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_pairs_are_enough_where_players_only_add(values):
    """What each does alone is all there is."""
    alone = dict(zip(PLAYERS, values, strict=True))

    def value(on):
        return np.array([sum(alone[each] for each in on)])

    rebuilt = expanded({on: value(on) for on in coalitions(PLAYERS, 2)})
    assert rebuilt(frozenset(PLAYERS)) == pytest.approx(sum(values), abs=1e-9)


@pytest.mark.parametrize("name", ["ms_woman_44", "ms_woman_67"])
def test_shares_of_a_person_add_up_to_the_total(name):
    """Means of shares make the mean of the total, to 1e-9, for bone and for every fracture."""
    found = causes(example(name))
    for each in (*found.bone, *found.risk, *found.beyond_age):
        assert sum(share.mean for share in each.shares) == pytest.approx(each.mean, abs=1e-9)


@pytest.mark.parametrize("name", ["ms_woman_44", "ms_man_58", "ms_woman_67"])
def test_what_is_left_out_beyond_pairs_is_small(name):
    """Density with all causes, from pairs and one triple, is within half a per cent of the march with all of them."""
    world = World(example(name))
    everything = frozenset(world.players)
    marched, pieced = Lives(world.switches).log_density(everything), world.log_density(everything)
    assert max(np.abs(marched[site] - pieced[site]).max() for site in marched) < 0.005


def test_a_life_that_goes_on_from_another_is_the_life_marched_alone():
    """What two lives have in common is lived through once, and nobody can tell."""
    world = World(example("ms_woman_44"))
    shared, pulses = Lives(world.switches), frozenset({"pulses"})
    shared.log_density(frozenset())
    for site, alone in Lives(world.switches).log_density(pulses).items():
        assert shared.log_density(pulses)[site] == pytest.approx(alone, abs=1e-5)


def test_lives_part_on_the_day_on_which_a_cause_begins():
    """The first pulse of the record is where a life with pulses leaves one without."""
    found = example("ms_woman_44")
    switches = World(found).switches
    first = min(course.start for course in found.person.steroids)
    day = parting(switches.life(frozenset()), switches.life(frozenset({"pulses"})))
    assert day == (first - found.person.birth_date).days


def test_chances_of_causes_are_those_of_an_answer():
    """Parts of a hazard that are remembered from other coalitions are those that are worked out anew."""
    found = example("ms_woman_67")
    world = World(found)
    for on in (frozenset(world.players), frozenset({"ageing", "falls"})):
        bones = world.switches.bones(on, world.log_density(on))
        exposure = world.switches.exposure(on)
        anew = course.outcomes(bones, found.level, exposure, found.sample, (found.horizon_y,))
        for site, chance in world.risk(on).items():
            assert chance == pytest.approx(anew.fracture[site][:, 0], abs=1e-12)


def test_all_causes_together_are_the_person():
    """With every switch on, the chance is that of the person, a little blurred by the coarser steps in time."""
    from trabecula.assessment.compare import plan_course
    from trabecula.assessment.plans.overlay import under_plan
    from trabecula.assessment.plans.plan import RECORDED

    found = example("ms_woman_44")
    world = World(found)
    whole = world.risk(frozenset(world.players))["major_osteoporotic"]
    own = plan_course(found, under_plan(found, RECORDED), found.horizon_y).risks
    assert whole == pytest.approx(own.fracture["major_osteoporotic"][:, 0], rel=0.02)


def test_without_steroids_there_is_no_share_of_steroids():
    """The cause is absent, and said to be."""
    found = causes(known(20))
    assert {"steroid tablets", "steroid pulses"} <= set(map(str, found.absent))
    for each in (*found.bone, *found.risk):
        assert not {"oral_steroids", "pulses"} & {share.cause for share in each.shares}


def test_without_ms_nothing_is_due_to_it():
    """No load is lost to it, no fall comes of it, and the sentence does not speak of it."""
    found = causes(known(20, ms=None))
    assert {"reduced skeletal loading", "falls due to MS"} <= set(map(str, found.absent))
    assert "MS adds" not in str(found.sentence)


def test_the_sentence_leaves_nothing_for_the_disease_itself():
    """As the article has it: through load, falls and treatment, and nothing else."""
    sentence = str(causes(known(20)).sentence)
    for words in ("Of 100 people", "reduced skeletal loading", "falls due to MS", "no direct effect of MS"):
        assert words in sentence


SHARE = r"(less than 0\.1|([+-]?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\))"


@pytest.mark.parametrize("name", ["ms_woman_44", "ms_man_58"])
def test_the_sentence_tells_the_shares(name):
    """Each cause with its own number of people of 100, to a tenth or to two figures; nobody is told as nobody."""
    found = causes(example(name))
    shares = next(each.shares for each in found.beyond_age if each.of == "major_osteoporotic")
    for each in shares:
        said = re.search(re.escape(str(each.label)) + " " + SHARE, str(found.sentence).replace(MINUS, "-"))
        wanted = [100.0 * end for end in (each.mean, each.share.low, each.share.high)]
        told = [float(end) for end in said.groups()[1:]] if said[2] else [0.0] * 3
        assert told == pytest.approx(wanted, abs=0.051, rel=0.05)


@pytest.mark.parametrize(
    ("people", "words"), [(0.004, "fewer than 0.1"), (8.66, "8.7"), (41.4, "41"), (99.7, "more than 99")]
)
def test_nobody_and_everybody_are_not_claimed(people, words):
    """A chance is never told as 0 or 100 of 100, nor in powers of ten."""
    assert language("en").written(_of_100(people)) == words


def test_more_disability_takes_more_bone():
    """The share of unloading grows with the EDSS."""

    def unloading(edss):
        ms = {"onset": 2000, "disability": [{"date": "2010-01-01", "edss": edss}]}
        found = causes(prepare(person(ms=ms), TODAY, Model(EVIDENCE), 20))
        hip = next(each for each in found.bone if each.of == "total_hip")
        return next(share.mean for share in hip.shares if share.cause == "unloading")

    assert all(more < less < 0.0 for less, more in pairwise([unloading(edss) for edss in (3.0, 5.0, 7.0)]))


def test_a_medicine_that_protects_has_a_share_on_its_side():
    """Denosumab gives bone and takes fractures away."""
    found = causes(example("ms_woman_67"))
    spine = next(each for each in found.bone if each.of == "lumbar_spine")
    hip = next(each for each in found.beyond_age if each.of == "hip")
    assert next(share.mean for share in spine.shares if share.cause == "medicines") > 0.0
    assert next(share.mean for share in hip.shares if share.cause == "medicines") < 0.0
