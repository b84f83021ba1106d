import pytest

from lab.studies.by_hand import FINDINGS, finding
from trabecula.lab.studies import reproduce as engine
from trabecula.lab.studies import virtual
from trabecula.lab.studies.reproduce import compare, reproduce
from trabecula.lab.studies.tolerance import WITHIN
from trabecula.model import Model


@pytest.fixture
def quick(monkeypatch, made_up):
    """The made-up study with two people."""
    monkeypatch.setattr(virtual, "PEOPLE", 2)
    return made_up


def printed(monkeypatch, name, **fields):
    """Let a finding print something else."""
    monkeypatch.setitem(FINDINGS, name, finding(name, **fields))


def test_every_finding_of_a_study_is_compared(quick, evidence):
    """In the order of the study, with what it prints, its role and its kind of standard error."""
    found = compare(quick, Model(evidence).draws(3, 1))
    assert [each.finding for each in quick.targets] == [each.finding for each in found]
    assert [each.se_kind for each in found] == ["printed", "imputed", "direction"]
    assert [each.published for each in found] == [-2.0, -1.0, None]
    assert [each.seen for each in found] == [False, True, False]
    assert all(each.model_lower <= each.model <= each.model_upper for each in found)


def test_a_finding_is_met_when_its_distance_is_small(quick, evidence):
    """The verdict follows from the distance, and the interval from the standard error."""
    for each in compare(quick, Model(evidence).draws(3, 1)):
        if each.z is not None:
            assert each.within == (abs(each.z) <= WITHIN)
            assert (each.z > 0) == (each.model > each.published)
            assert each.published_lower < each.published < each.published_upper


def test_a_model_that_was_copied_from_the_paper_agrees(quick, evidence, monkeypatch):
    """Print what the model gives, and the distance is nothing."""
    first, *_ = compare(quick, Model(evidence).draws(3, 1))
    printed(monkeypatch, first.finding, value=first.model)
    again, *_ = compare(quick, Model(evidence).draws(3, 1))
    assert again.z == pytest.approx(0.0)
    assert again.within


def test_a_range_stands_for_its_middle_when_nothing_else_is_printed(quick, evidence, monkeypatch):
    """Its ends are no confidence limits, so the standard error is imputed."""
    name = quick.targets[0].finding
    printed(monkeypatch, name, lower=-4.0, upper=-1.0, interval="range")
    middle = quick.targets[0].model_copy(update={"value_from": "middle"})
    found, *_ = compare(quick.model_copy(update={"targets": (middle,)}), Model(evidence).draws(2, 1))
    assert (found.published, found.se_kind) == (-2.5, "imputed")


def test_a_finding_without_a_number_needs_a_direction(quick, evidence, monkeypatch):
    """A study that asks for a number that nobody printed is told so."""
    printed(monkeypatch, quick.targets[0].finding)
    with pytest.raises(ValueError, match="prints no number; give the target a direction"):
        compare(quick, Model(evidence).draws(2, 1))


@pytest.mark.parametrize(("direction", "met"), [("down", True), ("up", False)])
def test_a_direction_is_met_by_going_that_way(quick, evidence, direction, met):
    """Formation falls on tablets, so only a fall is met."""
    target = quick.targets[2].model_copy(update={"direction": direction})
    found, *_ = compare(quick.model_copy(update={"targets": (target,)}), Model(evidence).draws(3, 1))
    assert met is found.within
    assert found.z is None


def test_no_change_is_met_within_one_tau(quick, evidence):
    """A small fall is no change, a fall to nothing is one."""
    target = quick.targets[2].model_copy(update={"direction": "none"})
    few, many = (
        quick.arms["tablets"].model_copy(
            update={"steroids": (quick.arms["tablets"].steroids[0].model_copy(update={"dose_mg": dose}),)}
        )
        for dose in (0.5, 200.0)
    )
    for arm, met in ((few, True), (many, False)):
        study = quick.model_copy(update={"targets": (target,), "arms": {**quick.arms, "tablets": arm}})
        assert met is compare(study, Model(evidence).draws(3, 1))[0].within


@pytest.mark.usefixtures("quick")
def test_studies_are_told_as_they_are_done(evidence):
    """Whoever waits sees how far it is; only what was asked for is done."""
    told = []
    found = reproduce(Model(evidence), ["nowhere_1990"], draws=2, done=lambda study: told.append(study.id))
    assert told == ["nowhere_1990"]
    assert {"nowhere_1990"} == {each.study for each in found}


@pytest.mark.usefixtures("quick")
def test_all_studies_are_done_when_none_is_named(evidence):
    """In the order of their ids."""
    found = reproduce(Model(evidence), draws=2)
    assert list(dict.fromkeys(each.study for each in found)) == ["elsewhere_1991", "nowhere_1990"]


@pytest.mark.usefixtures("quick")
def test_the_same_seed_gives_the_same_comparisons(evidence):
    """And another seed gives others."""
    one, same, other = (reproduce(Model(evidence), ["nowhere_1990"], 2, seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_few_draws_are_enough_for_a_band():
    """Each end of the band has at least one draw beyond it."""
    assert engine.DRAWS * engine.TAIL > 1
