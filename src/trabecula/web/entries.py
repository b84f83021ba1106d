"""A record as paths and values, the form that a web form has, and back.

    {"birth_date": "1970", "dxa": [{"t_score": -1.2}]}  <->  {"birth_date": "1970", "dxa[0].t_score": -1.2}

Paths may come from anybody: a number of a row has at most four figures, and paths that contradict each other are
refused, not repaired.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from trabecula.web.state import Entries, Scalar, Unreadable

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]", re.ASCII)
_ROW = re.compile(r"\[\d{1,4}\]", re.ASCII)
Kept = TypeVar("Kept")
MOST_VALUES = 5_000
"""Values in a record; a long life with everything in it has some hundreds."""
_MOST_STEPS = 12
"""Steps of a path; the deepest of a record has five."""


def flattened(data: Any, path: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every value of a record with its path: `ms.disability[0].edss`, 3.5."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from flattened(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from flattened(value, f"{path}[{index}]")
    elif data is not None:
        yield path, data


def nested(entries: Entries) -> dict[str, Any]:
    """The record again; rows that are counted with gaps move together. Raises Unreadable for paths that contradict
    each other, or that lead deeper than a record goes."""
    root: dict[str, Any] = {}
    for path, value in entries.items():
        *way, last = steps(path) or (path,)
        if len(way) > _MOST_STEPS:
            raise Unreadable
        node: Any = root
        for step in way:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise Unreadable
        node[last] = value
    return _with_lists(root)


def is_too_much(data: Any) -> bool:
    """Whether a record has more values than a person can have; counts no further than that."""
    return next(islice(flattened(data), MOST_VALUES, None), None) is not None


def steps(path: str) -> tuple[str | int, ...]:
    """The fields and numbers of a path."""
    return tuple(name or int(number) for name, number in _STEP.findall(path))


def _with_lists(node: Any) -> Any:
    """Groups whose fields are numbers become lists in the order of these numbers."""
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_with_lists(node[key]) for key in sorted(node)]
    return {str(key): _with_lists(part) for key, part in node.items()}


def pattern_of(path: str) -> str:
    """The path without its numbers: `steroids[].start`."""
    return _ROW.sub("[]", path)


def rows(entries: Iterable[str], listed: str) -> list[int]:
    """The numbers of the rows of a list (`steroids`) that have an entry, in order."""
    found = (re.match(rf"{re.escape(listed)}\[(\d+)\]", path, re.ASCII) for path in entries)
    return sorted({int(row[1]) for row in found if row})


def renumbered(entries: Entries, listed: str) -> Entries:
    """The rows of a list counted from 0 without gaps, in their order; what is in no row of it stays."""
    new = {old: number for number, old in enumerate(rows(entries, listed))}
    start = re.compile(rf"\A{re.escape(listed)}\[(\d+)\]", re.ASCII)
    return {start.sub(lambda row: f"{listed}[{new[int(row[1])]}]", path, 1): value for path, value in entries.items()}


def is_row(text: str) -> bool:
    """Whether a text names a row, `steroids[2]`."""
    return re.fullmatch(r"[^\[\]]+\[\d{1,4}\]", text, re.ASCII) is not None


def without_row(entries: Mapping[str, Kept], row: str) -> dict[str, Kept]:
    """The entries without a row, `steroids[2]`."""
    return {path: value for path, value in entries.items() if not path.startswith(f"{row}.")}
