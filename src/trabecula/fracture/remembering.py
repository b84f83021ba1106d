"""Parts of a hazard that are worked out once for many exposures of one person under the same draws.

A part reads few fields of an exposure: what steroids do asks for doses, and not for falls. What each call has read is
watched, and a later call for which the same fields hold the same is answered with what was found. It belongs to one
calculation, and ends with it.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields
from functools import wraps
from typing import Any

import numpy as np

from trabecula.fracture.exposure import Exposure

_FIELDS = frozenset(field.name for field in fields(Exposure))


class Remembering:
    """What was worked out so far, by function, what it was given, and what it read of an exposure."""

    def __init__(self) -> None:
        self._found: dict[Hashable, dict[tuple[str, ...], dict[Hashable, Any]]] = {}
        self._contents: dict[int, tuple[Any, Hashable]] = {}
        self._same: dict[Hashable, Hashable] = {}

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that is asked once for the same."""

        @wraps(function)
        def remembered(*given: Any, **named: Any) -> Any:
            """What was found before, or what is found now."""
            exposure = next((one for one in given if isinstance(one, Exposure)), None)
            rest = (self._content(one) for one in (*given, *named.values()) if one is not exposure)
            known = self._found.setdefault((function, *named, *rest), {})
            for names, answers in known.items():
                key = self._of_fields(exposure, names)
                if key in answers:
                    return answers[key]
            watched = None if exposure is None else _watched(exposure)
            found = function(*(watched if one is exposure and one is not None else one for one in given), **named)
            names = () if watched is None else tuple(sorted(vars(watched)["was_read"]))
            known.setdefault(names, {})[self._of_fields(exposure, names)] = found
            return found

        return remembered

    def _of_fields(self, exposure: Exposure | None, names: tuple[str, ...]) -> Hashable:
        """What an exposure has in some fields; whoever watches it sees that they were read."""
        return tuple(self._content(getattr(exposure, name)) for name in names)

    def _content(self, value: Any) -> Hashable:
        """What tells values apart: arrays by their bytes, plain data by itself, the rest by identity."""
        met = self._contents.get(id(value))
        if met is None:
            told = self._told(value)
            met = (value, self._same.setdefault(told, told))  # the value is kept, so that no other gets its identity
            self._contents[id(value)] = met
        return met[1]

    def _told(self, value: Any) -> Hashable:
        """The content of something that was not met before."""
        if value is None or isinstance(value, str | int | float | bool | tuple):
            return value
        if isinstance(value, np.ndarray):
            return value.shape, value.dtype.str, value.tobytes()
        if isinstance(value, Mapping):
            return tuple((name, self._content(one)) for name, one in value.items())
        return id(value)


class _Watched(Exposure):
    """An exposure that notes which of its fields were read."""

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            object.__getattribute__(self, "__dict__")["was_read"].add(name)
        return object.__getattribute__(self, name)


def _watched(exposure: Exposure) -> Exposure:
    """The same exposure, watched from now on."""
    twin = object.__new__(_Watched)
    twin.__dict__.update(vars(exposure), was_read=set())
    return twin
