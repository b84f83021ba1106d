"""Read public sample sets of FHIR and check what was read by a parse of its own: the table of docs/validation/fhir.md.

    .venv/bin/python scripts/read_fhir_samples.py 2026-11-22 synthea=FOLDER qi-core=FOLDER ... > table.md

A folder holds Bundles (one patient or several), NDJSON, or resources one a file, those of a patient in one folder. None
of the sets is part of Trabecula. The parse here shares no line with the reader: it looks for the number, the day, the
medicine in the resources themselves. A patient is wrong when one value that was read cannot be found so, or when a
steroid, a fracture or MS that stands in the resources is neither read nor named in the report.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from trabecula.adapters.fhir import FhirError, forms, read_bundle

Resources = list[dict[str, Any]]
STEROID = re.compile(r"predniso|methylpred|dexameth|hydrocort")
LOCAL = re.compile(r"topical|otic|ophth|rectal|cream|ointment|inhal|nasal|lotion|actuat|auric|eye|ear ")
FRACTURE = re.compile(r"fracture (?:\w+ )*(?:femur|hip|wrist|radius|forearm|vertebra|humerus|pelvis|ankle|rib)")
NOT_TAKEN = {"entered-in-error", "cancelled", "not-taken", "not-done", "draft", "unknown", "declined", "intended"}
TO_CM, TO_KG = {"cm": 1.0, "m": 100.0, "[in_i]": 2.54, "in": 2.54}, {"kg": 1.0, "g": 0.001, "[lb_av]": 0.45359237}


# ---------------------------------------------------------------- patients of a folder


def patients(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every patient of a folder as a Bundle, each once, with a name for it."""
    singles: defaultdict[Path, Resources] = defaultdict(list)
    seen: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if ".json" not in path.name and path.suffix != ".ndjson":
            continue
        held = _loaded(path)
        if held.get("resourceType") == "Bundle":
            yield from _each(path.name, held, seen)
        elif held.get("resourceType"):
            parent = path.parent.parent if path.parent.name == held["resourceType"] else path.parent
            singles[parent].append(held)
    for parent, resources in singles.items():
        yield from _each(parent.name, forms.collected(resources), seen)


def _loaded(path: Path) -> dict[str, Any]:
    """The resource of a file; nothing for what is none."""
    try:
        said = path.read_text(encoding="utf-8-sig")
        held = forms.from_ndjson(said) if forms.is_ndjson(said) else json.loads(said)
    except (ValueError, OSError):
        return {}
    return held if isinstance(held, dict) else {}


