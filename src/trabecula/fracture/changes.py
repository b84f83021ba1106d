"""The hazards as an object, and how a part of them is replaced.

    def density_gradient(site, sex, age_y, draws):
        return 2.0 * np.ones((draws.n, 1))

    hazards = HazardParts().replacing(density_gradient=density_gradient)

The functions of this room are taken as they stand and bound to other names, so that whatever uses a part uses the one
that was given: nothing is written down twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from inspect import Signature, signature
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from trabecula.evidence import Draws
from trabecula.fracture import baseline, density, dependence, factors, falls, hazard, mortality, risk, steroids
from trabecula.fracture.exposure import Exposure
from trabecula.fracture.hazard import Hazards
from trabecula.fracture.remembering import Remembering
from trabecula.fracture.risk import Risks
from trabecula.units import Array
from trabecula.words.message import Message, MessageError, verbatim

_ROOM = (density, factors, falls, steroids, mortality, baseline, dependence, hazard, risk)
PARTS: Mapping[str, tuple[ModuleType, str]] = {
    "incidence": (baseline, "incidence"),
    "density_gradient": (density, "gradient"),
    "density_effect": (density, "effect"),
    "factor_ratio": (factors, "ratio"),
    "bmi_effect": (factors, "bmi_effect"),
    "factors_effect": (factors, "effect"),
    "prior_effect": (factors, "prior_effect"),
    "steroid_excess": (steroids, "settled_excess"),
    "steroid_effect": (steroids, "effect"),
    "population_falls": (falls, "population_rate"),
    "ms_falls": (falls, "ms_rate"),
    "medicines_on_falls": (falls, "medicines_ratio"),
    "expected_falls": (falls, "expected_rate"),
    "fall_power": (falls, "relative_power"),
    "fall_effect": (falls, "effect"),
    "sitting_share": (hazard, "sitting_share"),
    "sitting_ratio": (hazard, "sitting_ratio"),
    "residual": (hazard, "residual"),
    "joint_effect": (dependence, "effect"),
    "background_death": (mortality, "background"),
    "ms_death": (mortality, "ms_ratio"),
    "death_after_hip": (mortality, "after_hip_ratio"),
}
"""What can be replaced: where its function stands, whose docstring says what it takes and gives."""
_WORTH_REMEMBERING = (
    hazard.population_hazards, hazard.beside_density, hazard.density_part, mortality.total_excess,
)  # fmt: skip
"""What else many exposures of one person have in common."""
_ONLY_WITH_MS = "ms_falls"  # not a number without MS, and then not read


class HazardRefused(MessageError):
    """A part of the hazards that cannot be used, or that gave no rate: which, and where."""


@dataclass(frozen=True)
class HazardParts:
    """How often bones break, people fall and die: the parts that ship, but for what is replaced."""

    replaced: tuple[tuple[str, Callable[..., Array]], ...] = ()
    """What stands in the place of a part, by its name."""

    def replacing(self, **functions: Callable[..., Array]) -> "HazardParts":
        """Other hazards, with what is given in place of the parts of these (`PARTS`).

        A function takes the arguments of the one that ships and gives an array [n, T], [n, 1] or [1, 1] as it does.
        Raises HazardRefused for a part that does not exist, or other arguments.
        """
        for name, function in functions.items():
            _check(name, function)
        return HazardParts(tuple({**dict(self.replaced), **functions}.items()))

    @property
    def is_shipped(self) -> bool:
        """Whether nothing is replaced."""
        return not self.replaced

    @property
    def changed_names(self) -> tuple[str, ...]:
        """What is replaced."""
        return tuple(sorted(dict(self.replaced)))

    def risks(self, exposure: Exposure, z: Mapping[str, Array], draws: Draws, horizons_y: Sequence[float]) -> Risks:
        """As `fracture_risk`."""
        return self.room["risk"].fracture_risk(exposure, z, draws, horizons_y)

    def first_fractures(
        self, exposure: Exposure, z: Mapping[str, Array], draws: Draws, horizons_y: Sequence[float]
    ) -> Mapping[str, Array]:
        """As `risk.first_fractures`."""
        return self.room["risk"].first_fractures(exposure, z, draws, horizons_y)

    def hazards(self, exposure: Exposure, z: Mapping[str, Array], draws: Draws) -> Hazards:
        """As `hazard.hazards`."""
        return self.room["hazard"].hazards(exposure, z, draws)

    def expected_falls(self, exposure: Exposure, draws: Draws) -> Array:
        """As `falls.expected_rate` [n, T]."""
        return self.room["falls"].expected_rate(exposure, draws)

    def population_falls(self, sex: str, age_y: Array, draws: Draws) -> Array:
        """As `falls.population_rate` [n, T]."""
        return self.room["falls"].population_rate(sex, age_y, draws)

    def own_falls(self, exposure: Exposure, draws: Draws) -> Array:
        """As `falls.rates` [n, T]."""
        return self.room["falls"].rates(exposure, draws)

    def background_death(self, sex: str, country: str, age_y: Array, draws: Draws) -> Array:
        """As `mortality.background` [n, T]."""
        return self.room["mortality"].background(sex, country, age_y, draws)

    def death_rate(self, exposure: Exposure, draws: Draws) -> Array:
        """As `mortality.death_rate` [n, T]."""
        return self.room["mortality"].death_rate(exposure, draws)

    @cached_property
    def room(self) -> Mapping[str, ModuleType]:
        """The modules of this room by name, their functions bound to what is replaced."""
        return {_name(module): module for module in _ROOM} if self.is_shipped else self._copied()

    def remembering(self) -> "HazardParts":
        """The same hazards for many exposures under the same draws: no part is worked out twice for what it reads.

        For one calculation, since everything that was worked out is kept as long as they are.
        """
        return _RememberingParts(self.replaced)

    def _copied(
        self, around: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    ) -> dict[str, ModuleType]:
        """Copies of the modules, bound to what is replaced; `around` is put around each part."""
        copies = {module.__name__: ModuleType(module.__name__) for module in _ROOM}
        twins: dict[Any, Any] = {module: copies[module.__name__] for module in _ROOM}
        for module in _ROOM:
            space = vars(copies[module.__name__])
            own = (found for found in vars(module).values() if isinstance(found, FunctionType))
            twins |= {f: _bound(f, space) for f in own if f.__module__ == module.__name__}
        for name, function in self.replaced:
            module, attribute = PARTS[name]
            twins[getattr(module, attribute)] = _held(name, function, signature(getattr(module, attribute)))
        if around is not None:
            parts = (getattr(module, attribute) for module, attribute in PARTS.values())
            twins |= {part: around(twins[part]) for part in (*parts, *_WORTH_REMEMBERING)}
        for module in _ROOM:
            names = {name: _twin(found, twins) for name, found in vars(module).items()}
            vars(copies[module.__name__]).update(names)
        return {_name(module): copies[module.__name__] for module in _ROOM}


class _RememberingParts(HazardParts):
    """Hazards of one calculation, whose parts are worked out once for the same."""

    @cached_property
    def room(self) -> Mapping[str, ModuleType]:
        """The modules of this room, with what was worked out."""
        return self._copied(Remembering())


SHIPPED_HAZARDS = HazardParts()
"""The hazards as they ship."""


def _name(module: ModuleType) -> str:
    """The last part of a module's name."""
    return module.__name__.rpartition(".")[2]


