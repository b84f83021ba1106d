"""How well the cases hold the rules: noticed/total of each kind of change; `python scripts/mutate_guidelines.py`."""

import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
mutants = import_module("guidelines.mutants")
KINDS = {
    "comparisons turned round (>= to <)": (mutants.TURNED, False),
    "comparisons and yes-or-no answers turned round": (mutants.TURNED, True),
    "thresholds moved to the other side (>= to >)": (mutants.MOVED, False),
}


def main() -> int:
    """Change every line, run the cases, and name what nobody noticed."""
    alive = 0
    for kind, (how, words) in KINDS.items():
        found = list(mutants.mutants(how, words=words))
        left = [each for each in found if mutants.survives(each)]
        alive += len(left)
        print(f"{kind}: {len(found) - len(left)}/{len(found)} noticed")
        for each in left:
            print(f"  {each.guideline}, {each.rule}: {each.line} -> {each.changed}")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
