"""Bone density: which site a code, a body site and the words beside them mean."""

from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import Record
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.factors import factor
from trabecula.adapters.fhir.outcome import Fact, Outcome, ignore, named
from trabecula.adapters.fhir.values import Measured, measured
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.words.message import Message, verbatim

_RADIUS_CODE = "38265-5"
_FEMUR_SITES = {"femoral_neck", "total_hip"}
_FITTING = {
    "femur": _FEMUR_SITES | {"femur"},
    "total_hip": _FEMUR_SITES | {"femur"},
    "lumbar_spine": {"lumbar_spine"},
    "radius": {"radius"},
}
"""The body sites that may stand beside a code for a site; every other pair contradicts itself."""
_WORDS = (
    ("neck", "femoral_neck"),
    ("hip", "total_hip"),
    ("femur", "femur"),
    ("lumbar", "lumbar_spine"),
    ("spine", "lumbar_spine"),
    ("radius", "radius"),
    ("forearm", "radius"),
    ("wrist", "radius"),
)
_UNIT_SHOWN = 20
"""Characters of a unit that are shown."""
_MAKES = ("hologic", "lunar", "norland")


def read_scan(held: Element, record: Record, known: Meaning, day: str) -> Outcome:
    """One number of a scan: T-score, Z-score or density, at its site."""
    concept, found = held.get("code"), measured(held)
    site, quantity = known.value.split()
    body_site = _body_site(held)
    if body_site and body_site not in _FITTING[site]:
        return ignore(concept, "code_and_body_site_differ")
    if found is None or not day:
        return ignore(concept, "no_value_that_is_a_number" if found is None else "without_a_date")
    value = _in_unit(found, quantity)
    if value is None:
        unit = {"unit": verbatim(found.unit[:_UNIT_SHOWN])}
        return ignore(concept, Message("fhir.a_unit_that_does_not_belong_to_it", unit))
    chosen, assumed = _site(site, body_site, known)
    scan = {
        "date": day,
        "site": chosen,
        quantity: value,
        "device": _make(held, record),
        "side": _side(held, known),
    }
    what = named(concept)
    return Outcome(what, (Fact("dxa", scan, day),), assumed=assumed + found.assumed(what))


def _site(site: str, body_site: str, known: Meaning) -> tuple[str, tuple[AssumedLine, ...]]:
    """The site of the record: the body site refines the code."""
    if known.code == _RADIUS_CODE:
        return site, (assumption("fhir.t_score_of_the_radius", {"code": _RADIUS_CODE}),)
    chosen = body_site if body_site in _FEMUR_SITES else site
    if chosen != "femur":
        return chosen, ()
    return "total_hip", (
        assumption("fhir.femur_scan_without_a_body_site", {"what": verbatim(known.display)}),
    )


def _body_site(held: Element) -> str:
    """The body site by its code or its words; words of the code itself count when they say "neck"."""
    concept = next(iter(elements.elements(held.get("bodySite"))), {})
    coded = codes.meaning(concept)
    if coded and coded.reads_as == "body_site":
        return coded.value
    said = elements.all_words(concept)
    if said.strip():
        return next((site for word, site in _WORDS if word in said), "unknown")
    return "femoral_neck" if "neck" in elements.all_words(held.get("code")) else ""


def _side(held: Element, known: Meaning) -> str:
    """Left, right or unsaid: two sides are two scans."""
    said = f"{known.display} {elements.all_words(held.get('bodySite'))}".lower()
    return next((side for side in ("left", "right") if side in said), "")


def _in_unit(found: Measured, quantity: str) -> float | None:
    """A density in g/cm2; a score without a unit, whatever is annotated in its place."""
    if quantity == "bmd_g_cm2":
        by = factor(quantity, found.unit)
        return None if by is None else round(found.value * by, 6)
    return None if factor("bmd_g_cm2", found.unit) else found.value


def _make(held: Element, record: Record) -> str:
    """The make of the scanner, if the device or the method names it."""
    device = record.resolve(held.get("device"), held)
    names = [text(name.get("name")) for name in elements.elements(device.get("deviceName"))]
    said = [
        text(element(held.get("device")).get("display")),
        text(device.get("manufacturer")),
        *names,
        elements.words(held.get("method")),
    ]
    return next((make for make in _MAKES if make in " ".join(said).lower()), "unknown")
