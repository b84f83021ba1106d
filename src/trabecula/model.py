"""The model as an argument: what an answer rests on, and what a researcher changes.

    model = Model.default().replacing(parameters={"fall.ms.rate": 2.0})
    assess(person, on, model)

A model is frozen. `replacing` gives another one, and leaves the first as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trabecula.evidence import Draws, Evidence
from trabecula.evidence.records import Parameter
from trabecula.evidence.registry import DRAWS, Value


@dataclass(frozen=True)
class Model:
    """What an answer rests on."""

    evidence: Evidence
    """The registry, with the trace of what was read."""

    @classmethod
    def default(cls) -> "Model":
        """The model as it ships."""
        return cls(Evidence.load())

    def replacing(self, *, parameters: Mapping[str, Value | Parameter] | None = None) -> "Model":
        """Another model, with what is given in place of what this one has.

        parameters: values by id of the registry, as `Evidence.replacing` takes them. UnknownIdError for an id that it
        does not have, with the nearest that it has.
        """
        return replace(self, evidence=self.evidence.replacing(parameters or {}))

    def fresh(self) -> "Model":
        """The same model, of which nothing has been read yet: each answer begins a trace of its own."""
        return replace(self, evidence=self.evidence.fresh())

    def draws(self, n: int = DRAWS, seed: int = 1) -> "ModelDraws":
        """`n` joint draws of every parameter, which know what model they are of."""
        return ModelDraws(self, n, seed)


class ModelDraws(Draws):
    """Draws that know their model, so that whoever has a sample has the equations and hazards that it is for."""

    __slots__ = ("model",)

    def __init__(self, model: Model, n: int, seed: int, *, central: bool = False) -> None:
        super().__init__(model.evidence, n, seed, central=central)
        self.model = model

    def central(self) -> "ModelDraws":
        """One draw at the values themselves, as if nothing were uncertain."""
        return ModelDraws(self.model, 1, self.seed, central=True)
