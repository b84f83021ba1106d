"""The registry on a page: its numbers by method, its assumptions, and everything about one record.

These pages are English in every language: they print what the registry holds, which is written and cited in English.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from trabecula.drawing.page import Block, Item, Items, Page, Paragraph, Row, Section, Table, section
from trabecula.evidence import Evidence, Finding, Fit, Parameter, Source, Spread, Status
from trabecula.words.numbers import SPACE, counted, printed, span

_NO_UNIT = "1"
_SUGGESTED = 8
"""Ids that an error message lists at most."""
_METHODS = {
    "as_printed": "as reported in the source",
    "pooled": "pooled from several findings",
    "transported": "transported from another population or quantity",
    "calibrated": "calibrated jointly",
    "assumed": "our assumption, with its reason",
}
_SPREADS = {
    "lognormal": "of the natural logarithm",
    "logitnormal": "of the logit",
    "normal": "in the unit",
    "beta": "spread.beta",
}
"""What the standard deviation of a spread is measured in."""
_INTERVALS = {"CI95": "95 % interval", "CI90": "90 % interval"}


@dataclass(frozen=True)
class Found:
    """A parameter, finding or source; its findings with their documents; the parameters that rest on it."""

    record: Parameter | Finding | Source
    findings: Mapping[str, Finding]
    sources: Mapping[str, Source]
    """The document of each finding, by the finding's id."""
    used_by: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Which of the three kinds of record it is."""
        return type(self.record).__name__.lower()


def look_up(evidence: Evidence, name: str) -> Found | None:
    """The record with this id, or None."""
    if name in evidence:
        parameter = evidence[name]
        return _found(evidence, parameter, parameter.from_, ())
    findings = evidence.findings()
    if name in findings:
        return _found(evidence, findings[name], (name,), _resting_on(evidence, {name}))
    printed = [finding for finding in findings if evidence.source(finding).id == name]
    if printed:
        return _found(evidence, evidence.source(name), tuple(printed), _resting_on(evidence, {*printed}))
    return None


def _found(
    evidence: Evidence, record: Parameter | Finding | Source, findings: tuple[str, ...], used_by: tuple[str, ...]
) -> Found:
    """A record with its surroundings."""
    return Found(
        record,
        {finding: evidence.finding(finding) for finding in findings},
        {finding: evidence.source(finding) for finding in findings},
        used_by,
    )


def _resting_on(evidence: Evidence, findings: set[str]) -> tuple[str, ...]:
    """The parameters that name one of the findings."""
    return tuple(name for name in evidence if findings & {*evidence[name].from_})


def nearest(evidence: Evidence, name: str) -> list[str]:
    """Ids that may have been meant: those that begin with it, that hold it, that look like it."""
    known = [*evidence, *sorted(evidence.findings()), *_source_ids(evidence)]
    word = name.lower()
    begin = [name for name in known if name.startswith(word)]
    hold = [name for name in known if word in name]
    near = begin or hold or get_close_matches(word, known, n=_SUGGESTED)
    return near[:_SUGGESTED]


def _source_ids(evidence: Evidence) -> list[str]:
    """The ids of all documents that printed a finding."""
    return sorted({evidence.source(finding).id for finding in evidence.findings()})


# --- The pages -----------------------------------------------------------------------------------------------------


def summary_page(evidence: Evidence) -> Page:
    """How many numbers there are, by the road that led to them and by how well they were seen."""
    methods, statuses = evidence.summary(), status_counts(evidence)
    meanings = {status: Status(status).meaning for status in statuses}
    total = f"{counted(len(evidence), 'parameter')} from {counted(sum(statuses.values()), 'finding')};"
    return Page(
        "Evidence",
        (Paragraph(f"{total} {methods['assumed']} of the parameters are assumed."),),
        (
            Section("Parameters: what Trabecula uses", (_counts(methods, _METHODS),)),
            Section("Findings: what the sources report", (_counts(statuses, meanings),)),
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
    counts = Counter(finding.status for finding in evidence.findings().values())
    return {str(status): counts[status] for status in Status}


def _counts(counts: Mapping[str, int], meanings: Mapping[str, str]) -> Items:
    """Counts with what they count."""
    return Items(tuple(Item(f"{n:,} {name}", meanings[name]) for name, n in counts.items()))


def assumed_page(evidence: Evidence) -> Page:
    """Every assumption with its reason."""
    parameters = [evidence[name] for name in evidence.assumed()]
    entries = tuple(Item(f"{name.id} ({_value(name)})", name.because) for name in parameters)
    total = f"{len(entries)} of {counted(len(evidence), 'parameter')} are assumed. Each says why it has its value."
    return Page("Assumed", (Paragraph(total),), section("Assumptions", [Items(entries)]))


def found_page(found: Found, fit: Fit | None = None) -> Page:
    """Everything about one record; `fit` is the calibration that a parameter comes from."""
    record = found.record
    resting = [Items(tuple(Item("", name) for name in found.used_by))] if found.used_by else []
    return Page(
        f"{found.kind.capitalize()} {record.id}",
        tuple(_opening(found, fit)),
        (*section(_BEHIND[found.kind], _behind(found)), *section("Parameters based on it", resting)),
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
        "method": f"{parameter.method}: {_METHODS[parameter.method]}",
        "because": parameter.because,
        "spread because": parameter.spread_because,
        "fit": f"{fit.label}; not identified: {fit.leaves_open}" if fit else None,
        "symbol in the equations": parameter.symbol,
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
    rows = [Row(printed(at), (printed(value),)) for at, value in zip(parameter.at, parameter.value, strict=True)]
    unit = "value" if parameter.unit == _NO_UNIT else _plain(parameter.unit)
    return [Table(parameter.at_unit or "", (unit,), tuple(rows))]


def _spread(spread: Spread) -> str:
    """How uncertain a value is."""
    if spread.sd is None:
        return "fixed (the same in every draw)"
    return f"{spread.kind}, standard deviation {printed(spread.sd)} {_SPREADS[spread.kind]}"


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
    kind = _INTERVALS.get(finding.interval or "", finding.interval)
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
    where = f"{source.reference}, {finding.locator}" if source and finding.locator else source and source.reference
    parts = [f"{finding.quantity}: {_as_printed(finding)}", finding.population, where or finding.locator]
    return "; ".join(part for part in (*parts, f"{finding.status} ({finding.status.meaning})") if part)


def _document(source: Source) -> str:
    """A document with its licence."""
    return f"{source.reference}; licence {source.licence}" if source.licence else source.reference
