"""A finding beside the model in words (what was measured, when, in whom, how far the model is), and on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from trabecula.data_files import read_mapping
from trabecula.drawing.page import Block, Estimate, Item, Items, Page, Paragraph, Row, Section, Table, section
from trabecula.lab.pages import agreement
from trabecula.lab.pages.agreement import ROLES, AgreementCount, FindingLine, StudyComparison
from trabecula.lab.pages.document import TEXTS
from trabecula.lab.studies.fracture_record import FractureTarget
from trabecula.lab.studies.record import StudyTarget
from trabecula.lab.studies.reproduce import FindingComparison
from trabecula.units import DAYS_PER_MONTH, DAYS_PER_WEEK, PER_CENT, years
from trabecula.vocabulary import SKELETAL_SITES
from trabecula.words.language import language
from trabecula.words.numbers import SPACE, fixed, printed, significant, span

_OTHER_QUANTITIES = {"any_site": "Lowest site", "CTX": "CTX", "P1NP": "P1NP", "osteocalcin": "Osteocalcin"}
"""What a study may measure besides density at a site."""
NO_NUMBER = "–"
"""Stands where there is none."""
_DIRECTIONS = {"up": "up", "down": "down", "none": "no change"}
"""Findings that print no number."""
_NAMES = read_mapping(TEXTS / "comparisons.yaml")
"""Units, decimals and scales, by statistic and by class of quantity."""
_IN_DAYS, _IN_WEEKS, _IN_MONTHS = 62.0, 366.0, 1100.0
"""Days."""


def _quantity(name: str) -> str:
    """What was measured, in English: these pages have one language."""
    site = SKELETAL_SITES.get(name)
    return _OTHER_QUANTITIES[name] if site is None else language("en").heading(site.name)


def label(line: FindingLine) -> str:
    """What was measured: "Lumbar spine, month 12, alendronate versus placebo"."""
    target = line.target
    if isinstance(target, FractureTarget):
        return line.quantity[:1].upper() + line.quantity[1:]
    parts = [_quantity(target.quantity), when(target), _people(target, line.n_arms)]
    return ", ".join(part for part in parts if part)


def when(target: StudyTarget) -> str:
    """The day of the reading, or the days between; nothing for a study of one day."""
    if target.since_day:
        return f"{at(target.since_day)} to {at(target.day)}"
    return at(target.day) if target.day else ""


def at(day: float) -> str:
    """A day of a study as papers say it: day 5, week 26, month 18, year 5."""
    if abs(day) <= _IN_DAYS:
        return f"day{SPACE}{printed(day)}"
    if abs(day) <= _IN_WEEKS and day % DAYS_PER_WEEK == 0:
        return f"week{SPACE}{printed(day / DAYS_PER_WEEK)}"
    if abs(day) <= _IN_MONTHS:
        return f"month{SPACE}{fixed(day / DAYS_PER_MONTH, 0)}"
    return f"year{SPACE}{significant(years(day)).removesuffix('.0')}"


def _people(target: StudyTarget, n_arms: int) -> str:
    """The arm, and the arm beside it; nothing where there is one arm."""
    arm, versus = (_plain(name or "") for name in (target.arm, target.versus))
    if versus:
        return f"{arm} versus {versus}"
    return arm if n_arms > 1 else ""


def _plain(name: str) -> str:
    return name.replace("_", " ")


def unit(line: FindingLine) -> str:
    """What the numbers of a finding count."""
    if isinstance(line.target, FractureTarget):
        return "ratio" if line.comparison.unit == "1" else line.comparison.unit
    versus = _plain(line.target.versus or "the other arm")
    return _NAMES["statistics"][line.target.statistic]["unit"].format(versus=versus)


def short_unit(line: FindingLine) -> str:
    """The unit where space is short."""
    return "" if unit(line) in ("r", "ratio") else unit(line).split(" ")[0]


def decimals(line: FindingLine) -> int:
    """How many decimals are shown."""
    return _NAMES["decimals"][line.group]


def published(line: FindingLine) -> Estimate:
    """The printed number with the 95 % interval of its standard error, or the way it went."""
    found = line.comparison
    if found.published is None:
        return Estimate(_DIRECTIONS[found.direction or "none"])
    low, high = found.published_lower, found.published_upper
    if low is None or high is None:
        return Estimate(printed(found.published))
    return Estimate(printed(found.published), span(fixed(low, decimals(line)), fixed(high, decimals(line))))


def modelled(line: FindingLine) -> Estimate:
    """The model's number with its 90 % band."""
    found, digits = line.comparison, decimals(line)
    if not isfinite(found.model):
        return Estimate("no answer")
    low, high = fixed(found.model_lower, digits), fixed(found.model_upper, digits)
    return Estimate(fixed(found.model, digits), span(low, high))


def distance(line: FindingLine) -> str:
    """The distance from model to publication in allowed distances, with its sign."""
    z = line.comparison.z
    if z is None or not isfinite(z):
        return NO_NUMBER
    text = fixed(z, 2)
    return text if z < 0 or text.strip("0.") == "" else f"+{text}"


