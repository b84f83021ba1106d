"""The registry on a page: its numbers by method, its assumptions, and everything about one record."""

from collections import Counter
from collections.abc import Mapping

from trabecula.drawing.page import Block, Item, Items, Page, Paragraph, Row, Section, Table, section
from trabecula.evidence import Evidence, Finding, Fit, Parameter, Source, Spread, Status
from trabecula.reporting.lookup import Found
from trabecula.words.names import INTERVALS, METHODS, SPREADS, in_english
from trabecula.words.numbers import SPACE, counted, printed, span

_NO_UNIT = "1"


def summary_page(evidence: Evidence) -> Page:
    """How many numbers there are, by the road that led to them and by how well they were seen."""
    methods, statuses = evidence.summary(), status_counts(evidence)
    meanings = {status: Status(status).meaning for status in statuses}
    total = f"{counted(len(evidence), 'parameter')} from {counted(sum(statuses.values()), 'finding')};"
    return Page(
        "Evidence",
        (Paragraph(f"{total} {methods['assumed']} of the parameters are assumed."),),
        (
            Section(
                "Parameters: what Trabecula uses",
                (_counts(methods, {name: in_english(name, METHODS) for name in METHODS}),),
            ),
            Section("Findings: what documents print", (_counts(statuses, meanings),)),
            Section("To see more", (_MORE,)),
        ),
    )


_MORE = Items(
    (
        Item("trabecula evidence ID", "everything about a parameter, a finding or a document"),
        Item("trabecula evidence --assumed", "what is assumed, and why"),
    )
)


def status_counts(evidence: Evidence) -> dict[str, int]:
    """How many findings each status has."""
    counts = Counter(each.status for each in evidence.findings().values())
    return {str(status): counts[status] for status in Status}


def _counts(counts: Mapping[str, int], meanings: Mapping[str, str]) -> Items:
    """Counts with what they count."""
    return Items(tuple(Item(f"{n:,} {name}", meanings[name]) for name, n in counts.items()))


def assumed_page(evidence: Evidence) -> Page:
    """Every assumption with its reason."""
    parameters = [evidence[name] for name in evidence.assumed()]
    entries = tuple(Item(f"{each.id} ({_value(each)})", each.because) for each in parameters)
    total = f"{len(entries)} of {counted(len(evidence), 'parameter')} are assumed. Each says why it has its value."
    return Page("Assumed", (Paragraph(total),), section("Assumptions", [Items(entries)]))


def found_page(found: Found, fit: Fit | None = None) -> Page:
    """Everything about one record; `fit` is the calibration that a parameter comes from."""
    record = found.record
    resting = [Items(tuple(Item("", name) for name in found.used_by))] if found.used_by else []
    return Page(
        f"{found.kind.capitalize()} {record.id}",
        tuple(_opening(found, fit)),
        (*section(_BEHIND[found.kind], _behind(found)), *section("Parameters that rest on it", resting)),
    )


_BEHIND = {"parameter": "Findings behind it", "finding": "Document", "source": "What it prints"}


def _opening(found: Found, fit: Fit | None) -> list[Block]:
    """The record itself."""
    record = found.record
    if isinstance(record, Parameter):
        return [Paragraph(record.label), *_curve(record), _items(_of_parameter(record, fit))]
    if isinstance(record, Finding):
        return [Paragraph(record.quantity), _items(_of_finding(record))]
    return [Paragraph(record.reference), _items({"licence": record.licence})]


def _items(fields: Mapping[str, str | None]) -> Items:
    """The fields that say something."""
    return Items(tuple(Item(name, text) for name, text in fields.items() if text))


def _of_parameter(parameter: Parameter, fit: Fit | None) -> dict[str, str | None]:
    """A parameter, field by field."""
    return {
        "value": None if parameter.is_curve else _value(parameter),
        "spread": _spread(parameter.spread),
        "method": f"{parameter.method}: {in_english(parameter.method, METHODS)}",
        "because": parameter.because,
        "spread because": parameter.spread_because,
        "fit": f"{fit.label}; it leaves open: {fit.leaves_open}" if fit else None,
        "letter in the equations": parameter.symbol,
        "reviewed": parameter.reviewed.isoformat(),
        "formerly": ", ".join(parameter.formerly),
    }


def _value(parameter: Parameter) -> str:
    """A value with its unit; of a curve, how many knots it has."""
    if isinstance(parameter.value, tuple):
        return f"a curve with {counted(len(parameter.value), 'knot')}"
    return _with_unit(printed(parameter.value), parameter.unit)


def _curve(parameter: Parameter) -> list[Block]:
    """The knots of a curve."""
    if not isinstance(parameter.value, tuple) or parameter.at is None:
        return []
    rows = [
        Row(printed(at), (printed(value),)) for at, value in zip(parameter.at, parameter.value, strict=True)
    ]
    unit = "value" if parameter.unit == _NO_UNIT else _plain(parameter.unit)
    return [Table(parameter.at_unit or "", (unit,), tuple(rows))]


def _spread(spread: Spread) -> str:
    """How uncertain a value is."""
    if spread.sd is None:
        return "none: the same in every draw"
    return f"{spread.kind}, standard deviation {printed(spread.sd)} {in_english(spread.kind, SPREADS)}"


def _of_finding(finding: Finding) -> dict[str, str | None]:
    """A finding, field by field."""
    return {
        "printed": _as_printed(finding),
        "population": finding.population,
        "people": None if finding.n is None else printed(finding.n),
        "compared with": finding.comparator,
        "time": finding.time,
        "where": finding.locator,
        "status": f"{finding.status}: {finding.status.meaning}",
        "note": finding.note,
    }


def _as_printed(finding: Finding) -> str:
    """The number a document prints, with its range."""
    value = "" if finding.value is None else _with_unit(printed(finding.value), finding.unit)
    if finding.lower is None or finding.upper is None:
        return value or "no number"
    kind = in_english(finding.interval, INTERVALS) if finding.interval in INTERVALS else finding.interval
    reach = f"{kind} {span(printed(finding.lower), printed(finding.upper))}"
    return f"{value} ({reach})" if value else _with_unit(reach, finding.unit)


def _with_unit(number: str, unit: str) -> str:
    """A number and its unit on one line."""
    return number if unit == _NO_UNIT else f"{number}{SPACE}{_plain(unit)}"


def _plain(unit: str) -> str:
    """A unit in plain letters."""
    return unit.replace("_", " ")


def _behind(found: Found) -> list[Block]:
    """The findings of a parameter or a document; the document of a finding."""
    if isinstance(found.record, Finding):
        return [_items({source.id: _document(source) for source in found.sources.values()})]
    entries = []
    for name, finding in found.findings.items():
        source = None if isinstance(found.record, Source) else found.sources[name]
        entries.append(Item(name, _finding_text(finding, source)))
    return [Items(tuple(entries))] if entries else []


def _finding_text(finding: Finding, source: Source | None) -> str:
    """A finding in a line: what it is, the number, in whom, where it stands and how well it was seen."""
    where = (
        f"{source.reference}, {finding.locator}"
        if source and finding.locator
        else source and source.reference
    )
    parts = [f"{finding.quantity}: {_as_printed(finding)}", finding.population, where or finding.locator]
    return "; ".join(part for part in (*parts, f"{finding.status} ({finding.status.meaning})") if part)


def _document(source: Source) -> str:
    """A document with its licence."""
    return f"{source.reference}; licence {source.licence}" if source.licence else source.reference
