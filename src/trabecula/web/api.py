"""The JSON interface: one record in, one answer out. Strict: what the description does not allow is refused.

Sentences are in the language that is asked for (`?lang=de` or Accept-Language), names of fields and choices never. It
describes itself in OpenAPI, with the record's own schema in the place of the record; a refusal has the same form
whatever was wrong, and everything that is wrong at once.
"""

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NoReturn, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from trabecula.adapters.files import has_half_character
from trabecula.assessment import Assessment
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.plans.reading import PlanError, library, read_plan
from trabecula.assessment.results import Comparison
from trabecula.person import PersonError, Problem, person_schema, read_person
from trabecula.web.as_fhir import FhirResponse, as_fhir
from trabecula.web.entries import MOST_VALUES, is_too_much
from trabecula.web.localisation import page_language
from trabecula.web.rendering import REFUSED, TOO_LARGE
from trabecula.web.session import (
    DRAWS,
    HORIZON_Y,
    SEED,
    NoAnswer,
    assessment_of,
    comparison_of,
    conditioned_person,
    day_of,
    heavily,
    returning_memory,
)
from trabecula.web.whatif import MOST_PLANS
from trabecula.words.message import Message, verbatim

ABOUT = (
    "Bone health in multiple sclerosis: one person's record in, an assessment with intervals out. "
    "Not a medical device. Nothing is stored and nothing is sent on."
)


