"""The pages: each takes what was sent and gives a page; nothing is kept in between.

A page that answers is reached in one way (`Pages._answered`), whatever it shows: entries to person, person to session,
session to page; or the form with what is wrong, or why there is no answer, or a fault that keeps what was typed.
"""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from starlette.responses import Response

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.files import InputError
from trabecula.adapters.server.pages import ServerRefused
from trabecula.person import Person, PersonError, Problem
from trabecula.reporting import articles
from trabecula.reporting.html import context_article
from trabecula.units import PER_CENT
from trabecula.web import formpages, forms, medicines, rendering, resultpages, upload, whatif
from trabecula.web.entries import MOST_VALUES, nested
from trabecula.web.examples import EXAMPLES
from trabecula.web.forms import FieldProblem
from trabecula.web.localisation import link, page_language
from trabecula.web.rendering import NOT_FOUND, REFUSED
from trabecula.web.session import NoAnswer, Session, day_of
from trabecula.web.state import LARGEST_SEALED, FormTexts, Seal, SessionPage, Unreadable, open_page, seal_page
from trabecula.web.tokens import TokenRefused
from trabecula.words.message import Message, verbatim

_ARTICLE = "/learn/{name}"
_LARGEST_FILE, _MOST_ENTRIES = LARGEST_SEALED // 2, 2 * MOST_VALUES
"""What a file may bring to a page, sealed, and what is opened again: there is room for as much to be typed to it."""
_EXPIRED = Message("web.part.expired")
_WRONG = Message("web.part.entries_wrong")


