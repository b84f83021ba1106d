"""FHIR in other forms than one Bundle in JSON: NDJSON, XML, several patients in one file."""

import json
from datetime import date

import pytest

from trabecula.adapters.fhir import FhirError, forms, read_bundle
from trabecula.adapters.files import InputError, read_bytes, read_record

from .fhir_bundles import LOINC, PATIENT, WRITTEN, bundle, observation, order, written

TODAY = date(2026, 11, 22)
OTHER = PATIENT | {"id": "p2", "gender": "male"}
SPINE_T = "38267-1"


def of(who, value):
    """A T-score of somebody."""
    return observation(LOINC, SPINE_T, value, subject={"reference": f"Patient/{who}"})


def xml(value, name, space=' xmlns="http://hl7.org/fhir"'):
    """A resource, or a part of one, as FHIR writes it in XML."""
    if isinstance(value, list):
        return "".join(xml(held, name, space) for held in value)
    if not isinstance(value, dict):
        said = str(value).lower() if isinstance(value, bool) else str(value)
        return f'<{name} value="{said.replace("&", "&amp;").replace("<", "&lt;").replace(chr(34), "&quot;")}"/>'
    if "resourceType" in value:
        inner = "".join(xml(held, key, "") for key, held in value.items() if key != "resourceType")
        whole = f"<{value['resourceType']}{space}>{inner}</{value['resourceType']}>"
        return f"<{name}>{whole}</{name}>" if name else whole
    url = f' url="{value["url"]}"' if "url" in value else ""
    return f"<{name}{url}>" + "".join(xml(held, key, "") for key, held in value.items() if key != "url") + f"</{name}>"


@pytest.mark.parametrize("name", sorted(file.stem for file in WRITTEN.glob("*.json")))
def test_xml_is_read_as_json_is(name):
    """The same person, the same report, from either form."""
    person, report = read_bundle(written(name), TODAY)
    read = read_bytes(xml(written(name), "").encode(), "record.xml", TODAY)
    assert read.person == person
    assert read.report == report


def test_ndjson_is_read_as_a_bundle_is():
    """A bulk export of one patient, one resource on each line."""
    held = [PATIENT, of("p1", -2.5), order("prednisone 5 MG Oral Tablet", "2020-01-01")]
    lines = "\n".join(json.dumps(resource) for resource in held)
    assert read_bytes(lines.encode(), "export.ndjson", TODAY).person == read_bundle(bundle(*held[1:]), TODAY)[0]


def test_a_broken_line_is_named():
    """Its number stands in the message."""
    with pytest.raises(InputError, match="line 2"):
        read_bytes((json.dumps(PATIENT) + '\n{"resourceType": ').encode(), "export.ndjson", TODAY)


@pytest.mark.parametrize("form", ["bundle", "ndjson"])
def test_of_several_patients_one_is_chosen(tmp_path, form):
    """Without a choice the patients are named; with one the values of the others stay with them."""
    held = [PATIENT, OTHER, of("p1", -2.5), of("p2", -1.0), observation(LOINC, SPINE_T, -3.9)]
    said = json.dumps(forms.collected(held)) if form == "bundle" else "\n".join(map(json.dumps, held))
    path = tmp_path / "export.json"
    path.write_text(said)
    with pytest.raises(InputError, match="p1, p2"):
        read_record(path, TODAY)
    chosen = read_record(f"{path}#p2", TODAY).person
    assert (chosen.sex, [scan.t_score for scan in chosen.dxa]) == ("male", [-1.0])
    with pytest.raises(InputError, match="p1, p2"):
        read_record(f"{path}#p3", TODAY)


def test_xml_with_entities_of_its_own_is_refused():
    """A few lines of it may unfold into gigabytes."""
    said = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "x">]><Bundle xmlns="http://hl7.org/fhir">&a;</Bundle>'
    with pytest.raises(InputError, match="XML"):
        read_bytes(said.encode(), "record.xml", TODAY)
    with pytest.raises(FhirError):
        forms.from_xml("<Bundle")


def test_twenty_megabytes_of_noise_are_counted_and_given_back():
    """Every entry is counted; the person is read."""
    noise = {"resourceType": "Basic", "note": "x" * 2000}
    person, report = read_bundle(bundle(*(noise | {"id": str(n)} for n in range(10_000)), of("p1", -2.5)), TODAY)
    assert (len(person.dxa), report.n_resources) == (1, 10_002)
