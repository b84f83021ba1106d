"""What `trabecula doctor` looks at: packages, extras, machine code, data, and answers whose numbers are known.

No check raises: what goes wrong is what is found.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from math import isclose
from pathlib import Path
from typing import Any

from trabecula import __version__
from trabecula.cli.examples import SHIPPED
from trabecula.installing import CORE, PARTS, Part, missing_packages, set_up_command

EXPECTED = Path(__file__).with_name("expected.json")
"""What the shipped examples are answered: `scripts/write_baselines.py` writes it, with the baselines of the tests."""
TOLERANCE = 2e-3
"""Relative: answers are rounded to four figures, and another processor may round the last one the other way."""
OLDEST = (3, 11)
"""The oldest Python."""
_PACKAGE = Path(__file__).resolve().parents[1]
_MB = 1_000_000


class State(StrEnum):
    """How a check ended."""

    SOUND = "ok"
    ABSENT = "absent"
    """Something that not everybody needs is not there."""
    FAULT = "fault"
    """Something that every command needs is not in order."""


@dataclass(frozen=True)
class Check:
    """What was looked at, how it ended, and what to do."""

    area: str
    name: str
    state: State
    told: str
    todo: str = ""


Checks = Iterable[Check]


def checked() -> Iterator[Check]:
    """Every check, one after the other; the last one assesses the shipped examples and takes some seconds."""
    for area, look in AREAS.items():
        try:
            yield from look()
        except Exception as fault:  # whatever is broken is what was asked for
            told = f"{type(fault).__name__}: {fault}"
            yield Check(area, "check", State.FAULT, told, "Install Trabecula again.")


def _python() -> Checks:
    """The interpreter and the package."""
    found = ".".join(map(str, sys.version_info[:3]))
    state = State.SOUND if sys.version_info >= OLDEST else State.FAULT
    yield Check("program", "Python", state, f"{found} ({sys.executable})")
    yield Check("program", "Trabecula", State.SOUND, f"{__version__} ({_PACKAGE})")


def _core() -> Checks:
    """What every command rests on."""
    for package in CORE:
        if missing_packages(package):
            yield Check("core", package, State.FAULT, "not installed", f"Run: {set_up_command([package])}")
        else:
            yield Check("core", package, State.SOUND, _version(package))


def _version(package: str) -> str:
    """The installed version, by the name under which it was installed."""
    try:
        return version(packages_distributions().get(package, [package])[0])
    except PackageNotFoundError:
        return "installed"


def _extras() -> Checks:
    """What some commands need."""
    return map(_extra, PARTS)


def _extra(part: Part) -> Check:
    """Whether the packages of an extra are there, and what is done with them."""
    missing = missing_packages(*part.packages)
    if missing:
        told = f"for {part.use}: no {', '.join(missing)}"
        return Check("extras", part.extra, State.ABSENT, told, f"Run: {set_up_command(missing)}")
    if "weasyprint" in part.packages and (why := _cannot_draw()):
        return Check("extras", part.extra, State.ABSENT, f"for {part.use}: PDF cannot be made ({why})", _PANGO)
    return Check("extras", part.extra, State.SOUND, f"for {part.use}")


_PANGO = "Install Pango of your system (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)."


def _cannot_draw() -> str:
    """Why no PDF can be made, although its package is there: it needs libraries of the system."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        return str(error).splitlines()[0]
    return ""


def _data() -> Checks:
    """Everything that is read out of files."""
    from trabecula.evidence import Evidence
    from trabecula.guidelines.reading import shipped
    from trabecula.words import LANGUAGES
    from trabecula.words.language import language

    registry = Evidence.load()
    told = f"{len(registry)} parameters, {len(registry.findings())} findings"
    yield Check("data", "evidence", State.SOUND, told)
    yield Check("data", "guidelines", State.SOUND, f"{len(shipped())} guidelines")
    spoken = ", ".join(language(code).code for code in LANGUAGES)
    yield Check("data", "languages", State.SOUND, spoken)
    if named := os.environ.get("TRABECULA_OVERLAY"):
        yield Check("data", "overlay", State.SOUND, named)


def _answers() -> Checks:
    """The shipped examples are answered as they should be."""
    import trabecula

    expected: dict[str, dict[str, float]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    for name, figures in expected.items():
        found = figures_of(trabecula.assess(trabecula.read(SHIPPED / f"{name}.yaml")))
        moved = [what for what in figures if not isclose(figures[what], found[what], rel_tol=TOLERANCE)]
        if moved:
            told = f"{moved[0]} is {found[moved[0]]:.6g}; expected {figures[moved[0]]:.6g}"
            yield Check("self-check", name, State.FAULT, told, _MOVED)
        else:
            told = f"{len(figures)} figures as expected (within {TOLERANCE:.1%})"
            yield Check("self-check", name, State.SOUND, told)


_MOVED = "Install Trabecula again; unset TRABECULA_OVERLAY if it is set; report it if it stays."


def figures_of(assessment: Any) -> dict[str, float]:
    """The figures of an answer that are compared: risks over its years, falls, and density today."""
    risks = {f"risk of {risk.site}, {risk.horizon_y} years": risk.risk.mean for risk in assessment.risks}
    bone = {f"density at {bone.site} [g/cm2]": bone.trajectory[bone.now].bmd_g_cm2.mean for bone in assessment.bone}
    return risks | bone


def _machine_code() -> Checks:
    """Where compiled code is kept; looked at after the examples were answered, since that compiles it."""
    from trabecula.compiled import KEEPING

    kept = [path for folder in _places() for path in folder.rglob("*.nb[ci]")]
    if not kept:
        told = "compiled at every start: no folder can be written to"
        yield Check("machine code", "cache", State.ABSENT, told, "Set NUMBA_CACHE_DIR to a folder of your own.")
        return
    size = sum(path.stat().st_size for path in kept) / _MB
    where = KEEPING.get("folder") or kept[0].parent
    yield Check("machine code", "cache", State.SOUND, f"{len(kept)} files, {size:.1f} MB in {where}")


def _places() -> tuple[Path, ...]:
    """The folders in which machine code can be: one that was named or found, else beside the source or the user's."""
    from numba import config

    if named := getattr(config, "CACHE_DIR", ""):
        return (Path(named),)
    beside = (_PACKAGE,)
    return beside if os.access(_PACKAGE, os.W_OK) else (*beside, *_of_user())


def _of_user() -> Iterator[Path]:
    """The user's cache folder, as numba names it."""
    from numba.misc.appdirs import AppDirs

    place = Path(AppDirs(appname="numba", appauthor=False).user_cache_dir)
    if place.is_dir():
        yield place


AREAS: dict[str, Callable[[], Checks]] = {
    "program": _python,
    "core": _core,
    "extras": _extras,
    "data": _data,
    "self-check": _answers,
    "machine code": _machine_code,
}
"""What is looked at, in this order."""