class Refusal(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str = Field(
        description="Path of the problem, e.g. `person.ms.disability[0].edss`; empty for the whole request."
    )
    found: Message
    expected: Message
    todo: Message = Field(description="What to do about it.")


class Refusals(BaseModel):
    """Why there is no answer: everything that is wrong, at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: list[Refusal]


RESPONSES: dict[int | str, dict[str, Any]] = {
    422: {"model": Refusals, "description": "Invalid request; all problems are listed together."},
    413: {"model": Refusals, "description": "The request is too large."},
    415: {"model": Refusals, "description": "The content is not JSON."},
}


def described(request: type[BaseModel]) -> dict[str, Any]:
    """A request in OpenAPI: with the record's schema, and that of plans, in their places.

    Requests are read by hand (`body_of`), so that every refusal is ours; the description is put beside them here.
    """
    schema = request.model_json_schema()
    schema["properties"]["person"] = _whole(person_schema())
    if "plans" in schema["properties"]:
        schema["properties"]["plans"]["items"] = _whole(Plan.model_json_schema())
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references (nothing in it refers to itself) and without a name of its own."""
    definitions = schema.get("$defs", {})
    return {key: _inlined(part, definitions) for key, part in schema.items() if key not in ("$defs", "$schema", "$id")}


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """A part of a schema, with what it refers to in its place."""
    if isinstance(node, list):
        return [_inlined(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(part, definitions) for key, part in node.items()}


_SEE = Message("api.todo.see_description")
_EXPECTED = {
    "missing": "needed", "extra_forbidden": "no_such_field", "bool_type": "yes_no", "string_type": "text",
    "int_type": "whole_number", "int_from_float": "whole_number", "float_type": "number", "finite_number": "number",
    "dict_type": "group", "model_type": "group", "list_type": "list", "greater_than_equal": "at_least",
    "less_than_equal": "at_most", "less_than": "below", "too_long": "fewer", "too_short": "more",
}  # fmt: skip
"""What pydantic misses, as a request is told of it."""
_LIMITED = frozenset({"at_least", "at_most", "below"})
_FEWEST, _MOST = 20, 1_000
"""Draws: fewer have no 90 % interval, more only take time."""
_FURTHEST_Y = 60
"""Years ahead; the tables of death end at a great age."""
_MOST_DRAW_YEARS = 12_000
"""Draws times years of one answer: what the largest of them takes stays below some seconds and 300 MB."""
_SEEDS = 2**32
"""Keys of the draws fit in 32 bits."""
Kind = TypeVar("Kind", bound="AssessRequest")


class AssessRequest(BaseModel):
    """A record to assess, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    person: dict[str, Any] = Field(description="The person's record.")  # read strictly, but by its own room
    draws: Annotated[int, Field(ge=_FEWEST, le=_MOST)] = DRAWS
    seed: Annotated[int, Field(ge=0, lt=_SEEDS)] = SEED
    horizon_y: Annotated[float, Field(ge=1, le=_FURTHEST_Y)] = HORIZON_Y


class CompareRequest(AssessRequest):
    """A record, and plans to compare with what is recorded."""

    plans: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_PLANS, description="The plans.")]


def router(today: Callable[[], datetime.date]) -> APIRouter:
    """The addresses for programs."""
    api = APIRouter(prefix="/api", tags=["answers"], responses=RESPONSES)

    @api.post("/assess", response_model=Assessment, summary="Assess one person", openapi_extra=described(AssessRequest))
    async def assess(request: Request) -> Response:
        """The assessment of one record for its day (`assessed_on`), or for today."""
        return await _answered(request, AssessRequest, lambda query: assessment_of(_known(query, today())))

    @api.post("/compare", response_model=Comparison, summary="Compare plans", openapi_extra=described(CompareRequest))
    async def compare(request: Request) -> Response:
        """What up to four plans would change for one person, beside what is recorded."""
        return await _answered(request, CompareRequest, lambda query: _compared(query, today()))

    a_bundle = {"content": {FhirResponse.media_type: {"schema": {"type": "object"}}}, "description": "The bundle."}

    @api.post(
        "/fhir", summary="One person as FHIR R4", openapi_extra=described(AssessRequest),
        responses={200: a_bundle},
    )  # fmt: skip
    async def fhir(request: Request) -> Response:
        """The record and its assessment as a Bundle; nothing in it is an order."""
        return await _answered(request, AssessRequest, lambda query: as_fhir(_known(query, today())), FhirResponse)

    @api.get("/plans", response_model=list[Plan], summary="The plans that come with the program", responses={})
    async def plans() -> Response:
        """Named plans, ready for `/api/compare`."""
        found = [plan.model_dump(mode="json", exclude_unset=True, context=_language()) for plan in library().values()]
        return JSONResponse(found)

    return api


class _Json(Response):
    """An answer of ours."""

    media_type = "application/json"


async def _answered(
    request: Request, kind: type[Kind], make: Callable[[Kind], BaseModel | str], answer_as: type[Response] = _Json
) -> Response:
    """What is made of the request's JSON, or everything that is wrong with it."""
    try:
        data = await body_of(request)
        answer = await heavily(returning_memory, _made, kind, make, data)
    except RequestRefused as refused:
        return refusal_response(refused.problems, refused.status)
    text = answer if isinstance(answer, str) else answer.model_dump_json(context=_language())
    return answer_as(text)


def _made(kind: type[Kind], make: Callable[[Kind], BaseModel | str], data: Any) -> BaseModel | str:
    """The answer; every refusal of the rooms below becomes one of the interface."""
    try:
        return make(_read(kind, data))
    except (PersonError, NoAnswer) as error:
        raise RequestRefused(tuple(_refusals(error))) from None
    except RecursionError:
        found, expected = Message("api.found.too_deep"), Message("api.expected.few_levels")
        raise RequestRefused((Refusal(path="", found=found, expected=expected, todo=_SEE),)) from None


def _read(kind: type[Kind], data: Any) -> Kind:
    """The request; only here a complaint of pydantic is about what was sent, later it is a fault of ours."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise RequestRefused(tuple(_unfit(error))) from None


def _known(query: AssessRequest, today: datetime.date) -> PatientState:
    """The person of a request, lived up to the day of assessment."""
    if is_too_much(query.person):
        found = Message("api.found.more_values", {"n": MOST_VALUES})
        expected, todo = Message("api.expected.at_most", {"n": MOST_VALUES}), Message("api.todo.one_life")
        raise RequestRefused((Refusal(path="person", found=found, expected=expected, todo=todo),))
    if query.draws * query.horizon_y > _MOST_DRAW_YEARS:
        found = Message("api.found.draws_and_years", {"draws": query.draws, "years": query.horizon_y})
        expected, todo = Message("api.expected.draw_years", {"n": _MOST_DRAW_YEARS}), Message("api.todo.fewer_draws")
        raise RequestRefused((Refusal(path="draws", found=found, expected=expected, todo=todo),))
    on = day_of(read_person(query.person), today)
    return conditioned_person(read_person(query.person, on), on, query.draws, query.seed, query.horizon_y)


def _compared(query: CompareRequest, today: datetime.date) -> Comparison:
    """Plans beside what is recorded."""
    plans = [_plan(plan, number) for number, plan in enumerate(query.plans)]
    return comparison_of(_known(query, today), plans)


def _plan(data: dict[str, Any], number: int) -> Plan:
    """A plan of a request."""
    try:
        return read_plan(data)
    except PlanError as error:
        raise RequestRefused(tuple(_refusal(problem, f"plans[{number}]") for problem in error.problems)) from None


def _unfit(error: ValidationError) -> Iterator[Refusal]:
    """What does not fit the description, one by one; a value beside the record is not repeated."""
    for detail in error.errors(include_url=False):
        path = ".".join(map(str, detail["loc"]))
        name, limits = _EXPECTED.get(detail["type"], "value"), detail.get("ctx", {})
        values = {"n": next(iter(limits.values()))} if name in _LIMITED else {}
        found, expected = Message("api.found.something_else"), Message(f"api.expected.{name}", values)
        yield Refusal(path=path, found=found, expected=expected, todo=_SEE)


def _refusals(error: PersonError | NoAnswer) -> Iterator[Refusal]:
    """What is wrong with the record, one by one."""
    if isinstance(error, PersonError):
        yield from (_refusal(problem, "person") for problem in error.problems)
    else:
        found, expected = Message("api.found.no_answer"), Message("api.expected.answerable")
        yield Refusal(path="person", found=found, expected=expected, todo=as_message(error.reason))


def _refusal(problem: Problem, part: str) -> Refusal:
    """A problem of the record or of a plan."""
    path = f"{part}.{problem.path}" if problem.path else part
    parts = {"found": problem.found, "expected": problem.expected, "todo": problem.todo}
    return Refusal(path=path, **{name: as_message(part) for name, part in parts.items()})


def as_message(sentence: Message | str) -> Message:
    """A sentence as a message; a text that is none of ours as it is."""
    return sentence if isinstance(sentence, Message) else verbatim(sentence)


def refusal_response(
    problems: Sequence[Refusal], status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Why there is no answer, in the language asked for."""
    return JSONResponse(Refusals(problems=list(problems)).model_dump(context=_language()), status, headers)


def _language() -> dict[str, str]:
    """The context in which messages become sentences."""
    return {"language": page_language().code}


LARGEST_BODY = 1_000_000
"""Bytes of a request from a program."""
NO_JSON = 415


class RequestRefused(ValueError):
    """A request that is not answered: everything that is wrong, and the status that says so."""

    def __init__(self, problems: tuple[Refusal, ...], status: int = REFUSED) -> None:
        self.problems, self.status = problems, status
        super().__init__()


async def body_of(request: Request) -> Any:
    """The body as data; raises RequestRefused for another kind of content, too much of it, or what is no JSON.

    NaN, infinity and half characters are refused although Python reads them: an answer could not repeat them.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        _refuse("other_content", verbatim("application/json"), "content_type", NO_JSON)
    body = await request.body()
    if len(body) > LARGEST_BODY:
        _refuse("too_long", Message("api.expected.bytes", {"n": LARGEST_BODY}), "one_person", TOO_LARGE)
    try:
        data = json.loads(body, parse_constant=_no_number)
        is_broken = has_half_character(data)
    except (ValueError, RecursionError):
        _refuse("something_else", verbatim("JSON"), "check")
    if is_broken:
        _refuse("half_character", Message("api.expected.text"), "both_halves")
    return data


def _no_number(word: str) -> NoReturn:
    """NaN and infinity are no JSON."""
    raise ValueError(word)


def _refuse(found: str, expected: Message, todo: str, status: int = REFUSED) -> NoReturn:
    """Refuse the whole request; `found` and `todo` are the names of their messages."""
    refusal = Refusal(path="", found=Message(f"api.found.{found}"), expected=expected, todo=Message(f"api.todo.{todo}"))
    raise RequestRefused((refusal,), status)
