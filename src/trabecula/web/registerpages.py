"""The work list of a register in the browser: who comes first and why, one person, and what is said about them.

What is asked of the list comes in the body of a form, never in an address; a person's page has a key in its address
that says nothing to anybody else. The list stays readable where the database of what was said cannot be read.
"""

import hmac
import logging
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from trabecula.adapters.files import InputError
from trabecula.assessment.answer import HORIZONS_Y
from trabecula.person import Person
from trabecula.register.chunks import RunRefused
from trabecula.register.columns import HORIZONS, RISK_SITES, SCORED
from trabecula.register.entries import Register
from trabecula.register.kept import NOTHING_YET, Acknowledgements
from trabecula.register.listing import SHOWN, SORTS, Listing, ListPage, ListQuery, stamp_of
from trabecula.register.summary import RISK_BANDS
from trabecula.register.worklist import REASONS, Acknowledged, is_quiet
from trabecula.skeleton import SITES
from trabecula.vocabulary import site_name
from trabecula.web.accounts import USER
from trabecula.web.localisation import page_language
from trabecula.web.rendering import NOT_FOUND, REFUSED, page
from trabecula.web.state import FormTexts
from trabecula.words.message import Message, unpack, verbatim

_KEY_BYTES = 16
_SNOOZE = timedelta(days=28)
"""For how long somebody is snoozed unless another day is chosen."""
_LONGEST = 100
"""Characters of an id that is looked for."""
_DONE = ("worklist.acknowledged", "worklist.snoozed", "worklist.taken_back")
_LOG = logging.getLogger("trabecula.web")


@dataclass(frozen=True)
class RegisterSettings:
    """Whose work list is shown."""

    scores: Path
    acknowledged: str
    """The file or the address of the database of what was said."""
    since: Path | None = None
    """The scores of the last run."""
    source: Callable[[date], Register] | None = None
    """Opens the register as of a day, where a person's whole answer may be asked for."""


class RegisterPages:
    """The pages of one register. Raises RunRefused where its scores cannot be read, or its database is newer."""

    def __init__(self, settings: RegisterSettings, today: Callable[[], date], key: bytes | None) -> None:
        self.settings, self.today, self.kept = settings, today, Acknowledgements(settings.acknowledged)
        self._key, self._lock = key or secrets.token_bytes(_KEY_BYTES), threading.Lock()
        self._now = _Shown(Listing.of(settings.scores, settings.since), self._key)

    def listed(self, typed: FormTexts) -> Response:
        """A page of the list."""
        return self._page(_asked(typed))

    def say(self, typed: FormTexts) -> Response:
        """Acknowledge, snooze or take back; then the list as it is now."""
        asked = _asked(dict(parse_qsl(typed.get("asked", ""))))
        shown, _ = self._shown()
        place = shown.places.get(typed.get("row", ""))
        if place is None:
            return self._unknown()
        try:
            told = self._said(shown.listing.line(place), typed)
        except RunRefused as refused:
            return self._page(asked, refused.message, REFUSED)
        return self._page(asked, told, 200 if told.id in _DONE else REFUSED)

    def _said(self, row: Mapping[str, Any], typed: FormTexts) -> Message:
        """What was done; nothing where another one was first, or the day does not lie ahead."""
        id, mark, by, do = verbatim(row["id"]), typed.get("mark", NOTHING_YET), USER.get() or None, typed.get("do")
        if do == "take_back":
            done = self.kept.take_back(row["id"], mark)
            return Message("worklist.taken_back" if done else "worklist.other_was_first", {"id": id})
        until = _day(typed.get("until", "")) if do == "snooze" else None
        if do == "snooze" and (until is None or until <= self.today()):
            return Message("worklist.no_day", {"id": id})
        if not self.kept.say(row, self.today(), until, by, mark):
            return Message("worklist.other_was_first", {"id": id})
        if until is None:
            return Message("worklist.acknowledged", {"id": id})
        return Message("worklist.snoozed", {"id": id, "day": until})

    def person(self, key: str) -> Response:
        """One person: scores with their intervals, why they are on the list, causes, gaps."""
        shown, notice = self._shown()
        place = shown.places.get(key)
        if place is None:
            return self._unknown()
        kept, dead = self._kept()
        row, line = shown.listing.row(place), shown.listing.line(place)
        return page(
            "worklist.person.html", row=row, line=line, key=key, said=kept.get(row["id"]), dead=dead, notice=notice,
            quiet=row["status"] == SCORED and is_quiet(row, self.today(), kept.get(row["id"])),
            risks=_risks(row), densities=_densities(row), causes=_causes(row), soonest=self._soonest(),
            answers=self.settings.source is not None and row["status"] == SCORED, **_words(),
        )  # fmt: skip

    def answer(self, show: Callable[[Person], Response], typed: FormTexts) -> Response:
        """The person's whole answer, by the one road; the register is gone through until they are found."""
        shown, _ = self._shown()
        place = shown.places.get(typed.get("row", ""))
        if place is None or self.settings.source is None:
            return self._unknown()
        id, day = shown.listing.line(place)["id"], shown.listing.day
        assert day is not None, "a person has a row"
        try:
            found = next((entry.person for entry in self.settings.source(day) if entry.id == id), None)
        except (InputError, RunRefused):
            found = None
        if found is None:
            return self._page(ListQuery(), Message("worklist.not_in_source", {"id": verbatim(id)}), REFUSED)
        return show(found if found.assessed_on else found.model_copy(update={"assessed_on": day}))

    def _page(self, asked: ListQuery, told: Message | None = None, status: int = 200) -> Response:
        """The list, with what was done, or why not."""
        shown, notice = self._shown()
        kept, dead = self._kept()
        found = shown.listing.find(asked, kept, self.today())
        return page(
            "worklist.html", status, asked=asked, again=urlencode(asdict(asked)), found=found,
            told=told, wrong=status != 200, kept=kept, dead=dead, notice=notice, listing=shown.listing, keys=shown.keys,
            reasons=REASONS, bands=list(enumerate(RISK_BANDS)), shows=SHOWN, sorts=list(SORTS),
            quiet=_quiet_of(found, kept, self.today()), soonest=self._soonest(), unpack=unpack,
            today=self.today(), **_words(),
        )  # fmt: skip

    def _soonest(self) -> tuple[str, str]:
        """The first day to which somebody may be snoozed, and the usual one, as an entry of dates has them."""
        return (self.today() + timedelta(days=1)).isoformat(), (self.today() + _SNOOZE).isoformat()

    def _unknown(self) -> Response:
        """No such person: a row of another program or run."""
        return self._page(ListQuery(), Message("worklist.unknown"), NOT_FOUND)

    def _kept(self) -> tuple[Mapping[str, Acknowledged], Message | None]:
        """What was said, or nothing and why."""
        try:
            return self.kept(), None
        except RunRefused as refused:
            _LOG.error("the acknowledgements of the register can't be read (%s)", refused.message.id)
            return {}, refused.message

    def _shown(self) -> tuple["_Shown", Message | None]:
        """The list as the file has it now; one that can no longer be read stays as it was, and that is told."""
        with self._lock:
            now = stamp_of(self.settings.scores)
            if now != self._now.listing.stamp:
                try:
                    self._now = _Shown(Listing.of(self.settings.scores, self.settings.since), self._key)
                except RunRefused:
                    return self._now, Message("worklist.stale", {"day": self._now.listing.day or self.today()})
            return self._now, None


