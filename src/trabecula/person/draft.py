"""A record that is being read: values can be taken out while every other keeps its place."""

from collections.abc import Mapping
from typing import Any

Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """A path as people write it: `ms.disability[2].edss`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


class Draft:
    """A copy of the data without what is empty; lists remember the original number of each entry."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.numbers: dict[int, list[int]] = {}
        self.removed: set[Path] = set()
        self.root: Any = self._copy(data)

    def _copy(self, value: Any) -> Any:
        """A copy that may be changed; a field without a value counts as left out."""
        if isinstance(value, Mapping):
            return {key: self._copy(each) for key, each in value.items() if each is not None}
        if not isinstance(value, list | tuple):
            return value
        copy = [self._copy(each) for each in value]
        self.numbers[id(copy)] = list(range(len(copy)))
        return copy

    def original(self, path: Path) -> Path:
        """Where a value of the draft stood in the data."""
        node: Any = self.root
        done: list[Any] = []
        for step in path:
            is_entry = isinstance(node, list) and isinstance(step, int)
            done.append(self.numbers[id(node)][int(step)] if is_entry else step)
            node = _child(node, step)
        return tuple(done)

    def current(self, path: Path) -> Path:
        """Where a value of the data stands in the draft now; its old place when it was taken out."""
        node: Any = self.root
        done: list[Any] = []
        for step in path:
            numbers = self.numbers[id(node)] if isinstance(node, list) else []
            done.append(numbers.index(step) if step in numbers else step)
            node = None if isinstance(node, list) and step not in numbers else _child(node, done[-1])
        return tuple(done)

    def remove(self, path: Path) -> None:
        """Take out the value that stood at this place; nothing when it went with what it was part of."""
        self.removed.add(path)
        *way, last = path
        node: Any = self.root
        for step in way:
            node = _child(node, self._number(node, step))
        place = self._number(node, last)
        if isinstance(node, dict):
            node.pop(last, None)
        elif isinstance(node, list) and place < len(node):
            del node[place], self.numbers[id(node)][place]

    def _number(self, node: Any, step: Any) -> Any:
        """Where an entry of a list stands now, behind all others when it was taken out; of a field its name."""
        if not isinstance(node, list):
            return step
        numbers = self.numbers[id(node)]
        return numbers.index(step) if step in numbers else len(node)


def _child(node: Any, step: str | int) -> Any:
    """The value one step down, None when there is none."""
    if isinstance(node, dict):
        return node.get(step)
    return node[step] if isinstance(node, list) and isinstance(step, int) and step < len(node) else None
