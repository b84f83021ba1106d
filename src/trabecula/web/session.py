"""The one place where the web app computes: a person whom a page is asked about, and what is worked out of them.

The registry is read once; every refusal of the rooms below becomes `NoAnswer`. What earlier pages worked out and carry
is used, the rest is worked out once.
"""

import asyncio
import ctypes
import datetime
import gc
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from trabecula.assessment import Assessment, NotAssessable
from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import PatientState, prepare
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.results import Causes, Comparison
from trabecula.assessment.snapshot import take_snapshot
from trabecula.evidence import Evidence, EvidenceError
from trabecula.fracture import CountryRefused
from trabecula.fracture.baseline import AgeRefused
from trabecula.model import Model
from trabecula.person import Person
from trabecula.skeleton import DoseRefused, MarchError
from trabecula.units import days_since_birth, years
from trabecula.web.state import LARGEST_HISTORY, PageCache, SessionPage
from trabecula.words.message import WHOLE, Message

DRAWS, SEED, HORIZON_Y = 200, 1, 10.0
"""What `trabecula assess` asks for when nothing is said: draws of the posterior, their key, years ahead."""
_REFUSALS = (AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable)
Result = TypeVar("Result")


class NoAnswer(ValueError):
    """A person for whom the model gives no answer, and why (`reason`)."""

    def __init__(self, refusal: Exception) -> None:
        self.reason: Message | str = getattr(refusal, "message", str(refusal))
        super().__init__(str(refusal))


@cache
def evidence() -> Evidence:
    """The registry as shipped, read once: it is frozen, and every answer of the app rests on the same."""
    return Evidence.load()


def day_of(person: Person, today: datetime.date) -> datetime.date:
    """The day of assessment: the record's own, else today."""
    return person.assessed_on or today


def conditioned_person(
    person: Person, on: datetime.date, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
    history: bytes | None = None,
) -> PatientState:  # fmt: skip
    """One person, lived through and measured up to a day; raises NoAnswer with the reason.

    history: what `assessment.snapshot` kept of the same person, day and draws, which is then not marched again.
    """
    furthest_y = min(horizon_y, float(_years_left(person, on)))
    return _or_no_answer(lambda: prepare(person, on, Model(evidence()), draws, seed, furthest_y, history))


def assessment_of(of: PatientState) -> Assessment:
    """One person, answered; raises NoAnswer with the reason."""
    return _or_no_answer(lambda: answered(of))


def causes_of(of: PatientState, told: Callable[[float], None] = lambda _: None) -> Causes:
    """How much each cause has done; takes some seconds, and `told` hears how much is done. Raises NoAnswer."""
    return _or_no_answer(lambda: causes(of, told))


def comparison_of(of: PatientState, plans: Sequence[Plan]) -> Comparison:
    """Plans beside what is recorded, all from the same past and the same draws.

    Raises NoAnswer with the reason.
    """
    return _or_no_answer(lambda: compare(of, plans))


def _or_no_answer(make: Callable[[], Result]) -> Result:
    """What `make` gives; every refusal of the rooms below becomes NoAnswer."""
    try:
        return make()
    except _REFUSALS as refusal:
        raise NoAnswer(refusal) from None


def _years_left(person: Person, on: datetime.date) -> int:
    """Whole years until the tables of fracture and death end; raises NoAnswer for an age that is in none of them."""
    known = evidence()
    youngest, oldest = known.scalar("fracture.age.youngest"), known.scalar("mortality.lifetime_until")
    age_y = years(days_since_birth(on, person.birth_date))
    if not youngest <= age_y <= oldest - 1:
        raise NoAnswer(AgeRefused(age_y, youngest, oldest - 1))
    return int(oldest - age_y)


class Session:
    """A person on a day, asked by one page; `page` is what the next page carries, and grows by what is worked out here.

    page: what the page that asks has carried; what it worked out on another day, or with another sample, is dropped.
    person, on: who, and the day of assessment. draws: size of the sample.
    """

    def __init__(self, page: SessionPage, person: Person, on: datetime.date, draws: int) -> None:
        found = page.cache
        is_of_today = found is not None and (found.on, found.draws) == (on.isoformat(), draws)
        self.page = page if is_of_today else replace(page, cache=None, causes=None)
        self.person, self.on, self.draws = person, on, draws

    @cached_property
    def known(self) -> PatientState:
        """The person from whom every future begins; the past is only lived through when no page carries it."""
        if self.page.cache is not None and self.page.cache.history:
            return conditioned_person(self.person, self.on, self.draws, history=self.page.cache.history)
        return self._lived_through()

    @cached_property
    def assessment(self) -> Assessment:
        """The answer; raises NoAnswer with the reason."""
        if self.page.cache is not None and self.page.cache.answer:
            return Assessment.model_validate_json(self.page.cache.answer, context=WHOLE)
        found = assessment_of(self._lived_through())
        assert self.page.cache is not None, "it was just lived through"
        self.page = replace(
            self.page, cache=replace(self.page.cache, answer=found.model_dump_json(context=WHOLE).encode())
        )
        return found

    def _lived_through(self) -> PatientState:
        """The person with the whole history."""
        whole = conditioned_person(self.person, self.on, self.draws)
        history = take_snapshot(whole.past.skeleton, whole.measured, whole.model)
        carried = history if len(history) <= LARGEST_HISTORY else b""
        self.page = replace(self.page, cache=PageCache(self.on.isoformat(), self.draws, carried))
        return whole


@cache
def _limit(work: str) -> CapacityLimiter:
    """As many pieces of work of a kind at a time as there are cores, in the background one; whoever waits costs no
    memory."""
    return CapacityLimiter(1 if work == "background" else os.cpu_count() or 1)


async def lightly(work: Callable[..., Result], *given: object) -> Result:
    """Work of some milliseconds: a page that only needs writing down. In a thread, as templates block."""
    return await to_thread.run_sync(partial(work, *given))


async def briefly(work: Callable[..., Result], *given: object) -> Result:
    """Work of some tenths of a second: a choice, or an answer that is there already."""
    return await _in_lane("brief", partial(work, *given))


async def heavily(work: Callable[..., Result], *given: object) -> Result:
    """Work that computes an answer from birth on. What begins with a carried history is a fifth of it (`briefly`), and
    does not queue behind whole ones."""
    return await _in_lane("heavy", partial(work, *given))


async def behind(work: Callable[..., Result], *given: object) -> Result:
    """Work that nobody waits for with an empty page: one piece at a time, so that it hardly slows those who wait."""
    return await _in_lane("background", partial(work, *given))


async def _in_lane(kind: str, work: Callable[[], Result]) -> Result:
    """Work in one of the lanes of its kind, which it keeps until it is done, also where nobody waits for it any more:
    threads cannot be stopped, and more of them would take the time of the others."""
    task = asyncio.ensure_future(to_thread.run_sync(work, limiter=_limit(kind)))
    task.add_done_callback(_unheard)
    return await asyncio.shield(task)


def _unheard(task: asyncio.Future[Any]) -> None:
    """A fault that nobody waits for goes to no log, where its message might tell of a person."""
    if not task.cancelled():
        task.exception()


def returning_memory(work: Callable[..., Result], *given: object) -> Result:
    """Work that may take hundreds of megabytes: what it leaves behind goes back to the system, where that can be asked.

    Python's memory that is free stays with the process otherwise, at the height of its largest answer.
    """
    try:
        return work(*given)
    finally:
        gc.collect()
        if (trim := _trim()) is not None:
            trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """The C library's way of giving memory back (glibc has one)."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
