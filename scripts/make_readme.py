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
LAST_SECTION = "Fracture risk"
"""The README shows the page down to the end of this section."""


def main() -> None:
    """Write the block anew."""
    answer = CliRunner().invoke(cli, ["assess", str(ROOT / "examples" / "ms_woman_44.yaml")], env={"COLUMNS": "80"})
    sections = re.split(r"\n(?=\S.* ─{3,}$)", answer.stdout, flags=re.MULTILINE)
    last = next(n for n, text in enumerate(sections) if text.startswith(LAST_SECTION))
    shown = "\n".join(line.rstrip() for line in "\n".join(sections[: last + 1]).rstrip().splitlines())
    old = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda found: f"{found[1]}{shown}\n{found[2]}", old), encoding="utf-8")


if __name__ == "__main__":
    main()
