"""Whether a plan contradicts the history or a contraindication on file: refused with reason and source, or warned.

What stands against a drug is in its row of the vocabulary: which sign in the record, beyond which limit, by which
finding. What each sign is stands here, and so does what speaks against plans that are not about a drug.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import PersonUnderPlan, is_as_recorded
from trabecula.assessment.plans.plan import Plan, TabletTaper, day_of
from trabecula.assessment.results import Objection
from trabecula.evidence import Evidence
from trabecula.person import Medicine, Person
from trabecula.timeline import AIDS
from trabecula.units import DAYS_PER_MONTH
from trabecula.units import days as days_in
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug, Contraindication, class_of, drug_name, generic_name
from trabecula.words.message import Message, verbatim

_THE_RECORD = Message("source.record")
_NO_TRIAL = Message("source.no_trial")
_ON_FILE = {"plan.note.enough": "on_file.enough", "plan.note.enough_in_food": "on_file.enough_in_food"}
"""What a plan notes, as a part of a sentence."""
Sign = Callable[["Case", BoneDrug, Contraindication], Message | None]
"""What is on file that speaks against a drug by a rule of its row, if anything."""


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
    def then(self) -> Person:
        """The record as it would be."""
        return self.over.person

    @property
    def evidence(self) -> Evidence:
        """The registry."""
        return self.known.evidence

    def latest(self, test: str) -> float | None:
        """The latest result of a blood test up to the day of assessment."""
        person, on = self.known.person, self.known.on
        done = [sample for sample in person.laboratory if sample.test == test and sample.date <= on]
        return max(done, key=lambda sample: sample.date).standard_value if done else None

    def limit(self, rule: Contraindication) -> float:
        """The number that decides a rule."""
        if rule.limit is None:
            raise ValueError(f"{rule.rule} has no limit")
        return self.evidence.scalar(rule.limit)

    def courses(self, drug: str) -> list[Medicine]:
        """All courses of a medicine, past and planned."""
        return [medicine for medicine in self.then.medicines if medicine.generic == drug]

    def months_of(self, drug: str) -> float:
        """How long a medicine is taken in all, past and planned, as far as the horizon [mo]."""
        return sum((self.end_of(course) - course.start).days for course in self.courses(drug)) / DAYS_PER_MONTH

    def end_of(self, medicine: Medicine) -> date:
        """The last day of a course, the end of the forecast if it goes on."""
        return medicine.end or self.horizon

    @property
    def horizon(self) -> date:
        """The last day of the forecast."""
        return self.known.on + timedelta(days=round(days_in(self.known.horizon_y)))


# ---------------------------------------------------------------- signs that a row can name


def _low_egfr(case: Case, _drug: BoneDrug, rule: Contraindication) -> Message | None:
    """The latest eGFR is below the limit [mL/min]."""
    egfr, least = case.latest("eGFR"), case.limit(rule)
    low = egfr is not None and egfr < least
    return Message("on_file.low_egfr", {"egfr": egfr, "least": least}) if low else None


def _low_calcium(case: Case, _drug: BoneDrug, rule: Contraindication) -> Message | None:
    """The latest calcium in blood is below the limit [mmol/L]."""
    calcium, least = case.latest("calcium"), case.limit(rule)
    low = calcium is not None and calcium < least
    return Message("on_file.low_calcium", {"calcium": calcium, "least": least}) if low else None


def _high_calcium(case: Case, _drug: BoneDrug, rule: Contraindication) -> Message | None:
    """The latest calcium in blood is above the limit [mmol/L]."""
    calcium, most = case.latest("calcium"), case.limit(rule)
    high = calcium is not None and calcium > most
    return Message("on_file.high_calcium", {"calcium": calcium, "most": most}) if high else None


def _heart_or_stroke(case: Case, _drug: BoneDrug, _rule: Contraindication) -> Message | None:
    """A heart attack or a stroke at any time."""
    had = [Message(f"on_file.{name}") for name in ("stroke", "heart_attack") if getattr(case.known.person, name)]
    return Message("on_file.several", {"parts": had}) if had else None


def _recorded(present: bool | None, name: str) -> Message | None:
    """A sign that the record simply has: radiation, a pregnancy that is planned or possible, periods, a man."""
    return Message(f"on_file.{name}") if present else None


def _longer(case: Case, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """More months in life than the label allows."""
    taken, most = case.months_of(drug.key), case.limit(rule)
    return Message("on_file.months", {"months": taken, "drug": drug.name}) if round(taken) > most else None


def _class_longer(case: Case, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """More months in life than the label allows, the other drugs of its class counted with it."""
    alike = [row.key for row in BONE_DRUGS.values() if row.drug_class == drug.drug_class]
    taken, kind = sum(map(case.months_of, alike)), CLASSES[drug.drug_class].name
    return Message("on_file.months", {"months": taken, "drug": kind}) if round(taken) > case.limit(rule) else None


def _ends_alone(case: Case, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """Its last course ends within the forecast, and nothing takes over in time."""
    courses = case.courses(drug.key)
    last = max(courses, key=case.end_of) if courses else None
    if last is None or last.end is None or last.end >= case.horizon:
        return None
    grace_d = case.limit(rule) * DAYS_PER_MONTH
    for medicine in case.then.medicines:
        follows = medicine.generic in BONE_DRUGS and BONE_DRUGS[medicine.generic].follows
        in_time = (medicine.start - last.end).days <= grace_d
        if follows and in_time and case.end_of(medicine) > last.end:
            return None
    return Message("on_file.ends_alone", {"drug": drug.name, "day": last.end})


SIGNS: dict[str, Sign] = {
    "low_egfr": _low_egfr,
    "low_calcium": _low_calcium,
    "high_calcium": _high_calcium,
    "heart_or_stroke": _heart_or_stroke,
    "radiation": lambda case, _drug, _rule: _recorded(case.known.person.skeletal_radiation, "radiation"),
    "pregnancy": lambda case, _drug, _rule: _recorded(case.known.person.pregnancy_wish, "pregnancy"),
    "before_menopause": lambda case, _drug, _rule: _recorded(case.known.person.menopausal is False, "before_menopause"),
    "longer": _longer,
    "class_longer": _class_longer,
    "ends_alone": _ends_alone,
    "man": lambda case, _drug, _rule: _recorded(case.known.person.sex == "male", "man"),
}
"""In the order in which objections are told."""


# ---------------------------------------------------------------- what stands against a plan


def objections(known: PatientState, then: PersonUnderPlan) -> tuple[list[Objection], list[Objection]]:
    """What stands against a plan: reasons to refuse it, and warnings."""
    case = Case(known, then)
    planned = _rows(medicine.drug for medicine in case.plan.medicines)
    against = [(drug, contraindication) for drug in planned for contraindication in drug.contraindications]
    return [*_against_the_history(case), *_by_rule(case, against)], [*_warnings(case)]


def _by_rule(case: Case, against: list[tuple[BoneDrug, Contraindication]]) -> Iterator[Objection]:
    """Each rule that holds, once, although several drugs may have it."""
    told: set[str] = set()
    signs = [*SIGNS]
    for drug, rule in sorted(against, key=lambda pair: signs.index(pair[1].sign)):
        found = None if rule.rule in told else SIGNS[rule.sign](case, drug, rule)
        if found is not None:
            told.add(rule.rule)
            yield Objection(rule=rule.rule, reason=rule.message, found=found, source=_cited(case, rule.finding))


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
    yield from _by_rule(case, [pair for pair in cautions if pair[1].sign == "ends_alone"])
    if case.plan.steroids == "none" and any(course.ongoing for course in case.known.person.steroids):
        source = _cited(case, "side_effect.adrenal_review.high_dose")
        yield _objection("steroids_stopped_at_once", Message("on_file.daily_tablets"), source)
    yield from _by_rule(case, [pair for pair in cautions if pair[1].sign != "ends_alone" and pair[0].key in planned])
    if aid := _impact_with_an_aid(case):
        yield _objection("impact_with_an_aid", aid, _NO_TRIAL)
    if both := _two_at_once(case, planned):
        yield _objection("two_at_once", both, _NO_TRIAL)
    classes = [known for drug in planned if (known := class_of(drug)) is not None]
    if any(known.teratogenic for known in classes) and _may_be_pregnant(case):
        source = _cited(case, "label.prolia_us.contraindications")
        yield _objection("ask_about_pregnancy", Message("on_file.pregnancy_open"), source)


def _impact_with_an_aid(case: Case) -> Message | None:
    """The walking aid of somebody for whom impact is planned."""
    planned = case.plan.exercise.impact_sessions_per_week if case.plan.exercise else None
    aid = AIDS[case.known.timeline.aid[case.known.timeline.at(case.known.today)]]
    return Message("on_file.aid", {"aid": Message(f"aid.{aid}")}) if planned and aid != "none" else None


def _two_at_once(case: Case, planned: set[str]) -> Message | None:
    """The bone medicine that goes on beside one that is begun."""
    on = case.known.on
    taken = {medicine.generic for medicine in case.then.medicines if medicine.start < on <= case.end_of(medicine)}
    for_bone = {drug for drug in taken | planned if (known := class_of(drug)) is not None and known.bone}
    goes_on = sorted((taken - planned) & for_bone)
    if not goes_on or not planned & for_bone:
        return None
    return Message("on_file.goes_on", {"drugs": [drug_name(drug) for drug in goes_on]})


def _may_be_pregnant(case: Case) -> bool:
    """A woman with periods who was not asked."""
    person = case.known.person
    return person.sex == "female" and person.menopausal is False and person.pregnancy_wish is None
