"""Everything a page can show, made by hand: advice, causes, choices, scans, and a person with a history."""

from datetime import date

import pytest

from reporting.conftest import ON, interval, make_assessment
from trabecula.assessment import results as compared
from trabecula.assessment.conclusion import Conclusion
from trabecula.assessment.results import Causes, CausesOf, NextMeasurement, ScanCheck, ScanProspect, Share, Software
from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.records import Advice, Missing
from trabecula.person import read_person
from trabecula.words.language import LANGUAGES, language
from trabecula.words.message import Message, verbatim

HOSTILE = "<script>alert('x')</script>\"&amp;<b onclick=x>"


def advice(rule, recommendation, verdict=Truth.TRUE, missing=(), guideline="activity"):
    """What a rule says."""
    return Advice(
        guideline=guideline, title="A guideline (2026)", country="US", rule=rule, verdict=verdict, scope=Truth.TRUE,
        literal=verdict, population="adults", condition="always", recommendation=recommendation, strength="strong",
        section="Table 1", citation=f"Someone 2020 {rule}", status="read", note="", beside="", topic="",
        stance="", because=(),
        missing=tuple(Missing(fact="x", what=what, answers=()) for what in missing), exceptions=(),
    )  # fmt: skip


def needed(difference):
    """People for one fracture fewer; none when there is no difference."""
    return -1 / difference if difference else None


def plan(name, title, difference, low, high, **more):
    """What a plan does to the main chance and to the hip."""
    empty = {"refused": [], "warnings": [], "side_effects": [], "burdens": [], "cobenefits": []}
    risk = compared.RiskEffect(
        site="major_osteoporotic",
        risk=interval(0.08 + difference),
        difference=interval(difference, low, high),
        ratio=interval(0.9),
        number_needed=compared.NumberNeeded(
            mean=needed(difference), best=needed(low), worst=needed(high), may_do_nothing=low * high <= 0
        ),
        helps=[],
    )
    bone = compared.BoneEffect(
        site="total_hip", change_percent=interval(-5, -8, -2), difference_percent=interval(3, 1, 5), helps=[], course=[]
    )
    fields = {**empty, "bone": [bone], "risks": [risk], **more}
    return compared.PlanResult(
        name=name, title=title, because=None, forced=False, notes=[], falls_per_year=None, **fields
    )


def make_comparison(*plans):
    """Plans beside what is recorded."""
    usual = (
        plan("exercise", "Strength and balance training", -0.012, -0.02, -0.004),
        plan("calcium-vitamin-d", "Enough calcium and vitamin D", -0.002, -0.005, 0.001),
        plan("pulses-yearly", "Yearly methylprednisolone infusion course", 0.012, 0.004, 0.022),
    )
    return compared.Comparison(
        software=Software(version="0.1.0"), date=ON, horizon_y=10, country="US", draws=200, seed=1, interval=0.9,
        person="somebody", baseline=plan("as-recorded", "As recorded and planned", 0.0, 0.0, 0.0),
        plans=list(plans or usual), left_out=["What nobody knows."], evidence=[], caution=None,
    )  # fmt: skip


def make_causes():
    """Shares of three causes, one of which protects."""
    shares = {"falls": ("falls due to MS", 0.02), "pulses": ("steroid pulses", 0.004), "nutrition": (HOSTILE, -0.003)}
    made = [
        Share(cause=name, label=label, share=interval(value, *sorted((value / 2, value * 2))), mean=value)
        for name, (label, value) in shares.items()
    ]
    risk = CausesOf(of="major_osteoporotic", unit="probability", total=interval(0.021), mean=0.021, shares=made)
    bone = CausesOf(of="total_hip", unit="%", total=interval(-1, -2, -0.5), mean=-1.0, shares=made[1:])
    return Causes(bone=[bone], risk=[risk], beyond_age=[risk], horizon_y=10, sentence="", absent=[], notes=[])


def make_scan(*, surprising=False):
    """A scan of the hip."""
    return ScanCheck(
        date=date(2026, 11, 3), site="total_hip", bmd_g_cm2=0.83, expected=interval(0.9, 0.7, 1.1), earlier_scans=0,
        tail=0.01, surprising=surprising, sentence="", consider=[],
    )  # fmt: skip


def make_next():
    """The next scan is worth while in four years."""
    due = date(2030, 11, 22)
    telling = ScanProspect(
        site="total_hip", date=due, change_percent=interval(-3, -9, 3), beyond_least_significant=0.56
    )
    return NextMeasurement(
        due=due, site="total_hip", least_significant_percent={"total_hip": 3.9}, telling=[telling],
        treatment_t_score=-2.5, below_now=0.0, changes_decision=0.01, sentence="",
    )  # fmt: skip


