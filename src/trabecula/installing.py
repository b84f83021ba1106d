"""How to get a part that is not installed: one command that works where it is printed."""

import shlex
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
"""The folder of a checkout, two above the package; another folder where the package was copied elsewhere."""


def missing_packages(*packages: str) -> tuple[str, ...]:
    """Those that cannot be imported; a package is looked for, not imported."""
    return tuple(package for package in packages if find_spec(package) is None)


def set_up_command(packages: Sequence[str]) -> str:
    """What brings missing packages: `make demo` where it made this environment, else pip of this very Python.

    The packages are named one by one and never as an extra of ours, because no public index has our name.
    """
    if (_CHECKOUT / "Makefile").is_file() and Path(sys.prefix).resolve() == (_CHECKOUT / ".venv").resolve():
        return f"make -C {shlex.quote(str(_CHECKOUT))} demo"
    return shlex.join([sys.executable, "-m", "pip", "install", *packages])
