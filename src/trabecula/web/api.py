"""The JSON interface: one record in, one answer out. Strict: what the description does not allow is refused."""

import datetime
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from trabecula.assessment import Assessment
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.plans.reading import PlanError, library, read_plan
from trabecula.assessment.results import Comparison
from trabecula.person import PersonError, Problem, read_person
from trabecula.web import answering
from trabecula.web.answering import NoAnswer
from trabecula.web.choosing import MOST as MOST_PLANS
from trabecula.web.description import RESPONSES, Refusal, Refusals, described
from trabecula.web.entries import MOST, is_too_much
from trabecula.web.receiving import Refused, body_of
from trabecula.web.working import heavily

_FEWEST, _MOST = 20, 1_000  # fewer draws have no 90 % interval, more only take time
_SEEDS = 2**32  # what the keys of chance tell apart
_FURTHEST_Y = 60  # years; the tables of death end at a great age
Kind = TypeVar("Kind", bound="Asked")


class Asked(BaseModel):
    """A record to assess, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    person: dict[str, Any] = Field(description="The person's record.")
    draws: Annotated[int, Field(ge=_FEWEST, le=_MOST)] = answering.DRAWS
    seed: Annotated[int, Field(ge=0, lt=_SEEDS)] = answering.SEED
    horizon_y: Annotated[float, Field(ge=1, le=_FURTHEST_Y)] = answering.HORIZON_Y


class AskedToCompare(Asked):
    """A record, and plans to compare with what is recorded."""

    plans: Annotated[
        list[dict[str, Any]], Field(min_length=1, max_length=MOST_PLANS, description="The plans.")
    ]


def router(today: Callable[[], datetime.date]) -> APIRouter:
    """The addresses for programs."""
    api = APIRouter(prefix="/api", tags=["answers"], responses=RESPONSES)

    @api.post(
        "/assess", response_model=Assessment, summary="Assess one person", openapi_extra=described(Asked)
    )
    async def assess(request: Request) -> Response:
        """The assessment of one record for its day (`assessed_on`), or for today."""
        return await _answered(request, Asked, lambda asked: answering.answer(_known(asked, today())))

    @api.post(
        "/compare",
        response_model=Comparison,
        summary="Compare plans",
        openapi_extra=described(AskedToCompare),
    )
    async def compare(request: Request) -> Response:
        """What up to four plans would change for one person, beside what is recorded."""
        return await _answered(request, AskedToCompare, lambda asked: _compared(asked, today()))

    @api.get(
        "/plans", response_model=list[Plan], summary="The plans that come with the program", responses={}
    )
    async def plans() -> Response:
        """Named plans, ready for `/api/compare`."""
        found = [each.model_dump(mode="json", exclude_unset=True) for each in library().values()]
        return JSONResponse(found)

    return api


async def _answered(request: Request, kind: type[Kind], make: Callable[[Kind], BaseModel]) -> Response:
    """What is made of the request's JSON, or everything that is wrong with it."""
    try:
        data = await body_of(request)
        answer = await heavily(_made, kind, make, data)
    except Refused as refused:
        return JSONResponse(Refusals(problems=list(refused.problems)).model_dump(), refused.status)
    return Response(answer.model_dump_json(), media_type="application/json")


def _made(kind: type[Kind], make: Callable[[Kind], BaseModel], data: Any) -> BaseModel:
    """The answer; every refusal of the rooms below becomes one of the interface."""
    try:
        return make(_read(kind, data))
    except (PersonError, NoAnswer) as error:
        raise Refused(tuple(_refusals(error))) from None
    except RecursionError:
        found, expected = "groups within groups, too deep to follow", "a record of a few levels"
        raise Refused((Refusal(path="", found=found, expected=expected, todo="see /openapi.json"),)) from None


def _read(kind: type[Kind], data: Any) -> Kind:
    """The request; only here a complaint of pydantic is about what was sent, later it is a fault of ours."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise Refused(tuple(_unfit(error))) from None


def _known(asked: Asked, today: datetime.date) -> PatientState:
    """The person of a request, lived up to the day of assessment."""
    if is_too_much(asked.person):
        found, todo = f"more than {MOST:,} values", "send what happened to one person"
        raise Refused((Refusal(path="person", found=found, expected=f"at most {MOST:,}", todo=todo),))
    on = answering.day_of(read_person(asked.person), today)
    return answering.known(read_person(asked.person, on), on, asked.draws, asked.seed, asked.horizon_y)


def _compared(asked: AskedToCompare, today: datetime.date) -> Comparison:
    """Plans beside what is recorded."""
    plans = [_plan(each, number) for number, each in enumerate(asked.plans)]
    return answering.compared(_known(asked, today), plans)


def _plan(data: dict[str, Any], number: int) -> Plan:
    """A plan of a request."""
    try:
        return read_plan(data)
    except PlanError as error:
        raise Refused(tuple(_refusal(each, f"plans[{number}]") for each in error.problems)) from None


def _unfit(error: ValidationError) -> Iterator[Refusal]:
    """What does not fit the description, one by one; a value beside the record is not repeated."""
    for each in error.errors(include_url=False):
        path = ".".join(map(str, each["loc"]))
        yield Refusal(path=path, found="something else", expected=each["msg"], todo="see /openapi.json")


def _refusals(error: PersonError | NoAnswer) -> Iterator[Refusal]:
    """What is wrong with the record, one by one."""
    if isinstance(error, PersonError):
        yield from (_refusal(each, "person") for each in error.problems)
    else:
        yield Refusal(
            path="person", found="a record without an answer", expected="one that has", todo=str(error)
        )


def _refusal(problem: Problem, part: str) -> Refusal:
    """A problem of the record or of a plan."""
    path = f"{part}.{problem.path}" if problem.path else part
    return Refusal(path=path, found=problem.found, expected=problem.expected, todo=problem.todo)
