"""Cards: what a clinician is told while a chart is open or an order is written, each in less than 140 characters.

Nothing is worked out here. The conclusion, the dated plan and what stands against a medicine are those of the
assessment, so that no card proposes what a page refuses. Every card has its source, a link, and reasons to set it
aside; what can be ordered or recorded is a suggestion, as a draft.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from trabecula.adapters.fhir.estimates import SERVICES, Estimates
from trabecula.assessment import Assessment
from trabecula.guidelines.medicines import MedicineCheck, what_stands
from trabecula.guidelines.plan_tasks import Task, entries, references
from trabecula.vocabulary import BONE_DRUGS
from trabecula.words.language import Language
from trabecula.words.message import Message

Card = dict[str, Any]
LONGEST = 139
"""Characters of a summary."""
OVERRIDES = "urn:trabecula:override:1"
"""The code system of the reasons to set a card aside."""
_OVERRIDE_CODES = ("already-done", "declined", "not-indicated", "record-wrong")
_SOON = timedelta(days=30)
"""What is due so soon is told."""
_MONTHS_AHEAD = 3
"""For a steroid course that is drafted: what is due in so many times that."""
_LATE = ("late_denosumab", "follow_on", "denosumab_check", "denosumab_dose")
"""Tasks about denosumab, the most urgent first."""
_ASKS = "denosumab_check"
"""The one of them that asks for the date of the last injection, without which nobody knows whether it is late."""
_VITAMIN_D = ("replete_vitamin_d", "vitamin_d")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_SHOWN = 8
"""Lines of a list in the details."""


@dataclass(frozen=True)
class Desk:
    """For whom cards are made: the answer, the language, where the app is found, and which call it is."""

    answer: Assessment
    lang: Language
    app: str
    """The address of the app."""
    patient: Card
    """A reference to the patient on the client's server."""
    call: UUID

    @property
    def on(self) -> date:
        """The day."""
        return self.answer.date

    def say(self, id: str, **values: Any) -> str:
        """A text of this file."""
        return self.lang.say(Message(f"hook.{id}", values))

    def card(
        self, kind: str, summary: str, detail: Sequence[str], indicator: str = "info", source: str = "",
        suggestions: Sequence[Card] = (),
    ) -> Card:  # fmt: skip
        """A card; `kind` makes its id, which feedback names."""
        reasons = [
            {"system": OVERRIDES, "code": code, "display": self.say(f"override.{code}")} for code in _OVERRIDE_CODES
        ]
        label = source or f"Trabecula {self.answer.software.version}"
        return {
            "uuid": str(uuid5(self.call, kind)),
            "summary": short(summary),
            "detail": "\n".join(detail),
            "indicator": indicator,
            "source": {"label": short(label), "url": self.app},
            **({"suggestions": list(suggestions), "selectionBehavior": "any"} if suggestions else {}),
            "overrideReasons": reasons,
            "links": [{"label": self.say("link"), "url": self.app, "type": "absolute"}],
        }

    def task_card(self, kind: str, task: Task, indicator: str, summary: str = "") -> Card:
        """A card about a step of the plan: what, by when, why, on whose word; the step as a draft."""
        said = summary or self.say("task", what=task.what, day=task.date)
        why = [f"- {plain(self.lang.say(part))}" for part in (task.what, task.why, task.who, task.ours) if part]
        lines = [*why, f"- {plain(task.source)}"]
        return self.card(kind, said, lines, indicator, origin(task), [self.suggestion(kind, task)])

    def suggestion(self, kind: str, task: Task) -> Card:
        """A step as something that the client can put into its record: a request, or a task of its own."""
        what = self.lang.say(task.what)
        action = {"type": "create", "description": what, "resource": self._drafted(task)}
        return {"label": short(what), "uuid": str(uuid5(self.call, f"{kind}/draft")), "actions": [action]}

    def _drafted(self, task: Task) -> Card:
        """The draft."""
        if task.task in SERVICES:
            return Estimates(self.answer, self.lang, ()).service(task) | {"subject": self.patient}
        return {
            "resourceType": "Task",
            "status": "draft",
            "intent": "proposal",
            "description": self.lang.say(task.what),
            "for": self.patient,
            "restriction": {"period": {"end": task.date.isoformat()}},
        }


def short(text: str) -> str:
    """A text in less than 140 characters, cut between words."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 2].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def origin(task: Task) -> str:
    """Where the first rule that asks for a task stands."""
    return references().get(task.rules[0], "") if task.rules else ""


def plain(text: str) -> str:
    """A text that means in Markdown what it says."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


# ---------------------------------------------------------------- patient-view


def of_patient(desk: Desk, remarks: Sequence[Message], missing: Sequence[str]) -> Iterator[Card]:
    """What is told when a chart is opened: the conclusion, a DXA, denosumab and vitamin D when they are due."""
    yield _conclusion(desk, remarks, missing)
    if late := _late(desk, desk.answer.tasks):
        yield late
    if scan := _due(desk, ("dxa",)):
        overdue = desk.on >= scan.date
        yield desk.task_card("dxa", scan, "warning" if overdue else "info", desk.say("dxa", day=scan.date))
    if vitamin := _due(desk, _VITAMIN_D):
        yield desk.task_card("vitamin-d", vitamin, "warning" if vitamin.task == _VITAMIN_D[0] else "info")


def _conclusion(desk: Desk, remarks: Sequence[Message], missing: Sequence[str]) -> Card:
    """The conclusion in a line, all of it below, and what the record left open."""
    found = desk.answer.summary
    assert found is not None, "an answer has its conclusion"
    first = found.urgent or found.risk or found.category
    sentences = [f"- {plain(desk.lang.say(sentence))}" for sentence in found.sentences]
    notes = [note for note in (desk.answer.caution, desk.answer.statement) if note]
    lines = [*sentences, *_unread(desk, remarks, missing), "", *(plain(desk.lang.say(note)) for note in notes)]
    return desk.card("conclusion", desk.lang.say(first), lines, "warning" if found.urgent else "info")


