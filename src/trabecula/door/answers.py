"""The questions about one person: assess, compare, causes, advise."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes as causes_of
from trabecula.assessment.compare import MORE_THAN
from trabecula.assessment.compare import compare as compared
from trabecula.assessment.facts import Frax, facts
from trabecula.assessment.plans.plan import RECORDED, Plan
from trabecula.assessment.plans.reading import library, read_plan
from trabecula.assessment.results import Assessment
from trabecula.door.checks import HORIZON_Y, SEED, a_number, asked_of, one_of, refuse, refuse_kind, write
from trabecula.door.results import CauseShares, GuidelineAdvice, PersonAssessment, PlanComparison
from trabecula.evidence import Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.guidelines import advise as rules_for
from trabecula.guidelines import to_show
from trabecula.guidelines.activity_bands import band_of
from trabecula.guidelines.medicines import beside, checks
from trabecula.guidelines.plan import dated_plan
from trabecula.guidelines.reading import shipped
from trabecula.model import Model
from trabecula.person import Person
from trabecula.units import PER_CENT
from trabecula.words.message import Message

_FRAX_EXAMPLE = 12.0
PlanLike = str | Plan | Mapping[str, Any]
"""A plan: the name of one in the library, one that was read, or its fields."""


def assess(
    person: Person, on: date | None = None,
    *, model: Model | None = None, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
) -> PersonAssessment:  # fmt: skip
    """Assess one person on a day: where the bones are, where they are going, what could break and when.

    person: a record (`tb.read`, `tb.Person`). on: the day of assessment, after which nothing is known but what is
    planned; the record's own (`assessed_on`) unless given. model: what to work it out with, the package's unless given.
    draws, seed: size (20 to 10,000) and key of the sample behind the intervals; the same seed gives the same answer.
    horizon_y: how far ahead to look [y].

    Raises TrabeculaError, with what to do, for a mistake in an argument, after death, for a country without tables
    (unless the record names a `stand_in`), and for doses that nobody survives.

    >>> import trabecula as tb
    >>> assessment = tb.assess(tb.read("examples/ms_woman_44.yaml"), draws=50)
    >>> spine = assessment.bone[0].trajectory[assessment.bone[0].now].t_score
    >>> print(f"T-score {spine.median:.0f}, somewhere from {spine.low:.0f} to {spine.high:.0f}")
    T-score -1, somewhere from -1 to -1
    """
    asked = asked_of(person, on, model, draws, seed, horizon_y)
    return PersonAssessment.of(answered(asked.lived()), asked)


def causes(
    person: Person, on: date | None = None,
    *, model: Model | None = None, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
) -> CauseShares:  # fmt: skip
    """How much each cause (ageing, steroids, load, falls ...) has done to bone, and does to the chance of a fracture.

    The same person is lived through without some of the causes; Shapley shares divide the difference, so that they add
    up. Arguments and errors are those of `tb.assess`.

    >>> import trabecula as tb
    >>> shares = tb.causes(tb.read("examples/ms_woman_44.yaml"), draws=20)
    >>> [share.cause for share in shares.bone[0].shares][:3]
    ['ageing', 'pulses', 'unloading']
    """
    asked = asked_of(person, on, model, draws, seed, horizon_y)
    known = asked.lived()
    found = CauseShares.of(causes_of(known), asked)
    return found.model_copy(update={"evidence": [*known.evidence.used()]})


def plans() -> dict[str, Plan]:
    """The named plans that come with Trabecula, by name; a plan of your own is a `tb.Plan`.

    >>> import trabecula as tb
    >>> "alendronate" in tb.plans(), tb.plans()["exercise"].exercise.moderate_minutes_per_week
    (True, 150.0)
    """
    return dict(library())


def compare(
    person: Person, plans: PlanLike | Sequence[PlanLike], on: date | None = None,
    *, against: PlanLike | None = None, force: bool = False, more_than: float = MORE_THAN,
    model: Model | None = None, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
) -> PlanComparison:  # fmt: skip
    """What each plan would change for one person, from the day of assessment on, all under the same draws.

    plans: names of the library (`tb.plans()`), `tb.Plan`s, or their fields. against: what they stand beside, the record
    as it is unless given. force: also compute plans that the record speaks against, marked as refused. more_than: the
    fall in risk that is worth having, a probability: `helps_more_than` is the chance that a plan brings more. The other
    arguments are those of `tb.assess`.

    Raises TrabeculaError for a plan that is not known, with the nearest, and for what `tb.assess` refuses.

    >>> import trabecula as tb
    >>> walk = {"name": "walk", "title": "Walk more", "exercise": {"moderate_minutes_per_week": 300}}
    >>> comparison = tb.compare(tb.read("examples/ms_woman_44.yaml"), ["alendronate", walk], draws=20)
    >>> [plan.name for plan in comparison.plans]
    ['alendronate', 'walk']
    """
    asked = asked_of(person, on, model, draws, seed, horizon_y)
    is_one = isinstance(plans, str | Plan | Mapping) or not hasattr(plans, "__iter__")  # anything else is refused below
    given: Iterable[object] = [plans] if is_one else plans
    chosen = [_plan("plans", plan) for plan in given]
    if not chosen:
        refuse("plans", None, "at_least_one_plan", Message("door.list_plans"))
    beside = RECORDED if against is None else _plan("against", against)
    worth = a_number("more_than", more_than, 0.0, 1.0, MORE_THAN, whole=False)
    return PlanComparison.of(compared(asked.lived(), chosen, force, beside, worth), asked)


def _plan(where: str, plan: object) -> Plan:
    """The plan that was meant."""
    if isinstance(plan, Plan):
        return plan
    if isinstance(plan, str):
        return library()[one_of(where, plan, library(), Message("door.list_plans"))]
    if isinstance(plan, Mapping):
        return read_plan(plan)  # pyright: ignore[reportUnknownArgumentType]
    refuse_kind(where, plan, "a_plan", write('tb.compare(person, ["exercise"])'))


def advise(
    person: Person, on: date | None = None,
    *, guidelines: Sequence[str] = (), everything: bool = False,
    frax_mof_percent: float | None = None, frax_hip_percent: float | None = None, frax_with_bmd: bool | None = None,
    frax_steroid_adjusted: bool | None = None,
    model: Model | None = None, draws: int = DRAWS, seed: int = SEED,
) -> GuidelineAdvice:  # fmt: skip
    """What published guidelines say of one person, side by side, with a dated plan.

    guidelines: ids of those to ask, all unless given. everything: also the rules that do not apply. frax_*: FRAX as you
    read it off [%], whether density was entered, and whether it is adjusted for the steroid dose already; without it
    rules that ask for FRAX stay open, our own probability beside them. The guidelines of the person's own country come
    first. The other arguments are those of `tb.assess`.

    Raises TrabeculaError for a guideline that is not known, and for what `tb.assess` refuses.

    >>> import trabecula as tb
    >>> advice = tb.advise(tb.read("examples/ms_man_58.yaml"), guidelines=["acr_2022"], draws=20)
    >>> advice.advice[0].guideline, advice.tasks[0].task
    ('acr_2022', 'treat_or_refer')
    """
    ids = [guideline.id for guideline in shipped()]
    names = [one_of("guidelines", name, ids) for name in ([guidelines] if isinstance(guidelines, str) else guidelines)]
    frax = {"frax_mof_percent": frax_mof_percent, "frax_hip_percent": frax_hip_percent}
    for where, percent in frax.items():
        if percent is not None:
            a_number(where, percent, 0.0, PER_CENT, _FRAX_EXAMPLE, whole=False)
    asked = asked_of(person, on, model, draws, seed, HORIZON_Y)
    typed = Frax(frax_mof_percent, frax_hip_percent, frax_with_bmd, frax_steroid_adjusted)
    found = answered(asked.lived())
    return advice_on(found, asked.person, asked.model.evidence, typed, names, everything=everything)


def advice_on(
    assessment: Assessment, person: Person, evidence: Evidence, frax: Frax, names: Sequence[str], *, everything: bool
) -> GuidelineAdvice:
    """What guidelines say of a person who was assessed."""
    known = facts(person, assessment, assessment.date, evidence, frax)
    medicines = checks(known, evidence)
    said = beside(rules_for(known, names), medicines)
    return GuidelineAdvice(
        assessment=assessment,
        facts=known,
        advice=[*said] if everything else to_show(said),
        activity=band_of(known.edss),
        tasks=[*dated_plan(known, said, medicines)],
    )
