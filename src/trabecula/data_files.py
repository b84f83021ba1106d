"""Files with data: strict YAML, the folders that a user lays over the package's own, and the error for a bad file.

An overlay is a folder laid out like the package's data: tables of the vocabulary (`bone_drugs.yaml`, `countries.yaml`,
...), `words/<language>.po`, `parameters/*.yaml`, `findings/*.csv` and `sources.csv`. The environment variable
TRABECULA_OVERLAY names one or more, separated as paths are on the machine; it is read once.
"""

import os
import pickle
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import yaml

from trabecula.errors import TrabeculaError

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML built without libyaml: the same, slower
    from yaml import SafeLoader as _SafeLoader

OVERLAY = "TRABECULA_OVERLAY"
"""The environment variable with the folders."""
_PACKAGE = Path(__file__).parent
_MARK = 16
"""Characters of the fingerprint in a file's name."""
_PROBLEMS_SHOWN = 20
"""Lines of an error message."""
MadeT = TypeVar("MadeT")


class DataError(TrabeculaError):
    """Data files that are not in order; `problems` has every complaint, each with its file and row."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        shown, more = self.problems[:_PROBLEMS_SHOWN], self.problems[_PROBLEMS_SHOWN:]
        super().__init__("\n".join([*shown, f"... and {len(more)} more"] if more else shown))


class StrictLoader(_SafeLoader):  # pyright: ignore[reportGeneralTypeIssues]
    """YAML that refuses a key written twice and reads 2e-4 as a number."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping, if each key stands once."""
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys):
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise yaml.constructor.ConstructorError(None, None, f"key written twice: {twice}", node.start_mark)
        return super().construct_mapping(node, deep)


StrictLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+"), list("-+0123456789")
)


def load_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises yaml.YAMLError and UnicodeDecodeError for one that cannot be read.

    A file of the package is parsed once and kept beside it, as Python keeps compiled modules, under the fingerprint of
    its content: another content is never answered by what was kept. Where nothing can be written, each time.
    """
    content = path.read_bytes()
    if not path.is_relative_to(_PACKAGE):
        return _parsed(content)
    return kept(path.parent, path.stem, content, lambda: _parsed(content))


def _parsed(content: bytes) -> Any:
    """What YAML says."""
    return yaml.load(content.decode("utf-8"), StrictLoader)


def kept(beside: Path, name: str, content: bytes, make: Callable[[], MadeT]) -> MadeT:
    """What is made of some content: kept in a folder of the package under a name, for the fingerprint of the content.

    content: everything that decides on what is made, but for this file. What cannot be kept is made each time.
    """
    mark = sha256(content + _own_source()).hexdigest()[:_MARK]
    place = beside / "__pycache__" / f"{name}.{sys.implementation.cache_tag}.{mark}.pickle"
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        return pickle.loads(place.read_bytes())
    found = make()
    if not sys.dont_write_bytecode:
        _keep(found, place, name)
    return found


@cache
def _own_source() -> bytes:
    """This file."""
    return Path(__file__).read_bytes()


def _keep(found: Any, place: Path, name: str) -> None:
    """Keep something in the place of what was made of earlier content, whole or not at all."""
    with suppress(OSError):
        place.parent.mkdir(exist_ok=True)
        for earlier in place.parent.glob(f"{name}.{sys.implementation.cache_tag}.*.pickle"):
            earlier.unlink(missing_ok=True)
        half = place.with_suffix(f".{os.getpid()}")
        half.write_bytes(pickle.dumps(found))
        half.replace(place)


def read_mapping(path: Path) -> Mapping[str, Any]:
    """A YAML file that holds one mapping; DataError with the file's name when it does not."""
    try:
        found = load_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError([f"{path.name}: cannot be read as YAML: {error}"]) from None
    if not isinstance(found, Mapping):
        raise DataError([f"{path.name}: expected rows, each a key with its fields below it"])
    return found


def by_word(listed: Mapping[Any, Iterable[str]]) -> dict[str, Any]:
    """What each word stands for, from the words of each meaning."""
    return {word: meaning for meaning, words in listed.items() for word in words}


@cache
def overlays() -> tuple[Path, ...]:
    """The overlay folders, in the order in which they are named; DataError for one that is none."""
    named = [Path(name) for name in os.environ.get(OVERLAY, "").split(os.pathsep) if name]
    missing = [path for path in named if not path.is_dir()]
    if missing:
        raise DataError(
            f"{OVERLAY}: found {path}, which is no folder; expected a folder with tables, words or parameters;"
            f" correct the path, or unset {OVERLAY}"
            for path in missing
        )
    return tuple(named)


def overlay_files(pattern: str) -> tuple[Path, ...]:
    """The files of all overlay folders that match a pattern such as `parameters/*.yaml`, sorted in each folder."""
    return tuple(path for folder in overlays() for path in sorted(folder.glob(pattern)))
