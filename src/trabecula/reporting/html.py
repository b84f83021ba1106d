"""Pages of templates. As HTML or PDF each is a file of its own, without scripts, its style and fonts inside, and asks
nobody for anything; as Markdown it has the numbers of its pictures.

page_clinician(assessment, "en", person), page_person(...), page_both(...), to_pdf(page_both(...))

Templates are in `templates/`, the style in `static/report.css`. Needs Jinja2, for PDF also WeasyPrint (the extra
`report`). Every page has the language of its `code`; `person` and `comparison` add what is known beyond the
assessment: events under the picture of a life, scans without a use, plans that were worked out.
"""

import base64
import hashlib
import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from trabecula import __version__
from trabecula.drawing.page import Item
from trabecula.reporting import articles, clinician, interactive, plain
from trabecula.reporting.letter import Letter
from trabecula.reporting.markdown import markup_free
from trabecula.reporting.pictures import Drawing
from trabecula.words.language import LANGUAGES, SOURCE, Language, language
from trabecula.words.message import Message
from trabecula.words.numbers import SPACE

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison
    from trabecula.person import Person

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
_IDENTIFIER = 16
"""Bytes of the identifier of a PDF."""
_EMPTY = re.compile(r"\n{3,}")
_URL = re.compile(r'url\("(fonts/[^"]+)"\)')


def environment(code: str, *folders: Path) -> Environment:
    """Templates in a language: those of the folders first, then the report's own; everything is escaped.

    In them `_("id", place=value)` says a text, `heading(...)` one that stands alone; `lang` is the language. A name
    that nobody has filled is an error, never an empty place.
    """
    lang = language(code)
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, TEMPLATES)])
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    translated = _translator(lang)
    found.globals.update(
        {
            "_": translated,
            "heading": partial(_heading, lang=lang, translated=translated),
            "lang": lang,
            "languages": LANGUAGES,
        }
    )
    found.filters.update({"figures": lang.figures, "day": lang.day, "svg": _svg})
    return found


def _translator(lang: Language) -> Any:
    """The function by which templates say something: what fills a place is escaped."""

    def translated(id: str | Message, **values: Any) -> Markup:
        if isinstance(id, Message):
            return escape(lang.say(id))
        template = escape(lang.template(id, values))
        escaped = {name: _escaped(value, lang) for name, value in values.items()}
        return Markup(lang.fill(str(template), escaped)) if values else template

    return translated


def _heading(what: str | Message, lang: Language, translated: Any) -> Markup:
    """What stands alone, with a capital: a name of the vocabulary, or a text of the catalogue."""
    return escape(lang.heading(what)) if isinstance(what, Message) else translated(what)


def _escaped(value: Any, lang: Language) -> Any:
    """A value whose words are escaped; numbers and days have none."""
    if isinstance(value, Message):
        return escape(lang.say(value))
    if isinstance(value, list | tuple):
        return [_escaped(part, lang) for part in value]
    return escape(value) if isinstance(value, str) else value


def _svg(drawing: Drawing) -> Markup:
    """A picture of ours, which has escaped its words itself."""
    return Markup(drawing.svg)


@cache
def _own(code: str) -> Environment:
    """The report's own templates in a language."""
    return environment(code)


def page_clinician(
    assessment: "Assessment", code: str = "en", person: "Person | None" = None, comparison: "Comparison | None" = None
) -> str:
    """The clinician's page."""
    return render("clinician.html", code, clinician=clinician.context(assessment, language(code), person, comparison))


def page_person(
    assessment: "Assessment", code: str = "en", person: "Person | None" = None, comparison: "Comparison | None" = None
) -> str:
    """The page in plain language for the person."""
    return render("person.html", code, plain=plain.context(assessment, language(code), person, comparison))


def page_both(
    assessment: "Assessment", code: str = "en", person: "Person | None" = None, comparison: "Comparison | None" = None
) -> str:
    """Both pages, one behind the other."""
    return render(
        "both.html",
        code,
        clinician=clinician.context(assessment, language(code), person, comparison),
        plain=plain.context(assessment, language(code), person, comparison),
    )


