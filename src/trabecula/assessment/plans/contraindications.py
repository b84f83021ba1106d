"""Whether a plan contradicts the history or a contraindication on file: refused with reason and source, or warned."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.overlay import Overlaid, is_as_recorded
from trabecula.assessment.plans.plan import Plan, Tapering, day_of
from trabecula.assessment.results import Objection
from trabecula.evidence import Evidence
from trabecula.person import MEDICINE_CLASSES, Medicine, Person, generic_name
from trabecula.timeline import AIDS
from trabecula.units import DAYS_PER_MONTH
from trabecula.units import days as days_in

ORAL_BISPHOSPHONATES = ("alendronate", "risedronate", "ibandronate")
FOLLOW_ON = ("zoledronate", *ORAL_BISPHOSPHONATES, "raloxifene", "romosozumab", "teriparatide")
_THE_RECORD = "the record itself"


@dataclass(frozen=True)
class Rule:
    """A contraindication: for which drugs, why, the finding behind it, and what is on file, if anything."""

    name: str
    drugs: tuple[str, ...]
    reason: str
    finding: str
    found: Callable[["Case"], str | None]


@dataclass(frozen=True)
class Case:
    """A person, a plan, and the record as it would be."""

    known: PatientState
    over: Overlaid

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
        done = [
            each for each in self.known.person.laboratory if each.test == test and each.date <= self.known.on
        ]
        return max(done, key=lambda each: each.date).standard_value if done else None

    def courses(self, drug: str) -> list[Medicine]:
        """All courses of a medicine, past and planned."""
        return [each for each in self.then.medicines if each.generic == drug]

    def months_of(self, drug: str) -> float:
        """How long a medicine is taken in all, past and planned, as far as the horizon [mo]."""
        return sum((self.end_of(each) - each.start).days for each in self.courses(drug)) / DAYS_PER_MONTH

    def end_of(self, medicine: Medicine) -> date:
        """The last day of a course, the end of the forecast if it goes on."""
        return medicine.end or self.horizon

    @property
    def horizon(self) -> date:
        """The last day of the forecast."""
        return self.known.on + timedelta(days=round(days_in(self.known.horizon_y)))


def _low_egfr(limit: str) -> Callable[[Case], str | None]:
    def found(case: Case) -> str | None:
        egfr, least = case.latest("eGFR"), case.evidence.scalar(limit)
        return f"eGFR {egfr:g}, below {least:g} mL/min" if egfr is not None and egfr < least else None

    return found


def _low_calcium(case: Case) -> str | None:
    calcium, least = case.latest("calcium"), case.evidence.scalar("plans.limit.calcium")
    low = calcium is not None and calcium < least
    return f"calcium {calcium:.2f}, below {least:g} mmol/L" if low else None


def _heart_or_stroke(case: Case) -> str | None:
    names = {"stroke": "a stroke", "heart_attack": "a heart attack"}
    return " and ".join(text for field, text in names.items() if getattr(case.known.person, field)) or None


def _radiation(case: Case) -> str | None:
    return "radiation that reached the skeleton" if case.known.person.skeletal_radiation else None


def _pregnancy(case: Case) -> str | None:
    return "a pregnancy is planned or possible" if case.known.person.pregnancy_wish else None


def _longer(drug: str, limit: str) -> Callable[[Case], str | None]:
    def found(case: Case) -> str | None:
        taken, most = case.months_of(drug), case.evidence.scalar(limit)
        over = round(taken) > most
        return f"{taken:.0f} months of {drug} in all, past and planned" if over else None

    return found


_BONE_DRUGS = ("zoledronate", *ORAL_BISPHOSPHONATES)
RULES = (
    Rule("zoledronate_kidneys", ("zoledronate",), "Zoledronate harms kidneys that work badly.",
         "label.hamdy_2010.zoledronate_clearance", _low_egfr("plans.limit.zoledronate_egfr")),
    Rule("bisphosphonate_kidneys", ORAL_BISPHOSPHONATES, "Not recommended with kidneys that work badly.",
         "label.binosto_mims.renal", _low_egfr("plans.limit.oral_bisphosphonate_egfr")),
    Rule("denosumab_low_calcium", ("denosumab",), "Denosumab lowers calcium; correct it first.",
         "label.prolia_us.contraindications", _low_calcium),
    Rule("romosozumab_low_calcium", ("romosozumab",), "Romosozumab lowers calcium; correct it first.",
         "label.evenity_eu.contraindications", _low_calcium),
    Rule("zoledronate_low_calcium", ("zoledronate",), "Zoledronate lowers calcium; correct it first.",
         "label.hamdy_2010.zoledronate_clearance", _low_calcium),
    Rule("romosozumab_heart", ("romosozumab",), "Heart attacks and strokes were more frequent on romosozumab; the US"
         " label bars the year after one, the EU label any in the past (the record has no date).",
         "label.evenity_eu.contraindications", _heart_or_stroke),
    Rule("teriparatide_radiation", ("teriparatide", "abaloparatide"), "After radiation of bone the risk of bone cancer"
         " is raised already.", "label.forteo_us.radiation", _radiation),
    Rule("denosumab_pregnancy", ("denosumab",), "Denosumab harms an unborn child.",
         "label.prolia_us.contraindications", _pregnancy),
    Rule("teriparatide_pregnancy", ("teriparatide", "abaloparatide"), "Not in pregnancy.",
         "label.forteo_hk.pregnancy", _pregnancy),
    Rule("bisphosphonate_pregnancy", _BONE_DRUGS, "Not in pregnancy; bisphosphonates stay in bone for years.",
         "label.binosto_mims.renal", _pregnancy),
    Rule("romosozumab_longer", ("romosozumab",), "Romosozumab is limited to twelve monthly doses.",
         "label.evenity_us.doses", _longer("romosozumab", "plans.limit.romosozumab_months")),
    Rule("teriparatide_longer", ("teriparatide",), "Teriparatide is limited to two years in a life.",
         "label.lindsay_2016.teriparatide_longest", _longer("teriparatide", "plans.limit.teriparatide_months")),
)  # fmt: skip


def objections(known: PatientState, then: Overlaid) -> tuple[list[Objection], list[Objection]]:
    """What stands against a plan: reasons to refuse it, and warnings."""
    case = Case(known, then)
    return [*_against_the_history(case), *_contraindications(case)], [*_warnings(case)]


def _contraindications(case: Case) -> Iterator[Objection]:
    """The rules for the medicines that the plan begins or goes on with."""
    planned = {generic_name(each.drug) for each in case.plan.medicines}
    for rule in RULES:
        found = rule.found(case) if planned & {*rule.drugs} else None
        if found:
            source = case.evidence.source(rule.finding).reference
            yield Objection(rule=rule.name, reason=rule.reason, found=found, source=source)


def _against_the_history(case: Case) -> Iterator[Objection]:
    """What cannot be, because of what has happened."""
    person, plan, on = case.known.person, case.plan, case.known.on
    moments = [each.start for each in plan.medicines]
    moments += [each.start for each in plan.steroids] if isinstance(plan.steroids, tuple) else []
    if any(day_of(each, on) < on for each in moments):
        yield _history(
            "begins_in_the_past", "A plan begins on the day of assessment or later.", on.isoformat()
        )
    if plan.smoking == "never" and person.smoking in ("former", "current"):
        reason = "Who has smoked can stop, and not never have smoked."
        yield _history("never_smoked", reason, f"smoking: {person.smoking}")
    if plan.edss is not None and person.ms is None:
        yield _history("no_ms", "A course of disability needs MS.", "no MS is recorded")
    if is_as_recorded(case.known, case.over):
        reason = "There is nothing that this plan could change."
        found = [*_absent(case), *(note.rstrip(".") for note in case.over.notes)]
        yield _history("nothing_to_change", reason, "; ".join(found) or "all of it is done already")


def _history(rule: str, reason: str, found: str) -> Objection:
    """An objection that the record raises."""
    return Objection(rule=rule, reason=reason, found=found, source=_THE_RECORD)


def _absent(case: Case) -> Iterator[str]:
    """What the plan would end and the record does not have."""
    taken = {
        each.generic for each in case.known.person.medicines if each.end is None or each.end >= case.known.on
    }
    yield from (f"no {drug} is taken" for drug in map(generic_name, case.plan.stop) if drug not in taken)
    ending = case.plan.steroids == "none" or isinstance(case.plan.steroids, Tapering)
    if ending and not any(each.ongoing for each in case.known.person.steroids):
        yield "no steroid tablets are going on"
    if case.plan.smoking == "former" and case.known.person.smoking != "current":
        yield "no smoking is recorded"


def _warnings(case: Case) -> Iterator[Objection]:
    """What is allowed and dangerous without something else."""
    if unprotected := _denosumab_ends_alone(case):
        source = case.evidence.source("treatment.cummings_2018.vf_rate_off").reference
        reason = (
            "After the last dose of denosumab bone is lost quickly, and vertebrae may break, unless another medicine "
            "takes over in time."
        )
        yield Objection(rule="denosumab_without_follow_on", reason=reason, found=unprotected, source=source)
    if case.plan.steroids == "none" and any(each.ongoing for each in case.known.person.steroids):
        reason = "Tablets that were taken for weeks must be tapered, never stopped at once."
        source = case.evidence.source("side_effect.adrenal_review.high_dose").reference
        yield Objection(rule="steroids_stopped_at_once", reason=reason, found="daily tablets", source=source)
    drugs = {generic_name(each.drug) for each in case.plan.medicines}
    if case.known.person.sex == "male" and "romosozumab" in drugs:
        reason = "Romosozumab was tried and approved in women after the menopause."
        source = case.evidence.source("label.evenity_eu.contraindications").reference
        yield Objection(rule="romosozumab_in_men", reason=reason, found="a man", source=source)
    if aid := _impact_with_an_aid(case):
        reason = "Jumps and running are for people who walk without an aid; a physical therapist finds what is safe."
        yield Objection(
            rule="impact_with_an_aid", reason=reason, found=aid, source="no trial of it is on file here"
        )
    if both := _two_at_once(case, drugs):
        reason = "Two bone medicines at once: their effects are added up here as if nothing else happened."
        yield Objection(
            rule="two_at_once", reason=reason, found=both, source="no trial of it is on file here"
        )
    if drugs & _teratogenic() and _may_be_pregnant(case):
        reason = "Ask whether a pregnancy is possible before a bone medicine is begun."
        source = case.evidence.source("label.prolia_us.contraindications").reference
        yield Objection(
            rule="ask_about_pregnancy", reason=reason, found="pregnancy_wish is open", source=source
        )


def _teratogenic() -> set[str]:
    """The bone medicines that must not meet a pregnancy."""
    kinds = ("bisphosphonate", "denosumab", "romosozumab", "parathyroid", "serm")
    return {drug for drug, kind in MEDICINE_CLASSES.items() if kind in kinds}


def _impact_with_an_aid(case: Case) -> str | None:
    """The walking aid of somebody for whom impact is planned."""
    planned = case.plan.exercise.impact_sessions_per_week if case.plan.exercise else None
    aid = AIDS[case.known.timeline.aid[case.known.timeline.at(case.known.today)]]
    return f"the walking aid is: {aid.replace('_', ' ')}" if planned and aid != "none" else None


def _two_at_once(case: Case, planned: set[str]) -> str | None:
    """The bone medicine that goes on beside one that is begun."""
    taken = (each for each in case.then.medicines if each.start < case.known.on <= case.end_of(each))
    goes_on = {each.generic for each in taken} & _teratogenic() - planned
    return f"{', '.join(sorted(goes_on))} goes on" if goes_on and planned & _teratogenic() else None


def _may_be_pregnant(case: Case) -> bool:
    """A woman with periods who was not asked."""
    person = case.known.person
    return person.sex == "female" and person.menopausal is False and person.pregnancy_wish is None


def _denosumab_ends_alone(case: Case) -> str | None:
    """When the last course of denosumab ends within the forecast and nothing follows in time."""
    courses = case.courses("denosumab")
    last = max(courses, key=case.end_of) if courses else None
    if last is None or last.end is None or last.end >= case.horizon or not _touches(case):
        return None
    grace_d = case.evidence.scalar("plans.limit.denosumab_gap_months") * DAYS_PER_MONTH
    followed = any(
        each.generic in FOLLOW_ON and (each.start - last.end).days <= grace_d and case.end_of(each) > last.end
        for each in case.then.medicines
    )
    return None if followed else f"denosumab ends on {last.end.isoformat()}, and nothing follows"


def _touches(case: Case) -> bool:
    """Whether the plan has to do with denosumab."""
    named = {generic_name(each.drug) for each in case.plan.medicines} | {
        generic_name(each) for each in case.plan.stop
    }
    return "denosumab" in named
