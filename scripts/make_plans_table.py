"""Renew the table in docs/how-to/compare-plans.md: `python scripts/make_plans_table.py`, or `--check`."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from trabecula.adapters.files import read_record
from trabecula.assessment.compare import compare
from trabecula.assessment.patient_state import prepare
from trabecula.assessment.plans.reading import library
from trabecula.assessment.results import PlanResult
from trabecula.model import Model
from trabecula.reporting.plans import number_needed_text, points_text
from trabecula.reporting.statements import estimate
from trabecula.words.language import language

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "compare-plans.md"
BEGIN, END = "<!-- plans:begin -->", "<!-- plans:end -->"
PLANS = {
    "ms_woman_44": ("exercise", "pulses-yearly", "pulses-yearly-with-taper", "calcium-vitamin-d", "edss-stable"),
    "ms_man_58": ("steroid-sparing", "zoledronate", "exercise", "stop-smoking", "edss-worse"),
    "ms_woman_67": ("stop-denosumab", "denosumab-then-zoledronate", "exercise", "falls-programme"),
}
HEAD = ("Person", "Plan", "Total hip, %", "Lumbar spine, %", "Major fracture, points", "Number needed to treat")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, or say whether it is stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table is stale")
    check = parser.parse_args(arguments).check
    page = PAGE.read_text(encoding="utf-8")
    fresh = with_table(page, table())
    if check and fresh != page:
        print("stale: docs/how-to/compare-plans.md; run scripts/make_plans_table.py")
        return 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def with_table(page: str, rows: str) -> str:
    """The page with another table."""
    return re.sub(f"{BEGIN}.*{END}", f"{BEGIN}\n{rows}\n{END}", page, flags=re.DOTALL)


def table() -> str:
    """All plans of all examples, as Markdown."""
    lines = [HEAD, ("---", "---", *["---:"] * (len(HEAD) - 2))]
    lines += [row for name in PLANS for row in rows(name)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rows(name: str) -> Iterator[tuple[str, ...]]:
    """The plans of one example."""
    person = read_record(ROOT / "examples" / f"{name}.yaml").person
    assert person.assessed_on is not None
    known = prepare(person, person.assessed_on, Model.default())
    found = compare(known, [library()[plan] for plan in PLANS[name]])
    for plan in found.plans:
        yield (f"`{name}`", f"`{plan.name}`", *cells(plan))


def cells(plan: PlanResult) -> Iterator[str]:
    """Differences from what is recorded, with their intervals."""
    bones = {bone.site: bone.difference_percent for bone in plan.bone}
    major = next(risk for risk in plan.risks if risk.site == "major_osteoporotic")
    english = language("en")
    yield from (str(estimate(bones[site], "change", english)) for site in ("total_hip", "lumbar_spine"))
    yield str(points_text(major, english))
    yield number_needed_text(major.number_needed, english)


if __name__ == "__main__":
    sys.exit(main())
