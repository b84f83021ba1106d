"""The registry on a page: its numbers by method, and everything about one of its records."""

from collections import Counter
from collections.abc import Iterable

from trabecula.evidence import Evidence, Finding, Parameter, Source, Status
from trabecula.report.lookup import Found
from trabecula.report.names import INTERVALS, METHODS, SPREADS
from trabecula.report.numbers import counted, printed
from trabecula.report.page import Block, Item, Items, Page, Paragraph, Row, Section, Table, section

_SAID_ELSEWHERE = ("", "1")
"""Units that are none."""


def summary_page(evidence: Evidence) -> Page:
    """How many numbers there are, by the road that led to them and by how well they were seen."""
    by_method = evidence.summary()
    statuses = status_counts(evidence)
    methods = [Row(method, (f"{n:,}", METHODS[method])) for method, n in by_method.items()]
    seen = [Row(status, (f"{n:,}", Status(status).meaning)) for status, n in statuses.items()]
    assumed = by_method["assumed"]
    return Page(
        "Evidence",
        (Paragraph(f"{counted(len(evidence), 'parameter')}, {assumed} of them assumed; {counted(sum(statuses.values()), 'finding')}."),),
        (
            Section("Parameters: what Trabecula uses", (_listed("method", methods),)),
            Section("Findings: what documents print", (_listed("status", seen),)),
            Section("To see more", (Items(_MORE),)),
        ),
    )


_MORE = (
    Item("trabecula evidence ID", "everything about a parameter, a finding or a document"),
    Item("trabecula evidence --assumed", "what is assumed, and why"),
)


def status_counts(evidence: Evidence) -> dict[str, int]:
    """How many findings each status has."""
    counts = Counter(each.status for each in evidence.findings().values())
    return {str(status): counts[status] for status in Status}


def _listed(corner: str, rows: Iterable[Row]) -> Items:
    """Counts with what they mean."""
    del corner
    return Items(tuple(Item(f"{row.cells[0]} {row.label}", str(row.cells[1])) for row in rows))


def assumed_page(evidence: Evidence) -> Page:
    """Every assumption with its reason."""
    parameters = [evidence[name] for name in evidence.assumed()]
    entries = tuple(Item(f"{each.id} = {value_text(each)}", each.because) for each in parameters)
    head = f"{len(entries)} of {counted(len(evidence), 'parameter')} are assumed: nobody has measured what they stand for, or nobody has been found who did."
    return Page("Assumed", (Paragraph(head),), section("Assumptions", (Items(entries),)))


def found_page(found: Found) -> Page:
    """Everything about one record."""
    record = found.record
    if isinstance(record, Parameter):
        opening, extra = _parameter(record), _curve(record)
    elif isinstance(record, Finding):
        opening, extra = _finding(record), ()
    else:
        opening, extra = _source(record), ()
    return Page(
        f"{found.kind.capitalize()} {record.id}",
        (*opening, *extra),
        (
            *section(_FINDINGS[found.kind], _behind(found)),
            *section("Parameters that rest on it", _resting(found)),
        ),
    )


_FINDINGS = {"parameter": "Findings behind it", "finding": "Document", "source": "Findings it prints"}
