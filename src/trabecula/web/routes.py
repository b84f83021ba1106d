"""Which address leads to which page. Addresses never hold anything about a person.

What is sent comes in the body of a POST, so that it stands in no history, bookmark or log. An answer's address, asked
for again, leads to the start: there is nothing behind it. Where the work of a page is done (`session.lightly`,
`briefly`, `heavily`) is decided here, by what the page carries.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from trabecula.reporting.articles import ABOUT
from trabecula.web.api import LARGEST_BODY, Refusal, refusal_response
from trabecula.web.fields import MOST_SHOWN
from trabecula.web.localisation import link
from trabecula.web.pages import PageFault, Pages, error_page, error_part
from trabecula.web.rendering import DAMAGED, FAULT, NOT_ALLOWED, NOT_FOUND, TOO_LARGE
from trabecula.web.session import briefly, heavily, lightly
from trabecula.web.state import LARGEST_SEALED, FormTexts, SessionPage
from trabecula.web.upload import LARGEST_REQUEST
from trabecula.words.message import Message, verbatim

View = Callable[[Request], Awaitable[Response]]
Work = Callable[..., Awaitable[Response]]
Answer = Callable[[FormTexts, SessionPage], Response]
_BESIDE_ROWS = 100
"""Fields of a page that are in no list, and some more."""
_MOST_FIELDS = MOST_SHOWN + _BESIDE_ROWS
MultiPartParser.spool_max_size = LARGEST_REQUEST
"""Starlette would write a file above 1 MB to the disk; nothing is stored, so all that may be sent stays in memory."""


def add_pages(app: FastAPI, pages: Pages) -> None:
    """Every page of the app."""
    _add(app, "GET", {
        "/": _plain(pages.start),
        "/form": _plain(pages.first_step),
        "/learn": _plain(pages.learn),
        "/learn/{name}": _named(pages.article),
        "/about": _plain(partial(pages.article, ABOUT)),
    })  # fmt: skip
    _add(app, "POST", {
        "/form": _typed(pages, pages.form, _for_a_step),
        "/upload": _uploaded(pages),
        "/example/{name}": _named(pages.example, heavily),
        "/result": _typed(pages, pages.result, _for_an_answer),
        "/what-if": _what_if(pages),
        "/download/{name}": _download(pages),
    })  # fmt: skip
    _add(
        app, "GET", dict.fromkeys(("/result", "/what-if", "/upload", "/download/{name}", "/example/{name}"), _to_start)
    )
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(Exception, _fault)


def _add(app: FastAPI, method: str, views: dict[str, View]) -> None:
    """Addresses with what answers them."""
    methods = ["GET", "HEAD"] if method == "GET" else [method]
    for path, view in views.items():
        app.add_api_route(path, view, methods=methods, include_in_schema=False)


def _plain(answer: Callable[[], Response]) -> View:
    """A page that anybody may ask for."""

    async def view(request: Request) -> Response:
        del request
        return await lightly(answer)

    return view


def _named(answer: Callable[[str], Response], work: Work = lightly) -> View:
    """A page with a name in its address."""

    async def view(request: Request) -> Response:
        return await work(answer, request.path_params["name"])

    return view


def _typed(pages: Pages, answer: Answer, where: Callable[[FormTexts, SessionPage], Work]) -> View:
    """A page that answers a form with what the page before it carried; `where` its work is done."""

    async def view(request: Request) -> Response:
        return await _opened(pages, request, answer, where)

    return view


def _for_a_step(typed: FormTexts, page: SessionPage) -> Work:
    """A step of the form is light; its last button asks for an answer."""
    del page
    return heavily if typed.get("do") == "assess" else lightly


def _for_an_answer(typed: FormTexts, page: SessionPage) -> Work:
    """An answer that the page carries only needs to be written down again, unless it is to be explained."""
    carried = page.cache is not None and page.cache.answer
    return briefly if carried and typed.get("causes") != "yes" else heavily


def _for_a_choice(typed: FormTexts, page: SessionPage) -> Work:
    """A choice begins where the history that the page carries ends."""
    del typed
    return briefly if page.cache is not None and page.cache.history else heavily


def _what_if(pages: Pages) -> View:
    """The panel of choices: a whole page, or for htmx the part of it that changes."""

    async def view(request: Request) -> Response:
        return await _opened(pages, request, partial(pages.what_if, part=_is_part(request)), _for_a_choice)

    return view


def _is_part(request: Request) -> bool:
    """Whether only a part of a page that is open is asked for."""
    return request.headers.get("hx-request") == "true"


def _download(pages: Pages) -> View:
    """A file made from what the page carries."""

    async def view(request: Request) -> Response:
        answer = partial(pages.download, request.path_params["name"])
        return await _opened(pages, request, answer, lambda _typed, _page: heavily)

    return view


async def _opened(
    pages: Pages, request: Request, answer: Answer, where: Callable[[FormTexts, SessionPage], Work]
) -> Response:
    """Opens what the page carried, and answers; one that was cut on the way is said so."""
    form = await _form(request)
    # Files left out; of what was sent twice the last counts (a button stands behind its field).
    typed: FormTexts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    page = await lightly(pages.opened, typed.get("state", ""))
    if page is None:
        return await lightly(_problem, request, DAMAGED)
    return await where(typed, page)(answer, typed, page)


def _problem(request: Request, status: int, state: str = "") -> Response:
    """A page that says what did not work, or the part of one."""
    return (error_part if _is_part(request) else error_page)(status, state)


def _uploaded(pages: Pages) -> View:
    """A page that answers a file."""

    async def view(request: Request) -> Response:
        file = (await _form(request)).get("file")
        if not isinstance(file, UploadFile):
            return await lightly(pages.upload, b"", "")
        return await heavily(pages.upload, await file.read(LARGEST_REQUEST), file.filename or "")

    return view


async def _form(request: Request) -> FormData:
    """The form that was sent, within limits.

    One file, as many fields as the longest page has, none of them longer than a sealed page.
    """
    return await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=LARGEST_SEALED)


async def _to_start(request: Request) -> Response:
    """The address of an answer, asked for anew: nothing was stored, so begin at the start."""
    del request
    return RedirectResponse(link("/"), 303)


class SizeLimit:
    """Refuses what says itself that it is too large, as a page or in JSON; the framework would do so in a bare line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = self.app
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdecimal() and int(length) > LARGEST_REQUEST:
            answer = await _failed(Request(scope), HTTPException(TOO_LARGE))
        await answer(scope, receive, send)


