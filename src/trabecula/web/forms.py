"""Between a form and a record: what was typed becomes entries, entries become a person, problems find their field.

What is typed is read in the language of the page that it was typed on (`words.reading`) and kept as the record writes
it, so that the next page, in whatever language, shows it as that language does. What cannot be read stays as it was
typed, and the record's own checks say what is wrong; what may mean two things is asked, never guessed.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from trabecula.drawing.characters import printable
from trabecula.person import Person, PersonError, Problem, read_person, write_person
from trabecula.person.dates import YEAR_FIRST
from trabecula.person.explanations import NUMBER_ALONE, NUMBER_UNQUOTED
from trabecula.vocabulary import medicines
from trabecula.web import medicines as medicine_fields
from trabecula.web.entries import flattened, nested, pattern_of, renumbered, rows, without_row
from trabecula.web.fields import FIELDS, STEP_OF, STEPS, FormStep, kind_of
from trabecula.web.localisation import page_language
from trabecula.web.state import Entries, Scalar, SessionPage
from trabecula.web.visits import apart
from trabecula.words import reading
from trabecula.words.language import Language
from trabecula.words.message import Message, verbatim

_NEVER_THOUSANDS = (verbatim("g/cm²"), verbatim("SD"))
"""Units of which nobody has a thousand."""
_MEANT = {"medicines[].per": "interval", **dict.fromkeys(medicine_fields.FIELDS, "medicine")}
"""Texts with a meaning, which every language has its own words for."""
_YES_NO = {"yes": True, "no": False}
LONGEST_ENTRY = 500
"""Characters; no field of a record is longer."""


@dataclass(frozen=True)
class FieldProblem:
    """A problem beside its field."""

    path: str
    """Of the field, `dxa[2].date`; empty for the whole record."""
    problem: Problem

    @property
    def step(self) -> FormStep:
        """The page of the form on which it can be put right."""
        return STEP_OF.get(pattern_of(self.path)) or _step_near(pattern_of(self.path))


def _step_near(pattern: str) -> FormStep:
    """The page with a field of the same group of the record, else the first."""
    group = re.split(r"[.\[]", pattern, maxsplit=1)[0]
    return next((step for path, step in STEP_OF.items() if group and path.startswith(group)), STEPS[0])


def typed_into(step: FormStep, form: Mapping[str, str], entries: Entries, lang: Language) -> Entries:
    """The entries with what was typed on one page of the form; rows that were emptied are gone, others move up.

    form: every text of the page, empty ones included; entries: what was known before, of which other pages stay as they
    are; lang: the language in which the page was filled in.
    """
    for group in step.groups:
        form = apart(group, form) if group.visit else form
    kept = {path: value for path, value in entries.items() if STEP_OF.get(pattern_of(path)) is not step}
    typed = {
        path: printable(text).strip()[: LONGEST_ENTRY + 1]
        for path, text in form.items()
        if STEP_OF.get(pattern_of(path)) is step
    }
    new = kept | {path: _entry(path, text, entries.get(path), lang) for path, text in typed.items() if text}
    for listed in (group.rows for group in step.groups if group.rows):
        new = renumbered(_without_emptied(new, listed, typed, entries), listed)
    return new


def _entry(path: str, text: str, before: Scalar | None, lang: Language) -> Scalar:
    """What was typed, as the record writes it; what comes back as it was shown is what it was, to the last digit.

    What cannot be read, or may mean two things, stays as it was typed, and is asked.
    """
    if before is not None and entry_text(path, before, lang) == text:
        return before
    read = _READ.get(_kind(path))
    return text if read is None else _or_text(read(path, text, lang), text)


def _or_text(found: Scalar | None, text: str) -> Scalar:
    """What was read, or else what was typed."""
    return text if found is None else found


def entry_text(path: str, entry: Scalar, lang: Language) -> str:
    """An entry as a form shows it in a language, and reads it again: 1,66, 02.05.2014, 6 Monate, Zoledronat."""
    if isinstance(entry, int | float) and not isinstance(entry, bool):
        return reading.shown_number(entry, lang)
    shown = {"date": reading.shown_date, "interval": reading.shown_interval, "medicine": _shown_medicine}
    show = shown.get(_kind(path))
    return str(entry) if show is None else show(str(entry), lang)


def _kind(path: str) -> str:
    """What kind of value a field takes."""
    pattern = pattern_of(path)
    return _MEANT.get(pattern) or kind_of(pattern)


_READ: Mapping[str, Callable[[str, str, Language], Scalar | None]] = {
    "number": lambda path, text, _: _number(path, text),
    "whole": lambda path, text, _: _number(path, text),
    "date": lambda _, text, lang: reading.read_date(text, lang),
    "interval": lambda _, text, lang: reading.read_interval(text, lang),
    "medicine": lambda _, text, lang: _medicines(lang).get(text.lower()),
}
"""How what was typed is read, by the kind of its field."""


def _shown_medicine(drug: str, lang: Language) -> str:
    """A medicine that was written by its generic name, as the language calls it; any other name as it is."""
    return lang.say(medicines()[drug].name) if drug in medicines() else drug


@cache
def _medicines(lang: Language) -> Mapping[str, str]:
    """The generic name behind what a language calls each medicine, in lower case."""
    return {lang.say(row.name).lower(): drug for drug, row in medicines().items()}


def _number(path: str, text: str) -> float | None:
    """The number that was typed into a field."""
    return reading.read_number(text, small=FIELDS[pattern_of(path)].unit in _NEVER_THOUSANDS)


def _without_emptied(new: Entries, listed: str, typed: Mapping[str, str], before: Entries) -> Entries:
    """Without what is left of rows whose every field was emptied (what the form does not show goes with them)."""
    for number in rows({*typed, *before}, listed):
        row = f"{listed}[{number}]"
        if not any(path.startswith(f"{row}.") and pattern_of(path) in FIELDS for path in new):
            new = without_row(new, row)
    return new


def person_of(entries: Entries, today: datetime.date) -> Person:
    """The person in the entries; raises PersonError with every problem, in the words of a form.

    today: the day of assessment where the entries say none.
    """
    record = nested({path: _value(path, entry) for path, entry in with_defaults(entries, today).items()})
    try:
        return read_person(record)
    except PersonError as error:
        lang = page_language()
        problems = (asked_back(problem, entries.get(problem.path), lang) for problem in error.problems)
        raise PersonError(tuple(problems)) from None


def with_defaults(entries: Entries, today: datetime.date) -> Entries:
    """The entries with what an empty answer means: the day of assessment, twelve months."""
    day = entries.get("assessed_on", today.isoformat())
    filled = dict(entries) | {"assessed_on": day}
    for path, field in FIELDS.items():
        if field.default and "[]" in path:
            default = day if field.default == "today" else field.default
            listed = path.partition("[]")[0]
            for number in rows(entries, listed):
                # A single dated fall has no period.
                if listed != "falls" or f"falls[{number}].date" not in entries:
                    filled.setdefault(f"{listed}[{number}].{field.name}", default)
    return filled


def _value(path: str, entry: Scalar) -> Scalar:
    """What was typed as the record has it: numbers and yes or no; what is neither stays text and is told.

    Entries of a page from before a restart may still hold numbers as they were typed.
    """
    pattern = pattern_of(path)
    if not isinstance(entry, str) or pattern not in FIELDS:
        return entry
    kind = kind_of(pattern)
    if kind == "yes_no":
        return _YES_NO.get(entry, entry)
    return _or_text(_number(path, entry), entry) if kind in ("number", "whole") else entry


def asked_back(problem: Problem, typed: object, lang: Language) -> Problem:
    """What to do about a text that is no number or date, in a form: as its language writes them, and not a record.

    What may mean two things is asked with what to write for either.
    """
    if isinstance(typed, str) and problem.todo == YEAR_FIRST:
        return _which_date(problem, typed, lang)
    if not isinstance(typed, str) or problem.todo not in (NUMBER_ALONE, NUMBER_UNQUOTED):
        return problem
    if not reading.may_be_thousands(typed):
        return replace(problem, todo=NUMBER_ALONE)
    plain = re.sub("[.,]", "", typed)
    return replace(problem, todo=Message("todo.write_n_if_thousands_are_meant", {"n": verbatim(plain)}))


def _which_date(problem: Problem, typed: str, lang: Language) -> Problem:
    """What to write for a date, or for either of two."""
    day, month = (verbatim(reading.shown_date(example, lang)) for example in ("2014-05-02", "2014-05"))
    expected = Message("expected.date_on_a_form", {"day": day, "month": month})
    found = reading.possible_dates(typed, lang)
    if len(found) != 2:
        return replace(problem, expected=expected, todo=Message("todo.write_the_date_like", {"day": day}))
    one, other = (datetime.date.fromisoformat(when) for when in found)
    shown_one, shown_other = (verbatim(reading.shown_date(when, lang)) for when in found)
    values = {"one": shown_one, "other": shown_other, "one_day": one, "other_day": other}
    todo = Message("todo.write_which_date", values)
    return replace(problem, expected=expected, todo=todo)


def entries_of(person: Person) -> Entries:
    """A person as entries: what the form shows as it is typed, the rest as it is."""
    return {path: _typed(path, value) for path, value in flattened(write_person(person))}


def _typed(path: str, value: Scalar) -> Scalar:
    """A value as the form shows it; a number stays one, since 61.125 as a text might be thousands."""
    if pattern_of(path) not in FIELDS:
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def problems_of(page: SessionPage, today: datetime.date) -> tuple[FieldProblem, ...]:
    """Everything that is wrong with the entries, each beside its field."""
    try:
        checked_person(page, today)
    except PersonError as error:
        return tuple(FieldProblem(field_near(problem.path), problem) for problem in error.problems)
    return ()


def checked_person(page: SessionPage, today: datetime.date) -> Person:
    """The person of a page; raises PersonError also for a medicine whose name is not known."""
    unknown = tuple(medicine_fields.unknown_in(page))
    try:
        person = person_of(page.entries, today)
    except PersonError as error:
        raise PersonError((*error.problems, *unknown)) from None
    if unknown:
        raise PersonError(unknown)
    return person


def field_near(path: str) -> str:
    """The field of the form that a problem's path means: itself, or the first of its row or group.

    A path without a field, which came from a file, stays as it is and is shown as the record calls it.
    """
    pattern = pattern_of(path)
    if pattern in FIELDS:
        return path
    first = next((field for field in FIELDS if field.startswith(f"{pattern}.")), None)
    return path + first[len(pattern) :] if first and "[]" not in first[len(pattern) :] else path


def on_page(problems: Iterable[FieldProblem], step: FormStep) -> tuple[FieldProblem, ...]:
    """The problems that can be put right on one page."""
    return tuple(problem for problem in problems if problem.step is step)
