"""How clinics write steroid courses, read into phases and written back.

    3 x 1 g IV methylprednisolone, then prednisone taper
    prednisone 60 mg daily tapering over 3 weeks
    10 mg alternate days

Every word must be understood: what cannot be read is refused, never skipped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from trabecula.person.limits import LIMITS
from trabecula.person.medicines import Glucocorticoid, Route
from trabecula.person.notation_words import WORDS, Says, Word
from trabecula.person.wording import plain

EXAMPLES = (
    "3 x 1 g IV methylprednisolone, then prednisone taper",
    "prednisone 60 mg daily tapering over 3 weeks",
    "prednisolone 7.5 mg/d",
    "500 mg oral methylprednisolone x 5 days",
)
EXPECTED = "a course such as " + "; ".join(f'"{each}"' for each in EXAMPLES)
ONLY_ORAL = ("prednisone", "deflazacort")
"""They exist as tablets only."""
_SAY_DAYS = 'write for example "for 7 days"'


class NotationError(ValueError):
    """A course that cannot be read: what was found, what was expected, what to do."""

    def __init__(self, found: str, todo: str, expected: str = EXPECTED) -> None:
        self.found, self.todo, self.expected = found, todo, expected
        super().__init__(f"found {found}; expected {expected}; {todo}")


@dataclass(frozen=True)
class Phase:
    """One part of a course: a dose that is repeated, or a taper. None is what was left unsaid."""

    drug: Glucocorticoid | None
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

    drug: Glucocorticoid | None = None
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
        return self.route == "iv" or self.in_grams or self.drug == "methylprednisolone"


@lru_cache(maxsize=256)
def parse(text: str, drug: Glucocorticoid | None = None, route: Route | None = None) -> tuple[Phase, ...]:
    """Read a course; `drug` and `route` fill in what the first part leaves unsaid."""
    drafts = _drafts(_tidy(text))
    if not drafts:
        raise NotationError("no dose", "write drug, dose and number of days")
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
        todo = f"write {found[0].replace('.', '')} if thousands are meant, else two decimals at most"
        raise NotationError(f'"{found[0]}", which may be thousands', todo)


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
    for word in WORDS:
        match = word.pattern.match(text, position)
        if match:
            return word, match
    unknown = text[position:].split()[0]
    raise NotationError(f'"{unknown[:40]}", which is not understood', _what_to_do(unknown))


def _what_to_do(unknown: str) -> str:
    """What to do about a word that is not understood."""
    if unknown.startswith("/kg"):
        return "write the dose in mg, not per kg"
    if re.match(r"\d+-\d+", unknown):
        return "write the number that was given"
    return "write it in one of these ways, without other words"


def _drafts(text: str) -> list[_Draft]:
    """The phases of a course as far as they are said."""
    drafts = [_Draft()]
    for word, says in _words(text):
        if word.kind == "then" or _begins_another(drafts[-1], word, says):
            drafts.append(_Draft())
        changes: dict[str, Any] = says
        drafts[-1] = replace(drafts[-1], **changes)
    return [each for each in drafts if each != _Draft()]


def _begins_another(draft: _Draft, word: Word, says: Says) -> bool:
    """Whether a word belongs to the next phase: it says again what was said, in a phase that is complete."""
    if word.kind == "taper":
        return draft.complete
    clashes = [name for name, value in says.items() if getattr(draft, name) not in (None, False, value)]
    if clashes and not draft.complete and not draft.taper:
        found = f"a second {clashes[0].removesuffix('_mg')} in one part of the course"
        raise NotationError(found, 'put "then" between the parts, each with its days')
    return bool(clashes)


def _first(draft: _Draft, drug: Glucocorticoid | None, route: Route | None) -> _Draft:
    """The first phase, completed from the fields beside the text."""
    if drug and draft.drug and drug != draft.drug:
        raise NotationError(f"{draft.drug} in the text and {drug} in the field drug", "name one drug")
    draft = replace(draft, drug=draft.drug or drug, route=draft.route or route)
    if draft.drug is None and not _looks_like_tablets(draft):
        raise NotationError("a course without the name of the drug", "name the drug")
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
        raise NotationError("a part without a dose", "write the dose in mg or g")
    a_day, days = _schedule(draft)
    every = 1 if draft.every is None else draft.every
    numbers = {"dose_mg": draft.dose_mg, "doses_per_day": a_day, "every_days": every, "days": days}
    for quantity, value in numbers.items():
        _check(quantity, value)
    route = draft.route or ("oral" if draft.drug in (None, *ONLY_ORAL) else None)
    return Phase(draft.drug, route, draft.dose_mg, a_day, every, days, draft.taper, draft.to_mg)


def _check(quantity: str, value: float | None) -> None:
    """Refuse a number that cannot be."""
    limits = LIMITS[quantity]
    if value is not None and not limits.is_possible(value):
        raise NotationError(
            f"{limits.what} of {limits.written(value)}", limits.hint(value), limits.possible_text
        )


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
    todo = 'write for example "5 mg three times daily for 10 days" or "1 g daily for 3 days"'
    raise NotationError(f'"{count} x", which may count doses a day or days', todo)


def _check_lengths(phases: list[Phase]) -> None:
    """Only the last phase, or the one before a final taper, may have an open length."""
    closed = phases[:-2] if phases[-1].taper else phases[:-1]
    if any(phase.days is None for phase in closed):
        raise NotationError("a part without its number of days", _SAY_DAYS)


_A_DAY = {
    1: "daily",
    2: "twice daily",
    3: "three times daily",
    4: "four times daily",
}


def write(phases: tuple[Phase, ...]) -> str:
    """A course in words that `parse` reads back."""
    first, *others = phases
    named = [each if each.taper or each.drug else replace(each, drug="prednisone") for each in others]
    return ", then ".join(_write_taper(each) if each.taper else _write_dose(each) for each in [first, *named])


def _write_dose(phase: Phase) -> str:
    """A repeated dose in words."""
    a_day = _A_DAY.get(phase.doses_per_day, f"{phase.doses_per_day} times daily")
    every = f"every {phase.every_days} days" if phase.every_days > 1 else None
    how_often = every if every and phase.doses_per_day == 1 else _join(a_day, every)
    return _join(phase.drug, _mg("", phase.dose_mg), phase.route, how_often, _length("for", phase))


def _write_taper(phase: Phase) -> str:
    """A taper in words."""
    doses = _mg("from ", phase.dose_mg), _mg("to ", phase.to_mg)
    return _join(phase.drug, phase.route, "taper", *doses, _length("over", phase))


def _mg(before: str, dose_mg: float | None) -> str | None:
    """A dose in words, if it is known."""
    return f"{before}{plain(dose_mg)} mg" if dose_mg is not None else None


def _length(before: str, phase: Phase) -> str | None:
    """The length of a phase in words, if it is known."""
    return f"{before} {phase.days} days" if phase.days is not None else None


def _join(*words: str | None) -> str:
    """The words that are there, with spaces."""
    return " ".join(word for word in words if word)
