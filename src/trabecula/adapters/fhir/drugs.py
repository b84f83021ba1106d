"""Which medicine a resource means: its generic name, its strength and how it enters the body."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import Record
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.factors import factor
from trabecula.vocabulary import HORMONES, STEROIDS, Substance, medicines

_PROGESTOGENS = re.compile(
    r"norethi(?:ster|ndr)one|progesterone|drospirenone|norgestimate|levonorgestrel|dydrogesterone"
)
_LOCAL = re.compile(
    r"ophthalm|ocular|\beye|topical|cutaneous|cream|ointment|lotion|\bgel\b|nasal|inhal|\botic\b|\bear\b|rectal"
    r"|enema|articular|epidural|\bdrops?\b|foam|shampoo|suppositor|implant"
)
_ROUTES = (
    (re.compile(r"intraven|\bi\.?v\b|infusion|47625008"), "iv"),
    (re.compile(r"intramusc|\bi\.?m\b|78421000|depo-?medr|acetate.*inject|inject.*acetate"), "im"),
    (re.compile(r"\boral|by mouth|\bp\.?o\b|tablet|capsule|\btab\b|26643006"), "oral"),
    (re.compile(r"inject|vial"), "iv"),
)
_STRENGTH = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(mg|g|mcg|ug|µg)\b(?P<per_ml>\s*/\s*(?:ml|actuat|spray|hr?\b))?"
)
_VOLUME = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*ml\b")


@dataclass(frozen=True)
class NamedDrug:
    """A medicine with the strength of one tablet or vial, as far as its name tells."""

    name: str
    said: str
    strength_mg: float | None = None
    mg_per_ml: float | None = None
    known: Meaning | None = None

    @property
    def is_steroid(self) -> bool:
        """Whether it is one of the glucocorticoids of the record."""
        return self.name in STEROIDS


def medication(resource: Element, record: Record) -> Element:
    """The concept of the medicine: coded in place, referred to, or contained."""
    coded = element(resource.get("medicationCodeableConcept"))
    reference = element(resource.get("medicationReference"))
    held = record.resolve(reference, resource)
    ingredients = elements.elements(held.get("ingredient"))
    named = [
        coded,
        element(held.get("code")),
        *(element(each.get("itemCodeableConcept")) for each in ingredients),
    ]
    return next((each for each in named if elements.words(each)), {"text": text(reference.get("display"))})


def drugs_in(concept: Element) -> tuple[NamedDrug, ...]:
    """The known medicines in a concept, each once, in the order in which they are named."""
    said = elements.all_words(concept)
    coded = codes.meaning(concept)
    found: dict[str, NamedDrug] = {}
    for match in _names_pattern().finditer(said):
        name = _names()[match.group()]
        if not _is_salt(name) or match.start() == 0:
            found.setdefault(name, _drug(name, said, said[match.end() :], coded))
    if not found and coded and coded.reads_as == "medicine":
        name = coded.value.split()[0]
        found[name] = _drug(name, said, coded.value.lower(), coded)
    return tuple(found.values())


def _drug(name: str, said: str, after: str, coded: Meaning | None) -> NamedDrug:
    """A medicine with the first strength that follows its name."""
    known = coded if coded and coded.reads_as == "medicine" else None
    match = _STRENGTH.search(after)
    by = factor("dose_mg", match.group(2)) if match else None
    if match is None or by is None:
        return NamedDrug(name, said, known=known)
    amount = round(float(match.group(1).replace(",", ".")) * by, 6)
    if not match.group("per_ml"):
        return NamedDrug(name, said, strength_mg=amount, known=known)
    volume = _VOLUME.search(said)
    whole = round(amount * float(volume.group(1)), 6) if volume else None
    return NamedDrug(name, said, strength_mg=whole, mg_per_ml=amount, known=known)


def _is_salt(name: str) -> bool:
    """Whether the word may only say which salt of another medicine it is (pantoprazole calcium)."""
    row = medicines().get(name)
    return row is not None and row.salt


@cache
def _names() -> dict[str, str]:
    """Every name as it may be written, to the generic name."""
    rows: Iterator[Substance] = chain(medicines().values(), STEROIDS.values(), HORMONES.values())
    return {name.replace("_", " "): row.key for row in rows for name in row.names()}


@cache
def _names_pattern() -> re.Pattern[str]:
    """Any of the names as a whole word, the longest first."""
    ordered = sorted(_names(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def is_local(drug: NamedDrug, route: object) -> bool:
    """Whether a medicine is put on or into one place (an eye, the skin, the lungs, a joint)."""
    return bool(_LOCAL.search(f"{drug.said} {elements.all_words(route)}"))


def route_of(drug: NamedDrug, route: object, said: str) -> str | None:
    """Oral, iv or im: from the coded route, the instruction, or the form of the product."""
    for source in (f"{elements.all_words(route)} {' '.join(elements.codes(route))}", said.lower(), drug.said):
        for pattern, name in _ROUTES:
            if pattern.search(source):
                return name
    return None


def hormone_kind(drug: NamedDrug) -> str:
    """The kind of hormone therapy; oestrogen together with a progestogen is combined."""
    kind = HORMONES[drug.name].therapy or ""
    return "combined" if kind == "oestrogen" and _PROGESTOGENS.search(drug.said) else kind
