"""Parts of a record as resources, one resource a part, and back.

Each resource says what it can in elements and codes that everybody reads. What FHIR has no place for (how a break came
about, a dose that falls) is not lost: an extension holds the part of the record as the record's own format has it. It
is believed only as long as the resource still is what this file writes for that part: whoever changes the resource
makes the extension worthless, and the elements are read like anybody's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.building import coded, concept, exact, given, hl7, own, parts, quantity, to_json
from trabecula.adapters.fhir.elements import Element
from trabecula.adapters.fhir.pieces_medicines import MEDICINES, administered, taken
from trabecula.vocabulary import FRACTURE_SITES, LABORATORY, RISK_FACTORS, SKELETAL_SITES

PIECE = "urn:trabecula:fhir:part:1"
"""The address of the extension with the part of the record."""
_IDENTITY = ("id", "meta", "implicitRules", "language", "text", "subject", "patient", "extension")
"""What a server may change without changing what a resource says."""
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_DATED = ("date", "until", "delivery", "start")
"""Fields that tell when something of a record was."""
_LOINC, _SNOMED = "http://loinc.org", "http://snomed.info/sct"


@dataclass(frozen=True)
class Piece:
    """A part of a record: a field, and its value, or one of its values, as plain data."""

    field: str
    """With its groups: "ms.disability"."""
    value: Any


def pieces(record: Mapping[str, Any]) -> Iterator[Piece]:
    """The parts of a record, in its order; who the person is, is the Patient."""
    for name, value in record.items():
        if name == "ms":
            yield from _of_ms(value)
        elif name not in WHO:
            yield from _of(name, value)


def _of(name: str, value: Any) -> Iterator[Piece]:
    """A field, or each value of a list."""
    yield from (Piece(name, held) for held in value) if isinstance(value, list) else [Piece(name, value)]


def _of_ms(ms: Mapping[str, Any]) -> Iterator[Piece]:
    """MS itself with its dates and its course, then its lists."""
    yield Piece("ms", {name: held for name, held in ms.items() if not isinstance(held, list)})
    yield from (Piece(f"ms.{name}", held) for name, listed in ms.items() if isinstance(listed, list) for held in listed)


WHO = frozenset(
    {"schema_version", "assessed_on", "id", "birth_date", "death_date", "sex", "country", "stand_in", "ancestry"}
)
"""Fields of a record that the Patient holds, or that FHIR need not know."""


def resource_of(piece: Piece, asserted: str = "") -> Element:
    """The resource for a part, without what tells whose it is; `asserted`: the day for which the record speaks."""
    if piece.field in MEDICINES:
        return taken(piece.field, piece.value, asserted)
    make = _MAKERS.get(piece.field)
    if make is not None:
        return make(piece.value)
    return _risk_factor(piece) if piece.field in RISK_FACTORS else _plain(piece)


def marked(piece: Piece) -> Element:
    """The extension with the part."""
    return parts(PIECE, {"field": piece.field, "value": json.dumps(piece.value, ensure_ascii=False)})


def piece_of(resource: Element) -> Piece | None:
    """The part of the record that a resource was written for; None where there is none, or it has been changed."""
    held = next((held for held in elements.elements(resource.get("extension")) if held.get("url") == PIECE), {})
    texts = {part.get("url"): part.get("valueString") for part in elements.elements(held.get("extension"))}
    try:
        piece = Piece(str(texts["field"]), json.loads(str(texts["value"])))
        if resource.get("resourceType") == "Patient":
            return piece if piece.field == "stand_in" else None
        written = resource_of(piece, elements.iso_date(resource.get("dateAsserted")))
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        return None
    said = {name: value for name, value in resource.items() if name not in _IDENTITY}
    return piece if _comparable(said) == _comparable(written) else None


def _comparable(value: Any) -> str:
    """A resource as a text in which the order of elements, and how a number is written, do not matter."""
    plain = json.loads(to_json(value, 0), parse_float=Decimal, parse_int=Decimal)
    return json.dumps(plain, sort_keys=True, default=lambda number: str(number.normalize()))


# ---------------------------------------------------------------- conditions


def _condition(code: Element, onset: str = "", *, denied: bool = False, lasting: bool = False) -> Element:
    """A diagnosis; one that was denied is refuted, and says so."""
    verification = hl7("condition-ver-status", "refuted" if denied else "confirmed")
    clinical = hl7("condition-clinical", "active") if lasting and not denied else None
    return given(
        resourceType="Condition",
        clinicalStatus=clinical,
        verificationStatus=verification,
        code=code,
        onsetDateTime=onset,
    )


def _risk_factor(piece: Piece) -> Element:
    """A risk factor: a diagnosis where it has a code, else an observation of its field."""
    row, value = RISK_FACTORS[piece.field], piece.value
    if value is True or value is False:
        code = coded(row)
        return _condition(code, denied=not value, lasting=value) if "coding" in code else _plain(piece)
    code = coded(row, f"{row.label}: {row.choices[value]}", value) if row.choices else {}
    if "coding" not in code:
        return _plain(piece)
    if piece.field == "smoking":
        status = concept("tobacco smoking status", {"system": _LOINC, "code": "72166-2"})
        return _observation(status, valueCodeableConcept=code)
    return _condition(code, lasting=True)


def _ms(value: Mapping[str, Any]) -> Element:
    """Multiple sclerosis, by its course where that is known."""
    code, text = _COURSES[value.get("course")]
    disease = _condition(
        concept(text, {"system": _SNOMED, "code": code, "display": text}), value.get("onset", ""), lasting=True
    )
    return disease | given(recordedDate=value.get("diagnosis", ""))


_COURSES = {
    None: ("24700007", "multiple sclerosis"),
    "clinically_isolated": ("445967004", "clinically isolated syndrome"),
    "relapsing": ("426373005", "relapsing remitting multiple sclerosis"),
    "secondary_progressive": ("425500002", "secondary progressive multiple sclerosis"),
    "primary_progressive": ("428700003", "primary progressive multiple sclerosis"),
}
"""SNOMED CT for each course, as `readings.csv` has it."""


def _relapse(value: Mapping[str, Any]) -> Element:
    """An attack of MS."""
    text = "exacerbation of multiple sclerosis"
    return _condition(concept(text, {"system": _SNOMED, "code": "192929006", "display": text}), value["date"])


def _fracture(value: Mapping[str, Any]) -> Element:
    """A broken bone; how it came about stands in the words."""
    row = FRACTURE_SITES[value["site"]]
    force = {"low": ", low-energy", "high": ", high-energy"}.get(value.get("trauma", ""), "")
    return _condition(coded(row, f"{row.label} fracture{force}"), value.get("date", ""))


def _fall(value: Mapping[str, Any]) -> Element:
    """One fall as an event, several as a count over a time."""
    if "date" not in value:
        return _plain(Piece("falls", value))
    event = {"system": _SNOMED, "code": "217082002", "display": "accidental fall"}
    return _condition(concept("accidental fall", event), value["date"])


def _menopause(value: Mapping[str, Any]) -> Element:
    """The menopause, by its date or by the age at it."""
    state = concept("postmenopausal state", {"system": _SNOMED, "code": "76498008", "display": "postmenopausal state"})
    age = quantity(value["age_y"], "years", "a") if "age_y" in value else None
    return _condition(state, value.get("date", "")) | given(onsetAge=age)


def _menopausal(value: bool) -> Element:
    """That a woman is beyond the menopause, or is not."""
    state = concept("postmenopausal state", {"system": _SNOMED, "code": "76498008", "display": "postmenopausal state"})
    return _condition(state, denied=not value)


def _parent(value: bool) -> Element:
    """A parent's broken hip; that none broke one is an answer to a question."""
    if not value:
        return _plain(Piece("parental_hip_fracture", value))
    parent = concept("parent", {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "PRN"})
    broken = {"code": coded(FRACTURE_SITES["hip"], "hip fracture")}
    return {"resourceType": "FamilyMemberHistory", "status": "completed", "relationship": parent, "condition": [broken]}


