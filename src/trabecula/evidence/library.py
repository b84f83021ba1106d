"""Everything the files of the registry say: read once, and held against each other.

A record is checked by itself when it is read (`records`); here are the checks that need more than one: ids, symbols,
fits, findings against parameters, and the vocabulary against the registry.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path

from trabecula import vocabulary
from trabecula.data_files import overlays
from trabecula.evidence import reading
from trabecula.evidence.documents import document_behind, documents_of
from trabecula.evidence.draws import PosteriorDraws, read_posterior
from trabecula.evidence.reading import EvidenceError
from trabecula.evidence.records import Finding, Fit, Parameter, Source, Status


@dataclass(frozen=True)
class Library:
    """Everything the files say. Findings and sources are read when somebody first asks for them."""

    directory: Path
    """Laid out as `evidence/data`."""
    parameters: Mapping[str, Parameter]
    """By id, those of the overlays among them."""
    fits: Mapping[str, Fit]
    """Calibrations, by id."""
    more: tuple[Path, ...] = ()
    """Overlay folders with more parameters, findings and sources."""
    findings_file: Path | None = None
    """One more file of findings; a `sources.csv` beside it holds their documents."""

    @property
    def is_package(self) -> bool:
        """Whether it says what the package says, but for draws that were fitted to people of one's own."""
        return self.parameters is package_library().parameters and self.findings_file is None

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Findings by id."""
        files = () if self.findings_file is None else (self.findings_file,)
        found = reading.read_findings(self.directory, *self.more, files=files)
        named = vocabulary.FindingId  # by rows of the vocabulary
        if self.directory == reading.DATA and (problems := _missing(named, found.keys(), "finding", "findings/")):
            raise EvidenceError(problems)
        return found

    @cached_property
    def posterior(self) -> PosteriorDraws | None:
        """Joint draws of the parameters that were calibrated together: those of the last overlay that has any."""
        found = (read_posterior(folder / "posterior") for folder in (*reversed(self.more), self.directory))
        return next((draws for draws in found if draws is not None), None)

    @cached_property
    def fitted(self) -> Mapping[str, Parameter]:
        """Parameters whose draws were fitted to people of one's own (`cohort fit`), with the values that they gave."""
        told = self.posterior.manifest.get("fitted", {}) if self.posterior is not None else {}
        assert isinstance(told, Mapping)
        return {name: _fitted(self.parameters[name], value) for name, value in told.items()}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Documents by id; a finding of our own reading brings its document along."""
        beside = () if self.findings_file is None else (self.findings_file.with_name("sources.csv"),)
        files = [path for path in beside if path.is_file()]
        return documents_of(self.findings.values(), reading.read_sources(self.directory, *self.more, files=files))

    @cached_property
    def source_of(self) -> Mapping[str, Source]:
        """The document of each finding, by the finding's id."""
        return document_behind(self.findings.values(), self.sources)


def _fitted(parameter: Parameter, value: float | list[float]) -> Parameter:
    """A parameter with the value that people of one's own gave it."""
    own = tuple(value) if isinstance(value, list) else value
    return parameter.model_copy(
        update={"value": own, "because": f"Fitted to people of one's own; before it was {parameter.value}."}
    )


@lru_cache(maxsize=1)
def package_library() -> Library:
    """The registry that comes with the package and with overlay folders, read once: its records are frozen."""
    library = read_library(reading.DATA, *overlays())
    if problems := vocabulary_problems(library.parameters):
        raise EvidenceError(problems)
    return library


def read_library(directory: Path, *more: Path) -> Library:
    """The registry in a directory and overlays, every parameter checked by itself and against the fits."""
    parameters, fits = reading.read_parameters(directory, *more), reading.read_fits(directory)
    if problems := parameter_set_problems(parameters, fits):
        raise EvidenceError(problems)
    return Library(directory, parameters, fits, more)


def parameter_set_problems(parameters: Mapping[str, Parameter], fits: Mapping[str, Fit]) -> list[str]:
    """What is wrong with the parameters taken together."""
    problems = [
        f"{parameter.id}: fit {parameter.fit!r} is not in fits.yaml (known: {', '.join(fits)})"
        for parameter in parameters.values()
        if parameter.fit is not None and parameter.fit not in fits
    ]
    symbols = (parameter.symbol for parameter in parameters.values() if parameter.symbol)
    problems += [f"symbol {symbol!r} is used by more than one parameter" for symbol in _repeated(symbols)]
    names = [*parameters, *(old for parameter in parameters.values() for old in parameter.formerly)]
    return problems + [f"id {name!r} is a present and a former id, or a former id twice" for name in _repeated(names)]


def vocabulary_problems(parameters: Mapping[str, Parameter]) -> list[str]:
    """Rows of the vocabulary that name a parameter that does not exist, or lack one that is theirs by their key."""
    known = {*parameters, *(old for parameter in parameters.values() for old in parameter.formerly)}
    problems = _missing(vocabulary.ParameterId, known, "parameter", "parameters/")
    for file, row, names in vocabulary.needed_ids():
        if known.isdisjoint(names):
            todo = "add the parameter to a file in parameters/"
            problems.append(f"{file}, {row}: found no {names[0]}; expected {' or '.join(names)}; {todo}")
    return problems


def _missing(kind: type[str], known: Set[str], what: str, folder: str) -> list[str]:
    """What rows of the vocabulary name and the registry does not have, with the nearest that it has."""
    problems = []
    for file, row, name in vocabulary.named_ids(kind):
        if name not in known:
            near = "".join(get_close_matches(name, known, n=1, cutoff=0))
            expected = f"the id of a {what}, such as {near}" if near else f"the id of a {what}"
            todo = f"correct it, or add the {what} to a file in {folder}"
            problems.append(f'{file}, {row}: found the {what} "{name}"; expected {expected}; {todo}')
    return problems


def finding_problems(
    parameters: Mapping[str, Parameter], fits: Mapping[str, Fit], findings: Mapping[str, Finding]
) -> list[str]:
    """Parameters that name a finding that does not exist, or rest on one that was only recalled."""
    problems = []
    for parameter in parameters.values():
        for name in parameter.from_:
            if name not in findings:
                problems.append(f"{parameter.id}: finding {name!r} is in no file of findings/")
            elif findings[name].status is Status.RECALLED and not parameter.assumed:
                problems.append(f"{parameter.id}: finding {name!r} is recalled, so the method must be assumed")
    families = {name for finding in findings for name in _families(finding)}
    return problems + [
        f"fit {fit.id}: {name!r} is neither a finding nor a family of findings"
        for fit in fits.values()
        for name in fit.from_
        if name not in families
    ]


def _families(finding: str) -> Iterable[str]:
    """The finding's own id and every dotted beginning of it."""
    parts = finding.split(".")
    return (".".join(parts[: i + 1]) for i in range(len(parts)))


def _repeated(names: Iterable[str]) -> list[str]:
    """What occurs more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)
