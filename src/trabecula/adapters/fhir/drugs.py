"""Which medicine a resource means: its generic name, its strength and how it enters the body."""

import re
from dataclasses import dataclass
from functools import cache

from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import Record
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.factors import factor
from trabecula.person import GLUCOCORTICOIDS, MEDICINE_CLASSES
from trabecula.person.medicines import OTHER_NAMES

_SPELLINGS = {
    "prednison": "prednisone", "deltasone": "prednisone", "rayos": "prednisone", "lodotra": "prednisone",
    "prednisolon": "prednisolone", "decortin": "prednisone", "decortin h": "prednisolone",
    "methylprednisolon": "methylprednisolone", "metylprednisolon": "methylprednisolone",
    "solu-medrol": "methylprednisolone", "solu-medrone": "methylprednisolone",
    "solumedrol": "methylprednisolone",
    "medrol": "methylprednisolone", "medrone": "methylprednisolone", "urbason": "methylprednisolone",
    "hydrocortison": "hydrocortisone", "hydrokortison": "hydrocortisone", "solu-cortef": "hydrocortisone",
    "dexamethason": "dexamethasone", "dexametason": "dexamethasone", "decadron": "dexamethasone",
    "alendronat": "alendronate", "alendronsäure": "alendronate", "zoledronsäure": "zoledronate",
    "ibandronsäure": "ibandronate", "risedronat": "risedronate", "forsteo": "teriparatide",
    "medroxyprogesterone": "medroxyprogesterone", "depo-provera": "medroxyprogesterone",
    "depo-subq provera": "medroxyprogesterone",
    "lasix": "furosemide",
    "estradiol": "estradiol", "oestradiol": "estradiol", "conjugated estrogens": "estradiol",
    "estrogens, conjugated": "estradiol", "premarin": "estradiol", "tibolone": "tibolone",
    "testosterone": "testosterone",
}  # fmt: skip
"""Spellings and brands that the person's own table lacks, and hormones, which have fields of their own."""
HORMONES = {"estradiol": "oestrogen", "tibolone": "tibolone", "testosterone": "testosterone"}
DEPOT = "medroxyprogesterone"
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
class Drug:
    """A medicine with the strength of one tablet or vial, as far as its name tells."""

    name: str
    said: str
    strength_mg: float | None = None
    mg_per_ml: float | None = None
    known: Meaning | None = None

    @property
    def is_steroid(self) -> bool:
        """Whether it is one of the glucocorticoids of the record."""
        return self.name in GLUCOCORTICOIDS


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


def drugs_in(concept: Element) -> tuple[Drug, ...]:
    """The known medicines in a concept, each once, in the order in which they are named."""
    said = elements.all_words(concept)
    coded = codes.meaning(concept)
    found: dict[str, Drug] = {}
    for match in _names_pattern().finditer(said):
        name = _names()[match.group()]
        if name != "calcium" or match.start() == 0:
            found.setdefault(name, _drug(name, said, said[match.end() :], coded))
    if not found and coded and coded.reads_as == "medicine":
        name = coded.value.split()[0]
        found[name] = _drug(name, said, coded.value.lower(), coded)
    return tuple(found.values())


def _drug(name: str, said: str, after: str, coded: Meaning | None) -> Drug:
    """A medicine with the first strength that follows its name."""
    known = coded if coded and coded.reads_as == "medicine" else None
    match = _STRENGTH.search(after)
    by = factor("dose_mg", match.group(2)) if match else None
    if match is None or by is None:
        return Drug(name, said, known=known)
    amount = round(float(match.group(1).replace(",", ".")) * by, 6)
    if not match.group("per_ml"):
        return Drug(name, said, strength_mg=amount, known=known)
    volume = _VOLUME.search(said)
    whole = round(amount * float(volume.group(1)), 6) if volume else None
    return Drug(name, said, strength_mg=whole, mg_per_ml=amount, known=known)


@cache
def _names() -> dict[str, str]:
    """Every name as it may be written, to the generic name."""
    generic = {name.replace("_", " "): name for name in (*MEDICINE_CLASSES, *GLUCOCORTICOIDS)}
    return generic | OTHER_NAMES | _SPELLINGS


@cache
def _names_pattern() -> re.Pattern[str]:
    """Any of the names as a whole word, the longest first."""
    ordered = sorted(_names(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def is_local(drug: Drug, route: object) -> bool:
    """Whether a medicine is put on or into one place (an eye, the skin, the lungs, a joint)."""
    return bool(_LOCAL.search(f"{drug.said} {elements.all_words(route)}"))


def route_of(drug: Drug, route: object, said: str) -> str | None:
    """Oral, iv or im: from the coded route, the instruction, or the form of the product."""
    for source in (f"{elements.all_words(route)} {' '.join(elements.codes(route))}", said.lower(), drug.said):
        for pattern, name in _ROUTES:
            if pattern.search(source):
                return name
    return None


def hormone_kind(drug: Drug) -> str:
    """The kind of hormone therapy; oestrogen together with a progestogen is combined."""
    kind = HORMONES[drug.name]
    return "combined" if kind == "oestrogen" and _PROGESTOGENS.search(drug.said) else kind
