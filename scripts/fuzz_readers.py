"""Throw damaged files at every reader: `python scripts/fuzz_readers.py [HOW_MANY] [--seed N]`.

Records, bundles and plans that are right are damaged in one to four places (a letter, a word, a line, a number, a piece
of another file) and read. A refusal is right, an answer is right; any other exception is a crash, and is printed with
what made it. No network, nothing is written. The same seed throws the same files.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from trabecula.adapters.files import read_data, read_record
from trabecula.assessment.plans.reading import read_plan
from trabecula.errors import TrabeculaError
from trabecula.words.message import Message

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 22)
ODD = (
    "", "0", "-1", "1e999", "NaN", "9" * 400, "null", "none", "true", "[]", "{}", "2026-13-45", "0000-00-00",
    "29.02.2025", "1,5", "½", "\u2013", "\x00", "\ud7ff", "&a *a", "!!python/object", "'", '"', ":", "- ", "\t", "km",
    "mg/dL", "T-score",
)  # fmt: skip
"""What is put in the place of something else."""
MOST = 4
"""Places in which one file is damaged."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Throw them, and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("how_many", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance, right = random.Random(options.seed), originals()
    outcomes: Counter[str] = Counter()
    slowest, begun = 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.how_many):
            name = chance.choice(sorted(right))
            text = damaged(right[name], chance, right)
            before = time.monotonic()
            outcomes[outcome(name, text, Path(folder))] += 1
            slowest = max(slowest, time.monotonic() - before)
    print(f"{options.how_many:,} files in {time.monotonic() - begun:.0f} s, slowest {slowest:.2f} s: {dict(outcomes)}")
    return int(outcomes["crash"] > 0)


def originals() -> dict[str, str]:
    """Files that are right: records, bundles, plans."""
    files = [*(ROOT / "examples").glob("*.yaml"), *(ROOT / "tests" / "cases").rglob("*.yaml"), *plans(), *bundles()]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


def plans() -> list[Path]:
    """The library of plans."""
    return sorted((ROOT / "src" / "trabecula" / "assessment" / "plans" / "data" / "library").glob("*.yaml"))


def bundles() -> list[Path]:
    """Bundles of the tests."""
    return sorted((ROOT / "tests").rglob("*bundle*.json"))


def damaged(text: str, chance: random.Random, right: dict[str, str]) -> str:
    """A file with some places damaged."""
    for _ in range(chance.randint(1, MOST)):
        text = chance.choice(DAMAGES)(text, chance, right)
    return text


def _word(text: str, chance: random.Random, _: dict[str, str]) -> str:
    """A word or number becomes something odd."""
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(ODD)
    return " ".join(words)


def _line(text: str, chance: random.Random, _: dict[str, str]) -> str:
    """A line is lost, doubled or moved to the right."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at : at + 1] = chance.choice([[], [lines[at]] * 2, [f"  {lines[at]}"]])
    return "\n".join(lines)


def _letter(text: str, chance: random.Random, _: dict[str, str]) -> str:
    """A letter becomes another, or is lost."""
    at = chance.randrange(max(len(text), 1))
    return text[:at] + chance.choice(["", chr(chance.randrange(1, 0xD7FF))]) + text[at + 1 :]


def _digits(text: str, chance: random.Random, _: dict[str, str]) -> str:
    """A digit becomes many."""
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + str(chance.randrange(10)) * chance.choice([1, 2, 30]) + text[at + 1 :]


def _piece(text: str, chance: random.Random, right: dict[str, str]) -> str:
    """A piece of another file stands in the middle."""
    other = right[chance.choice(sorted(right))]
    begin, at = chance.randrange(len(other)), chance.randrange(len(text) + 1)
    return text[:at] + other[begin : begin + chance.randrange(200)] + text[at:]


def _field(text: str, chance: random.Random, _: dict[str, str]) -> str:
    """In JSON, a value at some depth becomes something odd, and the file can still be parsed."""
    try:
        data = json.loads(text)
    except ValueError:
        return text
    here = data
    while isinstance(here, dict | list) and here:
        key = chance.choice(list(here) if isinstance(here, dict) else range(len(here)))
        if not isinstance(here[key], dict | list) or chance.random() < 0.1:
            here[key] = chance.choice([*ODD, None, 0, -1, 1e308, [], {}])
            break
        here = here[key]
    return json.dumps(data)


Damage = Callable[[str, random.Random, dict[str, str]], str]
DAMAGES: tuple[Damage, ...] = (_word, _word, _line, _letter, _digits, _piece, _field)


def outcome(name: str, text: str, folder: Path) -> str:
    """What became of a file: read, refused, or a crash, which is printed."""
    path = folder / Path(name).name
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        if "library" in name:
            read_plan(read_data(path, Message("expected.a_plan_fields_with_values")))
        else:
            read_record(path, DAY)
    except TrabeculaError:
        return "refused"
    except Exception as fault:
        print(f"crash: {name}: {type(fault).__name__}: {fault}\n{text[:2000]}\n", file=sys.stderr)
        return "crash"
    return "read"


if __name__ == "__main__":
    sys.exit(main())
