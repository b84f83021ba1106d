"""Pages as HTML: each a file of its own, without scripts, with its style and fonts inside, no request to anybody.

page_clinician(assessment, "en", person), page_person(...), page_both(...)

Templates are in `templates/`, the style in `static/report.css`. Needs Jinja2 and Babel (`pip install
"trabecula[report]"`).
"""

import base64
import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from trabecula import __version__
from trabecula.reporting import articles, clinician, interactive, plain
from trabecula.reporting.pictures import Drawing
from trabecula.reporting.statements import Statement
from trabecula.words.language import LANGUAGES, SOURCE, Language, language
from trabecula.words.message import Message

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison
    from trabecula.person import Person

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
_URL = re.compile(r'url\("(fonts/[^"]+)"\)')


def environment(code: str, *folders: Path) -> Environment:
    """Templates in a language: those of the folders first, then the report's own; everything is escaped."""
    lang = language(code)
    loader = ChoiceLoader([FileSystemLoader(each) for each in (*folders, TEMPLATES)])
    found = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
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
        escaped = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
        return Markup(lang.fill(str(template), escaped)) if values else template

    return translated


def _heading(what: str | Message, lang: Language, translated: Any) -> Markup:
    """What stands alone, with a capital: a name of the vocabulary, or a text of the catalogue."""
    return escape(lang.heading(what)) if isinstance(what, Message) else translated(what)


def _svg(drawing: Drawing) -> Markup:
    """A picture of ours, which has escaped its words itself."""
    return Markup(drawing.svg)


@cache
def _own(code: str) -> Environment:
    """The report's own templates in a language."""
    return environment(code)


def page_clinician(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
) -> str:
    """The clinician's page."""
    return render(
        "clinician.html", code, clinician=clinician.context(assessment, language(code), person, comparison)
    )


def page_person(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
) -> str:
    """The page in plain language for the person."""
    return render("person.html", code, plain=plain.context(assessment, language(code), person, comparison))


def page_both(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
) -> str:
    """Both pages, one behind the other."""
    return render(
        "both.html",
        code,
        clinician=clinician.context(assessment, language(code), person, comparison),
        plain=plain.context(assessment, language(code), person, comparison),
    )


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


def page_article(name: str, code: str = "en", link: str = "{name}.html") -> str:
    """An article; `link` is how the others are reached. `about` is the page about this information."""
    return render("article.html", code, **context_article(name, code, link))


def context_article(name: str, code: str = "en", link: str = "{name}.html") -> dict[str, Any]:
    """What `parts/article.html` reads."""
    found = articles.article(name, code)
    cited = [Statement(each, SOURCE) for each in found.sources]
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
    return _URL.sub(
        lambda found: f"url({_data(STATIC / found[1])})", (STATIC / "report.css").read_text("utf-8")
    )


def _data(font: Path) -> str:
    """A font as an address that holds it."""
    return f"data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()}"
