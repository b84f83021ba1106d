"""One truth about medicines, over many records at random: nothing proposes what another place refuses.

`TRABECULA_RECORDS=5000` asks of as many records; a small number keeps the usual run short.
"""

import os
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from assessment.random_records import ON, records
from trabecula.assessment.facts import facts
from trabecula.assessment.plans.contraindications import Case, against_medicines
from trabecula.assessment.plans.overlay import PersonUnderPlan, with_medicines
from trabecula.assessment.plans.reading import library, read_plan
from trabecula.evidence import Evidence
from trabecula.guidelines import Advice, Facts, Truth, advise, engine, shipped
from trabecula.guidelines.engine import verdicts
from trabecula.guidelines.medicines import MedicineCheck, beside, checks, proposed
from trabecula.guidelines.plan import dated_plan
from trabecula.guidelines.plan_tasks import Task
from trabecula.person import Person, read_person
from trabecula.reporting.advice import advice_page
from trabecula.reporting.terminal import to_terminal
from trabecula.vocabulary import BONE_DRUGS

EVIDENCE = Evidence.load()
MANY = int(os.environ.get("TRABECULA_RECORDS", "150"))
NO_ASSESSMENT = SimpleNamespace(risks=[], person=SimpleNamespace(edss=None))
"""Our own risks and the estimated EDSS play no part in what is refused."""


@dataclass(frozen=True)
class Seen:
    """A record and everything that is said of medicines for it."""

    person: Person
    facts: Facts
    checks: dict[str, MedicineCheck]
    advice: tuple[Advice, ...]
    """Rules that apply."""
    tasks: tuple[Task, ...]

    @property
    def refused(self) -> set[str]:
        """The medicines that are refused."""
        return {check.drug for check in self.checks.values() if check.refused}


def seen(record) -> Seen:
    """A record as every place sees it."""
    person = read_person(record, ON)
    known = facts(person, NO_ASSESSMENT, ON, EVIDENCE)
    found = checks(known, EVIDENCE)
    said = beside(advise(known), found)
    applying = tuple(one for one in said if one.verdict is Truth.TRUE)
    return Seen(person, known, found, applying, dated_plan(known, said, found))


@pytest.fixture(scope="module")
def people():
    """Many people. Reasons and what answers to open questions would lead to take most of the time, and are left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "missing", lambda *_, **__: ())
        patch.setattr(engine, "_because", lambda *_, **__: ())
        return [seen(record) for record in records(MANY)]


def test_the_records_are_worth_asking(people):
    """Many of them have something refused, something proposed, and both."""
    refused = [one for one in people if one.refused]
    both = [one for one in refused if any(task.drugs for task in one.tasks)]
    assert len(refused) > MANY / 3
    assert len(both) > MANY / 20


def test_no_task_proposes_a_medicine_that_is_refused(people):
    """Whatever the plan names as possible may be given."""
    assert [(one.person, task) for one in people for task in one.tasks if one.refused & {*task.drugs}] == []


NAMES_WITHOUT_PROPOSING = {
    "stop_bisphosphonate", "late_denosumab", "follow_on", "denosumab_check", "contraception", "parathyroid_end",
    "romosozumab_end",
}  # fmt: skip
"""Tasks whose words name the medicine that they are about."""


def test_no_task_names_a_refused_medicine_without_saying_so(people):
    """Where the words of a task have its name, they say that it is not to be given before something is put right."""
    for one in people:
        for task in one.tasks:
            told = task.what.id in ("task.refer", "task.not_before")  # with what stands against each
            if task.task not in NAMES_WITHOUT_PROPOSING and not told:
                assert not {drug for drug in one.refused if drug in str(task.what).lower()}, task


def test_late_denosumab_with_everything_refused_orders_nothing(people):
    """The words that name a medicine to give appear only where one may be given."""
    late = [task for one in people for task in one.tasks if task.task in ("late_denosumab", "follow_on")]
    assert all(task.drugs or "specialist" in str(task.what) for task in late)


def test_advice_that_names_a_refused_medicine_says_that_it_is_not_for_this_person(people):
    """A guideline's words stay; what is refused stands beside them."""
    for one in people:
        for said in one.advice:
            assert not one.refused & {*said.proposes}
            named = proposed(said.recommendation, one.facts) if said.guideline not in engine._SAFETY else ()
            if said.stance != "against" and one.refused & {*named}:
                assert said.not_here, (said.rule, one.person)


