"""Lives: what happens to virtual people, and what care can and cannot change."""

import numpy as np
import pytest
from virtual_lives import TOWN, lives_of

from trabecula.fracture import SITES
from trabecula.simulation.clinic import Clinic
from trabecula.simulation.events import NOTHING, first_events
from trabecula.simulation.life import _relative
from trabecula.simulation.scenario import Care


def events_of(years, people):
    """What happened to some people: when and what, in order."""
    happened = [event for year in years for event in year.events]
    found = [(who, when, what) for all_, times, what in happened for who, when in zip(all_, times, strict=True)]
    return sorted(event for event in found if event[0] in people)


def test_whoever_is_not_treated_has_the_same_life_in_every_scenario(clinic):
    """To the last bit: the same fractures at the same moments, the same bones, whatever others are given."""
    _, lives, found = clinic
    for one, scenarios in zip(lives, found, strict=True):
        treated = np.any([year.treated for year in scenarios["scans"]], axis=0)
        assert treated.any()
        assert not treated.all()
        untreated = set(one.crowd.luck.who[~treated].tolist())
        assert events_of(scenarios["baseline"], untreated) == events_of(scenarios["scans"], untreated)
        for before, after in zip(scenarios["baseline"], scenarios["scans"], strict=True):
            for site in before.t_scores:
                assert np.array_equal(before.t_scores[site][~treated], after.t_scores[site][~treated])


def test_a_medicine_thickens_bone_and_tablets_thin_it(clinic):
    """In whoever takes them, from the second year on; nobody's bone is the better for daily steroids."""
    _, _, found = clinic
    for scenarios in found:
        treated = scenarios["scans"][0].treated
        before, after = (scenarios[name][1].t_scores["lumbar_spine"] for name in ("baseline", "scans"))
        assert (after[treated] > before[treated]).all()
        thin = scenarios["tablets"][3].t_scores["lumbar_spine"]
        assert (thin <= scenarios["baseline"][3].t_scores["lumbar_spine"] + 1e-9).mean() > 0.9
        assert thin.mean() < scenarios["baseline"][3].t_scores["lumbar_spine"].mean()


def test_a_lower_hazard_never_hastens():
    """Thresholds are the people's own: with less hazard each event comes later, or not at all."""
    luck = np.random.default_rng(3)
    hazard, left = luck.gamma(0.5, 1.0, (1, 5000, 12)), luck.exponential(size=(1, 5000))
    lower = hazard * luck.uniform(0.0, 1.0, hazard.shape)
    moments = []
    for rates in (hazard, lower):
        cause, when = np.full(5000, NOTHING), np.ones(5000)
        first_events(rates, np.full(12, 1 / 12), np.zeros(5000), left.copy(), cause, when)
        moments.append(np.where(cause == NOTHING, np.inf, when))
    assert (moments[1] >= moments[0]).all()
    assert (moments[1] > moments[0]).any()


def test_the_first_of_competing_events_is_the_one_that_comes_first():
    """And what came together until then is taken off every threshold, no more."""
    hazard, left = np.array([[[1.0, 1.0]], [[0.0, 4.0]]]), np.array([[0.9], [1.0]])
    cause, when = np.array([NOTHING]), np.ones(1)
    first_events(hazard, np.array([0.5, 0.5]), np.zeros(1), left, cause, when)
    assert (cause[0], when[0]) == (1, 0.75)
    assert left[:, 0] == pytest.approx([0.15, 0.0])


ILL = {**TOWN, "people": {"who": "ms", "age": {"youngest": 50, "oldest": 80}}}


@pytest.mark.parametrize(("data", "people"), [(TOWN, 2500), (ILL, 1000)])
def test_fractures_of_a_year_come_as_often_as_the_hazards_say(data, people):
    """By site, as the chances that a person is told are worked out: within what chance leaves; with MS and without."""
    _, lives = lives_of(data, people)
    seen, expected = dict.fromkeys(SITES, 0.0), dict.fromkeys(SITES, 0.0)
    for one in lives:
        begun = one.begun()
        year = one._year(0, begun, Clinic(one.crowd, Care(), one.draw))
        fresh = one.begun()
        states = one._march(fresh.bones, 0, 1, Care(), None)
        rows = np.arange(len(one.crowd))
        exposure = one._exposure(0, fresh.broken, Care(), rows)
        chances = one.draw.model.hazards.first_fractures(exposure, one._scores(_relative(states), 0), one.draw, (1.0,))
        for site in SITES:
            seen[site] += float((year.fractures[site] > 0).sum())
            expected[site] += float(chances[site][:, 0].sum())
    far = {site: (seen[site] - expected[site]) / np.sqrt(expected[site]) for site in SITES}
    assert max(map(abs, far.values())) < 3.5
    assert abs(sum(seen.values()) - sum(expected.values())) < 3.5 * np.sqrt(sum(expected.values()))


def test_a_clinic_knows_no_t_score_before_a_scan_and_then_one_with_an_error(clinic):
    """What is not known fulfils no rule; what a scanner prints is near the truth and not the truth."""
    study, lives, _ = clinic
    one = lives[0]
    n = len(one.crowd)
    treat_only = Care(treat=study.cares["scans"].treat)
    none = np.zeros(n, dtype=np.int64)
    blind = Clinic(one.crowd, treat_only, one.draw)
    now = one.bmd(_relative(one.begun().bones))
    _, begins = blind.visit(0, now, none, np.zeros(n), np.ones(n, dtype=bool))
    assert not begins.any()
    seeing = Clinic(one.crowd, study.cares["scans"], one.draw)
    scanned, _ = seeing.visit(0, now, none, np.zeros(n), np.ones(n, dtype=bool))
    true = np.min(list(one.years(Care())[0].t_scores.values()), axis=0)
    off = (seeing.t_score - true)[scanned]
    assert 0.01 < np.abs(off).mean() < 0.5
    assert np.isnan(seeing.t_score[~scanned]).all()


def test_the_average_person_of_a_crowd_has_the_published_density():
    """Z-scores of the general population are standard normal, as near as a sample tells."""
    _, lives = lives_of(TOWN, 1500)
    for one in lives:
        states = one._march(one.begun().bones, 0, 1, Care(), None)
        for scores in one._scores(_relative(states), 0).values():
            assert abs(scores.mean()) < 0.15
            assert 0.9 < scores.std() < 1.1
