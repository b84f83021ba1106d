"""What a code means here, and what a unit is worth: the tables of readings and units, joined with the vocabulary.

`codes.csv` is the imported clinical code table with the status of each code (verified or recalled);
`readings.csv` says what the adapters read a code as, and holds the codes that were added while reading. Codes of
medicines, bones, risk factors and blood tests stand in the rows of the vocabulary.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.elements import Coding
from trabecula.adapters.fhir.numbers import plain_dashes
from trabecula.vocabulary import (
    BONE_DRUGS,
    DISEASE_MODIFYING,
    FRACTURE_SITES,
    HORMONES,
    LABORATORY,
    OTHER_DRUGS,
    RISK_FACTORS,
    SKELETAL_SITES,
    STEROIDS,
    codes_of,
)


@dataclass(frozen=True)
class Meaning:
    """What a code is read as, and how well the code is known."""

    system: str
    """LOINC, SNOMED, RxNorm, ATC or ICD10; TEXT for words that are unmistakable without a code."""
    code: str
    reads_as: str
    """The kind of fact: condition, fracture, dxa, laboratory, medicine, ...; `refused` and `noted` have a reason."""
    value: str
    """What the kind leaves open: the field of a condition, the site of a fracture, site and number of a scan."""
    display: str
    """What the code means, in English."""
    status: str
    """verified: seen beside the code in public FHIR or terminology text. recalled: from memory, and said to be."""


def meaning(concept: object) -> Meaning | None:
    """What a CodeableConcept means: its first known code, or else its words where these are unmistakable.

    None when neither is known. A code is looked up in its own system only: the same digits mean something else in
    another one.
    """
    found = [known for coding in elements.codings(concept) if (known := _of_coding(coding))]
    # Of two known codes the one with a value says more ("relapsing remitting MS" beside "MS").
    found.sort(key=lambda known: (known.reads_as == "refused", known.value == ""))
    return found[0] if found else _of_words(concept)


def _of_coding(coding: Coding) -> Meaning | None:
    """The meaning of one code; an ICD-10 code has the meaning of its longest known beginning."""
    system = system_name(coding.system)
    if system != "ICD10":
        return _table().get((system, coding.code.upper()))
    code = coding.code.upper().replace(".", "")
    beginnings = (code[:length] for length in range(len(code), 2, -1))
    return next((known for part in beginnings if (known := _table().get((system, part)))), None)


def _of_words(concept: object) -> Meaning | None:
    """The meaning of a concept by its text or a display, word for word."""
    names = [elements.text(elements.element(concept).get("text"))]
    names += [coding.display for coding in elements.codings(concept)]
    found = (_table().get(("TEXT", name.upper())) for name in names)
    return next((known for known in found if known), None)


def is_german(coding: Coding) -> bool:
    """Whether a code is of ICD-10-GM, in which a letter behind the code is its certainty."""
    return system_name(coding.system) == "ICD10" and ("gm" in coding.system.lower() or " " in coding.code.strip())


def system_name(uri: str) -> str:
    """The short name of a code system; every national edition of ICD-10 is ICD10."""
    plain = uri.lower().rstrip("/")
    if "icd-10" in plain or "icd10" in plain:
        return "ICD10"
    return _systems().get(plain, "")


@cache
def _systems() -> dict[str, str]:
    """Code systems by their addresses, as FHIR and as CDA exports (OID) write them."""
    return {row["address"]: row["system"] for row in rows("systems.csv")}


@cache
def _table() -> dict[tuple[str, str], Meaning]:
    """Every reading by system and code."""
    imported = {(row["system"], row["code"]): row for row in rows("codes.csv")}
    meanings = [*(_meaning(row, imported) for row in rows("readings.csv")), *_of_vocabulary()]
    return {(known.system, _key(known)): known for known in meanings}


def known_codes() -> Iterator[Meaning]:
    """Every code that is read, or refused with a reason."""
    yield from _table().values()


def _of_vocabulary() -> Iterator[Meaning]:
    """The codes of the vocabulary: what a record says of the thing whose row has the code."""
    for drug, code in codes_of(BONE_DRUGS, OTHER_DRUGS, DISEASE_MODIFYING, STEROIDS, HORMONES):
        value = f"{drug.key} {code.says}".strip()
        yield Meaning(code.system, code.code, "medicine", value, code.display, code.status)
    for site, code in codes_of(FRACTURE_SITES):
        kind = "fragility_fracture" if code.says == "fragility" else "fracture"
        yield Meaning(code.system, code.code, kind, site.key, code.display, code.status)
    for bone, code in codes_of(SKELETAL_SITES):
        kind, value = ("dxa", f"{bone.key} {code.says}") if code.says else ("body_site", bone.key)
        yield Meaning(code.system, code.code, kind, value, code.display, code.status)
    for row, code in codes_of(RISK_FACTORS):
        factor = RISK_FACTORS[row.key]
        kind, value = (factor.key, code.says) if factor.choices else ("condition", factor.key)
        yield Meaning(code.system, code.code, kind, value, code.display, code.status)
    for test, code in codes_of(LABORATORY):
        yield Meaning(code.system, code.code, "laboratory", test.key, code.display, code.status)


def _key(known: Meaning) -> str:
    """The code as it is looked up: ICD-10 without its dot."""
    code = known.code.upper()
    return code.replace(".", "") if known.system == "ICD10" else code


def _meaning(row: dict[str, str], imported: dict[tuple[str, str], dict[str, str]]) -> Meaning:
    """A row of readings.csv; what it leaves open of display and status stands in the imported table."""
    known = imported.get((row["system"], row["code"]), row)
    display, status = row["display"] or known["display"], row["status"] or known["status"]
    return Meaning(row["system"], row["code"], row["reads_as"], row["value"], display, status)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of this package."""
    table = resources.files("trabecula.adapters").joinpath("data", name)
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


# ---------------------------------------------------------------- units


def factor(quantity: str, unit: str) -> float | None:
    """What turns a value in this unit into the unit of the record; None for a unit that is not known.

    quantity: height [cm], weight [kg], bmd_g_cm2, score, dose_mg or period_days, as `units.csv` has them.
    """
    return _factors().get((quantity, _plain_unit(unit)))


def _plain_unit(unit: str) -> str:
    """A unit in one spelling: g/cm2 for g/cm², g.cm-2, g/cm^2, g per cm2."""
    plain = "".join(unicodedata.normalize("NFKC", plain_dashes(unit)).lower().split())
    plain = re.sub(r"[*^(){}]|(?<=[a-z])per(?=[a-z])", lambda match: "/" if match[0] == "per" else "", plain)
    return re.sub(r"[./·]?cm-2$", "/cm2", plain)


@cache
def _factors() -> dict[tuple[str, str], float]:
    """Every factor by quantity and unit."""
    return {(row["quantity"], _plain_unit(row["unit"])): float(row["factor"]) for row in rows("units.csv")}
