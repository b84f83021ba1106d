"""The body of a request from a program: JSON within limits, or a refusal."""

import json
from typing import Any, NoReturn

from starlette.requests import Request

from trabecula.adapters.files import HALF_CHARACTER, has_half_character
from trabecula.web.description import Refusal
from trabecula.web.rendering import REFUSED, TOO_LARGE

LARGEST_BODY = 1_000_000  # bytes; a limit on what programs send
NO_JSON = 415


class Refused(ValueError):
    """A request that is not answered: everything that is wrong, and the status that says so."""

    def __init__(self, problems: tuple[Refusal, ...], status: int = REFUSED) -> None:
        self.problems, self.status = problems, status
        super().__init__()


async def body_of(request: Request) -> Any:
    """The body as data."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        _refuse("another kind of content", "application/json", "set the header Content-Type", NO_JSON)
    body = await request.body()
    if len(body) > LARGEST_BODY:
        _refuse(f"{len(body):,} bytes", f"at most {LARGEST_BODY:,} bytes", "send one person", TOO_LARGE)
    try:
        data = json.loads(body, parse_constant=_no_number)
        is_broken = has_half_character(data)
    except (ValueError, RecursionError):
        _refuse("something else", "JSON", "check what is sent")
    if is_broken:
        _refuse(HALF_CHARACTER, "text", "send both halves of a surrogate pair")
    return data


def _no_number(word: str) -> NoReturn:
    """NaN and infinity are no JSON."""
    raise ValueError(word)


def _refuse(found: str, expected: str, todo: str, status: int = REFUSED) -> NoReturn:
    """Refuse the whole request."""
    raise Refused((Refusal(path="", found=found, expected=expected, todo=todo),), status)
