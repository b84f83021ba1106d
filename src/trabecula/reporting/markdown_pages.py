"""The same pages as Markdown: text and tables, the pictures as their numbers."""

import re
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trabecula.drawing.characters import printable
from trabecula.reporting import clinician, plain
from trabecula.reporting.html import TEMPLATES
from trabecula.words.language import Language, language
from trabecula.words.numbers import SPACE

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison
    from trabecula.person import Person

_SPECIAL = re.compile(r"([\\|`*_\[\]]|<(?=[A-Za-z/!?]))")
_EMPTY = re.compile(r"\n{3,}")


def markdown_pages(
    assessment: "Assessment",
    code: str = "en",
    person: "Person | None" = None,
    comparison: "Comparison | None" = None,
    readers: tuple[str, ...] = ("clinician", "person"),
) -> str:
    """The pages for some readers, one behind the other."""
    lang = language(code)
    contexts = {
        "clinician": lambda: {"clinician": clinician.context(assessment, lang, person, comparison)},
        "person": lambda: {"plain": plain.context(assessment, lang, person, comparison)},
    }
    pages = [_environment(lang).get_template(f"{each}.md").render(contexts[each]()) for each in readers]
    return _EMPTY.sub("\n\n", "\n\n".join(pages)).replace(SPACE, " ").strip() + "\n"


def _environment(lang: Language) -> Environment:
    """Templates in which everything that is filled in is plain text."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined, finalize=_text,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.globals.update({"_": lang.text, "lang": lang})
    found.filters.update({"day": lang.day})
    return found


def _text(value: Any) -> str:
    """Text in which nothing is taken for markup."""
    return _SPECIAL.sub(r"\\\1", printable(str(value)))