class PageFault(Exception):
    """A fault of the program while a page was made; `state` is what was typed, for the page that says so."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__()


class Pages:
    """The pages of one running app.

    seal: closes and opens what pages carry; today: the clock, for records without a day of assessment; draws: size of
    the sample behind the intervals.
    """

    def __init__(self, seal: Seal, today: Callable[[], datetime.date], draws: int) -> None:
        self.seal, self.today, self.draws = seal, today, draws

    def start(self) -> Response:
        """Where everything begins: an example, the form, or a file."""
        return _start()

    def first_step(self) -> Response:
        """An empty form."""
        return formpages.form_page({}, SessionPage({}), self.seal, self.today())

    def example(self, name: str) -> Response:
        """The answer for an invented person."""
        if name not in EXAMPLES:
            return error_page(NOT_FOUND)
        return self._answered(SessionPage(forms.entries_of(EXAMPLES[name].person)), {}, self._result)

    def form(self, typed: FormTexts, page: SessionPage) -> Response:
        """A step of the form, or the answer when the button says so."""
        page = formpages.typed_page(typed, page)
        if typed.get("do") == "assess":
            return self._answered(page, typed, self._result)
        return formpages.form_page(typed, page, self.seal, self.today())

    def upload(self, raw: bytes, name: str) -> Response:
        """The answer for a record in a file, or what is wrong with it."""
        return self._taken(raw, name, lambda page: self._answered(page, {}, self._result))

    def launched(self, bundle: Element, name: str) -> Response:
        """What a record system gave, for review: nobody has chosen this record by hand, so it is looked at first."""
        raw = to_json(bundle, indent=0).encode()
        return self._taken(raw, name, lambda page: formpages.review_page(page, self.seal, self.today()))

    def of_register(self, person: Person) -> Response:
        """The whole answer for a person of a register."""
        return self._answered(SessionPage(forms.entries_of(person)), {}, self._result)

    def not_launched(self, refused: ServerRefused | TokenRefused) -> Response:
        """Why there is no record: a server's fault is told, of a token nothing is."""
        why = Message("web.launch.server", {"what": verbatim(str(refused))})
        found = why if isinstance(refused, ServerRefused) else Message("web.launch.refused")
        expected, todo = Message("web.launch.expected"), Message("web.launch.again")
        return _start(REFUSED, refused=InputError(Message("web.launch.record_system"), found, expected, todo))

    def _taken(self, raw: bytes, name: str, show: Callable[[SessionPage], Response]) -> Response:
        """What is shown of a record that came whole, or what is wrong with it.

        A record that no page could carry is refused here: what would be lost on the next page is told on the first.
        """
        try:
            reading = upload.read_upload(raw, name, self.today())
        except InputError as error:
            return _start(REFUSED, refused=error)
        except PersonError as error:
            return _start(REFUSED, problems=error.problems)
        entries = forms.entries_of(reading.person)
        # Who exports a bundle cannot change it, and its codes are not misspelt; a record by hand may be.
        known = medicines.taken_as_written(entries, misspelt=reading.report is None)
        page = SessionPage(entries, tuple(upload.remarks(reading.report)), confirmed=known)
        if len(seal_page(page, self.seal)) > _LARGEST_FILE:
            return _start(REFUSED, refused=upload.too_much(name, Message("file.more_text_than_a_page_can")))
        return show(page)

    def result(self, typed: FormTexts, page: SessionPage) -> Response:
        """The answer for what the page carries."""
        return self._answered(page, typed, self._result)

    def causes(self, typed: FormTexts, page: SessionPage, told: Callable[[float], None]) -> Response:
        """The part of an open answer with what contributed; `told` hears how far it is."""
        return self._answered(page, typed, partial(resultpages.causes_part, seal=self.seal, told=told), part=True)

    def download(self, name: str, typed: FormTexts, page: SessionPage) -> Response:
        """A file of the answer."""
        if name not in resultpages.NAMES:
            return error_page(NOT_FOUND)
        return self._answered(page, typed, partial(resultpages.download, name))

    def what_if(self, typed: FormTexts, page: SessionPage, part: bool = False) -> Response:
        """What would change, for what was chosen; `part`: only what changes on a page that is open."""
        if part and not page.fresh:
            return error_part(200, seal_page(page, self.seal), _EXPIRED)
        return self._answered(page, typed, partial(whatif.what_if_page, seal=self.seal, part=part), part)

    def _result(self, session: Session, typed: FormTexts) -> Response:
        """The page with the answer."""
        return resultpages.result_page(session, typed, self.seal)

    def _answered(
        self, page: SessionPage, typed: FormTexts, show: Callable[[Session, FormTexts], Response], part: bool = False
    ) -> Response:
        """What is shown of a person; or the form with what is wrong, or why there is no answer.

        Raises PageFault, so that what was typed outlives a fault; what was worked out, which may be its cause, does
        not.
        """
        if not page.fresh:
            return formpages.review_page(page, self.seal, self.today())
        try:
            person = forms.checked_person(page, self.today())
            return show(Session(page, person, day_of(person, self.today()), self.draws), typed)
        except (PersonError, NoAnswer) as error:
            return self._unanswered(page, error, part)
        except Exception as fault:
            raise PageFault(seal_page(replace(page, causes=None, cache=None), self.seal)) from fault

    def _unanswered(self, page: SessionPage, error: PersonError | NoAnswer, part: bool) -> Response:
        """The form with what is wrong, or why there is no answer; on a page that is open a way there."""
        state = seal_page(page, self.seal)
        if part:
            return error_part(REFUSED, state, _WRONG if isinstance(error, PersonError) else error.reason)
        if isinstance(error, NoAnswer):
            return rendering.page("refused.html", REFUSED, reason=error.reason, state=state)
        wrong = tuple(FieldProblem(forms.field_near(problem.path), problem) for problem in error.problems)
        return formpages.problem_page(page, wrong, self.seal, self.today())

    def learn(self) -> Response:
        """The list of articles."""
        return rendering.page("learn.html", articles=articles.articles(page_language().code), link=link(_ARTICLE))

    def article(self, name: str) -> Response:
        """One article, or the page about this information."""
        try:
            return rendering.page("article.html", **context_article(name, page_language().code, link(_ARTICLE)))
        except KeyError:
            return error_page(NOT_FOUND)

    def opened(self, sealed: str) -> SessionPage | None:
        """What a page carried; None when it did not come back whole."""
        try:
            page = open_page(sealed, self.seal)
            nested(page.entries)  # what another program sealed may be anything
        except Unreadable:
            return None
        return None if len(page.entries) > _MOST_ENTRIES else page


def _start(status: int = 200, refused: InputError | None = None, problems: tuple[Problem, ...] = ()) -> Response:
    """The first page, with what was wrong with a file."""
    return rendering.page("start.html", status, examples=EXAMPLES.values(), refused=refused, problems=problems)


def causes_wait(place: str, share: float) -> Response:
    """The part of an open answer while what contributed is worked out."""
    return rendering.page("causes.wait.html", place=place, percent=round(PER_CENT * share))


def causes_ask() -> Response:
    """The part of an open answer with the button that asks for what contributed."""
    return rendering.page("causes.ask.html", begins=False)


def error_page(status: int, state: str = "") -> Response:
    """A page that says kindly that something is not here, or did not arrive whole; `state` is what was typed."""
    return rendering.page("error.html", status, code=status, state=state)


def error_part(status: int, state: str = "", reason: Message | str = "") -> Response:
    """The same within a page that is open: in place of an answer that is no longer the one asked for."""
    return rendering.page("whatif.failed.html", status, code=status, state=state, reason=reason)
