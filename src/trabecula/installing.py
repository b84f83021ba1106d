"""How to get a part that is not installed: one command that works where it is printed."""

import shlex
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

_LOCK = Path(__file__).resolve().parents[2] / "requirements" / "core.txt"
"""What `make demo` installs, in a checkout; not there where the package was copied elsewhere."""


def missing_packages(*packages: str) -> tuple[str, ...]:
    """Those that cannot be imported; a package is looked for, not imported."""
    return tuple(package for package in packages if find_spec(package) is None)


def set_up_command(packages: Sequence[str]) -> str:
    """What brings missing packages to this very Python: those of the lock in a checkout, else by their own names.

    Never as an extra of ours, because nobody knows who holds our name on a public index.
    """
    what = ["--require-hashes", "-r", str(_LOCK)] if _LOCK.is_file() else packages
    return shlex.join([sys.executable, "-m", "pip", "install", *what])
