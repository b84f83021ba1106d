"""How the JSON interface describes itself (OpenAPI): requests with the record's own schema, refusals as they are."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from trabecula.assessment.plans.plan import Plan
from trabecula.person import person_schema

ABOUT = (
    "Bone health in multiple sclerosis: one person's record in, an assessment with intervals out. "
    "Not a medical device. Nothing is stored and nothing is sent on."
)


class Refusal(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str = Field(description="Where, as in `person.ms.disability[0].edss`; empty for the whole request.")
    found: str
    expected: str
    todo: str = Field(description="What to do about it.")


class Refusals(BaseModel):
    """Why there is no answer: everything that is wrong, at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    problems: list[Refusal]


RESPONSES: dict[int | str, dict[str, Any]] = {
    422: {"model": Refusals, "description": "Something is wrong with the request; everything at once."},
    413: {"model": Refusals, "description": "The request is too large."},
    415: {"model": Refusals, "description": "The content is no JSON."},
}


def described(asked: type[BaseModel]) -> dict[str, Any]:
    """A request in OpenAPI: with the record's schema, and that of plans, in their places."""
    schema = asked.model_json_schema()
    schema["properties"]["person"] = _whole(person_schema())
    if "plans" in schema["properties"]:
        schema["properties"]["plans"]["items"] = _whole(Plan.model_json_schema())
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references (nothing in it refers to itself) and without a name of its own."""
    definitions = schema.get("$defs", {})
    return {
        key: _inlined(each, definitions)
        for key, each in schema.items()
        if key not in ("$defs", "$schema", "$id")
    }


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """A part of a schema, with what it refers to in its place."""
    if isinstance(node, list):
        return [_inlined(each, definitions) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(each, definitions) for key, each in node.items()}
