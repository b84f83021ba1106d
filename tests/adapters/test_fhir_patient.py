"""Who the record is about."""

import pytest

from trabecula.adapters.fhir import FhirError, read_bundle

from .fhir_bundles import ON, PATIENT, bundle, read_written, written


def test_the_patient_gives_birth_date_sex_ancestry_and_country():
    """What the Patient says about herself arrives in the Person."""
    person, _ = read_written("ms_course")
    assert (person.birth_date.isoformat(), person.sex) == ("1975-03-02", "female")
    assert (person.ancestry, person.country) == ("white", "SE")


def test_names_and_identifiers_are_never_copied():
    """Neither the Person nor the report holds a name, a street or a hospital number."""
    person, report = read_written("ms_course")
    copied = person.model_dump_json() + "\n".join([str(line) for line in report.lines()])
    for secret in ("Lindqvist", "Astrid", "Storgatan", "Lund", "MRN-778899"):
        assert secret not in copied
    assert person.id is None


def test_a_birth_date_known_to_the_month_is_read_and_said():
    """Half-known dates are taken as the middle of their period, and the report says so."""
    person, report = read_written("everyday")
    assert person.birth_date.isoformat() == "1960-05-16"
    assert any("1960-05" in str(line.what) and "middle" in str(line.assumed) for line in report.assumed)


def test_death_is_read():
    """A date of death ends the record."""
    person, _ = read_written("everyday")
    assert person.death_date is not None
    assert person.death_date.isoformat() == "2021-03-04"


def test_an_old_address_does_not_set_the_country():
    """Fracture rates follow the country where the person lives now."""
    person, _ = read_written("everyday")
    assert person.country == "UK"


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("DE", "DE"),
        ("DEU", "DE"),
        ("Deutschland", "DE"),
        ("IT", "IT"),
        ("ITA", "IT"),
        ("Italia", "IT"),
        ("Germany", "DE"),
    ],
)
def test_an_address_in_germany_or_italy_is_read_as_it_is_written_there(written, country):
    """By code of two or three letters, or by name in its own language or in English."""
    person, _ = read_bundle(bundle(patient=PATIENT | {"address": [{"country": written}]}), ON)
    assert person.country == country


@pytest.mark.parametrize("written", ["NO", "NOR", "Norway", "Norwegen", "norvegia"])
def test_a_country_without_rates_is_kept(written):
    """Rates of another country are never quietly used: the assessment refuses it, unless somebody names a stand-in."""
    person, _ = read_bundle(bundle(patient=PATIENT | {"address": [{"country": written}]}), ON)
    assert person.country == "NO"


def test_a_country_that_is_none_is_left_open_and_said():
    """A name of no map is not guessed at."""
    person, report = read_bundle(bundle(patient=PATIENT | {"address": [{"country": "Narnia"}]}), ON)
    assert person.country is None
    assert any("Narnia" in str(line.what) for line in report.assumed)


@pytest.mark.parametrize("gender", ["other", "unknown", None, 3])
def test_without_sex_nothing_can_be_assessed(gender):
    """Reference values exist for women and men; the error says what to enter."""
    with pytest.raises(FhirError, match="sex at birth") as error:
        read_bundle(bundle(patient=PATIENT | {"gender": gender}), ON)
    assert error.value.path == "entry[0].resource.gender"
    assert str(error.value.expected) == "female or male"


def test_the_sex_at_birth_goes_before_the_gender():
    """The skeleton grew under the hormones of the sex at birth; that the two differ is said."""
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
    patient = PATIENT | {"extension": [{"url": url, "valueCode": "M"}]}
    person, report = read_bundle(bundle(patient=patient), ON)
    assert person.sex == "male"
    assert any(str(line.what) == "gender and sex at birth differ" for line in report.assumed)


@pytest.mark.parametrize("born", [None, "", "long ago", 1975.5])
def test_without_a_birth_date_nothing_can_be_assessed(born):
    """Age carries every risk."""
    with pytest.raises(FhirError, match="birth date"):
        read_bundle(bundle(patient=PATIENT | {"birthDate": born}), ON)


@pytest.mark.parametrize("born", ["1975-02-30", "2031-01-01", "1800-01-01"])
def test_an_impossible_birth_date_ends_the_reading(born):
    """A birth that cannot be is not repaired by guessing."""
    with pytest.raises(FhirError, match="birth"):
        read_bundle(bundle(patient=PATIENT | {"birthDate": born}), ON)


def test_two_patients_are_refused():
    """A bundle about two people would mix their skeletons."""
    mixed = bundle(PATIENT | {"id": "p2"})
    with pytest.raises(FhirError, match="2 Patients") as error:
        read_bundle(mixed, ON)
    assert str(error.value.todo) == "add # and the id of one of them behind the name of the file"


def test_no_patient_is_refused():
    """Facts without a person are nobody's."""
    with pytest.raises(FhirError, match="no Patient"):
        read_bundle({"resourceType": "Bundle", "type": "searchset", "entry": []}, ON)


@pytest.mark.parametrize("kind", ["transaction", "collection", "searchset", "document", "batch"])
def test_every_bundle_type_that_holds_a_record_is_read(kind):
    """How a record travels does not change what it says."""
    person, report = read_bundle(written("ms_course") | {"type": kind}, ON)
    assert person.ms is not None
    assert kind in str(report.source)


@pytest.mark.parametrize("given", [None, [], "Bundle", {}, {"resourceType": "Patient"}])
def test_what_is_not_a_bundle_is_refused(given):
    """The error names what was expected and what to do."""
    with pytest.raises(FhirError, match="expected a FHIR R4 Bundle; supply a Bundle"):
        read_bundle(given, ON)


def test_a_history_bundle_is_refused():
    """Several versions of one resource would count a fracture twice."""
    with pytest.raises(FhirError, match="history"):
        read_bundle(bundle(kind="history"), ON)


def test_one_page_of_a_search_says_that_pages_are_missing():
    """A first page is not the whole record."""
    page = bundle(kind="searchset") | {"link": [{"relation": "next", "url": "https://example.org/fhir?page=2"}]}
    _, report = read_bundle(page, ON)
    assert any(str(line.what) == "one page of a searchset" for line in report.assumed)
