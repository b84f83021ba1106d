"""Concepts of OMOP: the ids of codes that were seen beside each other, and ids of our own for everything else.

OMOP leaves numbers from two thousand million on to whoever needs a concept of their own. A public code whose number
nobody here has seen gets one of these too, with its true vocabulary and code: whoever joins by them, as the queries of
this room do, finds it all the same.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from trabecula.adapters.fhir.building import OWN
from trabecula.adapters.fhir.codes import rows, system_name
from trabecula.adapters.fhir.elements import Element, element, elements, text

OWN_VOCABULARY = "Trabecula"
"""The vocabulary of the fields of a record."""
LOCAL_FROM, _LOCAL_SPAN, _BYTES = 2_000_000_000, 100_000_000, 8
NONE = 0
"""The number of no concept."""
WOMAN, MAN = 8532, 8507
YES, NO = 4188539, 4188540
OUTPATIENT = 9202
REGISTRY, EHR_PERIOD = 32879, 32828
"""Types of a record: from a registry; the period that it spans."""
_DOMAIN_OF_OWN = "Observation"


@dataclass(frozen=True)
class OmopConcept:
    """A row of the table `concept`, as far as it is used."""

    concept_id: int
    name: str
    domain: str
    vocabulary: str
    concept_class: str
    code: str
    standard: bool


def own_concept(field: str) -> OmopConcept:
    """The concept of a field of the record."""
    number = _local(OWN_VOCABULARY, field)
    return OmopConcept(number, field, _DOMAIN_OF_OWN, OWN_VOCABULARY, "Field", field, False)


def drug_concept(name: str) -> OmopConcept:
    """The concept of a medicine by its name alone, where no code of it was looked up."""
    code = f"drug {name}"
    return OmopConcept(_local(OWN_VOCABULARY, code), name, "Drug", OWN_VOCABULARY, "Ingredient", code, False)


def concept_of(coded: Element, domain: str) -> OmopConcept | None:
    """The concept of the first public code of a CodeableConcept; None where it has none."""
    for coding in elements(element(coded).get("coding")):
        vocabulary, code = system_name(text(coding.get("system"))), text(coding.get("code"))
        if vocabulary and coding.get("system") != OWN:
            name = text(coding.get("display")) or text(coded.get("text"))
            return _concept(vocabulary, code, name, domain)
    return None


def _concept(vocabulary: str, code: str, name: str, domain: str) -> OmopConcept:
    """A public code, under its own number where that was seen."""
    seen = _seen().get((vocabulary, code))
    if seen is not None:
        return OmopConcept(int(seen["concept_id"]), seen["name"], seen["domain"], vocabulary, seen["class"], code, True)
    standard = vocabulary in ("SNOMED", "LOINC", "RxNorm")
    return OmopConcept(_local(vocabulary, code), name, domain, vocabulary, "Undefined", code, standard)


@cache
def _seen() -> dict[tuple[str, str], dict[str, str]]:
    """Numbers of concepts as a public extract of the vocabulary has them."""
    return {(row["vocabulary"], row["code"]): row for row in rows("omop_concepts.csv")}


@cache
def _local(vocabulary: str, code: str) -> int:
    """A number of our own, which follows from the code alone."""
    digest = blake2b(f"{vocabulary}/{code}".encode(), digest_size=_BYTES).digest()
    return LOCAL_FROM + int.from_bytes(digest, "big") % _LOCAL_SPAN
