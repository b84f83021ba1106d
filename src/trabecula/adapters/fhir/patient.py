"""The Patient: birth date, sex, death, ancestry and country. Names and identifiers are never copied."""

from collections.abc import Iterator

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.bundle import Entry, FhirError
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.outcome import Fact, Outcome
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.problems import quoted
from trabecula.vocabulary import country_called
from trabecula.words.message import Message, verbatim

_ANCESTRY = {"2106-3": "white", "2054-5": "black", "2028-9": "asian"}
_HISPANIC = "2135-2"
_NOT_SAID = {"asku", "unk", "nask"}
_SHOWN, _COUNTRY_SHOWN = 20, 30
"""Characters of a gender and of a country that are shown."""
_BIRTH_SEX = {"F": "female", "M": "male"}


def read_patient(entry: Entry) -> Outcome:
    """The facts about the person; birth date and sex are required."""
    patient = entry.resource
    facts = (
        Fact("birth_date", _birth_date(entry)),
        Fact("sex", _sex(entry)),
        *_optional("death_date", elements.iso_date(patient.get("deceasedDateTime"))),
        *_optional("ancestry", _ancestry(patient)),
        *_optional("country", country_called(_country(patient)) or ""),
    )
    return Outcome(Message("fhir.who_the_person_is"), facts, assumed=tuple(_assumed(patient)))


def _optional(field: str, value: str) -> tuple[Fact, ...]:
    """A fact, if there is a value."""
    return (Fact(field, value),) if value else ()


def _birth_date(entry: Entry) -> str:
    """The birth date, as exactly as it is known."""
    given = elements.iso_date(entry.resource.get("birthDate"))
    if not given:
        found = "no_birth_date" if "birthDate" not in entry.resource else "something_that_is_not_a_date"
        expected, todo = Message("fhir.a_date_such_as_1970_05_02"), Message("fhir.enter_the_birth_date")
        raise FhirError(f"{entry.path}.birthDate", Message(f"fhir.{found}"), expected, todo)
    return given


def _sex(entry: Entry) -> str:
    """The sex at birth where it is recorded (US Core), else the gender."""
    gender = _birth_sex(entry.resource) or text(entry.resource.get("gender")).lower()
    if gender not in ("female", "male"):
        found = verbatim(gender[:_SHOWN]) if gender else Message("fhir.no_gender")
        expected, todo = Message("fhir.female_or_male"), Message("fhir.enter_the_sex_at_birth")
        raise FhirError(f"{entry.path}.gender", found, expected, todo)
    return gender


def _birth_sex(patient: Element) -> str:
    """The sex at birth from the US Core extension."""
    return _BIRTH_SEX.get(text(_extension(patient, "us-core-birthsex").get("valueCode")), "")


def _assumed(patient: Element) -> Iterator[AssumedLine]:
    """What the Patient leaves open."""
    born = elements.iso_date(patient.get("birthDate"))
    if len(born) < len("2000-01-01"):
        yield assumption("fhir.rough_birth_date", {"born": verbatim(born)})
    if patient.get("deceasedBoolean") is True:
        yield assumption("fhir.died_without_a_date", {})
    country = _country(patient)
    if country_called(country) is None:
        name = {"country": quoted(country[:_COUNTRY_SHOWN])}
        yield assumption("fhir.unknown_country", name) if country else assumption("fhir.no_country", {})
    if _birth_sex(patient) not in ("", text(patient.get("gender")).lower()):
        yield assumption("fhir.gender_and_sex_differ", {})


def _country(patient: Element) -> str:
    """The country of an address that is not an old one."""
    addresses = elements.elements(patient.get("address"))
    current = [address for address in addresses if text(address.get("use")) != "old"]
    return next((country for address in current if (country := text(address.get("country")))), "")


def _ancestry(patient: Element) -> str:
    """Ancestry from the US Core race and ethnicity; more than one race is "other"."""
    if _HISPANIC in _omb_codes(patient, "us-core-ethnicity"):
        return "hispanic"
    races = _omb_codes(patient, "us-core-race")
    if not races:
        return ""
    return _ANCESTRY.get(next(iter(races)), "other") if len(races) == 1 else "other"


def _omb_codes(patient: Element, name: str) -> set[str]:
    """The OMB categories in a US Core extension."""
    parts = elements.elements(_extension(patient, name).get("extension"))
    said = {
        text(element(part.get("valueCoding")).get("code"))
        for part in parts
        if part.get("url") == "ombCategory"
    }
    return {code for code in said if code and code.lower() not in _NOT_SAID}


def _extension(patient: Element, name: str) -> Element:
    """An extension by the end of its address."""
    extensions = elements.elements(patient.get("extension"))
    return next((each for each in extensions if text(each.get("url")).endswith(name)), {})
