"""Build the documentation as a site: `python scripts/make_site.py build/docs` (needs the extra `docs`; no network).

The pages are those of the repository, in their places; nothing is written twice. Added are a first page with the six
readers, and in the margin the pages that each of them is sent to. Python on a page is run while the site is built, from
a copy of the examples, and so is what tutorials type in a terminal. A warning is an error; afterwards every link inside
the site is followed, and nothing on it may ask another machine for anything.
"""

import argparse
import html.parser
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READERS = {
    "clinic": "Clinic",
    "register": "Register",
    "researcher": "Research",
    "economist": "Policy",
    "person": "People with MS",
    "contributor": "Contribute",
}
"""The readers' pages, as the head of the site calls them."""
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "MODEL_CARD.md", "SECURITY.md")
FILES = ("LICENSE", "CITATION.cff", "Containerfile", "pyproject.toml", "Makefile")
"""What pages link to beside pages."""
LONGEST_WORDS = 12_000
"""A page that is longer cannot be read; test_docs holds it for what is written, the site for what is built."""
_LINK = re.compile(r"\]\(([^)\s#]+\.md)(?:#[^)\s]*)?\)")
_TO_FOLDER = re.compile(r"\[([^\]]+)\]\(((?:\.\./)*[\w./-]*/)\)")
_PYTHON, _SHELL = re.compile(r"^```python\n", re.MULTILINE), re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_NOTEBOOK = """---
file_format: mystnb
kernelspec:
  name: python3
---

"""
_BEGIN = """```{{code-cell}} python3
:tags: [remove-cell]
import os, warnings
os.chdir({where!r})
warnings.filterwarnings("ignore")
```

"""
_FIRST = """# Trabecula

Bone health in multiple sclerosis: how a skeleton got here, where it is going, and what would change it. Every estimate
has an interval, every number a source, or it says that it is assumed. **Not a medical device.**

Who are you?

"""
_TRY = """Or try it at once, in a checkout, with Python 3.11 and make: `make demo` sets everything up and assesses an
invented woman of 44; `trabecula serve` shows the same in a browser. Everything there is: [all pages](contents.md).
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Assemble, build, and look at what was built."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("output", type=Path)
    target = parser.parse_args(arguments).output.resolve()
    source, work, pages = (target / name for name in ("source", "work", "html"))
    shutil.rmtree(target, ignore_errors=True)
    assemble(source, work)
    from sphinx.cmd.build import build_main  # pyright: ignore[reportMissingImports] - the extra `docs`

    if build_main(["-b", "html", "-W", "--keep-going", "-q", "-j", "1", str(source), str(pages)]):
        return 1
    faults = [*looked_at(pages)]
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{sum(1 for _ in pages.rglob('*.html'))} pages in {pages}; open index.html")
    return int(bool(faults))


# --- The pages, put together ---------------------------------------------------------------------------------------


def assemble(source: Path, work: Path) -> None:
    """Copy the pages; make those with Python into notebooks, and a first page."""
    shutil.copytree(DOCS, source / "docs", ignore=shutil.ignore_patterns("*.json", "index.html"))
    for name in (*PAPERS, *FILES):
        shutil.copyfile(ROOT / name, source / name)
    shutil.copyfile(ROOT / "scripts" / "site_conf.py", source / "conf.py")
    shutil.copytree(ROOT / "examples", work / "examples")
    (source / "index.md").write_text(first_page(source), encoding="utf-8")
    (source / "contents.md").write_text("\n".join(contents(source)), encoding="utf-8")
    for page in sorted(source.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        page.write_text(for_site(text, page, work, source), encoding="utf-8")


def first_page(source: Path) -> str:
    """The readers, and below them everything that none of them is sent to."""
    lines = [_FIRST]
    for name in READERS:
        text = (source / "docs" / "readers" / f"{name}.md").read_text(encoding="utf-8")
        title, said = re.match(r"# (.*)\n\n(.*)\n", text).groups()  # pyright: ignore[reportOptionalMemberAccess]
        lines.append(f"- **[{title}](docs/readers/{name}.md)** {said}")
    lines += ["", _TRY, *toctree("Readers", (f"{label} </docs/readers/{name}>" for name, label in READERS.items()))]
    lines += toctree("Everything", ["All pages </contents>"])
    return "\n".join(lines) + "\n"


def contents(source: Path) -> Iterator[str]:
    """Every page, by its folder."""
    yield "# All pages\n"
    reached = {page for name in READERS for page in linked(source / "docs" / "readers" / f"{name}.md")}
    folders = {page.parent for page in source.rglob("*.md")} - {source / "docs" / "readers"}
    for folder in sorted(folders):
        pages = [page for page in sorted(folder.glob("*.md")) if page.stem not in ("index", "contents")]
        title = str(folder.relative_to(source)).removeprefix("docs").strip("/.") or (
            "Papers" if folder == source else "Overview"
        )
        yield f"## {title.replace('/', ', ').capitalize()}\n"
        yield from (f"- [{_title(page)}]({page.relative_to(source)})" for page in pages)
        others = (str(page.relative_to(source))[: -len(".md")] for page in pages if page.resolve() not in reached)
        yield from ("", *toctree(title, others))


def _title(page: Path) -> str:
    """The first heading of a page."""
    found = re.search(r"^# (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else page.stem


def linked(page: Path) -> Iterator[Path]:
    """The pages that a page links to, in its order."""
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        yield (page.parent / target).resolve()


def toctree(caption: str, names: Iterable[str]) -> list[str]:
    """A table of contents in the margin."""
    return [
        "```{toctree}",
        f":caption: {caption}",
        ":hidden:",
        ":maxdepth: 1",
        "",
        *(name if ">" in name else f"/{name}" for name in names),
        "```",
        "",
    ]


def for_site(text: str, page: Path, work: Path, source: Path) -> str:
    """A page as the site shows it: folders are no links, Python is run, readers have their pages in the margin."""
    text = _TO_FOLDER.sub(r"\1", text)
    if page.parent.name == "readers":
        names = dict.fromkeys(str(one.relative_to(source.resolve()))[: -len(".md")] for one in linked(page))
        text = "\n".join([text, *toctree("Pages", names)])
    if page.parent.name == "tutorials":
        text = _SHELL.sub(_typed, text)
    if page.parent.name == "reference" or not ("```{code-cell}" in text or _PYTHON.search(text)):
        return text
    head, _, rest = text.partition("\n\n")
    begin = _BEGIN.format(where=str(work))
    return f"{_NOTEBOOK}{head}\n\n{begin}{_PYTHON.sub('```{code-cell} python3' + chr(10), rest)}"


def _typed(found: re.Match[str]) -> str:
    """What is typed in a terminal, as a cell that is run."""
    lines = "\n".join(f"!{line}" for line in found[1].splitlines())
    return f"```{{code-cell}} python3\n{lines}\n```"


# --- What was built, looked at -------------------------------------------------------------------------------------


class Seen(html.parser.HTMLParser):
    """What a page links to, what it loads, what it can be linked at, and how much there is to read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.words, self._in_article, self._depth = 0, False, 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect addresses and anchors."""
        found = {name: value for name, value in attrs if value}
        self.anchors.update(found[name] for name in ("id", "name") if name in found)
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag in ("script", "img", "iframe", "source") and "src" in found:
            self.loaded.append(found["src"])
        if tag == "link" and found.get("rel") in ("stylesheet", "preload", "icon") and "href" in found:
            self.loaded.append(found["href"])
        self._in_article = self._in_article or tag == "article"

    def handle_endtag(self, tag: str) -> None:
        """The article ends."""
        self._in_article = self._in_article and tag != "article"

    def handle_data(self, data: str) -> None:
        """Count words of the article."""
        self.words += len(data.split()) if self._in_article else 0


def looked_at(pages: Path) -> Iterator[str]:
    """Links that lead nowhere, pages that load from elsewhere, pages that are too long."""
    seen = {page: Seen(page.read_text(encoding="utf-8")) for page in sorted(pages.rglob("*.html"))}
    for page, found in seen.items():
        name = page.relative_to(pages)
        yield from (f"{name}: loads {address}" for address in found.loaded if urlsplit(address).netloc)
        yield from (f"{name}: {link} leads nowhere" for link in found.links if not _leads(link, page, seen))
        if found.words > LONGEST_WORDS:
            yield f"{name}: {found.words:,} words; expected at most {LONGEST_WORDS:,}"


def _leads(link: str, page: Path, seen: dict[Path, Seen]) -> bool:
    """Whether a link inside the site has its target, or leaves it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if there not in seen:
        return there.is_file()
    return not parts.fragment or unquote(parts.fragment) in seen[there].anchors


if __name__ == "__main__":
    sys.exit(main())
