"""Machine code that is kept on disk, wherever the program is installed.

Numba keeps it beside the source, or else in the user's cache folder. Where neither can be written to (an install that
can only be read, a user without a home) it refuses to compile at all: then a folder of ours among the temporary ones is
used, or nothing is kept, and whoever speaks to people can say so (`KEEPING`).
"""

import importlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import numba
from numba import config, njit

COMPILER = numba.__version__
"""What decides, with the processor, on the last digit of whatever is compiled."""
KEEPING: dict[str, Path | None] = {}
"""Where the code is kept if not in its usual place, under "folder": None if nowhere. Empty as long as it is usual."""
_OURS_ALONE = 0o700
_ALGEBRA = "scipy.linalg.cython_blas"


def kept(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function as `njit` does, and keep what was compiled."""

    def compiled(function: Callable[..., Any]) -> Any:
        if KEEPING.get("folder", function) is None:
            return njit(**options)(function)
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder that it can write to
            KEEPING["folder"] = folder = _folder_of_ours()
            setattr(config, "CACHE_DIR", str(folder or ""))  # noqa: B010 - numba reads its settings from its environment
            return njit(cache=folder is not None, **options)(function)

    return compiled


def _folder_of_ours() -> Path | None:
    """A temporary folder that this user alone can write to: machine code is run as it is found; None if none."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"trabecula-compiled-{owner}"
    try:
        folder.mkdir(mode=_OURS_ALONE, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == _OURS_ALONE
    return folder if is_ours and os.access(folder, os.W_OK) else None


def without_linear_algebra() -> None:
    """Spare this process scipy's linear algebra (a fifth of a second), for which numba looks when it first compiles.

    Nothing that is compiled here uses it. Only for a program of our own: elsewhere somebody else's compiled functions
    may.
    """
    if _ALGEBRA in sys.modules:
        return
    sys.modules[_ALGEBRA] = cast("ModuleType", None)  # an import of it fails as if it were not installed
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        del sys.modules[_ALGEBRA]
