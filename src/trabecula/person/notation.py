"""How clinics write steroid courses, read into phases and written back.

    3 x 1 g IV methylprednisolone, then prednisone taper
    prednisone 60 mg daily tapering over 3 weeks
    10 mg alternate days

Every word must be understood: what cannot be read is refused, never skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from typing import Any

from trabecula.person.limits import LIMITS
from trabecula.person.notation_words import Says, Word, words
from trabecula.person.problems import Problem, quoted
from trabecula.vocabulary import STEROIDS, Route, unnamed_steroid
from trabecula.words.message import Message, verbatim

EXAMPLES = (
    "3 x 1 g IV methylprednisolone, then prednisone taper",
    "prednisone 60 mg daily tapering over 3 weeks",
    "prednisolone 7.5 mg/d",
    "500 mg oral methylprednisolone x 5 days",
)
EXPECTED = Message(
    "expected.a_course_such_as", {"examples": verbatim("; ".join(f'"{example}"' for example in EXAMPLES))}
)
WITHOUT_DAYS = Message("found.a_part_without_its_number_of")


def is_only_oral(drug: str | None) -> bool:
    """Whether a steroid exists as tablets only; not, if it is not named."""
    return drug is not None and STEROIDS[drug].only_oral


class NotationError(ValueError):
    """A course that cannot be read: what was found, what was expected, what to do."""

    def __init__(self, found: Message, todo: Message, expected: Message = EXPECTED) -> None:
        self.found, self.todo, self.expected = found, todo, expected
        super().__init__(str(Problem("", found, expected, todo)))


@dataclass(frozen=True)
class Phase:
    """One part of a course: a dose that is repeated, or a taper. None is what was left unsaid."""

    drug: str | None
    route: Route | None
    dose_mg: float | None
    doses_per_day: int = 1
    every_days: int = 1
    days: int | None = None
    taper: bool = False
    to_mg: float | None = None

    @property
    def is_pulse(self) -> bool:
        """Whether it is an infusion, or more than is taken in tablets every day."""
        return self.route == "iv" or not LIMITS["tablets_mg"].is_usual(self.dose_mg or 1)

    def goes_on_as(self, drug: str | None, route: str | None) -> bool:
        """Whether a taper with this drug and route begins at the dose of this phase."""
        return not self.is_pulse and drug == self.drug and self.route in (None, route)


@dataclass(frozen=True)
class _Draft:
    """A phase while it is being read, word by word."""

    drug: str | None = None
    route: Route | None = None
    dose_mg: float | None = None
    in_grams: bool = False
    count: int | None = None
    a_day: int | None = None
    every: int | None = None
    days: int | None = None
    over: bool = False
    taper: bool = False
    to_mg: float | None = None

    @property
    def complete(self) -> bool:
        """Whether dose and length are known, so that another phase may follow without a `then`."""
        return self.dose_mg is not None and (self.days is not None or self.count is not None)

    @property
    def counted_in_days(self) -> bool:
        """Whether "3 x" before this dose counts days: so it is with infusions, not with tablets."""
        return (
            self.route == "iv"
            or self.in_grams
            or (self.drug is not None and STEROIDS[self.drug].infused_from is not None)
        )


@lru_cache(maxsize=256)
def parse(text: str, drug: str | None = None, route: Route | None = None) -> tuple[Phase, ...]:
    """Read a course; `drug` and `route` fill in what the first part leaves unsaid."""
    drafts = _drafts(_tidy(text))
    if not drafts:
        raise NotationError(Message("found.no_dose"), Message("todo.write_drug_dose_and_number_of"))
    phases = [_phase(_first(drafts[0], drug, route))]
    for draft in drafts[1:]:
        phases.append(_phase(_inherit(draft, phases[-1])))
    _check_lengths(phases)
    return tuple(phases)


def _tidy(text: str) -> str:
    """Lower case, plain multiplication signs, u for micro, decimal points."""
    _check_thousands(text)
    tidy = " ".join(text.lower().replace("×", "x").replace("µ", "u").replace("μ", "u").split())
    tidy = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", tidy)
    return re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", tidy)


def _check_thousands(text: str) -> None:
    """Refuse 1.000, which is a thousand in German and Italian; no program writes a nought behind its decimals."""
    found = re.search(r"(?<![\d.,])[1-9]\d{0,2}\.\d\d0(?!\d)", text, re.ASCII)
    if found:
        plain = verbatim(found[0].replace(".", ""))
        what = Message("found.what_which_may_be_thousands", {"what": quoted(found[0])})
        raise NotationError(what, Message("todo.write_n_if_thousands_are_meant", {"n": plain}))


def _words(text: str) -> Iterator[tuple[Word, Says]]:
    """The words of a course with what they say; an unknown word is refused."""
    position = 0
    while position < len(text):
        word, match = _word_at(text, position)
        yield word, word.says(match)
        position = match.end()
        position += text[position : position + 1] == " "


def _word_at(text: str, position: int) -> tuple[Word, re.Match[str]]:
    """The word at a position."""
    for word in words():
        match = word.pattern.match(text, position)
        if match:
            return word, match
    unknown = text[position:].split()[0]
    what = Message("found.what_which_is_not_understood", {"what": quoted(unknown)})
    raise NotationError(what, _what_to_do(unknown))


def _what_to_do(unknown: str) -> Message:
    """What to do about a word that is not understood."""
    if unknown.startswith("/kg"):
        return Message("todo.write_the_dose_in_mg_not")
    if re.match(r"\d+-\d+", unknown):
        return Message("todo.write_the_number_that_was_given")
    return Message("todo.write_it_in_one_of_these")


def _drafts(text: str) -> list[_Draft]:
    """The phases of a course as far as they are said."""
    drafts = [_Draft()]
    for word, says in _words(text):
        if word.kind == "then" or _begins_another(drafts[-1], word, says):
            drafts.append(_Draft())
        changes: dict[str, Any] = says
        drafts[-1] = replace(drafts[-1], **changes)
    return [draft for draft in drafts if draft != _Draft()]


_TWICE = {
    "drug": "drug",
    "route": "route",
    "dose_mg": "dose",
    "in_grams": "dose",
    "to_mg": "taper",
    "taper": "taper",
    "a_day": "frequency",
    "every": "frequency",
    "count": "length",
    "days": "length",
    "over": "length",
}
"""What is said twice when a field of a draft is."""


def _begins_another(draft: _Draft, word: Word, says: Says) -> bool:
    """Whether a word belongs to the next phase: it says again what was said, in a phase that is complete."""
    if word.kind == "taper":
        return draft.complete
    clashes = [name for name, value in says.items() if getattr(draft, name) not in (None, False, value)]
    if clashes and not draft.complete and not draft.taper:
        found = Message(f"found.second_{_TWICE[clashes[0]]}")
        raise NotationError(found, Message("todo.put_then_between_the_parts_each"))
    return bool(clashes)


def _first(draft: _Draft, drug: str | None, route: Route | None) -> _Draft:
    """The first phase, completed from the fields beside the text."""
    if drug and draft.drug and drug != draft.drug:
        both = {"drug": drug_name(draft.drug), "other_drug": drug_name(drug)}
        raise NotationError(Message("found.drug_in_the_text_and_other", both), Message("todo.name_one_drug"))
    draft = replace(draft, drug=draft.drug or drug, route=draft.route or route)
    if draft.drug is None and not _looks_like_tablets(draft):
        raise NotationError(Message("found.a_course_without_the_name_of"), Message("todo.name_the_drug"))
    return draft


def _looks_like_tablets(draft: _Draft) -> bool:
    """Whether an unnamed drug can only be tablets of prednisone or prednisolone (equal in effect)."""
    if draft.dose_mg is None or draft.in_grams or draft.route not in (None, "oral"):
        return False
    return LIMITS["tablets_mg"].is_usual(draft.dose_mg)


def _inherit(draft: _Draft, before: Phase) -> _Draft:
    """A later phase takes over what it does not say; a taper after a pulse is tablets."""
    to_tablets = draft.taper and draft.route != "iv" and before.is_pulse and before.route != "oral"
    if to_tablets:
        return replace(draft, route=draft.route or "oral")
    if draft.drug is None:
        draft = replace(draft, drug=before.drug)
    if draft.route is None and draft.drug == before.drug:
        draft = replace(draft, route=before.route)
    if draft.taper and draft.dose_mg is None and before.goes_on_as(draft.drug, draft.route):
        draft = replace(draft, dose_mg=before.dose_mg)
    return draft


def _phase(draft: _Draft) -> Phase:
    """The finished phase, every number of it possible."""
    if draft.dose_mg is None and not draft.taper:
        raise NotationError(Message("found.a_part_without_a_dose"), Message("todo.write_the_dose_in_mg_or"))
    a_day, days = _schedule(draft)
    every = 1 if draft.every is None else draft.every
    numbers = {"dose_mg": draft.dose_mg, "doses_per_day": a_day, "every_days": every, "days": days}
    for quantity, value in numbers.items():
        _check(quantity, value)
    route = draft.route or ("oral" if draft.drug is None or is_only_oral(draft.drug) else None)
    return Phase(draft.drug, route, draft.dose_mg, a_day, every, days, draft.taper, draft.to_mg)


def _check(quantity: str, value: float | None) -> None:
    """Refuse a number that cannot be."""
    limits = LIMITS[quantity]
    if value is not None and not limits.is_possible(value):
        found = Message("quantity.of_value", {"what": limits.what, "value": limits.written(value)})
        raise NotationError(found, limits.hint(value), limits.possible_range)


def _schedule(draft: _Draft) -> tuple[int, int | None]:
    """Doses a day and number of days; "3 x" counts days when nothing else does."""
    count, a_day, days = draft.count, 1 if draft.a_day is None else draft.a_day, draft.days
    if count is None:
        return a_day, days
    if days is None and (draft.a_day is None or draft.counted_in_days):
        return a_day, count * (draft.every or 1)
    if days and draft.over and count % days == 0:
        return count // days, days
    if days and draft.counted_in_days and count == days:
        return a_day, days
    if days and not draft.counted_in_days and not draft.over:
        return count, days
    what = Message("found.what_which_may_count_doses_a", {"what": quoted(f"{count} x")})
    raise NotationError(what, Message("todo.write_for_example_5_mg_three"))


def _check_lengths(phases: list[Phase]) -> None:
    """Only the last phase, or the one before a final taper, may have an open length."""
    closed = phases[:-2] if phases[-1].taper else phases[:-1]
    if any(phase.days is None for phase in closed):
        raise NotationError(WITHOUT_DAYS, Message("todo.write_for_example_for_7"))


# ---------------------------------------------------------------- written back


def write(phases: tuple[Phase, ...]) -> Message:
    """A course as a message; its English is a notation that `parse` reads back."""
    first, *others = phases
    named = [
        phase if phase.taper or phase.drug else replace(phase, drug=unnamed_steroid()) for phase in others
    ]
    parts = [_written_taper(phase) if phase.taper else _written_dose(phase) for phase in (first, *named)]
    return reduce(lambda before, after: Message("course.then", {"before": before, "after": after}), parts)


def _written_dose(phase: Phase) -> Message:
    """A repeated dose: prednisone 60 mg oral daily for 5 days."""
    how_often = (
        [] if phase.every_days > 1 and phase.doses_per_day == 1 else [_times_a_day(phase.doses_per_day)]
    )
    if phase.every_days > 1:
        how_often.append(Message("course.every_days", {"n": phase.every_days}))
    return _in_a_row(
        [*_drug(phase), *_mg("dose", phase.dose_mg), *_route(phase), *how_often, *_days("for", phase)]
    )


def _written_taper(phase: Phase) -> Message:
    """A taper: prednisone oral taper from 60 mg to 0 mg over 21 days."""
    doses = (*_mg("from", phase.dose_mg), *_mg("to", phase.to_mg))
    return _in_a_row([*_drug(phase), *_route(phase), Message("course.taper"), *doses, *_days("over", phase)])


def _times_a_day(n: int) -> Message:
    """How often a day; up to four times there is a word for it."""
    return Message(f"course.daily_{n}") if n <= _MOST_IN_WORDS else Message("course.times_daily", {"n": n})


_MOST_IN_WORDS = 4


def drug_name(drug: str) -> Message:
    """A glucocorticoid as a page calls it."""
    return STEROIDS[drug].name


def _drug(phase: Phase) -> list[Message]:
    """The drug, if it is known."""
    return [drug_name(phase.drug)] if phase.drug else []


def _route(phase: Phase) -> list[Message]:
    """The route, if it is known."""
    return [Message(f"course.route_{phase.route}")] if phase.route else []


def _mg(place: str, dose_mg: float | None) -> list[Message]:
    """A dose, if it is known; the place says whether a taper begins or ends there."""
    return [Message(f"course.{place}_mg", {"mg": dose_mg})] if dose_mg is not None else []


def _days(place: str, phase: Phase) -> list[Message]:
    """The length of a phase, if it is known."""
    return [Message(f"course.{place}_days", {"n": phase.days})] if phase.days is not None else []


def _in_a_row(words: list[Message]) -> Message:
    """Words with a space between them."""
    return reduce(lambda before, after: Message("course.beside", {"before": before, "after": after}), words)
