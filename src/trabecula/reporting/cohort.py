"""The page of a register: who comes first and why, what is new, the clinic at a glance; and the work list as a table.

    page = cohort_page(rows, lines, code="de", earlier=True)
    header, *rows = worklist_cells(lines, "de")

Small cells of the summary are kept back; the work list names people by the ids that the register gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trabecula.assessment.results import STATEMENT
from trabecula.register.columns import RANKED_BY, REFUSED
from trabecula.register.summary import LEAST, AuditCount, ClinicSummary, summary
from trabecula.register.worklist import Scores, WorkLine
from trabecula.reporting.html import render
from trabecula.words.language import Language, language
from trabecula.words.message import unpack

_SHOWN = 200
"""People on the page; the files have all."""
_COLUMNS = ("place", "id", "age", "sex", "why", "action", "due", "risk", "average", "cause", "dxa_last", "news")
Cells = tuple[str, ...]


@dataclass(frozen=True)
class CohortTable:
    """A titled table of the page."""

    title: str
    text: str
    columns: Cells
    rows: Sequence[Cells]


@dataclass(frozen=True)
class CohortPage:
    """What the template shows."""

    title: str
    line: str
    statement: str
    tables: Sequence[CohortTable]


def cohort_page(rows: Sequence[Scores], lines: Sequence[WorkLine], code: str = "en", *, compared: bool = False) -> str:
    """The page as HTML. compared: whether the lines say what is new since an earlier run."""
    lang = language(code)
    found = summary(rows)
    on = rows[0]["date"] if rows else None
    told = {"people": found.people, "scored": found.scored, "refused": found.refused}
    page = CohortPage(
        title=lang.text("cohort.page.title"),
        line=lang.text("cohort.page.line", day=on, **told),
        statement=lang.say(STATEMENT),
        tables=[*_lists(lines, lang, compared=compared), *_clinic(found, lang), *_refused(rows, lang)],
    )
    return render("tables.html", code, page=page)


def worklist_cells(lines: Sequence[WorkLine], code: str) -> list[Cells]:
    """The work list as rows of a file, the header first."""
    lang = language(code)
    return [_header(lang), *(_line(line, lang) for line in lines)]


def _header(lang: Language) -> Cells:
    """The names of the columns."""
    return tuple(lang.text(f"cohort.column.{name}") for name in _COLUMNS)


def _lists(lines: Sequence[WorkLine], lang: Language, *, compared: bool) -> list[CohortTable]:
    """Who first, and who is new on the list."""
    shown = [_line(line, lang) for line in lines[:_SHOWN]]
    text = lang.text("cohort.page.first_text", n=len(lines), shown=len(shown))
    first = CohortTable(lang.text("cohort.page.first"), text, _header(lang), shown)
    if not compared:
        return [first]
    new = [_line(line, lang) for line in lines if line.news][:_SHOWN]
    text = lang.text("cohort.page.new_text", n=sum(bool(line.news) for line in lines))
    return [first, CohortTable(lang.text("cohort.page.new"), text, _header(lang), new)]


def _line(line: WorkLine, lang: Language) -> Cells:
    """One person of the work list."""
    row = line.row
    risk = {"risk": row[RANKED_BY], "reach": (row[f"{RANKED_BY}_low"], row[f"{RANKED_BY}_high"])}
    return (
        str(line.place),
        row["id"],
        lang.written(row["age_y"], ".0f"),
        lang.text(f"cohort.sex.{row['sex']}"),
        ", ".join(lang.text(f"cohort.why.{name}") for name in line.reasons),
        lang.say(unpack(row["action_message"])) if row["action_message"] else "",
        _day(row["action_on"], lang),
        lang.text("cohort.risk", **risk),
        lang.written(row[f"{RANKED_BY}_average"], "percent"),
        lang.text(f"cause.{row['modifiable_cause']}") if row["modifiable_cause"] else "",
        _day(row["dxa_last_on"], lang),
        ", ".join(lang.text(f"cohort.news.{name}") for name in line.news),
    )


def _day(day: date | None, lang: Language) -> str:
    """A day in a table."""
    return "" if day is None else lang.short_day(day)


def _clinic(found: ClinicSummary, lang: Language) -> list[CohortTable]:
    """The clinic at a glance."""
    kept = lang.text("cohort.page.small", n=LEAST)
    head = (lang.text("cohort.column.people"),)
    bands = [
        (lang.text("cohort.band", low=low, high=min(high, 1.0)), _count(n, lang))
        for (low, high), n in found.bands.items()
    ]
    categories = [(lang.text(f"cohort.category.{key}"), _count(n, lang)) for key, n in sorted(found.categories.items())]
    gaps = [(_gap(key, lang), _count(n, lang)) for key, n in found.gaps.items()]
    audit = [(lang.text(f"cohort.audit.{measure.name}"), *_audit(measure, lang)) for measure in found.measures]
    audit_head = tuple(lang.text(f"cohort.column.{name}") for name in ("measure", "met", "of", "share"))
    return [
        CohortTable(lang.text("cohort.page.audit"), kept, audit_head, audit),
        CohortTable(lang.text("cohort.page.bands"), kept, (lang.text("cohort.column.band"), *head), bands),
        CohortTable(lang.text("cohort.page.categories"), "", (lang.text("cohort.column.category"), *head), categories),
        CohortTable(lang.text("cohort.page.gaps"), "", (lang.text("cohort.column.gap"), *head), gaps),
    ]


def _audit(measure: AuditCount, lang: Language) -> Cells:
    """A measure with its denominator."""
    share = "" if measure.share is None else lang.written(measure.share, "percent")
    return _count(measure.met, lang), _count(measure.of, lang), share


def _count(n: int | None, lang: Language) -> str:
    """A count, or that it is kept back."""
    return lang.text("cohort.kept_back", n=LEAST) if n is None else lang.written(n, ",")


def _gap(key: str, lang: Language) -> str:
    """What a record does not say."""
    return lang.text(f"gap.{key}") if lang.knows(f"gap.{key}") else key


def _refused(rows: Sequence[Scores], lang: Language) -> list[CohortTable]:
    """Everybody without a score, with the reason."""
    found = [row for row in rows if row["status"] == REFUSED]
    if not found:
        return []
    cells = [(row["id"], lang.say(unpack(row["refusal_message"]))) for row in found[:_SHOWN]]
    columns = (lang.text("cohort.column.id"), lang.text("cohort.column.refusal"))
    return [CohortTable(lang.text("cohort.page.refused"), "", columns, cells)]


def is_plain(value: Any) -> bool:
    """Whether a cell of a file begins as no formula does: =, +, - and @ make one of it in a spreadsheet."""
    return not str(value).startswith(("=", "+", "-", "@"))
