"""Ids of sentences: no id without its texts, and no text that nobody says."""

import ast
import re
from functools import cache
from pathlib import Path

from trabecula.words.language import LANGUAGES, language
from words.sentences import data_messages

SOURCE = Path(__file__).parents[2] / "src" / "trabecula"
_ID = re.compile(r"[a-z][\w-]*(\.[\w-]+)+", re.IGNORECASE)
_IN_TEMPLATE = re.compile(r"""(?:_|heading)\(["']([\w.-]+)["']""")
_COMPOSED = re.compile(r"""f["']([\w.-]*(?:\{[^{}"']+\}[\w.-]*)+)["']""")
"""An id with places that are filled in: f"fact.{name}", f"course.{place}_days"."""


@cache
def kinds():
    """What ids begin with, in any catalogue."""
    return {id.split(".")[0] for code in LANGUAGES for id in language(code).words}


@cache
def sources():
    """Every source file and template of the package."""
    return [
        file.read_text("utf-8")
        for suffix in ("py", "html", "md", "yaml", "csv")
        for file in SOURCE.rglob(f"*.{suffix}")
    ]


@cache
def named_in_code():
    """The ids that are named where something is said: `Message("...")`, `lang.text("...")`, `_("...")`."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _says(node.func):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and _ID.fullmatch(first.value):
                    found.add(first.value)
    for file in SOURCE.rglob("*.html"):
        found |= set(_IN_TEMPLATE.findall(file.read_text("utf-8")))
    return found


def _says(function):
    """Whether a call makes a sentence or a message of its first argument."""
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "Message" or (name == "text" and isinstance(function, ast.Attribute))


@cache
def written():
    """Everything in the sources that looks like an id."""
    return set(re.findall(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+", "\n".join(sources())))


@cache
def words():
    """Every word of the sources, and every two, three and four of them with an underscore between, in small letters."""
    text = "\n".join(sources()).lower()
    return set(re.findall(r"[\w-]+", text)) | set(re.findall(r"[\w-]+", text.replace(" ", "_")))


@cache
def composed():
    """Ids that are put together: what fills the places of a pattern, or follows an id, stands in the sources too."""
    patterns = {found for text in sources() for found in _COMPOSED.findall(text) if "." in found}
    shapes = [re.compile(re.sub(r"\\\{.*?\\\}", r"([\\w.-]+)", re.escape(pattern))) for pattern in patterns]
    found = set()
    for id in language("en").words:
        matches = [match for shape in shapes if (match := shape.fullmatch(id))]
        if any(all(_stands(part) for part in match.groups()) for match in matches) or _follows(id):
            found.add(id)
    return found


def _stands(part):
    """Whether what fills a place stands in the sources, dot by dot."""
    return all(word in words() or word.isdigit() for word in part.lower().split("."))


def _follows(id):
    """Whether an id is one that is written, with something behind it: f"{kind}.{name}"."""
    head, _, rest = id.rpartition(".")
    return head in written() and _stands(rest)


def test_every_id_that_code_names_has_its_three_texts():
    """Nobody says what a catalogue does not know."""
    wrong = {id: code for id in named_in_code() for code in LANGUAGES if not language(code).knows(id)}
    assert wrong == {}


def test_every_sentence_of_a_data_file_is_translated():
    """The English stands beside what it is about; German and Italian are in the catalogues."""
    wrong = {
        (code, message.source)
        for message in data_messages()
        for code in LANGUAGES
        if code != "en" and not language(code).knows(message.id)
    }
    assert wrong == set()


def test_every_translation_of_a_data_file_is_of_a_sentence_that_stands_there():
    """A sentence that was changed has another id; the words of the old one are no longer needed."""
    said = {message.id for message in data_messages()}
    data_kinds = {id.split(".")[0] for id in said}
    for code in LANGUAGES:
        own = set(language(code).words) - set(language("en").words)
        assert sorted(id for id in own - said if id.split(".")[0] in data_kinds) == [], code


def test_every_text_is_said_by_somebody():
    """An id that nothing names, and that nothing puts together, is left over from something."""
    assert sorted(set(language("en").words) - written() - composed()) == []