def begun_for_a_month(one: Seen, drug: str) -> set[str]:
    """Why `compare` refuses a month of a medicine that stops every other one."""
    taken = [medicine.generic for medicine in one.person.medicines if medicine.generic in BONE_DRUGS]
    plan = read_plan(
        {
            "name": "a",
            "title": "A",
            "medicines": [{"drug": drug, "end": "now + 31 days"}],
            "stop": [*dict.fromkeys(taken)],
        }
    )
    known = SimpleNamespace(person=one.person, on=ON, evidence=EVIDENCE, horizon_y=10.0)
    over = PersonUnderPlan(plan, with_medicines(one.person, plan, ON), None, ())
    return {objection.rule for objection in against_medicines(Case(known, over))}


def test_a_comparison_refuses_what_the_plan_and_the_advice_refuse_for_the_same_reasons(people):
    """And computes what they leave open."""
    for one in people:
        running = {use.drug for use in one.facts.medicines or () if use.end is None or use.end > ON}
        for drug in one.checks.keys() - running:
            assert begun_for_a_month(one, drug) == {each.rule for each in one.checks[drug].refused}, (drug, one.person)


@pytest.mark.parametrize("name", [name for name, plan in library().items() if plan.medicines])
def test_no_plan_of_the_library_is_worked_out_with_a_medicine_that_is_refused(name, people):
    """Whichever of its medicines is refused, the plan is."""
    plan = library()[name]
    for one in people:
        known = SimpleNamespace(person=one.person, on=ON, evidence=EVIDENCE, horizon_y=10.0)
        over = PersonUnderPlan(plan, with_medicines(one.person, plan, ON), None, ())
        if one.refused & {medicine.drug for medicine in plan.medicines}:
            assert [*against_medicines(Case(known, over))], one.person


def test_the_page_says_beside_a_recommendation_what_is_not_for_this_person(people):
    """What a reader sees is what the program knows."""
    for one in people[:40]:
        page = " ".join(to_terminal(advice_page(one.advice, (), one.tasks)).split())
        for said in one.advice:
            if said.not_here:
                assert " ".join(str(said.not_here).split()).rstrip(".") in page


def after_menopause_or_man_from_50(known):
    """Of whom three guidelines say on their first page that they are for them."""
    return known.postmenopausal or (known.sex == "male" and known.age_y >= 50)


POPULATIONS = {
    "nogg_2024": after_menopause_or_man_from_50,
    "bhof_2022": after_menopause_or_man_from_50,
    "canada_2023": after_menopause_or_man_from_50,
    "european": lambda known: known.sex == "female",
    "uspstf_2025": lambda known: known.sex == "female",
    "activity": lambda known: known.ms,
    "ms_practice": lambda known: known.ms or known.age_y >= 18,
    "labels": lambda known: known.age_y >= 18,
}
"""For whom guidelines are, by their own first page."""


def test_no_rule_applies_outside_its_own_scope(people):
    """Neither by its own condition, nor by the population that the guideline names (rules for the young apart)."""
    for one in people:
        for guideline in shipped():
            inside = POPULATIONS.get(guideline.id, lambda _: True)(one.facts)
            for name, (verdict, scope, _) in verdicts(one.facts, guideline).items():
                if verdict is Truth.TRUE and "/" not in name:
                    assert scope is Truth.TRUE
                    assert inside or name.endswith("_young"), (name, one.person)
