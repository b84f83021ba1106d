"""The part of the plan that is about which medicine: treat or refer, late denosumab, stop, replete vitamin D first.

A medicine is named only where nothing on file refuses it and its label does not leave it to a specialist; where none is
left, the task is to ask a specialist, with what stands against each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.facts import Facts, MedicineUse
from trabecula.guidelines.medicines import MedicineCheck, what_stands
from trabecula.guidelines.plan_tasks import CareTask, Task, entries
from trabecula.guidelines.records import Advice
from trabecula.vocabulary import BONE_DRUGS, CLASSES
from trabecula.words.message import Message

LATE_D = 184
"""Days after a dose of denosumab from which on the next is late: half a year, however long its months are."""
_NAMED = 4
"""So many medicines are named at most."""
_VERY_HIGH = ("for, see a specialist", "for, osteoanabolic first")
"""Stances of rules about people at very high risk."""
_SPECIALIST = "see a specialist"
"""The stance of rules that want a specialist before any medicine."""
_FIRST = {"vitamin_d_first": "replete_vitamin_d", "denosumab_kidneys": "ckd_mbd"}
"""Cautions of denosumab that are tasks of their own, before any antiresorptive medicine."""


@dataclass(frozen=True)
class MedicineChoice:
    """What is known when a medicine is chosen."""

    facts: Facts
    on: date
    advice: Sequence[Advice]
    found: Mapping[str, MedicineCheck]
    taken: Sequence[MedicineUse]
    """Bone medicines of today."""
    late: date | None
    """The last dose of denosumab, where the next one is late and nothing followed."""

    def open(self, drugs: Iterable[str]) -> list[MedicineCheck]:
        """Those of some medicines that a clinician may give."""
        return [self.found[drug] for drug in drugs if self.found[drug].open][:_NAMED]

    def against(self, drugs: Iterable[str]) -> list[Message]:
        """What stands against some medicines, each thing once."""
        held = [self.found[drug] for drug in drugs]
        return what_stands(objection for check in held for objection in (*check.refused, *check.cautions))

    @property
    def wanted(self) -> list[Advice]:
        """Rules in favour of a medicine that apply."""
        return [said for said in self._applying if said.stance.startswith("for")]

    @property
    def first_a_specialist(self) -> list[Advice]:
        """Rules that want a specialist before any medicine."""
        return [said for said in self._applying if said.stance == _SPECIALIST]

    @property
    def _applying(self) -> list[Advice]:
        """Rules about medicines that apply, not of another country; our own first, whose words are plain."""
        about = [said for said in self.advice if said.topic == "medicine" and said.place != "elsewhere"]
        return sorted(
            (said for said in about if said.verdict is Truth.TRUE), key=lambda said: said.guideline != "bone_care"
        )

    @property
    def considered(self) -> bool:
        """Whether a bone medicine is to be begun: what goes with one is due."""
        asked = bool(self.wanted) and not self.first_a_specialist and not self.taken
        return bool(self.facts.bone_drug_considered) or asked or self.late is not None


def care(choice: MedicineChoice) -> Iterator[Task]:
    """Everything about the choice of a medicine."""
    if choice.late is not None:
        yield _late(choice, choice.late, entries().care["late_denosumab"])
    elif not choice.taken:
        yield from _treat(choice, entries().care["treat_or_refer"])
    yield from _stop(choice, entries().care["stop_bisphosphonate"])
    if choice.taken or choice.considered or choice.first_a_specialist:
        yield from _first(choice)


def _task(
    entry: CareTask, choice: MedicineChoice, what: Message, why: Message, drugs: Iterable[MedicineCheck] = ()
) -> Task:
    """A task of today, with the medicines that it names."""
    named = tuple(check.drug for check in drugs)
    return entry.on(choice.on, why, entry.rules, entry.ours, what).model_copy(update={"drugs": named})


def _late(choice: MedicineChoice, last: date, entry: CareTask) -> Task:
    """Denosumab that is late: what to check, and what may be given; else a specialist today."""
    left = choice.open(entry.drugs)
    values = {"day": last, "drugs": [check.name for check in left], "why": choice.against(entry.drugs)}
    what = Message("task.late_denosumab" if left else "task.late_denosumab_refer", values)
    return _task(entry, choice, what, Message("task.rebound"), left)


def _treat(choice: MedicineChoice, entry: CareTask) -> Iterator[Task]:
    """A bone medicine that rules want and nobody takes."""
    if young := choice.first_a_specialist:
        what = Message("task.refer_first")
        yield _by_rules(_task(entry, choice, what, _because(young)), young)
    elif wanted := choice.wanted:
        urgent = [said for said in wanted if said.stance in _VERY_HIGH]
        usual = entry.very_high if urgent else entry.drugs
        left = choice.open(usual)
        values = {"drugs": [check.name for check in left], "why": choice.against(usual)}
        kind = ("treat_now" if urgent else "treat") if left else "refer"
        task = _by_rules(
            _task(entry, choice, Message(f"task.{kind}", values), _because(urgent or wanted), left), wanted
        )
        later = 0 if urgent or not left else entry.within_days
        yield task.model_copy(update={"date": choice.on + timedelta(days=later)})


def _because(rules: Sequence[Advice]) -> Message:
    """Why the first of some rules asks."""
    return Message("task.rule", {"guideline": rules[0].title, "condition": rules[0].condition})


def _by_rules(task: Task, rules: Sequence[Advice]) -> Task:
    """A task with the rules that ask for it."""
    names = tuple(dict.fromkeys(said.rule for said in rules))
    source = "; ".join(f"{said.rule}: {said.citation}, {said.section} ({said.status})" for said in rules)
    return task.model_copy(update={"rules": names, "source": source})


def _stop(choice: MedicineChoice, entry: CareTask) -> Iterator[Task]:
    """A bisphosphonate that is taken and that something on file refuses."""
    for use in choice.taken:
        check = choice.found.get(use.drug)
        if use.kind != "bisphosphonate" or check is None or not check.refused:
            continue
        what = Message("task.stop", {"drug": check.name, "why": what_stands(check.refused)})
        rules = tuple(dict.fromkeys(entry.by_objection[objection.rule] for objection in check.refused))
        yield entry.on(choice.on, check.refused[0].reason, rules, entry.ours, what)


def _first(choice: MedicineChoice) -> Iterator[Task]:
    """What comes before a medicine: vitamin D that is low, and kidneys that fail."""
    for caution in choice.found["denosumab"].cautions:
        if name := _FIRST.get(caution.rule):
            entry = entries().care[name]
            what = Message(f"task.{name}", {"found": caution.found})
            due = choice.on + timedelta(days=entry.within_days)
            yield _task(entry, choice, what, caution.reason).model_copy(update={"date": due})


def antiresorptives() -> tuple[str, ...]:
    """Medicines that keep what another has built."""
    return tuple(drug.key for drug in BONE_DRUGS.values() if drug.modelled and CLASSES[drug.drug_class].antiresorptive)
