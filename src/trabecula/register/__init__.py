"""Many real people: an iterator of entries in, a table of scores out.

    entries -> one row a person: scored, or refused with the reason -> Parquet in chunks -> one file and its manifest

Whoever reads a register (`adapters`) yields an `Entry` for every person that it finds, also for those whom it could not
read; whoever scores keeps each of them. So people in are people scored and people refused, always.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trabecula.register.columns import SCHEMA_VERSION as SCHEMA_VERSION
    from trabecula.register.columns import schema as schema
    from trabecula.register.entries import Entry as Entry
    from trabecula.register.entries import Register as Register
    from trabecula.register.rows import Scoring as Scoring
    from trabecula.register.rows import score as score
    from trabecula.register.rows import table as table
    from trabecula.register.running import HowFar as HowFar
    from trabecula.register.running import run as run

_PLACES = {
    "SCHEMA_VERSION": "columns", "schema": "columns", "Entry": "entries", "Register": "entries", "Scoring": "rows",
    "score": "rows", "table": "rows", "HowFar": "running", "run": "running",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """What needs the kernel is imported when it is asked for: a command that says its defaults needs no compiler."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
