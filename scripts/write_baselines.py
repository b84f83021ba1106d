"""Write what the program answers today to tests/baselines, or compare with what it answered when they were written.

    python scripts/write_baselines.py                 # write all, and print what moved
    python scripts/write_baselines.py --only clinic   # write some kinds of document
    python scripts/write_baselines.py --check         # write nothing; print every difference, and fail if there is one

The few figures of the shipped examples that `trabecula doctor` compares with are written with them.

Everything is asked on the command line, so that code may move and be renamed behind it. A document is kept as a
mapping from a path (`risks[hip/10.0].risk.median`) to a number, a truth, a date, an id or none, with the length of
every list. Of a sentence only its place is kept: wording may change, the names of fields may not. Elements of a list
go by what identifies them where something does, so that their order is free; ids in a list are a set. Records and
bundles that are not shipped are found by the variable SHARED, and are left out without it. On another processor a few
studies differ from the seventh digit on: there, write them anew from the code they were written from, then compare.
"""

import argparse
import contextlib
import gzip
import io
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import trabecula as tb
from trabecula.cli import main as trabecula
from trabecula.cli.doctor_checks import EXPECTED, figures_of

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "baselines"
EXAMPLES = ROOT / "examples"
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))
CLINIC, BUNDLES = SHARED / "cases" / "clinic", SHARED / "data" / "fhir"
DAY = "2026-11-22"  # for a record that has no day of assessment
PLANS = {
    "ms_woman_44": ("exercise", "pulses-yearly-with-taper"),
    "ms_man_58": ("zoledronate", "steroid-sparing"),
    "ms_woman_67": ("stop-denosumab", "denosumab-then-zoledronate"),
}
CAUSES = "ms_woman_44"
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # the smallest numbers of an answer are some 1e-7
REFUSED = 2
ABSENT = "absent"

Document = dict[str, Any]

_TEXT = "text"
_ID = re.compile(r"[A-Za-z]\w*([.:-]\w+)*|\d{4}-\d\d-\d\d", re.ASCII)
_ID_FIELDS = {
    "assumed", "beside", "block", "cause", "country", "date", "direction", "due", "evidence", "fact",
    "finding", "findings", "guideline", "horizon_y", "literal", "marker", "ms_course", "name", "of",
    "parameters", "path", "recalled", "role", "rule", "rules", "scope", "se_kind", "sex", "site", "status",
    "study", "task", "topic", "truth", "verdict",
}  # fmt: skip
_IDENTITY = (
    "guideline", "rule", "study", "finding", "site", "marker", "horizon_y", "date", "task", "name", "of", "cause",
    "fact",
)  # fmt: skip


def examples() -> dict[str, Callable[[], Document]]:
    """The shipped examples, assessed."""
    return {path.stem: _assessed(path) for path in sorted(EXAMPLES.glob("*.yaml"))}


def clinic() -> dict[str, Callable[[], Document]]:
    """The records of a clinic, assessed; a refused one is kept as refused."""
    return {path.stem: _assessed(path) for path in sorted(CLINIC.glob("r*.yaml"))}


def bundles() -> dict[str, Callable[[], Document]]:
    """The FHIR bundles, assessed."""
    return {path.stem.split("_")[0]: _assessed(path) for path in sorted(BUNDLES.glob("*.json"))}


def causes() -> dict[str, Callable[[], Document]]:
    """One example with what each cause contributes."""
    return {CAUSES: _assessed(EXAMPLES / f"{CAUSES}.yaml", "--causes")}


def compare() -> dict[str, Callable[[], Document]]:
    """Two plans for each shipped example."""
    return {name: _compared(name, plans) for name, plans in PLANS.items()}


def reproduce(*studies: str) -> dict[str, Callable[[], Document]]:
    """The studies named, or all: a document each, a path for each finding."""
    code, text = asked("reproduce", "--format", "json", *studies)
    if code:
        raise RuntimeError(f"reproduce ended with {code}")
    by_study: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads(text):
        by_study.setdefault(row["study"], []).append(row)
    return {study: lambda rows=rows: flat(rows) for study, rows in by_study.items()}


KINDS: dict[str, Callable[[], dict[str, Callable[[], Document]]]] = {
    each.__name__: each for each in (examples, clinic, bundles, causes, compare, reproduce)
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the baselines, or compare with them; every difference is printed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=KINDS, help=f"of {', '.join(KINDS)}")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
    options = parser.parse_args(arguments)
    moved = False
    for kind in options.only or KINDS:
        documents = {name: ask() for name, ask in KINDS[kind]().items()}
        if not documents:
            print(f"{kind}: left out, nothing at SHARED ({SHARED})", file=sys.stderr)
            continue
        found = [*all_differences(kind, kept(kind), documents)]
        print(*found, f"{kind}: {len(documents)} documents, {len(found)} differences", sep="\n", flush=True)
        moved = moved or bool(found)
        if not options.check:
            _keep(kind, documents)
            if kind == "examples":
                _keep_for_doctor()
    return int(options.check and moved)


