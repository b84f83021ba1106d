"""The registry: parameters by id, a tracer of what was read, draws, and references for what was used."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence.documents import citation as citation_of
from trabecula.evidence.documents import reason
from trabecula.evidence.draws import Draws, PosteriorDraws
from trabecula.evidence.library import Library, finding_problems, package_library, read_library
from trabecula.evidence.reading import EvidenceError
from trabecula.evidence.records import Finding, Fit, Method, Parameter, Source, Spread
from trabecula.words.message import Message

DRAWS = 200
"""Draws unless more are asked for: enough for a 90 % interval on screen, few enough to be quick."""

Value = float | Sequence[float]

SEX_GROUP = {"female": "women", "male": "men"}
"""How ids name the sexes of a population."""


class UnknownIdError(EvidenceError, KeyError):
    """An id that the registry does not have, with the nearest that it has."""

    def __init__(self, what: str, name: str, known: Sequence[str]) -> None:
        """what: parameter, finding, source or fit; known: the ids there are."""
        near = get_close_matches(name, known, n=1, cutoff=0)
        kind = "refusal.unknown_id" if near else "refusal.no_id"
        self.message = Message(f"{kind}.{what}", {"name": name, "near": near[0] if near else ""})
        super().__init__([str(self.message)])

    __str__ = Exception.__str__


class Evidence:
    """The registry as one calculation sees it: records are shared, what was read is its own.

    Pass it in; it is never global. `evidence["fall.rate.edss"]` is remembered, so that the result can say
    which numbers it used and where they come from. An id that it does not have is an UnknownIdError with the nearest.

    >>> import trabecula as tb
    >>> evidence = tb.Evidence.load()
    >>> evidence["mortality.lifetime_until"].value, evidence["mortality.lifetime_until"].unit
    (110.0, 'y')
    >>> evidence.citation().splitlines()[0]
    'References'
    """

    __slots__ = ("_formerly", "_library", "_parameters", "_replaced", "_used", "symbols")

    def __init__(self, library: Library, parameters: Mapping[str, Parameter], replaced: frozenset[str]) -> None:
        self._library = library
        self._parameters = parameters
        self._replaced = replaced
        self._formerly = {old: new.id for new in parameters.values() for old in new.formerly}
        self._used: set[str] = set()
        self.symbols: Mapping[str, str] = {one.symbol: name for name, one in parameters.items() if one.symbol}
        """The id behind each letter of the equations."""

    @classmethod
    def load(cls, directory: Path | None = None, *, check: bool = False) -> "Evidence":
        """The registry of the package, or of another directory laid out in the same way.

        `check` also reads all findings and holds every parameter against them.
        """
        library = package_library() if directory is None else read_library(directory)
        if check and (problems := finding_problems(library.parameters, library.fits, library.findings)):
            raise EvidenceError(problems)
        return cls(library, {**library.parameters, **library.fitted}, frozenset())

    def __getitem__(self, name: str) -> Parameter:
        parameter = self._find(name)
        self._used.add(parameter.id)
        return parameter

    def scalar(self, name: str) -> float:
        """The value of a parameter that is one number, in the parameter's unit; TypeError for a curve."""
        value = self[name].value
        if isinstance(value, tuple):
            raise TypeError(f"{name} is a curve over {self[name].at_unit}: one number was expected")
        return float(value)

    def curve(self, name: str) -> tuple[Sequence[float], Sequence[float]]:
        """The knots and the values of a curve; TypeError for a parameter that is one number."""
        parameter = self[name]
        if parameter.at is None or not isinstance(parameter.value, tuple):
            raise TypeError(f"{name} is one number: a curve was expected")
        return parameter.at, parameter.value

    @overload
    def curve_at(self, name: str, at: float) -> float: ...

    @overload
    def curve_at(self, name: str, at: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def curve_at(self, name: str, at: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """A curve at one point, or at many in the shape of `at`: straight between its knots, level beyond them."""
        knots, values = self.curve(name)
        return np.interp(at, knots, values)

    def of_sex(self, name: str, sex: str) -> str:
        """The id of a parameter for a sex: `<name>.women` or `.men` where each has its own, else the common one."""
        own = f"{name}.{SEX_GROUP[sex]}"
        return own if own in self else name

    def credit(self, names: Iterable[str]) -> None:
        """Count parameters as used: a part of this answer was worked out with them before, and remembered."""
        self._used.update(self._find(name).id for name in names)

    def _find(self, name: str) -> Parameter:
        """A parameter by its id or a former one, without leaving a trace."""
        parameter = self._parameters.get(self._formerly.get(name, name))
        if parameter is None:
            raise UnknownIdError("parameter", name, [*self._parameters])
        return parameter

    def __contains__(self, name: object) -> bool:
        return name in self._parameters or name in self._formerly

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._parameters))

    def __len__(self) -> int:
        return len(self._parameters)

    def __repr__(self) -> str:
        return f"Evidence({len(self)} parameters, {len(self._used)} used, {len(self._replaced)} replaced)"

    def draws(self, n: int = DRAWS, seed: int = 1) -> Draws:
        """`n` joint draws of every parameter."""
        return Draws(self, n, seed)

    @property
    def joint(self) -> PosteriorDraws | None:
        """The draws of the parameters that were calibrated together; none if there are none."""
        return self._library.posterior

    def posterior_of(self, name: str) -> PosteriorDraws | None:
        """The posterior draws that hold a parameter; none if it was not calibrated, or was replaced."""
        joint = self._library.posterior
        return joint if joint is not None and name in joint.columns and name not in self._replaced else None

    def fresh(self) -> "Evidence":
        """The same records, nothing used yet."""
        return Evidence(self._library, self._parameters, self._replaced)

    def has_records_of(self, other: "Evidence") -> bool:
        """Whether the other one reads the very same records."""
        return self._parameters is other._parameters

    def replacing(self, values: Mapping[str, Value | Parameter]) -> "Evidence":
        """The registry with other values: a what-if overrides, it never edits.

        A number (or one number a knot) holds in every draw. Give a `Parameter` to change the spread too; one under an
        id of its own joins the registry.
        """
        if not isinstance(values, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # the door has no checker
            kind = type(values).__name__
            raise EvidenceError([f"parameters: found {kind}; expected values by id; write {{'fall.exponent': 0.2}}"])
        added = {name: one for name, one in values.items() if name not in self and isinstance(one, Parameter)}
        changed = {self._find(k).id: _replaced(self._find(k), value) for k, value in values.items() if k not in added}
        for name, parameter in added.items():
            if parameter.id != name or parameter.symbol in self.symbols:
                raise EvidenceError([f"{parameter.id} under {name}: give one id, and a symbol that no other has"])
        changed |= added
        return Evidence(self._library, {**self._parameters, **changed}, self._replaced | changed.keys())

    def with_findings(self, path: Path) -> "Evidence":
        """The registry with the findings of one more file, which has the columns of ours, beside its own.

        Documents are as the rows name them, or as a `sources.csv` in the same folder records them. EvidenceError where
        a row cannot be read, or where its id is taken.
        """
        more = replace(self._library, findings_file=path)
        _ = more.findings, more.sources  # read now: whoever gave the file is told now what is wrong with it
        return Evidence(more, self._parameters, self._replaced)

    def with_posterior(self, folder: Path) -> "Evidence":
        """The registry with the posterior draws of a folder, such as `cohort fit` writes, in the place of its own.

        EvidenceError where there are none, or where they are of parameters that the registry does not have.
        """
        more = replace(self._library, more=(*self._library.more, folder))
        if not (folder / "posterior" / "manifest.json").is_file():
            raise EvidenceError(
                [f"{folder}: found no posterior/manifest.json; name a folder of `trabecula cohort fit`"]
            )
        return Evidence(more, {**self._parameters, **more.fitted}, self._replaced)

    def replaced(self) -> tuple[str, ...]:
        """The ids whose value is not the registry's: replaced, or fitted to people of one's own."""
        return tuple(sorted(self._replaced | self._library.fitted.keys()))

    def content(self) -> Iterator[str]:
        """What tells this registry from others in this program: where it is from, and what was replaced."""
        yield "package" if self._library.is_package else str(id(self._library))
        if self._library.fitted and self._library.posterior is not None:
            yield f"draws {sha256(self._library.posterior.moves.tobytes()).hexdigest()}"
        yield from (f"{name} {self._parameters[name].model_dump_json()}" for name in self.replaced())

    def used(self) -> tuple[str, ...]:
        """The ids that were read, sorted."""
        return tuple(sorted(self._used))

    def findings_used(self) -> tuple[str, ...]:
        """The findings behind the parameters that were read, sorted."""
        return tuple(sorted({name for used in self._used for name in self._parameters[used].from_}))

    def finding(self, name: str) -> Finding:
        """What a source printed."""
        if name not in self._library.findings:
            raise UnknownIdError("finding", name, [*self._library.findings])
        return self._library.findings[name]

    def findings(self) -> Mapping[str, Finding]:
        """All findings by id."""
        return self._library.findings

    def source(self, name: str) -> Source:
        """A document, by its own id or by the id of a finding it printed."""
        found = self._library.sources.get(name) or self._library.source_of.get(name)
        if found is None:
            raise UnknownIdError("source", name, [*self._library.sources])
        return found

    def fit(self, name: str) -> Fit:
        """A calibration."""
        if name not in self._library.fits:
            raise UnknownIdError("fit", name, [*self._library.fits])
        return self._library.fits[name]

    def because(self, name: str) -> str:
        """Why a parameter has its value and its spread, in words."""
        return reason(self._find(name))

    def citation(self, ids: Sequence[str] | None = None) -> str:
        """References for exactly the parameters used (or those named), and what is assumed."""
        names = self.used() if ids is None else ids
        return citation_of([self._find(name) for name in names], self.findings(), self._library.source_of)

    def summary(self) -> dict[str, int]:
        """How many parameters each method has."""
        counts = Counter(str(parameter.method) for parameter in self._parameters.values())
        return {str(method): counts[str(method)] for method in Method}

    def assumed(self) -> tuple[str, ...]:
        """The ids of everything that is assumed, sorted."""
        return tuple(name for name in self if self._parameters[name].assumed)

    def recalled(self, ids: Sequence[str] | None = None) -> tuple[str, ...]:
        """The findings quoted from memory behind the parameters used (or those named), sorted."""
        names = self.used() if ids is None else ids
        found = {finding for name in names for finding in self._find(name).from_}
        return tuple(sorted(name for name in found if self.finding(name).status == "recalled"))


def _replaced(parameter: Parameter, value: Value | Parameter) -> Parameter:
    """The parameter with another value, fixed in every draw."""
    if isinstance(value, Parameter):
        if value.id != parameter.id:
            raise EvidenceError([f"{parameter.id} cannot be replaced by {value.id}: keep the id"])
        return value
    try:
        values = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError):  # no numbers
        raise EvidenceError([_shape_complaint(parameter)]) from None
    if values.shape != np.shape(parameter.value) or not np.isfinite(values).all():
        raise EvidenceError([_shape_complaint(parameter)])
    return parameter.model_copy(
        update={
            "value": tuple(values.tolist()) if parameter.is_curve else values.item(),
            "spread": Spread(kind="none"),
            "method": Method.ASSUMED,
            "fit": None,
            "because": f"Replaced for a what-if; the registry has {parameter.value}.",
        }
    )


def _shape_complaint(parameter: Parameter) -> str:
    """What a replacement must look like."""
    if parameter.at is None:
        unit = "" if parameter.unit == "1" else f" in {parameter.unit}"
        return f"{parameter.id} is one number: replace it by one number{unit}"
    knots = f"{len(parameter.at)} numbers, at {parameter.at} {parameter.at_unit}"
    return f"{parameter.id} is a curve: replace it by {knots}"
