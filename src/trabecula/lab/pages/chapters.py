"""The page of all studies, cut into pages that can be read: a summary, what was missed, and a page for each chapter.

A heading keeps its words and so its anchor; a link to one that went elsewhere takes the name of its page along.
"""

import re
from collections.abc import Mapping
from math import ceil

FRONT = "README.md"
"""The page with the summary, and with links to the others."""
_MISSES, _STUDIES = "Misses", "Study by study"
"""Sections of the second level that leave the front page; the second of them by its own sections, the chapters."""
_LONGEST = 10_000
"""Words of a chapter that is still one page."""
_CODE = re.compile(r"[^\w\- ]")
_LINK = re.compile(r"\]\(#([^)]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def cut(text: str) -> dict[str, str]:
    """The pages by their file names.

    text: Markdown with the sections `Misses` and `Study by study`; a text without them is one page.
    """
    head, sections = _parts(text, 2)
    note = head.split("\n\n")[0] + "\n\n" if head.startswith("<!--") else ""
    pages: dict[str, str] = {}
    front = [head]
    for title, section in sections:
        if title == _MISSES:
            pages["misses.md"] = note + _raised(section, 1)
        elif title == _STUDIES:
            pages |= {name: note + page for name, page in _chapters(section).items()}
        else:
            front.append(section)
    if pages:
        front.append(_contents(pages))
    return _linked({FRONT: "".join(front), **pages})


def _chapters(section: str) -> dict[str, str]:
    """A page for each chapter, or several for a long one."""
    pages: dict[str, str] = {}
    for title, chapter in _parts(section, 3)[1]:
        name, page = anchor(title), _raised(chapter, 2)
        pieces = _pieces(page)
        for number, piece in enumerate(pieces, 1):
            pages[f"{name}.md" if number == 1 else f"{name}-{number}.md"] = piece
    return pages


def _pieces(page: str) -> list[str]:
    """A chapter in pieces of about the same length, none too long, each with its title, cut between studies."""
    head, studies = _parts(page, 2)
    title, whole = _title(page), len(page.split())
    longest = whole / ceil(whole / _LONGEST)
    pieces, words = [head], len(head.split())
    for _, study in studies:
        if words > longest - len(study.split()) / 2:
            pieces.append(f"# {title}, continued ({len(pieces) + 1})\n\n")
            words = 0
        pieces[-1] += study
        words += len(study.split())
    return pieces


def _parts(text: str, level: int) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first heading of a level, and each such heading with what is below it."""
    mark = "#" * level
    head, *sections = re.split(rf"^(?={mark} )", text, flags=re.MULTILINE)
    return head, [(section.split("\n", 1)[0][level + 1 :], section) for section in sections]


def _raised(text: str, by: int) -> str:
    """A section whose headings stand some levels higher, so that it is a page."""
    return re.sub(rf"^#{{{by}}}(?=#)", "", text, flags=re.MULTILINE)


def _title(page: str) -> str:
    """The first heading."""
    found = _HEADING.search(page)
    return found[1] if found else ""


def _contents(pages: Mapping[str, str]) -> str:
    """The list of the other pages, with how many studies each has."""
    lines = [f"- [{_title(page)}]({name}){_how_many(name, page)}" for name, page in pages.items()]
    return "\n".join(["## Study by study", "", *lines, ""])


def _how_many(name: str, page: str) -> str:
    """How many studies a chapter has."""
    n = len(_parts(page, 2)[1])
    return "" if name == "misses.md" else f": {n} {'study' if n == 1 else 'studies'}"


def anchor(heading: str) -> str:
    """What a link to a heading ends in."""
    return _CODE.sub("", heading.lower()).replace(" ", "-")


def _linked(pages: dict[str, str]) -> dict[str, str]:
    """Pages whose links to each other's headings lead there."""
    places = {anchor(heading): name for name, page in pages.items() for heading in _HEADING.findall(page)}

    def led(name: str, page: str) -> str:
        def link(found: re.Match[str]) -> str:
            there = places.get(found[1], name)
            return f"](#{found[1]})" if there == name else f"]({there}#{found[1]})"

        return _LINK.sub(link, page)

    return {name: led(name, page).rstrip() + "\n" for name, page in pages.items()}