def page_sources(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
    readers: tuple[str, ...] = ("clinician", "person"),
) -> str:
    """The appendix to printed pages: what their small numbers stand for, how to read the numbers, every document."""
    lang = language(code)
    of_clinician = clinician.context(assessment, lang, person, comparison)
    pages = [{**of_clinician, "title": lang.text("page.for_the_clinician")}] if "clinician" in readers else []
    if "person" in readers:
        of_person = plain.context(assessment, lang, person, comparison)
        pages.append({**of_person, "title": lang.text("page.your_bones")})
    names = ("assessment", "record", "notes", "references")
    return render("sources.html", code, s={**{name: of_clinician[name] for name in names}, "pages": pages})


def page_interactive(
    assessment: "Assessment", comparison: "Comparison", code: str = "en", person: "Person | None" = None
) -> str:
    """Both pages and a panel for each choice, in one file that needs no connection and no script."""
    lang = language(code)
    return render(
        "interactive.html",
        code,
        clinician=clinician.context(assessment, lang, person, comparison),
        plain=plain.context(assessment, lang, person, comparison),
        choices=interactive.context(assessment, comparison, lang),
    )


def page_letter(letter: Letter) -> str:
    """A letter as a page whose text can be changed in the browser before it is printed."""
    return render("letter.html", letter.lang.code, letter=letter)


def page_article(name: str, code: str = "en", link: str = "{name}.html") -> str:
    """An article; `link` is how the others are reached. `about` is the page about this information."""
    return render("article.html", code, **context_article(name, code, link))


def context_article(name: str, code: str = "en", link: str = "{name}.html") -> dict[str, Any]:
    """What `parts/article.html` reads."""
    found = articles.article(name, code)
    cited = [Item("", source, lang=SOURCE) for source in found.sources]
    return {"article": found, "cited": cited, "html": Markup(found.html(link, version=__version__))}


def page_learn(code: str = "en", link: str = "{name}.html") -> str:
    """The list of articles."""
    return render("learn.html", code, articles=articles.articles(code), link=link)


def render(template: str, code: str, **values: Any) -> str:
    """A template as a file of its own."""
    return _own(code).get_template(template).render(style=Markup(style()), **values)


@cache
def style() -> str:
    """The style with its fonts inside."""
    return _URL.sub(lambda found: f"url({_data(STATIC / found[1])})", (STATIC / "report.css").read_text("utf-8"))


def _data(font: Path) -> str:
    """A font as an address that holds it."""
    return f"data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()}"


def to_pdf(html: str) -> bytes:
    """A page as PDF: tagged for screen readers (PDF/UA-1), fonts inside, the same bytes for the same page.

    Nothing is fetched: what a page needs it holds already.
    """
    from weasyprint import HTML  # an extra that takes a second to start
    from weasyprint.urls import URLFetcher

    page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    identifier = hashlib.sha256(html.encode()).digest()[:_IDENTIFIER]
    pdf = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    assert pdf is not None, "a page without a target comes back"
    return pdf


def markdown_pages(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
    readers: tuple[str, ...] = ("clinician", "person"),
) -> str:
    """The pages for some readers as Markdown, one behind the other: text and tables, the pictures as their numbers."""
    lang = language(code)
    contexts = {
        "clinician": lambda: {"clinician": clinician.context(assessment, lang, person, comparison)},
        "person": lambda: {"plain": plain.context(assessment, lang, person, comparison)},
    }
    pages = [_markdown_environment(lang).get_template(f"{reader}.md").render(contexts[reader]()) for reader in readers]
    return _EMPTY.sub("\n\n", "\n\n".join(pages)).replace(SPACE, " ").strip() + "\n"


def _markdown_environment(lang: Language) -> Environment:
    """Templates in which everything that is filled in is plain text."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined, finalize=_as_markdown,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.globals.update({"_": lang.text, "lang": lang})
    found.filters.update({"day": lang.day})
    return found


def _as_markdown(value: Any) -> str:
    """What fills a place: text in which nothing is taken for markup."""
    return markup_free(str(value))
