"""Findings beside the model on a terminal: a table for each study, then the misses, then the counts."""

from collections.abc import Iterable, Iterator, Sequence

from trabecula.drawing.page import Block, Estimate, Item, Items, Page, Paragraph, Row, Section, Table, section
from trabecula.lab.pages import comparing
from trabecula.lab.pages.agreement import ROLES, Count, Line, Reproduced, count, counts, coverage, missed
from trabecula.lab.studies.comparison import Comparison
from trabecula.words.numbers import SPACE

_TITLE = "Published studies beside the model"
_COLUMNS = ("Role", "Published", "Model", "z", "")
_RULE = (
    "Met: |z| up to 1.96, where z is the distance from model to publication over √(SE² + τ²). Imputed: the paper prints"
    " no standard error. Direction: it prints no number. Only predictions say how well the model does where it has not"
    " looked."
)


def comparisons_page(studies: Sequence[Reproduced]) -> Page:
    """Every study with its findings, and the summary at the end, where a terminal stops."""
    sections = (section(each.study.id, _study(each)) for each in studies)
    return Page(_TITLE, (), (*(each for found in sections for each in found), *_summary(studies)))


def summary_page(studies: Sequence[Reproduced]) -> Page:
    """The summary alone."""
    return Page(_TITLE, (), _summary(studies))


def _study(found: Reproduced) -> list[Block]:
    """One study: its title, and a table for each document that its findings come from."""
    tables = [block for prefix, lines in _by_document(found.lines).items() for block in _table(prefix, lines)]
    return [Paragraph(f"{found.study.title}. {found.study.source}.", quiet=True), *tables]


def _by_document(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines by what their ids begin with."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.comparison.finding.rpartition(".")[0], []).append(line)
    return found


def _table(prefix: str, lines: Sequence[Line]) -> list[Block]:
    """Findings of one document: what their ids begin with, and a table of the rest."""
    return [Paragraph(f"{prefix}."), Table("", _COLUMNS, tuple(map(_row, lines)), droppable=1)]


def _row(line: Line) -> Row:
    """A finding beside the model."""
    published, unit = comparing.published(line), comparing.short_unit(line)
    value = f"{published.value}{SPACE}{unit}" if published.range and unit else published.value
    shown = Estimate(value, published.range)
    verdict = "" if line.comparison.within else "miss"
    z = comparing.distance(line)
    cells = (line.comparison.role, shown, comparing.modelled(line), z, verdict)
    return Row(line.comparison.finding.rpartition(".")[2], cells)


def _summary(studies: Sequence[Reproduced]) -> tuple[Section, ...]:
    """The misses, then how many findings are met."""
    comparisons = [line.comparison for each in studies for line in each.lines]
    return (*section("Misses", _misses(studies)), *section("Summary", _counts(comparisons)))


def _misses(studies: Sequence[Reproduced]) -> list[Block]:
    """Every miss in a line, predictions first."""
    entries = [
        Item(line.comparison.finding, _in_a_line(line))
        for role in ROLES
        for each in missed(studies)
        for line in each.misses
        if line.comparison.role == role
    ]
    return [Items(tuple(entries))] if entries else [Paragraph("None.")]


def _in_a_line(line: Line) -> str:
    """A miss in few words."""
    z = "" if line.comparison.z is None else f", z{SPACE}{comparing.distance(line)}"
    unit = comparing.short_unit(line)
    model = f"{comparing.modelled(line).value}{SPACE}{unit}" if unit else comparing.modelled(line).value
    return f"published {comparing.published(line).value}, model {model}{z} ({line.comparison.role})"


def _counts(comparisons: Sequence[Comparison]) -> list[Block]:
    """Shares within tolerance, by role and by how the standard error is known."""
    rows = list(_count_rows(comparisons))
    said = [Paragraph(text) for role in ROLES if (text := coverage(comparisons, role))]
    return [Table("", ("Findings", "Met", "Share"), tuple(rows)), *said, Paragraph(_RULE, quiet=True)]


def _count_rows(comparisons: Sequence[Comparison]) -> Iterator[Row]:
    """A line for each role, and behind it its kinds of standard error."""
    by_kind = counts(comparisons)
    for role in ROLES:
        found = count([each for each in comparisons if each.role == role])
        if found.of:
            yield _count_row(role.capitalize(), found)
        for (of, kind), part in by_kind.items():
            if of == role:
                yield _count_row(kind, part, beside=True)


def _count_row(name: str, found: Count, *, beside: bool = False) -> Row:
    """How many findings are met."""
    return Row(name, (f"{found.of:,}", f"{found.within:,}", comparing.share(found)), beside)