def verdict(line: FindingLine) -> str:
    """Whether the finding is met."""
    return "agrees" if line.comparison.within else "miss"


def role(line: FindingLine) -> str:
    """Whether the finding was fitted or predicted."""
    return line.comparison.role if line.comparison.seen else f"{line.comparison.role} (new)"


def share(found: AgreementCount) -> str:
    """A count as a share."""
    return f"{fixed(PER_CENT * found.within / found.of, 0)}{SPACE}%" if found.of else NO_NUMBER


def axis_label(line: FindingLine) -> str:
    """What the scale of a picture measures; lines with the same words share it."""
    if isinstance(line.target, FractureTarget):
        return _NAMES["fracture_axes"][line.target.group].format(unit=unit(line))
    of = "Marker: " if line.group == "marker_change" else ""
    return of + _NAMES["statistics"][line.target.statistic]["axis"] + (", sign as reported" if line.target.flip else "")


# --- The page of a terminal -------------------------------------------------------------------------------------------

_TITLE = "Model compared with published studies"
_COLUMNS = ("Role", "Published", "Model", "z", "")


def comparisons_page(studies: Sequence[StudyComparison]) -> Page:
    """Every study with its findings, and the summary at the end, where a terminal stops."""
    sections = (section(study.study.id, _study(study)) for study in studies)
    return Page(_TITLE, (), (*(part for found in sections for part in found), *_summary(studies)))


def summary_page(studies: Sequence[StudyComparison]) -> Page:
    """The summary alone."""
    return Page(_TITLE, (), _summary(studies))


def _study(found: StudyComparison) -> list[Block]:
    """One study: its title, and a table for each document that its findings come from."""
    tables = [block for prefix, lines in _by_document(found.lines).items() for block in _table(prefix, lines)]
    return [Paragraph(f"{found.study.title}. {found.study.source}.", quiet=True), *tables]


def _by_document(lines: Iterable[FindingLine]) -> dict[str, list[FindingLine]]:
    """Lines by what their ids begin with."""
    found: dict[str, list[FindingLine]] = {}
    for line in lines:
        found.setdefault(line.comparison.finding.rpartition(".")[0], []).append(line)
    return found


def _table(prefix: str, lines: Sequence[FindingLine]) -> list[Block]:
    """Findings of one document: what their ids begin with, and a table of the rest."""
    return [Paragraph(f"{prefix}."), Table("", _COLUMNS, tuple(map(_row, lines)), droppable=1)]


def _row(line: FindingLine) -> Row:
    printed_value, of = published(line), short_unit(line)
    value = f"{printed_value.value}{SPACE}{of}" if printed_value.range and of else printed_value.value
    shown = Estimate(value, printed_value.range)
    verdict = "" if line.comparison.within else "miss"
    z = distance(line)
    cells = (line.comparison.role, shown, modelled(line), z, verdict)
    return Row(line.comparison.finding.rpartition(".")[2], cells)


def _summary(studies: Sequence[StudyComparison]) -> tuple[Section, ...]:
    """The misses, then how many findings are met."""
    comparisons = [line.comparison for study in studies for line in study.lines]
    return (*section("Misses", _misses(studies)), *section("Summary", _counts(comparisons)))


def _misses(studies: Sequence[StudyComparison]) -> list[Block]:
    entries = [
        Item(line.comparison.finding, _in_a_line(line))
        for role in ROLES
        for study in agreement.missed(studies)
        for line in study.misses
        if line.comparison.role == role
    ]
    return [Items(tuple(entries))] if entries else [Paragraph("None.")]


def _in_a_line(line: FindingLine) -> str:
    z = "" if line.comparison.z is None else f", z{SPACE}{distance(line)}"
    unit = short_unit(line)
    model = f"{modelled(line).value}{SPACE}{unit}" if unit else modelled(line).value
    return f"published {published(line).value}, model {model}{z} ({line.comparison.role})"


def _counts(comparisons: Sequence[FindingComparison]) -> list[Block]:
    """Shares within tolerance, by role and by how the standard error is known."""
    rows = list(_count_rows(comparisons))
    said = [Paragraph(text) for role in ROLES if (text := agreement.coverage(comparisons, role))]
    return [Table("", ("Findings", "Met", "Share"), tuple(rows)), *said, Paragraph(_NAMES["rule"], quiet=True)]


def _count_rows(comparisons: Sequence[FindingComparison]) -> Iterator[Row]:
    """A line for each role, and behind it its kinds of standard error."""
    by_kind = agreement.counts(comparisons)
    for role in ROLES:
        found = agreement.count([found for found in comparisons if found.role == role])
        if found.of:
            yield _count_row(role.capitalize(), found)
        for (of, kind), part in by_kind.items():
            if of == role:
                yield _count_row(kind, part, beside=True)


def _count_row(name: str, found: AgreementCount, *, beside: bool = False) -> Row:
    return Row(name, (f"{found.of:,}", f"{found.within:,}", share(found)), beside)
