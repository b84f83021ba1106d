"""Whether the skeleton's kernel has been compiled before: the first time takes a while, and somebody waits."""

import os
from pathlib import Path

import trabecula

_KERNEL = Path(trabecula.__file__).parent / "skeleton" / "kernel.py"
_INDEX = "kernel._march_many.locals.march_some-*.nbi"


def is_compiled() -> bool:
    """Whether compiled code that is newer than its source lies where numba keeps it."""
    source = _KERNEL.stat().st_mtime
    return any(each.stat().st_mtime >= source for place in _places() for each in place.rglob(_INDEX))


def _places() -> list[Path]:
    """Where numba keeps compiled code: where it was told to, beside the source, or at the user's."""
    if told := os.environ.get("NUMBA_CACHE_DIR"):
        return [Path(told)]
    return [_KERNEL.parent / "__pycache__", Path.home() / ".cache" / "numba"]
