"""Renew the figures in MODEL_CARD.md and docs/evidence/data-sheet.md: `python scripts/make_papers.py` (`--check`).

Those of the card come from docs/validation/results.json, as `trabecula reproduce` left it, and from who took part in
each study; those of the data sheet from the registry. Text outside the marked blocks is written by hand.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import every_study
from trabecula.lab.studies.record import Study

ROOT = Path(__file__).parents[1]
CARD, SHEET = ROOT / "MODEL_CARD.md", ROOT / "docs" / "evidence" / "data-sheet.md"
RESULTS = ROOT / "docs" / "validation" / "results.json"
_BLOCK = "(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)"
_WOMEN, _MEN = 0.95, 0.05
"""From this share on a study is about women, up to that one about men."""
_YOUNG, _OLD = 50.0, 65.0
"""Mean ages between which a study is about the middle of life [y]."""
Result = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the blocks, or say which of them are stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    check = parser.parse_args(arguments).check
    stale = [path for path, text in papers().items() if path.read_text(encoding="utf-8") != text]
    for path in stale:
        if not check:
            path.write_text(papers()[path], encoding="utf-8")
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
    return int(check and bool(stale))


def papers() -> dict[Path, str]:
    """The two papers with the figures of today."""
    return {CARD: _renewed(CARD, "performance", performance()), SHEET: _renewed(SHEET, "counts", counts())}


def _renewed(path: Path, name: str, lines: Iterable[str]) -> str:
    """A paper with its block written anew."""
    block = re.compile(_BLOCK.format(name=name), re.DOTALL)
    text = "\n".join(lines)
    return block.sub(lambda found: f"{found[1]}{text}\n{found[2]}", path.read_text(encoding="utf-8"))


# --- The model card ------------------------------------------------------------------------------------------------


def performance() -> Iterator[str]:
    """Predicted findings met, and in their interval, by who took part."""
    known = every_study()
    results = [row for row in json.loads(RESULTS.read_text(encoding="utf-8")) if row["direction"] is None]
    yield "| people in the study | predicted findings | met | in the 90 % interval | fitted findings | met |"
    yield "|---|---:|---:|---:|---:|---:|"
    for label, holds in SUBGROUPS.items():
        rows = [row for row in results if row["study"] in known and holds(who(known[row["study"]]))]
        inside, fitted = ([row for row in rows if row["role"] == role] for role in ("predicted", "fitted"))
        cells = (_share(inside, "within"), _share(inside, "covered"), str(len(fitted)), _share(fitted, "within"))
        yield f"| {label} | {len(inside)} | {' | '.join(cells)} |"


def _share(rows: Sequence[Result], what: str) -> str:
    """How many rows have something, in per cent."""
    return f"{100 * sum(bool(row[what]) for row in rows) / len(rows):.0f} %" if rows else "–"


Who = Mapping[str, Any]


def who(study: Any) -> Who:
    """Who took part: share of women, mean age, whether they have MS, and daily steroids; None where it is not one."""
    if isinstance(study, Study):
        people = study.population
        ms = people.ms is not None
        steroids = any(arm.steroids for arm in study.arms.values())
        return {"women": people.women, "age": people.age_y.mean, "ms": ms, "steroids": steroids, "block": study.block}
    setting = study.setting
    age = getattr(setting, "age_y", None)
    women = getattr(setting, "women", None)
    sex = getattr(setting, "sex", None)
    return {
        "women": {"female": 1.0, "male": 0.0}.get(sex, women) if sex else women,
        "age": getattr(age, "mean", None),
        "ms": bool(getattr(setting, "ms", None)) or setting.kind == "register",
        "steroids": setting.kind == "daily_steroid",
        "block": study.block,
    }


def _is(name: str, low: float, high: float) -> Callable[[Who], bool]:
    """Whether a figure of the people is known and lies between two others."""
    return lambda people: people[name] is not None and low <= people[name] < high


_EVERYBODY = 2.0
SUBGROUPS: Mapping[str, Callable[[Who], bool]] = {
    "everybody": lambda _: True,
    "people with MS": lambda people: people["ms"],
    "people without MS": lambda people: not people["ms"],
    "women only": _is("women", _WOMEN, _EVERYBODY),
    "men only": _is("women", 0.0, _MEN),
    "women and men": _is("women", _MEN, _WOMEN),
    "mean age below 50": _is("age", 0.0, _YOUNG),
    "mean age 50 to 64": _is("age", _YOUNG, _OLD),
    "mean age 65 and over": _is("age", _OLD, 200.0),
    "people on glucocorticoids": lambda people: people["steroids"],
}
"""Groups that a study belongs to by what it reports of its people; a study that reports none of it is in none."""


# --- The data sheet ------------------------------------------------------------------------------------------------


def counts() -> Iterator[str]:
    """What the registry holds."""
    registry = Evidence.load()
    findings = registry.findings().values()
    sources = {registry.source(name).id: registry.source(name) for name in registry.findings()}
    yield f"- **{len(registry)} parameters**: {_counted(registry.summary())}."
    yield f"- **{len(findings):,} findings**: {_counted(Counter(str(finding.status) for finding in findings))}."
    found = sum(bool(source.doi or source.pmid) for source in sources.values())
    yield f"- **{len(sources):,} documents**, {found:,} of them with a DOI or PMID."
    licensed = sum(source.licence is not None for source in sources.values())
    yield f"- A licence is recorded for {licensed:,} of them; of the others only figures and their references are used."


def _counted(numbers: Mapping[str, int]) -> str:
    """Names with their counts, the largest first."""
    ordered = sorted(numbers.items(), key=lambda item: -item[1])
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in ordered)


if __name__ == "__main__":
    sys.exit(main())
