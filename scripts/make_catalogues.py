"""Bring the catalogues of the report and the web app up to date: every message, with its translation if there is one.

    .venv/bin/python scripts/make_catalogues.py          write the catalogues
    .venv/bin/python scripts/make_catalogues.py --list   only say what is missing

Translators fill in `src/trabecula/reporting/locale/<language>/LC_MESSAGES/trabecula.po`; nothing has to be compiled.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from trabecula.assessment.contraindications import RULES
from trabecula.assessment.plans_reading import library
from trabecula.guidelines import shipped
from trabecula.guidelines.facts import DERIVED, Facts, about
from trabecula.words.language import LANGUAGES, SOURCE, catalogue

ROOT = Path(__file__).parents[1] / "src" / "trabecula"
FOLDERS = ("reporting", "lab", "drawing", "web")
_NOT_SAID = ("document.py", "document_html.py", "document_markdown.py")
KEYWORDS = {"_": None, "N_": None, "text": None, "plural": (1, 2), "ngettext": (1, 2)}
METHODS = [
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
    ("**/templates/**.md", "jinja2.ext:babel_extract"),
    ("**.py", "python"),
]
WORD_FOR_WORD = (
    "The usual rate for this disability, age and sex; the recorded falls are more than a year old.",
    "check the number and its period",
    "last examined years ago",
    "Walking aid",
    "a recent examination (EDSS, PDDS or walking distance)",
    "the last one, carried on at the usual pace",
    "a scan of the forearm",
    "little for a pulse; the dose of tablets taken for long may be far from the true one",
    "The average diet at this age has as much calcium already; the plan adds none. Ask what is eaten.",
)
"""What rooms below the report say in just these words; what has places in it stands in `report/model_words.py`."""
OPTIONS = {"**/templates/**.html": {"silent": "false"}, "**/templates/**.md": {"silent": "false"}}


def messages() -> dict[str | tuple[str, ...], list[tuple[str, int]]]:
    """Every message, and the files that say it."""
    found: dict[str | tuple[str, ...], list[tuple[str, int]]] = {}
    for folder in FOLDERS:
        if not (ROOT / folder).is_dir():
            continue
        for file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, METHODS, OPTIONS, KEYWORDS
        ):
            if message and file not in _NOT_SAID:
                found.setdefault(message, []).append((f"{folder}/{file}", 0))
    for message in _shipped():
        found.setdefault(message, [])
    return found


def _shipped() -> Iterator[str]:
    """What guidelines, tasks and plans say, from their own files, and what other rooms say word for word."""
    for plan in library().values():
        yield from (plan.title, *([plan.because] if plan.because else []))
    for guideline in shipped():
        yield f"{guideline.name} ({guideline.version})"
        for rule in guideline.rules:
            yield from filter(None, (rule.recommendation, rule.strength, rule.population))
            yield from (each.instead for each in rule.unless)
    yield from (about(name)[0] for name in (*Facts.model_fields, *DERIVED))
    yield from _whats(_data("guidelines/data/plan/tasks.yaml"))
    effects = _data("assessment/data/effects.yaml")
    yield from (*_whats(effects), *effects["not_known"])
    yield from (each for listed in effects["burdens"].values() for each in listed)
    yield from (rule.reason for rule in RULES)
    yield from WORD_FOR_WORD


def _data(path: str) -> Any:
    """A data file of the package."""
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def _whats(data: Any) -> Iterator[str]:
    """Every `what` in a data file, however deep."""
    if isinstance(data, dict):
        yield from ([data["what"]] if "what" in data else [])
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for each in children:
        yield from _whats(each)


def updated(code: str) -> Catalog:
    """The catalogue of a language with every message; what is said no longer is left out."""
    path = catalogue(code)
    old = Catalog(locale=code)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=code)
    new = Catalog(
        locale=code,
        project="trabecula",
        charset="utf-8",
        header_comment="# Words of the report.",
        fuzzy=False,
    )
    new.revision_date = new.creation_date = old.creation_date
    for message in sorted(messages(), key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known is not None else None)
    return new


def missing(found: Catalog) -> list[str]:
    """The messages without a translation."""
    return [str(each.id) for each in found if each.id and not (each.string and all(each.string))]


def main() -> None:
    """Write the catalogues, or list what is missing."""
    for code in LANGUAGES:
        if code == SOURCE:
            continue
        found = updated(code)
        if "--list" not in sys.argv:
            path = catalogue(code)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, found, width=0, omit_header=False, no_location=True)
        lacking = missing(found)
        print(f"{code}: {len(found)} messages, {len(lacking)} without a translation")
        for each in lacking if "--list" in sys.argv else ():
            print(f"  {each}")


if __name__ == "__main__":
    main()
