"""The document behind each finding, and the answers to "why" and "who says so": reasons and references.

A row of findings names its document by a short citation, with a doi when it is known. Rows of one citation
are one document unless they carry different dois. Documents recorded in sources.csv keep their record.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from trabecula.evidence.records import Finding, Parameter, Source, Status


def documents_of(findings: Iterable[Finding], recorded: Mapping[str, Source]) -> dict[str, Source]:
    """The recorded documents, and a record for every other document that a finding names."""
    documents, known = dict(recorded), _by_citation(recorded)
    taken = Counter(begun for one in documents for begun in _beginnings(one))
    for doi, rows in _rows_by_document(findings):
        if _match(doi, known[rows[0].source]) is None:
            source = _new_source(doi, rows, taken)
            documents[source.id] = source
            known[source.citation].append(source)
            taken.update(_beginnings(source.id))
    return documents


def document_behind(findings: Iterable[Finding], documents: Mapping[str, Source]) -> dict[str, Source]:
    """The document of each finding, by the finding's id."""
    known = _by_citation(documents)
    matches = {row.id: _match(row.doi, known.get(row.source, [])) for row in findings}
    return {name: source for name, source in matches.items() if source is not None}


def _rows_by_document(findings: Iterable[Finding]) -> Iterable[tuple[str | None, Sequence[Finding]]]:
    """(doi, rows) of each document, in the order in which citations first appear."""
    citations = defaultdict(list)
    for finding in findings:
        citations[finding.source].append(finding)
    for rows in citations.values():
        dois = sorted({row.doi for row in rows if row.doi})
        if len(dois) < 2:
            yield (dois or [None])[0], rows
            continue
        by_doi = {doi: [row for row in rows if row.doi == doi] for doi in (*dois, None)}
        yield from ((doi, some) for doi, some in by_doi.items() if some)


def _by_citation(documents: Mapping[str, Source]) -> defaultdict[str, list[Source]]:
    """Documents under their citation."""
    found: defaultdict[str, list[Source]] = defaultdict(list)
    for source in documents.values():
        found[source.citation].append(source)
    return found


def _match(doi: str | None, candidates: Sequence[Source]) -> Source | None:
    """The candidate with the same doi, else the only one that does not contradict it."""
    exact = [source for source in candidates if source.doi == doi]
    near = [source for source in candidates if source.doi is None or doi is None]
    return exact[0] if exact else near[0] if len(near) == 1 else None


def _new_source(doi: str | None, rows: Sequence[Finding], taken: Mapping[str, int]) -> Source:
    """A document as its findings describe it; its id is the second part of the first finding's id."""
    name = rows[0].id.split(".")[1]
    count = taken.get(name, 0)
    return Source(
        id=f"{name}__{count + 1}" if count else name,
        citation=rows[0].source,
        year=next((row.year for row in rows if row.year), None),
        doi=doi,
        pmid=next((row.pmid for row in rows if row.pmid), None),
    )


def _beginnings(name: str) -> Iterator[str]:
    """An id, and what stands before each `__` in it."""
    parts = name.split("__")
    return ("__".join(parts[:n]) for n in range(1, len(parts) + 1))


def reason(parameter: Parameter) -> str:
    """Why the value, then why the spread, then how it came about."""
    road = f"[{parameter.method}{f', fit {parameter.fit}' if parameter.fit else ''}]"
    return " ".join(text for text in (parameter.because, parameter.spread_because, road) if text)


def citation(parameters: Sequence[Parameter], findings: Mapping[str, Finding], source_of: Mapping[str, Source]) -> str:
    """The documents behind the parameters, one a line, then what is assumed and why."""
    names = {name for parameter in parameters for name in parameter.from_}
    seen = {source_of[name].id for name in names if findings[name].status is not Status.RECALLED}
    sources = {_reference(source_of[name], seen) for name in names}
    by_id = sorted(parameters, key=lambda parameter: parameter.id)
    assumed = [f"{parameter.id}: {parameter.because}" for parameter in by_id if parameter.assumed]
    lines = ["References", *sorted(sources, key=str.lower)] if sources else ["References", "none"]
    return "\n".join([*lines, "", "Assumed", *assumed] if assumed else lines)


def _reference(source: Source, seen: Set[str]) -> str:
    """One line for a document, marked when nobody has looked at it."""
    return source.reference if source.id in seen else f"{source.reference} [recalled, not checked]"
