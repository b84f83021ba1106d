"""Renew the example in README.md: `python scripts/make_readme.py`.

It is what `make demo` prints in a terminal of 80 columns; tests/test_docs.py compares the two.
"""

import re
from pathlib import Path

from click.testing import CliRunner

from trabecula.cli import cli

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- demo:begin -->\n```text\n).*?(```\n<!-- demo:end -->)", re.DOTALL)


def main() -> None:
    """Write the block anew."""
    answer = CliRunner().invoke(cli, ["assess", str(ROOT / "examples" / "ms_woman_44.yaml")], env={"COLUMNS": "80"})
    shown = "\n".join(line.rstrip() for line in answer.stdout.rstrip().splitlines())
    old = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda found: f"{found[1]}{shown}\n{found[2]}", old), encoding="utf-8")


if __name__ == "__main__":
    main()
