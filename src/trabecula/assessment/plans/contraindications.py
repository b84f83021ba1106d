"""Whether a plan contradicts the history or a contraindication on file: refused with reason and source, or warned.

What stands against a medicine is asked of `guidelines.medicines`, as the dated plan and the advice do. What speaks
against plans that are not about a drug stands here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from trabecula.assessment.facts import medicine_facts
from trabecula.assessment.medicine_facts import medicine_use
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import PersonUnderPlan, is_as_recorded
from trabecula.assessment.plans.plan import Plan, TabletTaper, day_of
from trabecula.evidence import Evidence
from trabecula.guidelines import Facts
from trabecula.guidelines.medicines import Situation, by_rule
from trabecula.guidelines.records import Objection
from trabecula.person import Medicine
from trabecula.timeline import AIDS
from trabecula.units import days as days_in
from trabecula.vocabulary import BONE_DRUGS, BoneDrug, class_of, drug_name, generic_name
from trabecula.words.message import Message, verbatim

_THE_RECORD = Message("source.record")
_NO_TRIAL = Message("source.no_trial")
_ON_FILE = {"plan.note.enough": "on_file.enough", "plan.note.enough_in_food": "on_file.enough_in_food"}
"""What a plan notes, as a part of a sentence."""
_NOT_STANDING = 7.0
"""The EDSS from which nobody walks beyond a few steps."""
_SEVERAL = 2
"""Low-trauma fractures that are more than one."""


@dataclass(frozen=True)
class Case:
    """A person, a plan, and the record as it would be."""

    known: PatientState
    over: PersonUnderPlan

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.over.plan

    @property
    def evidence(self) -> Evidence:
        """The registry."""
        return self.known.evidence

    @cached_property
    def facts(self) -> Facts:
        """What is known on the day of assessment."""
        return medicine_facts(self.known.person, self.known.on, self.evidence)

    @cached_property
    def situation(self) -> Situation:
        """The facts, with the medicines of the record as it would be, as far as the horizon."""
        uses = tuple(medicine_use(medicine) for medicine in self.over.person.medicines)
        until = self.known.on + timedelta(days=round(days_in(self.known.horizon_y)))
        return Situation(self.facts, self.evidence, uses, until)

    def end_of(self, medicine: Medicine) -> date:
        """The last day of a course, the end of the forecast if it goes on."""
        return medicine.end or self.situation.until


# ---------------------------------------------------------------- what stands against a plan


def objections(known: PatientState, then: PersonUnderPlan) -> tuple[list[Objection], list[Objection]]:
    """What stands against a plan: reasons to refuse it, and warnings."""
    case = Case(known, then)
    refused = [*_against_the_history(case), *_against_exercise(case), *against_medicines(case)]
    return refused, [*_warnings(case)]


def against_medicines(case: Case) -> Iterator[Objection]:
    """What stands against the medicines that a plan begins, and against beginning them on top of another."""
    planned = _rows(medicine.drug for medicine in case.plan.medicines)
    against = [(drug, contraindication) for drug in planned for contraindication in drug.contraindications]
    yield from by_rule(case.situation, against)
    yield from _on_top(case)


def _against_exercise(case: Case) -> Iterator[Objection]:
    """Jumps and running by somebody who cannot stand, or whose bones have broken at low force."""
    if not _plans_impact(case):
        return
    edss = float(case.known.timeline.edss_at(case.known.today)) if case.known.person.ms else 0.0
    if edss >= _NOT_STANDING:
        yield _objection("impact_without_standing", Message("on_file.edss", {"edss": edss}), _NO_TRIAL)
    facts = case.facts
    if facts.vertebral_fracture or facts.hip_fracture or (facts.fragility_fractures or 0) >= _SEVERAL:
        broken = Message("on_file.fragility_fractures", {"n": facts.fragility_fractures or 1})
        yield _objection("impact_with_fractures", broken, _cited(case, "exercise.brooke_wavell_2022.impact"))


def _plans_impact(case: Case) -> bool:
    """Whether the plan has jumps, running or dancing."""
    return bool(case.plan.exercise and case.plan.exercise.impact_sessions_per_week)


def _on_top(case: Case) -> Iterator[Objection]:
    """A bone medicine that is begun while another goes on: a switch names what it stops."""
    planned = {generic_name(medicine.drug) for medicine in case.plan.medicines}
    if both := _two_at_once(case, {drug for drug in planned if _skeleton_knows(drug)}):
        yield _objection("two_at_once", both, _NO_TRIAL)


def _rows(drugs: Iterable[str]) -> list[BoneDrug]:
    """The rows of the bone drugs among some medicines, each once."""
    names = dict.fromkeys(generic_name(drug) for drug in drugs)
    return [BONE_DRUGS[name] for name in names if name in BONE_DRUGS]


def _cited(case: Case, finding: str) -> Message:
    """The document that printed a finding."""
    return verbatim(case.evidence.source(finding).reference)


def _against_the_history(case: Case) -> Iterator[Objection]:
    """What cannot be, because of what has happened."""
    person, plan, on = case.known.person, case.plan, case.known.on
    moments = [medicine.start for medicine in plan.medicines]
    moments += [course.start for course in plan.steroids] if isinstance(plan.steroids, tuple) else []
    if any(day_of(moment, on) < on for moment in moments):
        yield _objection("begins_in_the_past", Message("on_file.day", {"day": on}))
    if plan.smoking == "never" and person.smoking in ("former", "current"):
        yield _objection("never_smoked", Message(f"on_file.smoking_{person.smoking}"))
    if plan.edss is not None and person.ms is None:
        yield _objection("no_ms", Message("on_file.no_ms"))
    if is_as_recorded(case.known, case.over):
        enough = [Message(_ON_FILE[note.id]) for note in case.over.notes]
        found = [*_absent(case), *enough] or [Message("on_file.all_done")]
        yield _objection("nothing_to_change", Message("on_file.list", {"parts": found}))


def _objection(rule: str, found: Message, source: Message = _THE_RECORD) -> Objection:
    """An objection that has no drug of its own."""
    return Objection(rule=rule, reason=Message(f"objection.{rule}"), found=found, source=source)


def _absent(case: Case) -> Iterator[Message]:
    """What the plan would end and the record does not have."""
    person, on = case.known.person, case.known.on
    taken = {medicine.generic for medicine in person.medicines if medicine.end is None or medicine.end >= on}
    for drug in map(generic_name, case.plan.stop):
        if drug not in taken:
            yield Message("on_file.not_taken", {"drug": drug_name(drug)})
    ending = case.plan.steroids == "none" or isinstance(case.plan.steroids, TabletTaper)
    if ending and not any(course.ongoing for course in person.steroids):
        yield Message("on_file.no_tablets")
    if case.plan.smoking == "former" and person.smoking != "current":
        yield Message("on_file.no_smoking")


def _warnings(case: Case) -> Iterator[Objection]:
    """What is allowed and dangerous without something else."""
    planned = {generic_name(medicine.drug) for medicine in case.plan.medicines}
    touched = _rows([*planned, *case.plan.stop])
    cautions = [(drug, caution) for drug in touched for caution in drug.cautions]
    yield from by_rule(case.situation, [pair for pair in cautions if pair[1].sign == "ends_alone"])
    if case.plan.steroids == "none" and any(course.ongoing for course in case.known.person.steroids):
        source = _cited(case, "side_effect.adrenal_review.high_dose")
        yield _objection("steroids_stopped_at_once", Message("on_file.daily_tablets"), source)
    begun = [pair for pair in cautions if pair[1].sign != "ends_alone" and pair[0].key in planned]
    yield from by_rule(case.situation, begun)
    if aid := _impact_with_an_aid(case):
        yield _objection("impact_with_an_aid", aid, _NO_TRIAL)
    classes = [known for drug in planned if (known := class_of(drug)) is not None]
    if any(known.teratogenic for known in classes) and _may_be_pregnant(case):
        source = _cited(case, "label.prolia_us.contraindications")
        yield _objection("ask_about_pregnancy", Message("on_file.pregnancy_open"), source)


def _impact_with_an_aid(case: Case) -> Message | None:
    """The walking aid of somebody for whom impact is planned."""
    aid = AIDS[case.known.timeline.aid[case.known.timeline.at(case.known.today)]]
    return Message("on_file.aid", {"aid": Message(f"aid.{aid}")}) if _plans_impact(case) and aid != "none" else None


def _two_at_once(case: Case, planned: set[str]) -> Message | None:
    """The bone medicines that are taken now and go on beside one that is begun."""
    on, begun = case.known.on, [use for use in case.over.person.medicines if use.generic in planned]
    goes_on = {
        taken.generic
        for taken in case.over.person.medicines
        if taken.generic not in planned and _skeleton_knows(taken.generic) and taken.start < on < case.end_of(taken)
        if any(use.start < case.end_of(taken) for use in begun)
    }
    return Message("on_file.goes_on", {"drugs": [drug_name(drug) for drug in sorted(goes_on)]}) if goes_on else None


def _skeleton_knows(drug: str) -> bool:
    """Whether it is a bone medicine with an effect in the model (tamoxifen has none)."""
    return drug in BONE_DRUGS and BONE_DRUGS[drug].modelled


def _may_be_pregnant(case: Case) -> bool:
    """A woman with periods who was not asked."""
    person = case.known.person
    return person.sex == "female" and person.menopausal is False and person.pregnancy_wish is None