def make_crowded():
    """Somebody about whom there is a lot to say: everything long, and more of it than a sheet has room for."""
    plain = make_assessment()
    long = "Very high risk: an anabolic medicine is preferred to an antiresorptive one; tablets rather than nothing. "
    shares = [Share(cause=f"c{i}", label=f"cause number {i}", share=interval(0.01 * i), mean=0.0) for i in range(1, 8)]
    risk = CausesOf(of="major_osteoporotic", unit="probability", total=interval(0.2), mean=0.2, shares=shares)
    return make_assessment(
        advice=[advice(f"r{i}", f"{i}. {long}") for i in range(8)]
        + [advice(f"u{i}", f"{i}. {long}", Truth.UNKNOWN, ("lowest T-score (spine or hip)", "FRAX")) for i in range(4)],
        causes=Causes(bone=[], risk=[risk], beyond_age=[risk], horizon_y=10, sentence="", absent=[], notes=[]),
        scans=[make_scan(surprising=True)],
        next_measurement=make_next(),
        missing=[plain.missing[0].model_copy(update={"assumed": verbatim(long)}) for _ in range(9)],
        questions=plain.questions * 4,
        notes=[verbatim(long)] * 7,
    )


@pytest.fixture
def full():
    """An assessment with everything in it."""
    return make_assessment(
        advice=[
            advice("ms_8", "At least 150 minutes of exercise a week."),
            advice("own_dxa_ms", "Measure bone density by DXA.", guideline="project_practice"),
            advice(
                "iof_treat", "Consider treatment.", Truth.UNKNOWN, ("FRAX, major osteoporotic fracture",), "european"
            ),
        ],
        causes=make_causes(),
        scans=[make_scan()],
        next_measurement=make_next(),
    )


CONCLUSION = {
    "sentences": ("conclusion.driver.falls", "conclusion.driver.density"),
    "plain": ("conclusion.plain.category.low", "conclusion.plain.category.consider"),
}
"""Sentences that have no places to fill."""


@pytest.fixture
def concluded(full):
    """Makes the assessment with a conclusion: what is urgent, and the most that was measured, if it is above it."""

    def concluded(urgent=None, above_measured=None):
        said = {name: [Message(id) for id in ids] for name, ids in CONCLUSION.items()}
        if urgent is not None:
            said = {
                "sentences": [Message(f"conclusion.urgent.{urgent}"), *said["sentences"]],
                "plain": [Message(f"conclusion.plain.urgent.{urgent}"), *said["plain"]],
            }
        found = Conclusion(
            **said, urgent=said["sentences"][0] if urgent else None, risk=None, category=said["sentences"][-1],
            category_key="low", driver=None, ask=None, action=None, next_dxa=None, chance=interval(0.041),
            average=0.018, above_measured=above_measured, out_of=1000, task=None, due=None, dxa_on=None,
        )  # fmt: skip
        return full.model_copy(update={"summary": found})

    return concluded


@pytest.fixture
def hostile():
    """The same with markup wherever somebody could have written it."""
    plain = make_assessment()
    return make_assessment(
        person=plain.person.model_copy(update=dict.fromkeys(("line", "steroids", "edss_basis"), verbatim(HOSTILE))),
        advice=[advice("ms_8", HOSTILE), advice("other", HOSTILE, Truth.UNKNOWN, (HOSTILE,))],
        causes=make_causes(),
        missing=[plain.missing[0].model_copy(update={"what": verbatim(HOSTILE), "assumed": verbatim(HOSTILE)})],
        questions=[plain.questions[0].model_copy(update={"path": HOSTILE, "message": verbatim(HOSTILE)})],
        notes=[verbatim(HOSTILE)],
        caution=None,
    )


@pytest.fixture
def comparison():
    """Three choices: one helps, one may have no effect, one harms."""
    return make_comparison()


@pytest.fixture
def person():
    """A woman with steroid courses, a bone medicine and a broken bone."""
    return read_person({
        "birth_date": "1982-03-14", "sex": "female", "id": "example",
        "steroids": [{"start": "2014-05-02", "as_written": "5 x 1 g IV methylprednisolone"}],
        "medicines": [{"drug": "alendronate", "start": "2020-01-01", "end": "2023-01-01"},
                      {"drug": "sertraline", "start": "2021-01-01"}],
        "fractures": [{"site": "forearm", "date": "2019-06-01", "trauma": "low"}],
    })  # fmt: skip


@pytest.fixture(params=LANGUAGES)
def lang(request):
    """Each language."""
    return language(request.param)
