"""What a new fit did to every class of studies: met before and now, and how far off, finding by finding that both have.

    git show OLD:docs/validation/results.json > before.json
    python scripts/compare_results.py before.json docs/validation/results.json

A class is a medicine (a study of two counts for both) or, without one, the chapter of the study. Prints Markdown.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from trabecula.lab.studies.collection import every_study
from trabecula.vocabulary import BONE_DRUGS

MOVED = 1.0  # change of z from which a finding is named
Result = Mapping[str, object]


def by_finding(path: Path) -> dict[tuple[str, str], Result]:
    """Results with a published number by study and finding; cells of the tables of probabilities apart."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return {
        (one["study"], one["finding"]): one
        for one in read
        if one["published"] is not None and one["block"] != "probabilities"
    }


def classes_of(study: str, block: str) -> list[str]:
    """The medicines that are given in a study, or its chapter."""
    arms = getattr(every_study()[study], "arms", {})
    courses = [course for arm in arms.values() for course in getattr(arm, "medicines", ())]
    given = {str(getattr(course, "drug", "")) for course in courses} & set(BONE_DRUGS)
    return sorted(given) or [block]


def lines(before: Mapping[tuple[str, str], Result], now: Mapping[tuple[str, str], Result]) -> list[str]:
    """The table, a line a class."""
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for key in before.keys() & now.keys():
        for name in classes_of(key[0], str(now[key]["block"])):
            pairs[name].append((abs(float(str(before[key]["z"]))), abs(float(str(now[key]["z"])))))
    table = [
        "| class | findings | met before | met now | mean distance before | now |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, z in sorted(pairs.items()):
        old, new = (list(side) for side in zip(*z, strict=True))
        met = [sum(distance < 1.96 for distance in side) for side in (old, new)]
        means = [f"{sum(side) / len(side):.2f}" for side in (old, new)]
        table.append(f"| {name.replace('_', ' ')} | {len(z)} | {met[0]} | {met[1]} | {means[0]} | {means[1]} |")
    return table


def moved(before: Mapping[tuple[str, str], Result], now: Mapping[tuple[str, str], Result]) -> list[str]:
    """Findings that were met and are not any more, the farthest first."""
    lost = [
        (abs(float(str(now[key]["z"]))), key, old)
        for key, old in before.items()
        if key in now and old["within"] and not now[key]["within"]
        and abs(float(str(now[key]["z"])) - float(str(old["z"]))) > MOVED
    ]  # fmt: skip
    return [f"- `{key[1]}`: z {float(str(old['z'])):+.1f} before, {float(str(now[key]['z'])):+.1f} now" for _, key, old in sorted(lost, reverse=True)]  # fmt: skip  # noqa: E501


def main() -> None:
    """Print the table, and what was met and is not any more."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("before", type=Path)
    options.add_argument("now", type=Path)
    given = options.parse_args()
    before, now = by_finding(given.before), by_finding(given.now)
    print("\n".join([*lines(before, now), "", "Met before and not now:", "", *moved(before, now)]))


if __name__ == "__main__":
    main()