# ---------------------------------------------------------------- observations


def _observation(code: Element, when: str = "", **more: Any) -> Element:
    """An observation that stands."""
    return given(resourceType="Observation", status="final", code=code, effectiveDateTime=when, **more)


def _plain(piece: Piece) -> Element:
    """A field that no public code says, under a code of its own."""
    value, name = piece.value, piece.field
    code = concept(_words(name), own(name))
    if not isinstance(value, Mapping):
        return _observation(code, **_valued(value))
    when = next((value[key] for key in _DATED if key in value), "")
    held = [{"code": concept(_words(key), own(f"{name}.{key}")), **_valued(part)} for key, part in value.items()]
    return _observation(code, when, component=held)


def _words(name: str) -> str:
    """A field in words: "balance tests"."""
    return name.rpartition(".")[2].replace("_", " ")


def _valued(value: Any) -> Element:
    """A value in the form that FHIR has for it."""
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float):
        return {"valueQuantity": {"value": exact(value)}}
    if isinstance(value, str):
        return {"valueDateTime": value} if _DATE.fullmatch(value) else {"valueString": value}
    return {"valueString": json.dumps(value, ensure_ascii=False)}


def _measure(code: str, text: str, unit: str) -> Callable[[float], Element]:
    """A height or a weight of today."""
    return lambda value: _observation(
        concept(text, {"system": _LOINC, "code": code}), valueQuantity=quantity(value, unit, unit)
    )


