"""Bring the catalogues into order: sorted by id, with the same places; say what is missing.

    .venv/bin/python scripts/sort_catalogues.py

Whoever translates fills in `src/trabecula/words/catalogues/<language>.po`; nothing has to be compiled. An id that one
catalogue lacks is listed, and so are places (`{n}`) that differ; the exit status says whether there were any. English
lacks the sentences of data files, which keep their English beside what it is about.
"""

import re
import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from trabecula.words.language import LANGUAGES, SOURCE, catalogue

HEADER = "# The sentences of Trabecula, each under its id."
PLACE = re.compile(r"\{(\w*)[^}]*\}")


def _read(code: str) -> Catalog:
    """A catalogue as it is."""
    with catalogue(code).open("rb") as file:
        return read_po(file, locale=code)


def _sorted(code: str, old: Catalog) -> Catalog:
    """The same catalogue in the order of its ids."""
    new = Catalog(locale=code, project="trabecula", charset="utf-8", header_comment=HEADER, fuzzy=False)
    new.creation_date, new.revision_date = old.creation_date, old.revision_date
    for entry in sorted((entry for entry in old if entry.id), key=lambda entry: str(entry.id)):
        new.add(entry.id, entry.string)
    return new


def _places(text: str | tuple[str, ...]) -> set[str]:
    """The names of what varies."""
    return set(PLACE.findall(text if isinstance(text, str) else text[-1]))


def _texts(code: str) -> dict[str, str | tuple[str, ...]]:
    """The texts of a catalogue by id; an entry with two forms names its id twice."""
    entries = [entry for entry in _read(code) if entry.id]
    return {entry.id if isinstance(entry.id, str) else entry.id[0]: _forms(entry.string) for entry in entries}


def _forms(text: object) -> str | tuple[str, ...]:
    """One text, or one for each number."""
    return text if isinstance(text, str) else tuple(map(str, text)) if isinstance(text, list | tuple) else ""


def faults() -> list[str]:
    """What a catalogue lacks, and where the places of a translation are others than those of the English."""
    texts = {code: _texts(code) for code in LANGUAGES}
    english = texts.pop(SOURCE)
    found = []
    for code, words in texts.items():
        found += [f"{code}: no {id}" for id in english if not words.get(id)]
        found += [
            f"{code}: {id} has other places"
            for id in english
            if id in words and _places(words[id]) != _places(english[id])
        ]
    known = {id for words in texts.values() for id in words}
    return found + [f"{code}: no {id}" for code, words in texts.items() for id in known if id not in words]


def main() -> None:
    """Sort the catalogues, and list their faults."""
    for code in LANGUAGES:
        found = _sorted(code, _read(code))
        with catalogue(code).open("wb") as file:
            write_po(file, found, width=0, no_location=True)
        print(f"{code}: {len(found)} messages")
    wrong = sorted(set(faults()))
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
