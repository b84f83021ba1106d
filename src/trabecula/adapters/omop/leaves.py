"""A part of a record as leaves, each with its path, and back: what one row of an OMOP table holds.

    leaves({"dose_mg": 1000, "taper": [{"days": 3}]}) -> {"dose_mg": 1000, "taper[0].days": 3}

A text that is longer than the column of OMOP goes on under the same path with a number.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_TEXT = 60
"""Characters of observation.value_as_string."""
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PIECE = re.compile(r"(.*)~(\d+)")
ALONE = "="
"""The path of a value that has no name: the part is the value."""


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every value within, by its path."""
    return dict(_leaves(value, path))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The leaves below a path."""
    if isinstance(value, Mapping) and value:
        for name, held in value.items():
            yield from _leaves(held, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for number, held in enumerate(value):
            yield from _leaves(held, f"{path}[{number}]")
    else:
        yield path or ALONE, value


def value_of(found: Mapping[str, Any]) -> Any:
    """The value whose leaves these are."""
    if ALONE in found:
        return found[ALONE]
    root: dict[str, Any] = {}
    for path, value in found.items():
        _put(root, [name or int(number) for name, number in _STEP.findall(path)], value)
    return _listed(root)


def _put(node: dict[Any, Any], way: list[Any], value: Any) -> None:
    """A value at the end of its way."""
    *first, last = way
    for step in first:
        node = node.setdefault(step, {})
    node[last] = value


def _listed(node: Any) -> Any:
    """Groups whose names are numbers are lists."""
    if not isinstance(node, dict):
        return node
    inner = {name: _listed(held) for name, held in node.items()}
    if inner and all(isinstance(name, int) for name in inner):
        return [inner[number] for number in sorted(inner)]
    return inner


# ---------------------------------------------------------------- as columns


def columns(path: str, value: Any) -> Iterator[dict[str, Any]]:
    """The rows of `observation` that hold a leaf: path, kind, and a number or a text."""
    if isinstance(value, bool):
        yield _row(path, "boolean", text=str(value).lower())
    elif isinstance(value, int | float):
        yield _row(path, "whole" if isinstance(value, int) else "number", number=float(value))
    elif isinstance(value, str) and value:
        pieces = [value[n : n + LONGEST_TEXT] for n in range(0, len(value), LONGEST_TEXT)]
        for number, piece in enumerate(pieces):
            yield _row(path if len(pieces) == 1 else f"{path}~{number}", "text", text=piece)
    else:
        yield _row(path, _kind_of_nothing(value))


def _kind_of_nothing(value: Any) -> str:
    """What an empty value is."""
    if isinstance(value, list):
        return "empty list"
    return "empty group" if isinstance(value, dict) else "nothing" if value is None else "text"


def _row(path: str, kind: str, number: float | None = None, text: str | None = None) -> dict[str, Any]:
    """One row."""
    return {"path": path, "kind": kind, "number": number, "text": text}


def from_rows(rows: list[tuple[str, str, float | None, str | None]]) -> dict[str, Any]:
    """The leaves out of rows of path, kind, number and text. Raises ValueError for what no row of ours says."""
    found: dict[str, Any] = {}
    split: dict[str, dict[int, str]] = {}
    for path, kind, number, text in rows:
        piece = _PIECE.fullmatch(path)
        if piece is not None:
            split.setdefault(piece[1], {})[int(piece[2])] = text or ""
        else:
            found[path] = _value(kind, number, text)
    return found | {path: "".join(parts[n] for n in sorted(parts)) for path, parts in split.items()}


def _value(kind: str, number: float | None, text: str | None) -> Any:
    """The value of a row."""
    if kind in ("whole", "number"):
        if number is None:
            raise ValueError(kind)
        return int(number) if kind == "whole" else number
    plain = {"boolean": text == "true", "nothing": None, "empty list": [], "empty group": {}}
    return plain.get(kind, text or "")