class _Shown:
    """A list with the keys of its rows."""

    def __init__(self, listing: Listing, key: bytes) -> None:
        self.listing, self._key = listing, key

    @cached_property
    def keys(self) -> list[str]:
        """The key of each row, by its place: the same for a person as long as the program runs."""
        return [self._made(id) for id in self.listing.table["id"].to_pylist()]

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each row by its key."""
        return {key: place for place, key in enumerate(self.keys)}

    def _made(self, id: str) -> str:
        """A key that says nothing."""
        digest = hmac.digest(self._key, b"row" + id.encode(), "sha256")[:_KEY_BYTES]
        return urlsafe_b64encode(digest).decode().rstrip("=")


def _asked(typed: Mapping[str, str]) -> ListQuery:
    """What is asked; a choice that there is not counts as none."""
    told: dict[str, Any] = {name: typed[name] for name in (field.name for field in fields(ListQuery)) if name in typed}
    asked = ListQuery(**{**told, "text": typed.get("text", "").strip()[:_LONGEST], "page": 1})
    bands = [str(number) for number in range(len(RISK_BANDS))]
    number = typed.get("page", "")
    return replace(
        asked,
        show=asked.show if asked.show in SHOWN else SHOWN[0],
        reason=asked.reason if asked.reason in REASONS else "",
        band=asked.band if asked.band in bands else "",
        sort=asked.sort if asked.sort in SORTS else "urgency",
        page=int(number) if number.isdecimal() and number.isascii() and len(number) < 9 else 1,
    )


def _day(text: str) -> date | None:
    """A day as an entry of dates sends it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _quiet_of(found: ListPage, kept: Mapping[str, Acknowledged], on: date) -> set[str]:
    """Who of a page is quiet."""
    scored = (row for row in found.rows if row["status"] == SCORED)
    return {row["id"] for row in scored if is_quiet(row, on, kept.get(row["id"]))}


def _words() -> dict[str, Any]:
    """What templates say in the language of the page."""
    lang = page_language()
    return {
        "written": lang.written,
        "day_of": lang.short_day,
        "horizons": [lang.years(years) for years in HORIZONS_Y],
        "messages": lambda texts: [unpack(text) for text in texts or ()],
        "cause_name": lambda key: lang.text(f"cause.{key}"),
        "gap_name": lambda key: lang.text(f"gap.{key}") if lang.knows(f"gap.{key}") else key,
    }


def _risks(row: Mapping[str, Any]) -> list[tuple[Message, list[tuple[float, float, float, float]]]]:
    """By site: the risk, its interval and the average at each horizon; nothing for who was refused."""
    if row["status"] != SCORED:
        return []
    ends = ("", "_low", "_high", "_average")
    return [
        (site_name(site), [tuple(row[f"risk_{site}_{years}{end}"] for end in ends) for years in HORIZONS])
        for site in RISK_SITES
        if row[f"risk_{site}_{HORIZONS[0]}"] is not None
    ]  # type: ignore[misc]


def _densities(row: Mapping[str, Any]) -> list[tuple[Message, float, float, float]]:
    """By site: the T-score of today and its interval."""
    found = [(site, *(row[f"t_score_{site}{end}"] for end in ("", "_low", "_high"))) for site in SITES]
    return [(site_name(site), *numbers) for site, *numbers in found if numbers[0] is not None]  # type: ignore[misc]


def _causes(row: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Causes with their shares, the largest first; nothing where they were not computed."""
    pairs = zip(row["causes"] or (), row["cause_shares"] or (), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])
