"""A simulated register of MS and its matched controls."""

import numpy as np
import pytest

from make_register_page import register_markdown
from trabecula.evidence import Evidence
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.lab.studies import register
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_record import RegisterSetting
from trabecula.lab.studies.register import (
    SITES,
    PrintedRatio,
    SimulatedRegisters,
    SiteVerdict,
    follow,
    measure,
    site_verdicts,
)
from trabecula.lab.studies.register_people import members
from trabecula.model import Model
from trabecula.people import TruncatedNormal, expected_edss, half_steps
from trabecula.person import HistoryDate

REGISTERS = {n: s for n, s in fracture_studies().items() if isinstance(s.setting, RegisterSetting)}


@pytest.fixture(scope="module")
def evidence():
    """The package's own registry."""
    return Evidence.load()


@pytest.fixture(scope="module")
def danish():
    """Everybody with MS in Denmark."""
    return REGISTERS["denmark_prevalent"].setting


@pytest.fixture(scope="module")
def cohort(danish, evidence):
    """A small register, followed under two draws."""
    return follow(danish, Model(evidence).draws(2, 1), size=12, seed=1)


@pytest.fixture(scope="module")
def mild(danish, evidence):
    """A register of people who never become disabled, and are never treated."""
    ms = danish.ms.model_copy(
        update={
            "onset_age_y": TruncatedNormal(mean=39.0, sd=0.0),
            "speed_log_sd": 0.0,
            "primary_progressive": 0.0,
            "pulses": danish.ms.pulses.model_copy(update={"per_year": 0.0}),
        }
    )
    setting = danish.model_copy(update={"ms": ms, "age_y": TruncatedNormal(mean=40.0, sd=0.0), "antidepressant": None})
    return follow(setting, Model(evidence).draws(1).central(), size=4, seed=1)


def test_the_same_seed_gives_the_same_people(danish, evidence):
    """And another seed other people."""
    one, same, other = (members(danish, 5, seed, evidence) for seed in (1, 1, 2))
    assert [each.person for each in one] == [each.person for each in same]
    assert [each.person for each in one] != [each.person for each in other]


def test_disability_is_spread_as_in_olmsted_county(danish, evidence):
    """Within a tenth of the people in each of four steps, which were not fitted to fractures."""
    first = HistoryDate.fromordinal(danish.first_day.toordinal())
    people = members(danish, 300, 1, evidence)
    visits = [each.person.ms.disability for each in people]
    weights = [each.weight for each in people]
    edss = np.array([[visit.edss for visit in each if visit.date <= first][-1] for each in visits])
    shares = [
        np.average((edss >= low) & (edss < high), weights=weights)
        for low, high in ((0, 3), (3, 6), (6, 7.25), (7.25, 11))
    ]
    counted = [
        evidence.finding(f"ms_course.pittock_2004_change.{name}").value / 161
        for name in ("edss_below_3", "edss_3_to_5", "edss_6_to_7", "edss_above_7")
    ]
    assert shares == pytest.approx(counted, abs=0.1)


def test_thirty_people_stand_for_a_register(danish, evidence):
    """Their ages and disability are those of ten times as many, because each stands for as many as there are."""
    few, many = (members(danish, size, 3, evidence) for size in (30, 300))
    for number in (_age, _last_edss):
        mean_of_few, mean = (
            np.average([number(m) for m in each], weights=[m.weight for m in each]) for each in (few, many)
        )
        assert mean_of_few == pytest.approx(mean, rel=0.05)
    assert np.mean([m.weight for m in few]) == pytest.approx(1.0)


def _age(member):
    """In the year 2000."""
    return 2000 - member.person.birth_date.year


def _last_edss(member):
    """At the end of the follow-up."""
    return member.person.ms.disability[-1].edss


def test_pulses_are_given_from_the_year_in_which_relapses_were_treated_so(danish, evidence):
    """To people who walk without help, and to nobody before."""
    people = members(danish, 200, 1, evidence)
    starts = [course.start for each in people for course in each.person.steroids]
    assert starts
    assert min(starts) >= danish.ms.pulses.since


def test_disability_never_falls_in_the_expected_course(evidence):
    """For relapsing and primary progressive MS."""
    for course in ("relapsing", "primary_progressive"):
        edss = expected_edss(np.arange(0.0, 80.0), course, evidence)
        assert np.all(np.diff(edss) >= 0)
        assert 0.5 not in half_steps(edss)


def test_a_control_is_the_general_population(cohort):
    """Their fractures are those of people of the same age and sex, whatever their density on average."""
    for life in cohort.lives:
        assert not life.control.exposure.has_ms.any()
        assert life.control.risks.falls_per_year == pytest.approx(life.control.risks.average_falls_per_year)


def test_ms_adds_fractures_and_deaths(cohort):
    """At every site and in every draw."""
    for site in SITES:
        assert np.all(cohort.ratio(site) > 1)
    assert np.all(cohort.death_ratio() >= 1)


def test_the_excess_falls_with_disability_taken_away(mild, cohort):
    """Without disability and steroids only falls are left, and the density is the controls'."""
    assert mild.ratio("hip")[0] < float(np.median(cohort.ratio("hip")))
    lost = mild.density_lost("femoral_neck", 0.0, 10.0)
    assert np.all(np.abs(lost) < 0.5)
    assert mild.part("hip", "steroids")[0] == pytest.approx(1.0)


def test_ratios_are_rates_over_rates(cohort):
    """Whatever is asked in words is what the cohort says."""
    assert measure(cohort, "ratio hip") == pytest.approx(
        measure(cohort, "rate hip") / measure(cohort, "control_rate hip")
    )
    with pytest.raises(KeyError):
        measure(cohort, "odds hip")


def test_the_sites_add_up_to_any(cohort):
    """Eight sites, and nothing else."""
    eight = sum(cohort.rate(site) for site in FRACTURE_SITES)
    assert cohort.rate("any") == pytest.approx(eight)


def test_a_site_is_inside_between_the_lowest_and_the_highest_limit():
    """Of all registers together."""
    printed = (PrintedRatio("a", 1.0, 0.8, 1.2), PrintedRatio("b", 2.0, 1.8, 2.2))
    inside = {model: SiteVerdict("hip", np.array([model]), printed).inside for model in (0.7, 0.9, 1.5, 2.1, 2.3)}
    assert inside == {0.7: False, 0.9: True, 1.5: True, 2.1: True, 2.3: False}


def test_the_page_prints_every_register_and_every_site(cohort, evidence):
    """With the residual each site would need, the words that MS has no constant, and people of every age."""
    found = SimulatedRegisters(REGISTERS, dict.fromkeys(REGISTERS, cohort), evidence, 12, 2, 1)
    page = register_markdown(found)
    for study in REGISTERS.values():
        assert study.title in page
    assert len(site_verdicts(found)) == 6
    for word in (
        "Six sites",
        "residual each site would need",
        "there is no constant for MS",
        "woman of 40 | not examined",
        "man of 80 | EDSS 8",
        "not a medical device",
    ):
        assert word in page


def test_every_register_has_people_of_its_own():
    """Two registers never share their luck."""
    keys = {register.key_of(name, 1) for name in REGISTERS}
    assert len(keys) == len(REGISTERS)
