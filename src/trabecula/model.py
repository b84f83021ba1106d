"""The model as an argument: what an answer rests on, and what a researcher changes.

    model = Model.default().replacing(parameters={"fall.ms.rate": 2.0})
    assess(person, on, model)

A model is frozen. `replacing` gives another one, and leaves the first as it is.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from numpy import ndarray, ufunc

from trabecula import __version__
from trabecula.evidence import Draws, Evidence
from trabecula.evidence.records import Parameter
from trabecula.evidence.registry import DRAWS, Value
from trabecula.fracture import SHIPPED_HAZARDS, HazardParts
from trabecula.skeleton import SHIPPED, Equations
from trabecula.units import Array
from trabecula.words.message import Message, MessageError, verbatim


@dataclass(frozen=True)
class Model:
    """What an answer rests on: the equations of bone, the hazards of fracture, and the evidence of every number.

    A model is frozen; `replacing` gives another one, which says in `changes` what is not as it ships. Equations and
    hazards are functions by the name of the part whose place they take, as docs/reference/equations.md lists them.

    >>> import trabecula as tb
    >>> def fast_steroid_effect(u, p):
    ...     return u**3 / (u**3 + p.u50**3)
    >>> model = tb.Model.default().replacing(parameters={"fall.exponent": 0.2})
    >>> model.replacing(equations={"fast_steroid_effect": fast_steroid_effect}).changes
    ('fall.exponent', 'equations.fast_steroid_effect')
    """

    evidence: Evidence
    """The registry, with the trace of what was read."""
    equations: Equations = SHIPPED
    """How bone remodels."""
    hazards: HazardParts = SHIPPED_HAZARDS
    """How often bones break, people fall and die."""

    @classmethod
    def default(cls) -> "Model":
        """The model as it ships."""
        return cls(Evidence.load())

    def replacing(
        self,
        *,
        parameters: Mapping[str, Value | Parameter] | None = None,
        equations: Equations | Mapping[str, Callable[..., float]] | None = None,
        hazards: HazardParts | Mapping[str, Callable[..., Array]] | None = None,
    ) -> "Model":
        """Another model, with what is given in place of what this one has.

        parameters: values by id of the registry, and whole `Parameter`s, which may be new; equations, hazards:
        functions by the name of the part whose place they take, or what `replacing` of this model's own gives, which
        also takes further letters and states. Raises UnknownIdError for an id that the registry does not have, with
        the nearest that it has; EquationRefused and HazardRefused for a function that cannot be used.
        """
        _refuse_another_kind("equations", equations, Equations)
        _refuse_another_kind("hazards", hazards, HazardParts)
        return Model(
            self.evidence.replacing(parameters or {}),
            self.equations.replacing(letters=(), states=None, **equations)
            if isinstance(equations, Mapping)
            else equations or self.equations,
            self.hazards.replacing(**hazards) if isinstance(hazards, Mapping) else hazards or self.hazards,
        )

    @property
    def changes(self) -> tuple[str, ...]:
        """What is not as it ships: ids of parameters, then equations and parts of the hazards by name."""
        equations = (f"equations.{name}" for name in self.equations.changed_names)
        return (*self.evidence.replaced(), *equations, *(f"hazards.{name}" for name in self.hazards.changed_names))

    def fresh(self) -> "Model":
        """The same model, of which nothing has been read yet: each answer begins a trace of its own."""
        return replace(self, evidence=self.evidence.fresh())

    def draws(self, n: int = DRAWS, seed: int = 1) -> "ModelDraws":
        """`n` joint draws of every parameter, which know what model they are of."""
        return ModelDraws(self, n, seed)

    @property
    def version(self) -> str:
        """The version of the program, with `+changed` behind it where anything is not as it ships."""
        return f"{__version__}+changed" if self.changes else __version__

    @property
    def fingerprint(self) -> bytes:
        """Bytes that another model does not have: what a program kept of one is never taken for another's.

        The same functions have the same bytes in another run of the program.
        """
        functions = (*self.equations.functions, *self.hazards.replaced)
        lines = (*self.evidence.content(), *self.changes, *(f"{name} {_content(found)}" for name, found in functions))
        return sha256("\n".join(lines).encode()).digest()


class ModelRefused(MessageError, TypeError):
    """Something that stands where equations or hazards are expected."""


def _refuse_another_kind(where: str, given: object, kind: type) -> None:
    """Raise ModelRefused for what is neither a set of functions nor functions by name."""
    if given is not None and not isinstance(given, kind | Mapping):
        raise ModelRefused(Message("refusal.model_part", {"where": where, "found": verbatim(type(given).__name__)}))


def _content(found: object) -> str:
    """What a function does, or a value is, as text: its code and all that it names; by identity where that is unknown.

    Functions and modules of a library are named, not opened.
    """
    if isinstance(found, CodeType):
        return f"{found.co_code.hex()} {found.co_names} {[_content(part) for part in found.co_consts]}"
    if isinstance(found, FunctionType) and found.__module__.partition(".")[0] not in sys.stdlib_module_names:
        named = {name: found.__globals__.get(name) for name in found.__code__.co_names}
        closed = [cell.cell_contents for cell in found.__closure__ or ()]
        parts = (found.__code__, found.__defaults__, *closed, *(v for v in named.values() if v is not found))
        return " ".join(_content(part) for part in parts)
    if isinstance(found, ndarray):
        return f"{found.shape} {found.tobytes().hex()}"
    if isinstance(
        found, str | bytes | int | float | tuple | frozenset | None | ModuleType | BuiltinFunctionType | ufunc
    ):
        return repr(found)
    return f"{type(found).__name__} {id(found)}"


class ModelDraws(Draws):
    """Draws that know their model, so that whoever has a sample has the equations and hazards that it is for."""

    __slots__ = ("model",)

    def __init__(self, model: Model, n: int, seed: int, *, central: bool = False) -> None:
        super().__init__(model.evidence, n, seed, central=central)
        self.model = model

    def central(self) -> "ModelDraws":
        """One draw at the values themselves, as if nothing were uncertain."""
        return ModelDraws(self.model, 1, self.seed, central=True)