def _unread(desk: Desk, remarks: Sequence[Message], missing: Sequence[str]) -> Iterator[str]:
    """What could not be had, and what was assumed of the record."""
    if missing:
        yield f"- {plain(desk.say('missing', keys=tuple(missing)))}"
    if remarks:
        yield f"- {plain(desk.say('assumed', n=len(remarks)))}"
        yield from (f"  - {plain(desk.lang.say(remark))}" for remark in remarks[:_SHOWN])


def _due(desk: Desk, kinds: Sequence[str]) -> Task | None:
    """The first task of some kinds that is due soon."""
    due = (task for kind in kinds for task in desk.answer.tasks if task.task == kind)
    return next((task for task in due if task.date <= desk.on + _SOON), None)


def _late(desk: Desk, tasks: Iterable[Task]) -> Card | None:
    """Denosumab, or what must follow it, that is late or due soon."""
    listed = list(tasks)
    ordered = (task for kind in _LATE for task in listed if task.task == kind)
    task = next((task for task in ordered if task.date <= desk.on + _SOON), None)
    if task is None:
        return None
    if task.task == _ASKS:
        return desk.task_card("denosumab", task, "warning", desk.lang.say(task.what))
    is_late = task.task == _LATE[0] or task.date <= desk.on
    summary = desk.say("denosumab_late" if is_late else "denosumab_due", day=task.date)
    return desk.task_card("denosumab", task, "critical" if is_late else "warning", summary)


# ---------------------------------------------------------------- order-select, order-sign


@dataclass(frozen=True)
class Drafts:
    """What the orders on the screen come to."""

    steroids: Sequence[str]
    """Names of glucocorticoids that are ordered."""
    bone_drugs: Sequence[tuple[str, str]]
    """Bone medicines that are ordered, each with its draft (`MedicationRequest/1`)."""
    tasks: Sequence[Task]
    """The plan as it would be with these orders."""


def of_orders(desk: Desk, drafts: Drafts) -> Iterator[Card]:
    """What is told of orders: a medicine that is refused, denosumab that lapses, a steroid course."""
    checks = {check.drug: check for check in desk.answer.medicines}
    for drug, draft in drafts.bone_drugs:
        if (check := checks.get(drug)) is not None and (check.refused or check.cautions):
            yield _against(desk, check, draft)
    rebounds = entries().follow_on.kind
    is_ordered = any(BONE_DRUGS[drug].drug_class == rebounds for drug, _ in drafts.bone_drugs)
    if not is_ordered and (late := _late(desk, drafts.tasks)):
        yield late
    if drafts.steroids:
        yield _steroids(desk, drafts)


def _against(desk: Desk, check: MedicineCheck, draft: str) -> Card:
    """A bone medicine that something on file stands against; where it is refused the draft can be taken back."""
    refused = bool(check.refused)
    objections = check.refused or check.cautions
    found = what_stands(objections)
    summary = desk.say("refused" if refused else "caution", drug=check.name, why=found)
    lines = [f"- {plain(desk.lang.say(part))}" for held in objections for part in (held.reason, held.source)]
    open_ = [held.name for held in desk.answer.medicines if held.open] if refused else []
    if open_:
        lines.append(f"- {plain(desk.say('not_refused', drugs=open_))}")
    suggestions = [_withdrawal(desk, check, draft)] if refused and draft else []
    source = desk.lang.say(objections[0].source)
    kind = f"against/{check.drug}"
    return desk.card(kind, summary, lines, "critical" if refused else "warning", source, suggestions)


def _withdrawal(desk: Desk, check: MedicineCheck, draft: str) -> Card:
    """Taking back a draft."""
    label = desk.say("withdraw", drug=check.name)
    action = {"type": "delete", "description": label, "resourceId": draft}
    return {"label": short(label), "uuid": str(uuid5(desk.call, f"{check.drug}/delete")), "actions": [action]}


def _steroids(desk: Desk, drafts: Drafts) -> Card:
    """A steroid course: what was taken before, and what bone needs beside it."""
    soon = [task for task in drafts.tasks if task.date <= desk.on + _MONTHS_AHEAD * _SOON]
    shown = list({task.task: task for task in reversed(soon)}.values())[::-1][:_SHOWN]
    lines = [f"- {plain(desk.lang.say(desk.answer.person.steroids))}"]
    lines += [f"- {plain(desk.say('task', what=task.what, day=task.date))} ({plain(task.source)})" for task in shown]
    source = origin(shown[0]) if shown else ""
    suggestions = [desk.suggestion(f"steroids/{task.task}", task) for task in shown if task.task in SERVICES]
    return desk.card(
        "steroids", desk.say("steroids", drugs=tuple(drafts.steroids)), lines, "warning", source, suggestions
    )


# ---------------------------------------------------------------- no answer


def no_answer(lang: Language, app: str, call: UUID, reason: Message | str, version: str) -> Card:
    """Why nothing is told: silence would read as nothing to do."""
    said = reason if isinstance(reason, str) else lang.say(reason)
    return {
        "uuid": str(uuid5(call, "no-answer")),
        "summary": short(lang.text("hook.no_answer")),
        "detail": plain(said),
        "indicator": "info",
        "source": {"label": f"Trabecula {version}", "url": app},
        "links": [{"label": lang.text("hook.link"), "url": app, "type": "absolute"}],
    }
