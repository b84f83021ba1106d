"""Which address leads to which page. Addresses never hold anything about a person.

What is sent comes in the body of a POST, so that it stands in no history, bookmark or log. The page that answers it is
kept under a name that nobody guesses (`kept`), and the browser is led there, so that Back and reload work. Where the
work of a page is done (`session.lightly`, `briefly`, `heavily`) is decided here, by what the page carries.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from trabecula.adapters.server.pages import ServerRefused
from trabecula.reporting.articles import ABOUT
from trabecula.web.api import LARGEST_BODY, Refusal, refusal_response
from trabecula.web.assets import packed
from trabecula.web.background import Background
from trabecula.web.fields import MOST_SHOWN
from trabecula.web.kept import PLACE, KeptPage, KeptPages, Visitor, new_place
from trabecula.web.launch import LAUNCH, LAUNCHED, Launches
from trabecula.web.localisation import link
from trabecula.web.pages import PageFault, Pages, causes_ask, causes_wait, error_page, error_part
from trabecula.web.registerpages import RegisterPages
from trabecula.web.rendering import DAMAGED, FAULT, GONE, NOT_ALLOWED, NOT_FOUND, TOO_LARGE
from trabecula.web.session import briefly, heavily, lightly, returning_memory
from trabecula.web.state import LARGEST_SEALED, FormTexts, SessionPage
from trabecula.web.tokens import TokenRefused
from trabecula.web.upload import LARGEST_REQUEST
from trabecula.words.message import Message, verbatim

View = Callable[[Request], Awaitable[Response]]
Work = Callable[..., Awaitable[Response]]
Answer = Callable[..., Response]
"""Takes what was typed and what the page carried."""
_BESIDE_ROWS = 100
"""Fields of a page that are in no list, and some more."""
_MOST_FIELDS = MOST_SHOWN + _BESIDE_ROWS
MultiPartParser.spool_max_size = LARGEST_REQUEST
"""Starlette would write a file above 1 MB to the disk; nothing is stored, so all that may be sent stays in memory."""


def add_pages(
    app: FastAPI, pages: Pages, launches: Launches | None = None, register: RegisterPages | None = None
) -> None:
    """Every page of the app; `launches`: record systems out of which it is opened; `register`: whose list it shows."""
    kept = KeptPages()
    behind = Background(kept)
    if register is not None:
        _add_register(app, pages, register, kept)
    if launches is not None:
        _add(app, "GET", {LAUNCH: _launch(launches, pages), LAUNCHED: _led(kept, _launched(launches, pages))})
    _add(app, "GET", {
        "/": _plain(pages.start),
        "/form": _led(kept, _plain(pages.first_step), at_once=True),
        "/page/{place}": _again(kept, pages),
        "/causes/{place}": _worked_out(behind, kept),
        "/learn": _plain(pages.learn),
        "/learn/{name}": _named(pages.article),
        "/about": _plain(partial(pages.article, ABOUT)),
    })  # fmt: skip
    _add(app, "POST", {
        "/form": _led(kept, _typed(pages, pages.form, _for_a_step, kept)),
        "/upload": _led(kept, _uploaded(pages)),
        "/example/{name}": _led(kept, _named(pages.example, heavily)),
        "/result": _led(kept, _typed(pages, pages.result, _for_an_answer)),
        "/causes": _begun(pages, behind),
        "/what-if": _led(kept, _what_if(pages)),
        "/download/{name}": _download(pages),
    })  # fmt: skip
    _add(
        app,
        "GET",
        dict.fromkeys(("/result", "/causes", "/what-if", "/upload", "/download/{name}", "/example/{name}"), _to_start),
    )
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(Exception, _fault)


def _add_register(app: FastAPI, pages: Pages, register: RegisterPages, kept: KeptPages) -> None:
    """The work list, one person of it, and what is said about them."""

    def sent(answer: Callable[[FormTexts], Response], work: Work = lightly) -> View:
        """A page that answers a form."""

        async def view(request: Request) -> Response:
            form = await _form(request)
            typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            return await work(answer, typed)

        return _led(kept, view)

    async def person(request: Request) -> Response:
        """A person, by the key of their row."""
        return await lightly(register.person, request.path_params["key"])

    async def first(request: Request) -> Response:
        """The list as nobody has asked anything of it."""
        del request
        return await lightly(register.listed, {})

    _add(app, "GET", {"/register": first, "/register/person/{key}": person})
    _add(app, "POST", {
        "/register": sent(register.listed),
        "/register/say": sent(register.say),
        "/register/answer": sent(partial(register.answer, pages.of_register), heavily),
    })  # fmt: skip
    _add(app, "GET", dict.fromkeys(("/register/say", "/register/answer"), _to_list))


async def _to_list(request: Request) -> Response:
    """The list, for who asks anew for what came from a form."""
    del request
    return RedirectResponse(link("/register"), 303)


def _add(app: FastAPI, method: str, views: dict[str, View]) -> None:
    """Addresses with what answers them."""
    methods = ["GET", "HEAD"] if method == "GET" else [method]
    for path, view in views.items():
        app.add_api_route(path, view, methods=methods, include_in_schema=False)


_PAGE = "/page/{place}"


def _led(kept: KeptPages, view: View, *, at_once: bool = False) -> View:
    """A page that is kept, and its browser led to where it is; a part of a page is not.

    A browser that has brought no cookie yet may take none, and gets the page itself, unless it is led there `at_once`.
    """

    async def answer(request: Request) -> Response:
        visitor: Visitor = request.scope["visitor"]
        if _is_part(request) or request.method == "HEAD" or not (visitor.known or at_once):
            return await view(request)
        place = new_place()
        PLACE.set(place)
        page = await view(request)
        if page.status_code in (NOT_FOUND, DAMAGED):
            return page
        await lightly(kept.keep, visitor, place, KeptPage(page.status_code, bytes(page.body)))
        return RedirectResponse(link(_PAGE.format(place=place)), 303)

    return answer


def _begun(pages: Pages, behind: Background) -> View:
    """What contributed is being worked out while the answer is looked at: a part of a page that is open."""

    async def view(request: Request) -> Response:
        visitor: Visitor = request.scope["visitor"]

        async def begin(answer: Callable[..., Response], typed: FormTexts, page: SessionPage) -> Response:
            """The part that waits; the one that asks where a browser takes no cookie, or too many wait."""
            place = behind.begin(visitor, partial(answer, typed, page)) if visitor.known else None
            return await lightly(causes_ask) if place is None else await lightly(causes_wait, place, 0.0)

        return await _opened(pages, request, pages.causes, lambda _typed, _page: begin)

    return view


def _worked_out(behind: Background, kept: KeptPages) -> View:
    """How far it is, then what contributed; the button that asks for it where nothing came of it."""

    async def view(request: Request) -> Response:
        place = request.path_params["place"]
        share = behind.share(place)
        if share is not None:
            return await lightly(causes_wait, place, share)
        found = await lightly(kept.take, request.scope["visitor"], place)
        return await lightly(causes_ask) if found is None else HTMLResponse(found.body, found.status)

    return view


def _again(kept: KeptPages, pages: Pages) -> View:
    """A page that was kept, as it was; or that it is no longer there, or for who takes no cookies the form itself."""

    async def view(request: Request) -> Response:
        visitor: Visitor = request.scope["visitor"]
        page = await lightly(kept.open, visitor, request.path_params["place"])
        if page is not None:
            return HTMLResponse(page.body, page.status)
        if visitor.known or visitor.stale:
            return await lightly(error_page, GONE)
        return await lightly(pages.first_step)

    return view


def _plain(answer: Callable[[], Response]) -> View:
    """A page that anybody may ask for; nothing in it is about anybody."""

    async def view(request: Request) -> Response:
        page = await lightly(answer)
        return page if PLACE.get() else packed(page, request.headers)

    return view


def _named(answer: Callable[[str], Response], work: Work = lightly) -> View:
    """A page with a name in its address; one that can be asked for by its address alone is about nobody."""

    async def view(request: Request) -> Response:
        page = await work(answer, request.path_params["name"])
        return packed(page, request.headers) if request.method == "GET" else page

    return view


def _typed(
    pages: Pages, answer: Answer, where: Callable[[FormTexts, SessionPage], Work], kept: KeptPages | None = None
) -> View:
    """A page that answers a form with what the page before it carried; `where` its work is done.

    kept: puts what was typed into the page that it was typed on, for who goes back there.
    """

    async def view(request: Request) -> Response:
        return await _opened(pages, request, answer, where, kept)

    return view


def _for_a_step(typed: FormTexts, page: SessionPage) -> Work:
    """A step of the form is light; its last button asks for an answer."""
    del page
    return heavily if typed.get("do") == "assess" else lightly


def _for_an_answer(typed: FormTexts, page: SessionPage) -> Work:
    """An answer that the page carries only needs to be written down again, unless it is to be explained."""
    carried = page.cache is not None and page.cache.answer
    return briefly if carried and (page.causes is not None or typed.get("causes") != "yes") else heavily


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
    pages: Pages, request: Request, answer: Answer, where: Callable[[FormTexts, SessionPage], Work],
    kept: KeptPages | None = None,
) -> Response:  # fmt: skip
    """Opens what the page carried, and answers; one that was cut on the way is said so."""
    form = await _form(request)
    # Files left out; of what was sent twice the last counts (a button stands behind its field).
    typed: FormTexts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    page = await lightly(pages.opened, typed.get("state", ""))
    if page is None:
        return await lightly(_problem, request, DAMAGED)
    if kept is not None:
        await lightly(_keep_typed, pages, kept, request.scope["visitor"], typed, page)
    return await where(typed, page)(answer, typed, page)


def _keep_typed(pages: Pages, kept: KeptPages, visitor: Visitor, typed: FormTexts, page: SessionPage) -> None:
    """The page that a step was typed on, with what was typed: whoever goes back finds it there."""
    place, step = typed.get("page", ""), typed.get("step", "")
    if not step or not kept.has(visitor, place):
        return
    now = PLACE.get()
    PLACE.set(place)
    again = pages.form({**typed, "do": f"go:{step}"}, page)
    kept.keep(visitor, place, KeptPage(again.status_code, bytes(again.body)))
    PLACE.set(now)


def _problem(request: Request, status: int, state: str = "") -> Response:
    """A page that says what did not work, or the part of one."""
    return (error_part if _is_part(request) else error_page)(status, state)


def _uploaded(pages: Pages) -> View:
    """A page that answers a file."""

    async def view(request: Request) -> Response:
        file = (await _form(request)).get("file")
        if not isinstance(file, UploadFile):
            return await lightly(pages.upload, b"", "")
        raw = await file.read(LARGEST_REQUEST)
        return await heavily(returning_memory, pages.upload, raw, file.filename or "")

    return view


def _launch(launches: Launches, pages: Pages) -> View:
    """To a record system, which sends the browser back."""

    async def view(request: Request) -> Response:
        query, visitor = request.query_params, request.scope["visitor"]
        try:
            there = await launches.begin(visitor.secret, query.get("iss", ""), query.get("launch", ""))
        except (ServerRefused, TokenRefused) as refused:
            return await lightly(pages.not_launched, refused)
        return RedirectResponse(there, 303)

    return view


def _launched(launches: Launches, pages: Pages) -> View:
    """Back from a record system: what was read, for review."""

    async def view(request: Request) -> Response:
        query, visitor = request.query_params, request.scope["visitor"]
        try:
            bundle, name = await launches.finish(visitor.secret, query.get("state", ""), query.get("code", ""))
        except (ServerRefused, TokenRefused) as refused:
            return await lightly(pages.not_launched, refused)
        return await heavily(returning_memory, pages.launched, bundle, name)

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