def _each(name: str, bundle: dict[str, Any], seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The patients of a Bundle, one by one; the same patient in another file of the set is no new one."""
    if not isinstance(bundle.get("entry"), list):
        return
    ids = forms.patients_in(bundle)
    for patient in ids:
        if patient and patient not in seen:
            seen.add(patient)
            one = forms.only(bundle, patient) if len(ids) > 1 else bundle
            yield f"{name}#{patient}", one


# ---------------------------------------------------------------- a parse of its own


def faults(bundle: dict[str, Any], person: Any, report: str, on: date) -> list[str]:
    """What was read and is not there, and what is there and was neither read nor named."""
    resources = [entry["resource"] for entry in bundle["entry"] if isinstance(entry, dict) and entry.get("resource")]
    said = [json.dumps(held).lower() for held in resources]
    by_kind: defaultdict[str, Resources] = defaultdict(list)
    for held in resources:
        by_kind[held.get("resourceType", "")].append(held)
    found = _who(by_kind["Patient"][0], person) + _sizes(by_kind["Observation"], person, on)
    found += _values(by_kind["Observation"], person)
    found += _courses(resources, said, person, report)
    found += _diagnoses(by_kind["Condition"], said, person, report)
    return found


def _who(patient: dict[str, Any], person: Any) -> list[str]:
    """Birth date and sex."""
    wrong = [] if str(person.birth_date).startswith(str(patient["birthDate"])[:10]) else ["birth date"]
    words = json.dumps(patient).lower()
    is_clear = patient.get("gender") in ("male", "female") and not re.search(r"birthsex|recordedsex|-sex\"", words)
    return wrong + (["sex"] if is_clear and patient["gender"] != person.sex else [])


def _sizes(observations: Resources, person: Any, on: date) -> list[str]:
    """The latest height and weight with a unit that is known here."""
    found = []
    for code, factors, read in (("8302-2", TO_CM, person.height_cm), ("29463-7", TO_KG, person.weight_kg)):
        dated: list[tuple[str, float]] = []
        for held in observations:
            quantity, status = held.get("valueQuantity") or {}, held.get("status")
            factor = factors.get(quantity.get("code") or quantity.get("unit") or "")
            is_it = any(c.get("code") == code for c in (held.get("code") or {}).get("coding") or [])
            day = str(held.get("effectiveDateTime") or held.get("issued") or "")[:10]
            if is_it and factor and status in ("final", "amended", "corrected") and day and day <= str(on):
                dated.append((day, float(quantity["value"]) * factor))
        latest = [value for day, value in dated if day == max(dated)[0]]
        is_possible = latest and (100 <= latest[-1] <= 230 if code == "8302-2" else 25 <= latest[-1] <= 300)
        if is_possible and (read is None or min(abs(read - value) for value in latest) > 0.01):
            found.append(f"{code}: {read} instead of {latest}")
    return found


def _values(observations: Resources, person: Any) -> list[str]:
    """Scans and blood tests: the number stands in an observation of that day."""
    text = [json.dumps(held) for held in observations]
    wrong = []
    read = [(scan.date, n) for scan in person.dxa for n in (scan.t_score, scan.z_score) if n is not None]
    for day, number in [*read, *((test.date, test.value) for test in person.laboratory)]:
        pattern = re.compile(rf"(?<![\d.-]){re.escape(_written(number))}(?:0*\b)")
        if not any(str(day)[:10] in said and pattern.search(said.replace("\u2212", "-")) for said in text):
            wrong.append(f"{number:g} on {day}")
    return wrong


def _written(number: float) -> str:
    """A number as it stands in JSON, without a nought behind its point."""
    return repr(number).removesuffix(".0")


def _courses(resources: Resources, said: list[str], person: Any, report: str) -> list[str]:
    """A steroid that was read was ordered; one that was ordered was read, or named."""
    orders = [
        (held, words) for held, words in zip(resources, said, strict=True)
        if held.get("resourceType", "").startswith("Medication") and STEROID.search(words) and not LOCAL.search(words)
    ]  # fmt: skip
    wrong = [] if orders or not person.steroids else ["a steroid that nobody ordered"]
    coded = [_mg_a_day(held, words) for held, words in orders]
    for course in person.steroids:
        mg = (course.dose_mg or 0) * (course.doses_per_day or 1) / (course.every_days or 1)
        if coded and None not in coded and course.dose_mg and not any(abs(mg - n) < 0.02 * n for n in coded if n):
            wrong.append(f"{mg:g} mg a day instead of {coded}")
    for held, words in orders:
        is_fact = held.get("resourceType") in ("MedicationRequest", "MedicationStatement")
        if is_fact and held.get("status") not in NOT_TAKEN and not person.steroids and "steroid" not in report:
            wrong.append(f"an order that is not named: {words[:80]}")
    return wrong


def _mg_a_day(held: dict[str, Any], words: str) -> float | None:
    """What is coded, in mg a day, where everything is; None where it is not."""
    dosage = ((held.get("dosageInstruction") or held.get("dosage") or [{}]) or [{}])[0]
    rates = dosage.get("doseAndRate") if isinstance(dosage, dict) else None
    quantity = (rates or [{}])[0].get("doseQuantity") or {}
    repeat = (dosage.get("timing") or {}).get("repeat") or {} if isinstance(dosage, dict) else {}
    strength = re.search(r"(\d+(?:\.\d+)?) ?mg\b(?!/)", words)
    days = {"d": 1.0, "h": 1 / 24, "wk": 7.0}.get(repeat.get("periodUnit", ""))
    if not (quantity.get("value") and repeat.get("frequency") and repeat.get("period") and days and strength):
        return None
    is_mg = (quantity.get("code") or quantity.get("unit")) == "mg"
    mg = float(quantity["value"]) * (1.0 if is_mg else float(strength[1]))
    return mg * float(repeat["frequency"]) / (float(repeat["period"]) * days)


def _diagnoses(conditions: Resources, said: list[str], person: Any, report: str) -> list[str]:
    """MS and fractures: read where they are, and only there."""
    words = [json.dumps(held.get("code")).lower() for held in conditions]
    is_ms = [w for w in words if "24700007" in w or '"g35' in w or "multiple sclerosis" in w]
    wrong = ["MS that is nowhere"] if person.ms and not is_ms else []
    wrong += ["MS that is not named"] if is_ms and not person.ms and "sclerosis" not in report else []
    broken = [w for w in words if FRACTURE.search(w)]
    wrong += ["a fracture that is not named"] if broken and not person.fractures and "racture" not in report else []
    is_there = any("fract" in w or '"s' in w or '"m80' in w or "443165006" in w for w in said)
    return wrong + (["a fracture that is nowhere"] if person.fractures and not is_there else [])


# ---------------------------------------------------------------- the table


def row(name: str, folder: Path, on: date) -> Counter[str]:
    """What came of the patients of one set; faults go to standard error."""
    counts: Counter[str] = Counter()
    for who, bundle in patients(folder):
        counts["patients"] += 1
        try:
            person, report = read_bundle(bundle, on)
        except FhirError as error:
            counts["refused"] += 1
            print(f"{name} {who}: refused, {error}", file=sys.stderr)
            continue
        counts["read"] += 1
        counts["resources"] += report.n_resources
        counts["steroids"] += bool(person.steroids)
        counts["fractures"] += bool(person.fractures)
        told = " ".join(str(line) for line in report.lines())
        if wrong := faults(bundle, person, told, on):
            counts["wrong"] += 1
            print(f"{name} {who}: WRONG {wrong}", file=sys.stderr)
    return counts


def main(day: str, *sets: str) -> None:
    """The table of all sets."""
    print("| set | patients | read | refused | resources | with steroids | with fractures | wrong |")
    print("|---|---|---|---|---|---|---|---|")
    total: Counter[str] = Counter()
    columns = ("patients", "read", "refused", "resources", "steroids", "fractures", "wrong")
    for given in sets:
        name, _, folder = given.partition("=")
        counts = row(name, Path(folder), date.fromisoformat(day))
        total += counts
        print(f"| {name} | " + " | ".join(f"{counts[column]:,}" for column in columns) + " |", flush=True)
    print("| together | " + " | ".join(f"{total[column]:,}" for column in columns) + " |")


if __name__ == "__main__":
    main(*sys.argv[1:])
