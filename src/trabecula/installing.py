"""How to get a part that is not installed: one command that works where it is printed."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_LOCK = Path(__file__).resolve().parents[2] / "requirements" / "core.txt"
"""What `make demo` installs, in a checkout; not there where the package was copied elsewhere."""
_OTHERWISE_CALLED = {"psycopg": "psycopg[binary]", "yaml": "pyyaml"}
"""Packages that an index knows under another name than Python."""


@dataclass(frozen=True)
class Part:
    """What not every installation has: an extra, the packages it brings, and what is done with them."""

    extra: str
    """As pyproject.toml calls it."""
    packages: tuple[str, ...]
    """As Python imports them."""
    use: str
    """Commands and functions that need it."""


CORE = ("babel", "click", "numba", "numpy", "pydantic", "yaml", "rich")
"""What every command rests on."""
_REPORT = ("icalendar", "jinja2", "matplotlib", "weasyprint")
_FHIR = ("httpx", "joserfc")
_REGISTER = ("duckdb", "jinja2", "openpyxl", "pyarrow")
_OMOP = (*_REGISTER, "adbc_driver_postgresql", "sqlglot")
PARTS = (
    Part("frame", ("pandas",), "to_frame() in Python"),
    Part("report", _REPORT, "report, letter as HTML or PDF, advise --format ics, export, plots in Python"),
    Part("fhir", _FHIR, "fetch"),
    Part("web", (*_REPORT, *_FHIR, "fastapi", "itsdangerous", "python_multipart", "uvicorn"), "serve"),
    Part("register", _REGISTER, "cohort"),
    Part("postgresql", ("psycopg",), "cohort acknowledge and serve --register with acknowledgements in PostgreSQL"),
    Part("omop", _OMOP, "cohort score on OMOP in DuckDB or PostgreSQL"),
    Part("spark", (*_OMOP, "pyspark"), "cohort score on OMOP in Spark"),
    Part("dask", (*_REGISTER, "distributed"), "population run --dask"),
    Part("validate", ("scipy",), "scripts that check the solver with another one"),
)


def missing_packages(*packages: str) -> tuple[str, ...]:
    """Those that cannot be imported; a package is looked for, not imported."""
    return tuple(package for package in packages if find_spec(package) is None)


def set_up_command(packages: Sequence[str]) -> str:
    """What brings missing packages to this very Python: by the lock of a checkout if it has them, else by their names.

    Never as an extra of ours, because nobody knows who holds our name on a public index.
    """
    names = [_OTHERWISE_CALLED.get(package, package) for package in packages]
    what = ["--require-hashes", "-r", str(_LOCK)] if _is_locked(names) else names
    return shlex.join([sys.executable, "-m", "pip", "install", *what])


def _is_locked(names: Sequence[str]) -> bool:
    """Whether the lock is there and has all of them; what few commands need is not in it."""
    if not _LOCK.is_file():
        return False
    locked = {line.partition("==")[0] for line in _LOCK.read_text(encoding="utf-8").splitlines()}
    return all(name.replace("_", "-") in locked for name in names)
