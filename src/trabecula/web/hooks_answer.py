"""From a request with its resources to cards: the record is read, answered once, and asked with the orders."""

import datetime
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trabecula import __version__
from trabecula.adapters.fhir import FhirError, read_bundle
from trabecula.adapters.fhir.bundle import read_record
from trabecula.adapters.fhir.dosages import instructions
from trabecula.adapters.fhir.medications import drugs_in, is_local, medication
from trabecula.assessment import Assessment
from trabecula.assessment.facts import facts
from trabecula.guidelines import advise
from trabecula.guidelines.medicines import beside, checks
from trabecula.guidelines.plan import dated_plan
from trabecula.guidelines.plan_tasks import Task
from trabecula.person import Person
from trabecula.vocabulary import BONE_DRUGS, drug_name
from trabecula.web.hooks_cards import Card, Desk, Drafts, no_answer, of_orders, of_patient
from trabecula.web.hooks_request import Gathered, HookRequest, Resource
from trabecula.web.session import NoAnswer, assessment_of, conditioned_person, evidence
from trabecula.words.language import Language
from trabecula.words.message import Message

_ENDS = frozenset({"stopped", "cancelled", "revoked", "ended", "completed"})
"""Statuses of an order on the screen that ends something instead of beginning it."""
_KEPT_S, _MOST_KEPT = 600.0, 64
"""How long answers are kept in memory [s], and how many."""


class RecentAnswers:
    """Answers of the last minutes, in memory alone: a chart is opened, then orders are selected and signed.

    They are found by a digest of the record, the day and the size of the sample; another record has another answer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._held: OrderedDict[bytes, tuple[float, Assessment]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, person: Person, on: datetime.date, draws: int) -> Assessment:
        """The answer about a record; raises NoAnswer with the reason."""
        key = hashlib.sha256(f"{person.model_dump_json()}/{on}/{draws}".encode()).digest()
        with self._lock:
            self._forget()
            if key in self._held:
                return self._held[key][1]
        answer = assessment_of(conditioned_person(person, on, draws))
        with self._lock:
            self._held[key] = (self.clock() + _KEPT_S, answer)
        return answer

    def _forget(self) -> None:
        """Let go of what is too old, and of the oldest where there are too many."""
        now = self.clock()
        while self._held and (len(self._held) > _MOST_KEPT or next(iter(self._held.values()))[0] <= now):
            self._held.popitem(last=False)


@dataclass(frozen=True)
class HookCall:
    """A request, what is known of its patient, the day, the language, and where the app is found."""

    request: HookRequest
    gathered: Gathered
    today: datetime.date
    lang: Language
    app: str
    draws: int
    recent: RecentAnswers


def cards(call: HookCall) -> list[Card]:
    """The cards of a call; one that says why, where there is no answer."""
    try:
        person, loss = read_bundle(call.gathered.bundle(), call.today)
        answer = call.recent.of(person, call.today, call.draws)
    except (FhirError, NoAnswer) as error:
        reason = error.reason if isinstance(error, NoAnswer) else error.found
        return [no_answer(call.lang, call.app, call.request.hook_instance, reason, __version__)]
    patient = {"reference": f"Patient/{call.request.context.patient_id}"}
    desk = Desk(answer, call.lang, call.app, patient, call.request.hook_instance)
    if call.request.hook == "patient-view":
        remarks = [Message("loss.assumed_line", dict(line)) for line in loss.assumed]
        return [*of_patient(desk, remarks, call.gathered.missing)]
    return [*of_orders(desk, _drafts(call, answer))]


def _drafts(call: HookCall, answer: Assessment) -> Drafts:
    """The orders on the screen: steroids, bone medicines, and the plan as it would be with them."""
    orders = [*_selected(call.request)]
    bundle = call.gathered.bundle()
    context = [order for order, _ in orders]
    record = read_record(
        {**bundle, "entry": [*bundle["entry"], *({"resource": order} for order in context)]}, call.today
    )
    steroids, bone = dict[str, str](), dict[str, str]()
    for order, name in orders:
        if _ends(order):
            continue
        routes = [instruction.get("route") for instruction in instructions(order)] or [{}]
        for drug in drugs_in(medication(order, record)):
            if drug.is_steroid and not any(is_local(drug, route) for route in routes):
                steroids[drug.name] = str(call.lang.say(drug_name(drug.name)))
            elif drug.name in BONE_DRUGS:
                bone[drug.name] = name
    return Drafts([*steroids.values()], [*bone.items()], _plan_with(call, context, answer))


def _selected(request: HookRequest) -> Iterator[tuple[Resource, str]]:
    """The medication orders on the screen with their names; of order-select those that were selected."""
    entries = (request.context.draft_orders or {}).get("entry")
    chosen = request.context.selections if request.hook == "order-select" else None
    for entry in entries if isinstance(entries, list) else []:
        order = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(order, dict) or order.get("resourceType") != "MedicationRequest":
            continue
        name = f"MedicationRequest/{order.get('id', '')}" if order.get("id") else ""
        if chosen is None or not chosen or name in chosen or order.get("id") in chosen:
            yield order, name


def _ends(order: Mapping[str, Any]) -> bool:
    """Whether an order ends a medicine, or forbids it."""
    return order.get("doNotPerform") is True or order.get("status") in _ENDS


def _plan_with(call: HookCall, orders: list[Resource], answer: Assessment) -> tuple[Task, ...]:
    """The dated plan with the orders as if they were signed today; the plan as it is where they cannot be read.

    The answer stays that of the record: what is drafted has not been taken yet.
    """
    signed = [_signed(order, call.today) for order in orders if not _ends(order)]
    bundle = call.gathered.bundle()
    try:
        with_orders = read_bundle({**bundle, "entry": [*bundle["entry"], *signed]}, call.today)[0]
    except FhirError:
        return tuple(answer.tasks)
    return plan_of(with_orders, answer)


def _signed(order: Resource, today: datetime.date) -> Resource:
    """A draft as it is once it is signed."""
    return {"resource": {"authoredOn": today.isoformat(), **order, "status": "active", "intent": "order"}}


def plan_of(person: Person, answer: Assessment) -> tuple[Task, ...]:
    """The dated plan of a person whose answer is that of an earlier record."""
    known = facts(person, answer, answer.date, evidence())
    medicines = checks(known, evidence())
    return dated_plan(known, beside(advise(known), medicines), medicines)
