"""Which medicine a resource means: from its words and its codes, with the strength of a tablet and the way in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from trabecula.adapters.fhir import codes, elements, numbers
from trabecula.adapters.fhir.bundle import BundleRecord
from trabecula.adapters.fhir.codes import Meaning, factor
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.evidence import Evidence
from trabecula.vocabulary import HORMONES, STEROIDS, Substance, medicines

# Words of products, in lower case: what makes an oestrogen combined, and what stays in one place of the body.
_PROGESTOGENS = re.compile(
    r"norethi(?:ster|ndr)one|progesterone|drospirenone|norgestimate|levonorgestrel|dydrogesterone"
)
_LOCAL = re.compile(
    r"ophthalm|ocular|\beye|topical|cutaneous|cream|ointment|lotion|\bgel\b|nasal|inhal|\botic\b|\bear\b|rectal"
    r"|enema|articular|actuat|turbuhaler|turbohaler|spray|\bpuffs?\b|nebul|symbicort|pulmicort|epidural|\bdrops?\b|foam|shampoo|suppositor|implant"
)
# Words, and SNOMED CT codes of routes, in the order in which they are tried: "depot injection" is not yet "injection".
_ROUTES = (
    (re.compile(r"intraven|\bi\.?v\b|infusion|47625008"), "iv"),
    (re.compile(r"intramusc|\bi\.?m\b|78421000|depo-?medr|acetate.*inject|inject.*acetate"), "im"),
    (re.compile(r"\boral|by mouth|\bp\.?o\b|tablet|capsule|\btab\b|26643006"), "oral"),
    (re.compile(r"inject|vial"), "iv"),
)
_INJECTED = re.compile(
    r"inject|iniett|iniezion|spritze|syringe|subcut|sottocut|subkut|\bs\.?c\b|intramusc|\bi\.?m\b|depot|depo-|vial|ampul"
    r"|34206005|78421000|/ml\b|/\s*ml\b"
)
# A number with a unit of mass behind a name, perhaps per mL; and the volume of a vial.
_STRENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(mg|g|mcg|ug|μg)\b(?P<per_ml>\s*/\s*(?:ml|actuat|spray|hr?\b))?")
_VOLUME = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*ml\b")


@dataclass(frozen=True)
class NamedDrug:
    """A medicine with the strength of one tablet or vial, as far as its name tells."""

    name: str
    """The generic name, a key of the vocabulary."""
    said: str
    """All that the resource calls it, in lower case: "prednisone 5 mg oral tablet"."""
    strength_mg: float | None = None
    """In one tablet or vial [mg]."""
    mg_per_ml: float | None = None
    """In a solution [mg/mL]."""
    per_mg: float = 1.0
    """Prednisone that is worth one mg of a steroid that the record does not know [mg]."""
    known: Meaning | None = None
    """The reading of its code, if that is how it was recognised."""

    @property
    def is_steroid(self) -> bool:
        """Whether it is one of the glucocorticoids of the record."""
        return self.name in STEROIDS


def medication(resource: Element, record: BundleRecord) -> Element:
    """The concept of the medicine: medication[x] coded in place, or the Medication referred to, or its ingredient."""
    either = element(resource.get("medication"))  # R5 has both forms in one element
    coded = element(resource.get("medicationCodeableConcept")) or element(either.get("concept"))
    reference = element(resource.get("medicationReference")) or element(either.get("reference"))
    held = record.resolve(reference, resource)
    ingredients = elements.elements(held.get("ingredient"))
    items = [element(part.get("item")) for part in ingredients]
    named = [coded, element(held.get("code")), *(element(part.get("itemCodeableConcept")) for part in ingredients)]
    named += [element(item.get("concept")) for item in items]
    return next((concept for concept in named if elements.words(concept)), {"text": text(reference.get("display"))})


def drugs_in(concept: Element) -> tuple[NamedDrug, ...]:
    """The known medicines in a concept, each once, in the order in which they are named.

    Words come before codes: a product names all that is in it ("alendronate and cholecalciferol"), a code one.
    """
    said = elements.all_words(concept)
    coded = codes.meaning(concept)
    found: dict[str, NamedDrug] = {}
    for match in _names_pattern().finditer(said):
        name = _names()[match.group()]
        row = medicines().get(name)
        # Behind another name a salt is only what that is bound to: pantoprazole calcium.
        if row is None or not row.salt or match.start() == 0:
            found.setdefault(name, _drug(name, said, said[match.end() :], coded))
    if not found and coded and coded.reads_as == "medicine":
        name = coded.value.split()[0]
        found[name] = _drug(name, said, coded.value.lower(), coded)
    converted = None if found else _converted(said)
    return tuple(found.values()) if converted is None else (converted,)


_TAKEN = re.compile(r"\boral|by mouth|\btab|tablett?|compress|\bcpr|\bcp\b|dragee")


@cache
def _as_prednisone(equivalence: str) -> float:
    """Prednisone that is worth one mg of another steroid, by the registry of evidence [mg]."""
    evidence = Evidence.load()
    return evidence.scalar("steroid.equivalence.prednisone") / evidence.scalar(equivalence)


def _converted(said: str) -> NamedDrug | None:
    """Tablets of a glucocorticoid that the record does not know, as prednisone; None without their strength."""
    for row in codes.rows("other_steroids.csv") if _TAKEN.search(said) else ():
        match = re.search(rf"(?<!\w){row['name']}", said) if row["equivalence"] else None
        if match and (drug := _drug("prednisone", said, said[match.end() :], None)).strength_mg:
            return replace(drug, per_mg=_as_prednisone(row["equivalence"]))
    return None


def _drug(name: str, said: str, after: str, coded: Meaning | None) -> NamedDrug:
    """A medicine with the first strength that follows its name: "hydrocodone 7.5 mg / acetaminophen 325 mg"."""
    known = coded if coded and coded.reads_as == "medicine" else None
    match = _STRENGTH.search(numbers.plain(after))
    by = factor("dose_mg", match.group(2)) if match else None
    if match is None or by is None:
        return NamedDrug(name, said, known=known)
    amount = round(float(match.group(1)) * by, 6)
    if not match.group("per_ml"):
        return NamedDrug(name, said, strength_mg=amount, known=known)
    volume = _VOLUME.search(numbers.plain(said))
    whole = round(amount * float(volume.group(1)), 6) if volume else None
    return NamedDrug(name, said, strength_mg=whole, mg_per_ml=amount, known=known)


@cache
def _names() -> dict[str, str]:
    """Every name as it may be written, to the generic name; the ending differs in German and Italian."""
    rows: Iterator[Substance] = chain(medicines().values(), STEROIDS.values(), HORMONES.values())
    named = {name.replace("_", " "): row.key for row in rows for name in row.names()}
    endings = [
        (name, f"{name[:-1]}{end}") for name in named if name[-1] == "e" and len(name) > 5 for end in ("", "o", "a")
    ]
    return {other: named[name] for name, other in endings} | named


@cache
def _names_pattern() -> re.Pattern[str]:
    """Any of the names as a whole word, the longest first."""
    ordered = sorted(_names(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def is_local(drug: NamedDrug, route: object) -> bool:
    """Whether a medicine is put on or into one place (an eye, the skin, the lungs, a joint)."""
    return bool(_LOCAL.search(f"{drug.said} {elements.all_words(route)}"))


def is_injected(drug: NamedDrug, *routes: object) -> bool:
    """Whether a route or the form of the product says that it is injected."""
    said = [drug.said, *(f"{elements.all_words(route)} {' '.join(elements.codes(route))}" for route in routes)]
    is_fluid = re.search(r"\d\s*ml\b", drug.said) is not None and "oral" not in drug.said
    return is_fluid or any(_INJECTED.search(words) for words in said)


_DEPOT = re.compile(
    r"articular|epidural|intralesion|periartic|\bbursa|facet|gelenk|depot|depo-?medr|(?:acetonid|acetat)\w*\b.*(?:inject|susp|\bml\b)"
)
"""Words of a crystal suspension, or of where it is put: it reaches the blood for weeks."""


def unread_steroid(concept: Element, *routes: object) -> str | None:
    """The kind of a glucocorticoid, or of what acts as one, that the record does not know; None for anything else.

    `acth`, `budesonide`, `depot`, or empty for any other.
    """
    coded = {held.code.upper() for held in elements.codings(concept) if codes.system_name(held.system) == "ATC"}
    said = elements.all_words(concept)
    for row in codes.rows("other_steroids.csv"):
        by_code = row["atc"] and any(code.startswith(row["atc"]) for code in coded)
        if by_code or re.search(rf"(?<!\w){row['name']}", said):
            return row["kind"] or ("depot" if is_depot(said, *routes) else "")
    return None


def is_depot(said: str, *routes: object) -> bool:
    """Whether a steroid is injected as crystals, or into a joint or the spine."""
    return bool(_DEPOT.search(" ".join([said, *map(elements.all_words, routes)])))


def route_of(drug: NamedDrug, route: object, said: str) -> str | None:
    """Oral, iv or im: from the coded route, the instruction, or the form of the product; None when nothing tells it."""
    for source in (f"{elements.all_words(route)} {' '.join(elements.codes(route))}", said.lower(), drug.said):
        for pattern, name in _ROUTES:
            if pattern.search(source):
                return name
    return None


def hormone_kind(drug: NamedDrug) -> str:
    """The kind of hormone therapy; oestrogen together with a progestogen is combined."""
    kind = HORMONES[drug.name].therapy or ""
    return "combined" if kind == "oestrogen" and _PROGESTOGENS.search(drug.said) else kind
