"""Rows of a form: several empty ones at once, and rows that share a visit, such as the sites of one density scan.

A visit asks for its day once and has a row for each usual site. What is sent has the shared fields with the first of
its rows; the others say with which row they go (`dxa[4].with` = 3), and get what is shared when they are read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trabecula.vocabulary import SKELETAL_SITES
from trabecula.web.entries import rows
from trabecula.web.fields import FieldGroup, FormField
from trabecula.web.state import Entries, Scalar

WITH = "with"
"""The name under which a row says with which other row it goes; no field of a record."""


@dataclass(frozen=True)
class FormRow:
    """A row of a group on a page."""

    number: int
    """Of the row in its list, from 0."""
    paths: tuple[str, ...]
    """Of its fields, in their order."""
    blank: bool
    """Whether it is one of the empty ones behind the others."""


def rows_of(group: FieldGroup, entries: Entries) -> tuple[FormRow, ...]:
    """The rows of a list that are filled, and empty ones behind, so that more can be typed without a script."""
    filled = rows(entries, group.rows)
    first = filled[-1] + 1 if filled else 0
    empty = range(first, first + max(1, group.blank - len(filled)))
    return tuple(
        FormRow(number, tuple(f"{group.rows}[{number}].{field.name}" for field in group.fields), number in empty)
        for number in (*filled, *empty)
    )


@dataclass(frozen=True)
class VisitRow:
    """What was measured at one site."""

    number: int
    """Of the row in its list."""
    site: str
    """The answer to what tells rows apart, by its key."""
    measured: tuple[tuple[FormField, str], ...]
    """Fields with their paths."""


@dataclass(frozen=True)
class FormVisit:
    """Rows of one day."""

    shared: tuple[tuple[FormField, str], ...]
    """Fields that are asked once, with their paths: those of the first row."""
    rows: tuple[VisitRow, ...]
    blank: bool

    @property
    def lead(self) -> int:
        """The number of the row that has what is shared."""
        return self.rows[0].number


def visits_of(group: FieldGroup, entries: Entries) -> tuple[FormVisit, ...]:
    """The visits of a list, each with its rows and empty ones for the other usual sites, and an empty visit behind."""
    found: dict[tuple[Scalar | None, ...], list[int]] = {}
    for number in rows(entries, group.rows):
        key = tuple(entries.get(f"{group.rows}[{number}].{name}") for name in group.visit)
        found.setdefault(key, []).append(number)
    free = iter(range(max(rows(entries, group.rows), default=-1) + 1, 10_000))
    numbered = ([*_filled(group, known, entries), *_others(group, known, entries, free)] for known in found.values())
    visits = [_visit(group, sites, entries, blank=False) for sites in numbered]
    return (*visits, _visit(group, [(next(free), site) for site in usual_sites()], entries, blank=True))


def usual_sites() -> tuple[str, ...]:
    """The sites that a scan usually has: those whose bone the model follows."""
    return tuple(site for site, row in SKELETAL_SITES.items() if row.simulated)


def _filled(group: FieldGroup, numbers: list[int], entries: Entries) -> Iterator[tuple[int, str]]:
    """The rows of a visit that there are, with their sites."""
    for number in numbers:
        yield number, str(entries.get(f"{group.rows}[{number}].{group.by}", ""))


def _others(
    group: FieldGroup, numbers: list[int], entries: Entries, free: Iterator[int]
) -> Iterator[tuple[int, str]]:  # fmt: skip
    """Empty rows for the usual sites that a visit does not have."""
    there = {site for _, site in _filled(group, numbers, entries)}
    yield from ((next(free), site) for site in usual_sites() if site not in there)


def _visit(group: FieldGroup, numbered: list[tuple[int, str]], entries: Entries, *, blank: bool) -> FormVisit:
    """A visit with these rows."""
    lead = numbered[0][0]
    shared = tuple((field, f"{group.rows}[{lead}].{field.name}") for field in group.shared)
    return FormVisit(shared, tuple(_row(group, number, site, entries) for number, site in numbered), blank)


def _row(group: FieldGroup, number: int, site: str, entries: Entries) -> VisitRow:
    """A row of a visit."""
    asked = ((field, f"{group.rows}[{number}].{field.name}") for field in group.measured)
    return VisitRow(
        number, site, tuple((field, path) for field, path in asked if path in entries or _is_of(field, site))
    )


_OF_THE_SPINE = {"tbs": True, "side": False}
"""Fields that are asked of the spine alone, or of any site but the spine."""


def _is_of(field: FormField, site: str) -> bool:
    """Whether a field means something at a site."""
    row, wanted = SKELETAL_SITES.get(site), _OF_THE_SPINE.get(field.name)
    return row is None or wanted is None or (row.breaks_as == "spine") == wanted


_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_GOES_WITH = re.compile(r"([^\[\]]+)\[(\d{1,4})\]\." + WITH, re.ASCII)


def apart(group: FieldGroup, form: Mapping[str, str]) -> dict[str, str]:
    """What was typed with what rows of a visit share written into each of them.

    A row in which nothing was measured is emptied; of a visit with no measurement at all its first row stays, so that
    the record can say what it lacks.
    """
    typed = dict(form)
    leads = dict(_leads(group, form))
    for number, lead in leads.items():
        for name in group.visit:
            typed[f"{group.rows}[{number}].{name}"] = form.get(f"{group.rows}[{lead}].{name}", "")
    for lead in sorted(set(leads.values())):
        members = [number for number, other in leads.items() if other == lead]
        told = [number for number in members if _is_measured(group, number, form)]
        dated = any(form.get(f"{group.rows}[{lead}].{name}", "").strip() for name in group.visit[:1])
        kept = told or ([lead] if dated else [])
        for number in set(members) - set(kept):
            typed |= dict.fromkeys((f"{group.rows}[{number}].{field.name}" for field in group.fields), "")
    return {name: text for name, text in typed.items() if not _GOES_WITH.fullmatch(name)}


def _leads(group: FieldGroup, form: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Each row that says with which other row it goes, and that one."""
    for name, lead in form.items():
        found = _GOES_WITH.fullmatch(name)
        if found and found[1] == group.rows and _NUMBER.fullmatch(lead):
            yield int(found[2]), int(lead)


def _is_measured(group: FieldGroup, number: int, form: Mapping[str, str]) -> bool:
    """Whether anything was typed into a row beside what the visit shares."""
    return any(form.get(f"{group.rows}[{number}].{field.name}", "").strip() for field in group.measured)
