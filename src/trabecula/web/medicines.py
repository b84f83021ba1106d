"""Names of medicines in a form: what is offered while somebody types; a name that is not known is asked back.

A misspelt medicine would be answered as if it were not taken. It stops at its field with the name that was probably
meant; whoever wants it as it is says so there, once.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from trabecula.person import Problem
from trabecula.person.problems import did_you_mean, nearest, quoted
from trabecula.vocabulary import BONE_DRUGS, DISEASE_MODIFYING, HORMONES, STEROIDS, class_of, generic_name, medicines
from trabecula.web.entries import pattern_of
from trabecula.web.state import Entries, SessionPage
from trabecula.words.language import LANGUAGES, Language, language
from trabecula.words.message import Message

FIELDS: Mapping[str, str] = {
    "medicines[].drug": "medicines",
    "injections[].drug": "injections",
    "ms.disease_modifying_drugs[].drug": "ms_medicines",
}
"""Fields with a medicine, and the list of names that is offered in each."""
CONFIRMS = "as_typed:"
"""Before the path of a field whose name is wanted as it was typed."""


@cache
def offered(listed: str, lang: Language) -> Mapping[str, str]:
    """Names that are offered in a field, each with the medicine that a brand is (empty for a generic name)."""
    tables = {"medicines": medicines(), "injections": BONE_DRUGS, "ms_medicines": DISEASE_MODIFYING}
    names: dict[str, str] = {}
    for row in tables[listed].values():
        name = lang.say(row.name)
        names[name] = ""
        brands = {brand for country in row.brands.values() for brand in country}
        names |= {brand.capitalize(): name for brand in sorted(brands) if brand.capitalize() not in names}
    return dict(sorted(names.items(), key=lambda pair: pair[0].lower()))


def unknown_in(page: SessionPage) -> Iterator[Problem]:
    """Every medicine of a page whose name is not known and not wanted as it is, with the name that was meant."""
    for path, drug in _named(page.entries):
        if drug.lower() not in page.confirmed and not _is_known(drug):
            near = meant(drug)
            todo = did_you_mean(near) if near else Message("todo.medicine_spelling")
            yield Problem(path, quoted(drug), Message("expected.a_medicine_that_is_known"), todo)


def _named(entries: Entries) -> Iterator[tuple[str, str]]:
    """The fields with a medicine, and what stands there."""
    for path, drug in entries.items():
        if isinstance(drug, str) and pattern_of(path) in FIELDS:
            yield path, drug


def _is_known(drug: str) -> bool:
    """Whether a name is one of the vocabulary; that steroids and hormones have places of their own, the record says."""
    return class_of(drug) is not None or generic_name(drug) in STEROIDS or generic_name(drug) in HORMONES


def meant(drug: str) -> str | None:
    """The name that was probably meant, in any language."""
    return nearest(drug.lower(), _every_name())


@cache
def _every_name() -> tuple[str, ...]:
    """Generic names in every language, and brands."""
    spoken = {name.lower() for code in LANGUAGES for name in offered("medicines", language(code))}
    return tuple(sorted(spoken))


def taken_as_written(entries: Entries, *, misspelt: bool) -> frozenset[str]:
    """The unknown names of a file that are not asked about; `misspelt`: but those that are nearly a known one."""
    names = {drug for _, drug in _named(entries) if not _is_known(drug)}
    return frozenset(drug.lower() for drug in names if not (misspelt and meant(drug)))