def asked(*arguments: str) -> tuple[int, str]:
    """The exit code and the answer of the command; a fault is no answer."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["trabecula", *arguments]
    code: Any = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            trabecula()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = before
    if code not in (0, REFUSED):
        raise RuntimeError(f"trabecula {' '.join(arguments)} ended with {code}: {err.getvalue()}")
    return code, out.getvalue()


def _assessed(path: Path, *options: str) -> Callable[[], Document]:
    """A record assessed on its own day (of the dead: their last), or else on a fixed one."""
    return lambda: _document("assess", str(path), "--format", "json", *_day(path), *options)


def _day(path: Path) -> tuple[str, ...]:
    text = path.read_text(encoding="utf-8")
    return () if "assessed_on:" in text or '"deceasedDateTime"' in text else ("--date", DAY)


def _compared(name: str, plans: Sequence[str]) -> Callable[[], Document]:
    chosen = [word for plan in plans for word in ("--plan", plan)]
    return lambda: _document("compare", str(EXAMPLES / f"{name}.yaml"), "--format", "json", *chosen)


def _document(*arguments: str) -> Document:
    code, text = asked(*arguments)
    return {"refused": True} if code == REFUSED else flat(json.loads(text))


def flat(data: Any) -> Document:
    """Paths and what stands there: numbers, truths, none, dates, ids; of other texts that there is one."""
    return dict(_flat(data, "", ""))


def _flat(data: Any, path: str, field: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from _flat(value, f"{path}.{name}" if path else name, name)
    elif isinstance(data, list):
        yield f"{path}[]", len(data)
        for key, value in zip(_keys(data), data, strict=True):
            if not isinstance(value, str):
                yield from _flat(value, f"{path}[{key}]", field)
            elif _is_id(value, field):
                yield f"{path}[{value}]", True
    else:
        yield path, _TEXT if isinstance(data, str) and not _is_id(data, field) else data


def _is_id(text: str, field: str) -> bool:
    return field in _ID_FIELDS and _ID.fullmatch(text) is not None


def _keys(elements: Sequence[Any]) -> list[str]:
    """What identifies the elements of a list, numbered where it does so more than once; else their places."""
    if not all(isinstance(each, Mapping) for each in elements):
        return [str(place) for place in range(len(elements))]
    names = [name for name in _IDENTITY if all(name in each for each in elements)]
    keys = ["/".join(str(each[name]) for name in names) for each in elements]
    return [key + f"#{keys[:place].count(key) + 1}" * (keys.count(key) > 1) for place, key in enumerate(keys)]


def all_differences(kind: str, before: Mapping[str, Document], now: Mapping[str, Document]) -> Iterator[str]:
    """Every difference of the documents of a kind, a line each."""
    for name in sorted({*before, *now}):
        if name in before and name in now:
            yield from differences(f"{kind}/{name}", before[name], now[name])
        else:
            old, new = ("there" if name in each else ABSENT for each in (before, now))
            yield f"{kind}/{name}  the whole document  {old} -> {new}"


def differences(name: str, before: Document, now: Document) -> Iterator[str]:
    """Every difference of two documents: document, path, before, now."""
    for path in sorted({*before, *now}):
        old, new = before.get(path, ABSENT), now.get(path, ABSENT)
        if not _same(old, new):
            yield f"{name}  {path}  {old!r} -> {new!r}"


def _same(old: Any, new: Any) -> bool:
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in (old, new)):
        return math.isclose(old, new, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(old) is type(new) and old == new


def kept(kind: str) -> dict[str, Document]:
    """The documents of a kind as they were written, none if they never were."""
    path = FOLDER / f"{kind}.json.gz"
    return json.loads(gzip.decompress(path.read_bytes())) if path.exists() else {}


def _keep(kind: str, documents: Mapping[str, Document]) -> None:
    """The same documents always make the same bytes."""
    text = json.dumps(documents, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{kind}.json.gz").write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _keep_for_doctor() -> None:
    """What an installation is compared with."""
    figures = {path.stem: figures_of(tb.assess(tb.read(path))) for path in sorted(EXAMPLES.glob("*.yaml"))}
    EXPECTED.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