def _height(value: Mapping[str, Any]) -> Element:
    """A height of a day."""
    return _HEIGHT(value["height_cm"]) | {"effectiveDateTime": value["date"]}


_HEIGHT = _measure("8302-2", "body height", "cm")


def _disability(value: Mapping[str, Any]) -> Element:
    """An EDSS by its code; another measure of disability under the codes of its fields."""
    if "edss" not in value:
        return _plain(Piece("ms.disability", value))
    scale = {"system": _SNOMED, "code": "273554001", "display": "Kurtzke multiple sclerosis rating scale"}
    return _observation(
        concept("EDSS", scale), value["date"], valueQuantity=quantity(value["edss"], "{score}", "{score}")
    )


def _laboratory(value: Mapping[str, Any]) -> Element:
    """A blood test, by the code for its kind of quantity where the vocabulary tells the kinds apart."""
    row = LABORATORY[value["test"]]
    kind = "Moles" if "mol" in value["unit"] else "Mass"
    fits = [
        code
        for code in row.codes
        if code.status == "verified" and ("/volume]" not in code.display or kind in code.display)
    ]
    codings = [
        {"system": _LOINC, "code": code.code, "display": code.display} for code in fits if code.system == "LOINC"
    ]
    return _observation(
        concept(row.label, *codings[:1]), value["date"], valueQuantity=quantity(value["value"], value["unit"])
    )


_FEMUR = {"t_score": "38263-0", "z_score": "80934-3", "bmd_g_cm2": "24701-5"}
"""LOINC for the femur, which the body site refines: the femoral neck has no codes of its own."""
_SCANNED = {
    "t_score": ("{T-score}", "{T-score}"), "z_score": ("{Z-score}", "{Z-score}"), "bmd_g_cm2": ("g/cm2", "g/cm2"),
    "tbs": ("1", "1"),
}  # fmt: skip
"""What a scan measures, with its unit."""


def _dxa(value: Mapping[str, Any]) -> Element:
    """A scan of one site: each number a component with its own code, which share day, body site and device."""
    row = SKELETAL_SITES[value["site"]]
    place = coded(row, f"{value.get('side', '')} {row.label}".strip(), "")
    place["coding"] = [held for held in place.get("coding", []) if held["system"] == _SNOMED]
    held = [_scanned(value["site"], name, value[name]) for name in _SCANNED if name in value]
    make = value.get("device", "unknown")
    device = None if make == "unknown" else {"display": make.capitalize()}
    return _observation(
        concept("DXA scan", own("dxa")), value["date"], bodySite=given(**place), device=device, component=held
    )


def _scanned(site: str, name: str, value: float) -> Element:
    """One number of a scan."""
    listed = [code.code for code in SKELETAL_SITES[site].codes if code.says == name and code.status == "verified"]
    loinc = _FEMUR.get(name, "") if site == "femoral_neck" else next((code for code in listed if "-" in code), "")
    code = {"system": _LOINC, "code": loinc} if loinc else own(f"dxa.{name}")
    return {"code": concept(_words(name), code), "valueQuantity": quantity(value, *_SCANNED[name])}


_MAKERS: Mapping[str, Callable[[Any], Element]] = {
    "ms": _ms, "ms.relapses": _relapse, "ms.disability": _disability, "fractures": _fracture, "falls": _fall,
    "menopause": _menopause, "menopausal": _menopausal, "parental_hip_fracture": _parent, "heights": _height,
    "height_cm": _HEIGHT, "weight_kg": _measure("29463-7", "body weight", "kg"), "laboratory": _laboratory, "dxa": _dxa,
    "injections": administered,
}  # fmt: skip
"""Fields that everybody reads; the others are written under their own names."""