_EXPECTED = {
    NOT_FOUND: (Message("api.expected.address"), Message("api.todo.see_description")),
    NOT_ALLOWED: (Message("api.expected.method"), Message("api.todo.see_description")),
    TOO_LARGE: (Message("api.expected.bytes", {"n": LARGEST_BODY}), Message("api.todo.one_person")),
}
_READABLE = (Message("api.expected.readable"), Message("api.todo.check"))


async def _failed(request: Request, error: Any) -> Response:
    """No such page, or a form that is no form; programs are told in JSON."""
    status = error.status_code
    if not request.url.path.startswith("/api/"):
        return _problem(request, status)
    expected, todo = _EXPECTED.get(status, _READABLE)
    found = verbatim(f"{request.method} {request.url.path}")
    return refusal_response([Refusal(path="", found=found, expected=expected, todo=todo)], status, error.headers)


async def _fault(request: Request, error: Exception) -> Response:
    """A fault of the program; what is said and logged of it names no value, and what was typed is kept."""
    if not request.url.path.startswith("/api/"):
        return _problem(request, FAULT, error.state if isinstance(error, PageFault) else "")
    found, expected, todo = (Message(f"api.{part}") for part in ("found.fault", "expected.answer", "todo.report"))
    return refusal_response([Refusal(path="", found=found, expected=expected, todo=todo)], FAULT)