def _bound(function: FunctionType, space: dict[str, Any]) -> FunctionType:
    """A function as it stands, that looks names up elsewhere."""
    made = FunctionType(function.__code__, space, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _twin(found: Any, twins: Mapping[Any, Any]) -> Any:
    """What stands for a function or module of the room; anything else for itself."""
    return twins.get(found, found) if isinstance(found, FunctionType | ModuleType) else found


def _check(name: str, function: Any) -> None:
    """Refuse a part that does not exist, and one that takes other arguments."""
    if name not in PARTS:
        known = [verbatim(known) for known in PARTS]
        raise HazardRefused(Message("refusal.hazard.unknown", {"name": name, "known": known}))
    module, attribute = PARTS[name]
    expected = signature(getattr(module, attribute))
    names = [[*of.parameters] for of in (signature(function), expected)] if callable(function) else [[], []]
    swapped = names[0] != names[1] and sorted(names[0]) == sorted(names[1])
    if not callable(function) or swapped or _takes(signature(function)) != _takes(expected):
        found = f"({', '.join(signature(function).parameters)})" if callable(function) else type(function).__name__
        texts = {"found": verbatim(found), "expected": verbatim(f"({', '.join(expected.parameters)})")}
        raise HazardRefused(Message("refusal.hazard.arguments", {"name": name, **texts}))


def _takes(own: Signature) -> tuple[int, frozenset[str]]:
    """How many arguments by place, and which by name alone."""
    by_name = {name for name, one in own.parameters.items() if one.kind is one.KEYWORD_ONLY}
    return len(own.parameters) - len(by_name), frozenset(by_name)


def _held(name: str, function: Callable[..., Array], own: Signature) -> Callable[..., Array]:
    """A part that was replaced, held to what a part must give."""

    @wraps(function)
    def part(*given: Any, **named: Any) -> Array:
        """The part; HazardRefused for what is no rate."""
        asked = own.bind(*given, **named).arguments
        try:
            found = np.asarray(function(*given, **named), dtype=np.float64)
        except MessageError:
            raise
        except Exception as error:  # whatever the function raises, and what is no number
            values = {"name": name, "kind": type(error).__name__, "reason": verbatim(str(error))}
            raise HazardRefused(Message("refusal.hazard.raised", {**values, "what": _of_what(asked)})) from error
        found = found.reshape((1, 1)) if found.ndim == 0 else found
        _refuse_what_is_no_rate(name, found, asked)
        return found

    return part


def _refuse_what_is_no_rate(name: str, found: Array, asked: Mapping[str, Any]) -> None:
    """Raise HazardRefused for another shape than [n or 1, T or 1], a number that is none, and one below 0."""
    exposure = asked.get("exposure")
    age_y = np.ravel(exposure.age_y if exposure is not None else asked.get("age_y", np.nan))
    steps = {1, len(age_y), *(np.size(one) for one in asked.get("present", {}).values())}
    if found.ndim != 2 or found.shape[0] not in (1, asked["draws"].n) or found.shape[1] not in steps:
        values = {"name": name, "found": verbatim(str(found.shape)), "steps": max(steps)}
        raise HazardRefused(Message("refusal.hazard.shape", values))
    wrong = ~np.isfinite(found) | (found < 0.0)
    if name == _ONLY_WITH_MS and exposure is not None:
        wrong = wrong & exposure.has_ms
    if wrong.any():
        row, step = np.argwhere(wrong)[0]
        values = {"name": name, "found": float(found[row, step % found.shape[1]]), "what": _of_what(asked)}
        age = float(age_y[min(int(step), len(age_y) - 1)])
        said = "refusal.hazard.no_rate_at_any_age" if np.isnan(age) else "refusal.hazard.no_rate"
        raise HazardRefused(Message(said, {**values, "age": age, "draw": int(row)}))


def _of_what(asked: Mapping[str, Any]) -> Message:
    """What a part was asked for: a site, a part of the body, or a sex."""
    found = asked.get("site") or asked.get("part") or asked.get("sex") or getattr(asked.get("exposure"), "sex", None)
    return verbatim(str(found or "everybody"))
