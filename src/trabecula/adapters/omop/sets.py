"""The concepts that are looked for: every code that the adapters know, as data, each with its descendants.

A member of the set is a code in its vocabulary (ICD-10 by its beginning, in every national edition), or the name of a
substance. What an institution's vocabulary places below a member counts as the member: a tablet of prednisone is
prednisone, and a subtype of MS is MS.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from trabecula.adapters.fhir.codes import known_codes
from trabecula.vocabulary import BONE_DRUGS, DISEASE_MODIFYING, HORMONES, OTHER_DRUGS, STEROIDS

_EDITIONS = {
    "ICD10": ("ICD10", "ICD10CM", "ICD10GM", "ICD10CN", "ICD10UK"), "RxNorm": ("RxNorm", "RxNorm Extension"),
    "SNOMED": ("SNOMED", "SNOMED Veterinary", "UK Core"), "ATC": ("ATC",), "LOINC": ("LOINC",),
}  # fmt: skip
"""What OMOP calls the editions of a code system."""
MS = "ms"


@dataclass(frozen=True)
class ConceptMember:
    """One member of the set."""

    rank: int
    """Its place: of two equally near members the first decides."""
    how: str
    """code: with descendants; beginning: every code that begins so; name: of a substance, with descendants."""
    vocabulary: str
    code: str
    """The code, or the name in lower case."""
    ms: bool
    """Whether whoever has it has MS."""


@cache
def concept_set() -> tuple[ConceptMember, ...]:
    """Every member."""
    found = dict.fromkeys([*_coded(), *_named()])
    return tuple(ConceptMember(rank, *member) for rank, member in enumerate(found))


def _coded() -> Iterator[tuple[str, str, str, bool]]:
    """Codes of every edition of their system; words that say what an observation is."""
    for known in known_codes():
        is_ms = known.reads_as == MS
        if known.system == "TEXT":
            yield "words", "", known.code.lower(), is_ms
        for vocabulary in _EDITIONS.get(known.system, ()):
            yield "beginning" if known.system == "ICD10" else "code", vocabulary, known.code, is_ms


def _named() -> Iterator[tuple[str, str, str, bool]]:
    """Names of substances."""
    for table in (BONE_DRUGS, STEROIDS, DISEASE_MODIFYING, OTHER_DRUGS, HORMONES):
        for row in table.values():
            for name in dict.fromkeys([row.label, *row.names()]):
                yield "name", "", name.lower().replace("_", " "), False


def system_of(vocabulary: str) -> str:
    """The code system of a vocabulary of OMOP; its own name where it is none of ours."""
    return next((system for system, editions in _EDITIONS.items() if vocabulary in editions), vocabulary)
