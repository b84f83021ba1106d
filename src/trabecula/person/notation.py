"""How clinics write steroid courses: the words, and how they are read into phases.

    3 x 1 g IV methylprednisolone, then prednisone taper
    prednisone 60 mg daily tapering over 3 weeks
    10 mg alternate days

    5 Tage 1000 mg Methylprednisolon i.v., dann Prednisolon ausschleichend
    prednisone 25 mg al giorno per 10 giorni

Every word must be understood: what cannot be read is refused, never skipped.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from trabecula import units
from trabecula.data_files import by_word, read_mapping
from trabecula.person.limits import LIMITS
from trabecula.person.problems import Problem, quoted
from trabecula.vocabulary import STEROIDS, Route, drug_name
from trabecula.words.language import LANGUAGES, language
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
        is_infused = self.drug is not None and STEROIDS[self.drug].infused_from is not None
        return self.route == "iv" or self.in_grams or is_infused


# ---------------------------------------------------------------- the words

Says = dict[str, object]
"""What a word says about a part of a course, by field."""

_WORDS = read_mapping(Path(__file__).with_name("notation.yaml"))
_ONCE = _WORDS["once"]
_ROUTES, _TIMES_A_DAY, _EVERY = map(by_word, (_WORDS["routes"], _WORDS["times_a_day"], _WORDS["every"]))
"""What each word says: the route, doses a day, days from dosing day to dosing day."""
_DAYS_IN_A = {
    **dict.fromkeys("dtg", 1.0), **dict.fromkeys("ws", units.DAYS_PER_WEEK), "m": units.DAYS_PER_MONTH,
    **dict.fromkeys("yja", units.DAYS_PER_YEAR),
}  # fmt: skip
"""By the first letter of a period: day, Tag, giorno; week, Woche, settimana; month; year, Jahr, anno."""
_MG_IN = {"g": 1000.0, "m": 1.0, "u": 1 / 1000.0}


class Word(NamedTuple):
    """A word: its pattern, and what it says (nothing for a word that is only skipped or parts the phases)."""

    kind: str
    pattern: re.Pattern[str]
    says: Callable[[re.Match[str]], Says]


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (r"\b" if word[-1].isalnum() else "") for word in ordered)


def _listed(field: str, words: Mapping[str, object], **more: object) -> Word:
    """Words that each stand for one value."""
    return Word(field, re.compile(_any_of(words)), lambda match: {field: words[match.group()], **more})


def _counted(field: str, pattern: str) -> Word:
    """A whole number."""
    return Word(field, re.compile(pattern), lambda match: {field: int(match.group(1))})


def _dose_said(match: re.Match[str]) -> Says:
    """A dose."""
    return {"dose_mg": _mg_said(match), "in_grams": match.group(2).startswith("g")}


def _lowest_said(match: re.Match[str]) -> Says:
    """The dose at which a taper ends."""
    return {"to_mg": _mg_said(match) if match.group(2) else 0.0, "taper": True}


def _mg_said(match: re.Match[str]) -> float:
    """A number with its unit in mg: g is gram; mc, micro and u are micrograms; else m is milligram."""
    unit = match.group(2)
    kind = "u" if unit.startswith(("mc", "micro")) else unit[0]
    return float(f"{float(match.group(1)) * _MG_IN[kind]:.12g}")


def _days_said(match: re.Match[str]) -> int:
    """A period in whole days."""
    return round(int(match.group(1)) * _DAYS_IN_A[match.group(2)[0]])


def _nothing(_match: re.Match[str]) -> Says:
    """A word without a meaning of its own."""
    return {}


_WHOLE = r"(\d{1,5})"
_DOSE = r"(\d{1,9}(?:\.\d{1,6})?)\s*(milligram[ms]?i?|mg|gramm[ei]s?|gramm?s?|g|mcg|ug|micrograms?)\b"
_PERIOD = _WHOLE + (
    r"(?:\s*|-)(days?|d|weeks?|wks?|w|months?|mo|years?|yrs?|y"
    r"|tagen?|tage?|wochen?|monaten?|monate?|jahren?|jahre?|giorn[io]|gg|settiman[ae]|mes[ei]|ann[io])\b"
)
_TAPER = (
    r"(?:taper(?:ing|ed)?(?: off)?|reducing|reduced|reduction|falling|weaning|weaned"
    r"|ausschleichend?|ausschleichen|dosisreduktion|reduktion|a scalare|scalando|in riduzione|riduzione)\b"
)
_TO, _FOR = r"(?:down )?to|auf|bis|fino a|(?<=mg )a", "for|during|für|während|per|x"
_THEN = (
    r"and then|then|followed by|thereafter|with|plus|and"
    r"|und dann|dann|danach|anschließend|gefolgt von|mit|und|e poi|poi|quindi|seguit[oie] da|con|e(?= )"
)
_SKIPPED = (
    r"(?:of|a|an|the|doses?|pulses?|infusions?|tablets?|course|at"
    r"|je|à|infusionen|tabletten|als|di|da|infusion[ei]|compress[ae]|bol[oi]|bolus|via|lang|stoß|stoßtherapie|ciclo)\b|[,.:()]"
)

_BEFORE_DRUGS: tuple[Word, ...] = (
    Word(
        "skip", re.compile(rf"(?:no|without|ohne|senza)(?: an?)?(?: oral)?(?: predniso(?:lo)?ne)? {_TAPER}"), _nothing
    ),
    Word("then", re.compile(rf"(?:{_THEN})\b|[;+&]"), _nothing),
    Word("skip", re.compile(r"over\s+\d{1,3}\s*(?:hours?|h|minutes?|min)\b"), _nothing),
)
_AFTER_DRUGS: tuple[Word, ...] = (
    _listed("route", _ROUTES),
    Word("to", re.compile(rf"(?:{_TO})\s+(?:{_DOSE}|0\b|zero\b|nothing\b|null\b)"), _lowest_said),
    Word("dose", re.compile(rf"(?:(?:from|von|ab|da)\s+)?{_DOSE}"), _dose_said),
    _counted("a_day", rf"x\s*(\d)\s*(?:{_any_of(_ONCE)})"),
    _counted("a_day", r"(\d{1,2}) ?(?:times|mal|volte) (?:a day|daily|per day|täglich|am tag|al giorno)\b"),
    _listed("a_day", dict.fromkeys(_ONCE, 1) | _TIMES_A_DAY),
    _listed("every", _EVERY),
    _counted("every", rf"(?:every|alle|ogni) {_WHOLE} (?:days?|tage|giorni)\b"),
    Word("days", re.compile(rf"(?:over|über|in)\s+{_PERIOD}"), lambda match: {"days": _days_said(match), "over": True}),
    Word("days", re.compile(rf"(?:(?:{_FOR})\s*)?{_PERIOD}"), lambda match: {"days": _days_said(match)}),
    _counted("count", rf"{_WHOLE}\s*x(?=\s*\d|\s+[a-z])"),
    _counted("count", rf"x\s*{_WHOLE}\b(?!\s*(?:mg|g)\b)"),
    Word("taper", re.compile(_TAPER), lambda _match: {"taper": True}),
    Word("skip", re.compile(_SKIPPED), _nothing),
)  # fmt: skip


@cache
def _vocabulary() -> tuple[Word, ...]:
    """Every word that is understood, in the order in which they are tried."""
    infusions = {name: row.key for row in STEROIDS.values() for name in row.infusions}
    drugs = {
        name.replace("_", " "): row.key
        for row in STEROIDS.values()
        for name in (*row.names(), *row.shorthand, *_translated(row.name))
        if name not in infusions
    }
    return (*_BEFORE_DRUGS, _listed("drug", infusions, route="iv"), _listed("drug", drugs), *_AFTER_DRUGS)


def _translated(name: Message) -> Iterator[str]:
    """What every language calls a drug."""
    yield from (language(code).say(name).lower() for code in LANGUAGES)


# ---------------------------------------------------------------- read into phases


@lru_cache(maxsize=256)
def parse(text: str, drug: str | None = None, route: Route | None = None) -> tuple[Phase, ...]:
    """Read a course; `drug` and `route` fill in what the first part leaves unsaid.

    Raises NotationError with what was found, what was expected and what to do. Remembered, as a form reads the same
    text at every step.
    """
    drafts = _drafts(_tidy(text))
    if not drafts:
        raise NotationError(Message("found.no_dose"), Message("todo.write_drug_dose_and_number_of"))
    phases = [_phase(_first(drafts[0], drug, route))]
    for draft in drafts[1:]:
        phases.append(_phase(_inherit(draft, phases[-1])))
    # Only the last phase, or the one before a final taper, may have an open length.
    if any(phase.days is None for phase in (phases[:-2] if phases[-1].taper else phases[:-1])):
        raise NotationError(WITHOUT_DAYS, Message("todo.write_for_example_for_7"))
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
    for word in _vocabulary():
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
    **{"drug": "drug", "route": "route", "dose_mg": "dose", "in_grams": "dose"},
    **{"to_mg": "taper", "taper": "taper", "a_day": "frequency", "every": "frequency"},
    **dict.fromkeys(("count", "days", "over"), "length"),
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
    if draft.taper and draft.route != "iv" and before.is_pulse and before.route != "oral":
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
        limits = LIMITS[quantity]
        if value is not None and not limits.is_possible(value):
            found = Message("quantity.of_value", {"what": limits.what, "value": limits.written(value)})
            raise NotationError(found, limits.hint(value), limits.possible_range)
    route = draft.route or ("oral" if draft.drug is None or is_only_oral(draft.drug) else None)
    return Phase(draft.drug, route, draft.dose_mg, a_day, every, days, draft.taper, draft.to_mg)


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
