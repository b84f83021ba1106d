"""The Patient: birth date, sex, death, ancestry and country. Names and identifiers are never copied."""

from collections.abc import Iterator

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.bundle import Entry, FhirError
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.fhir.outcome import Fact, Outcome
from trabecula.adapters.loss import Assumed
from trabecula.vocabulary import country_called

_ANCESTRY = {"2106-3": "white", "2054-5": "black", "2028-9": "asian"}
_HISPANIC = "2135-2"
_NOT_SAID = {"asku", "unk", "nask"}
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
    return Outcome("who the person is", facts, assumed=tuple(_assumed(patient)))


def _optional(field: str, value: str) -> tuple[Fact, ...]:
    """A fact, if there is a value."""
    return (Fact(field, value),) if value else ()


def _birth_date(entry: Entry) -> str:
    """The birth date, as exactly as it is known."""
    given = elements.iso_date(entry.resource.get("birthDate"))
    if not given:
        found = "no birth date" if "birthDate" not in entry.resource else "something that is not a date"
        todo = "enter the birth date, or at least the year: every risk depends on age"
        raise FhirError(f"{entry.path}.birthDate", found, "a date such as 1970-05-02", todo)
    return given


def _sex(entry: Entry) -> str:
    """The sex at birth where it is recorded (US Core), else the gender."""
    gender = _birth_sex(entry.resource) or text(entry.resource.get("gender")).lower()
    if gender not in ("female", "male"):
        todo = (
            "enter the sex at birth: peak bone mass, hormones and fracture rates are known for these two only"
        )
        raise FhirError(f"{entry.path}.gender", gender[:20] or "no gender", "female or male", todo)
    return gender


def _birth_sex(patient: Element) -> str:
    """The sex at birth from the US Core extension."""
    return _BIRTH_SEX.get(text(_extension(patient, "us-core-birthsex").get("valueCode")), "")


def _assumed(patient: Element) -> Iterator[Assumed]:
    """What the Patient leaves open."""
    born = elements.iso_date(patient.get("birthDate"))
    if len(born) < len("2000-01-01"):
        cost = "the age can be wrong by half of the period"
        yield Assumed(what=f"birth date known as {born}", assumed="the middle of the period", cost=cost)
    if patient.get("deceasedBoolean") is True:
        cost = "later dates are treated as if the person were alive"
        yield Assumed(what="died, without a date", assumed="no date of death", cost=cost)
    country = _country(patient)
    if country_called(country) is None:
        cost = "rates of the default country are used, or the assessment asks for one"
        yield Assumed(
            what=f"country {country[:30]!r}" if country else "no country", assumed="left open", cost=cost
        )
    if _birth_sex(patient) not in ("", text(patient.get("gender")).lower()):
        cost = "bone density is compared with this sex; hormones taken since are not known from it"
        yield Assumed(what="gender and sex at birth differ", assumed="the sex at birth is read", cost=cost)


def _country(patient: Element) -> str:
    """The country of an address that is not an old one."""
    current = [each for each in elements.elements(patient.get("address")) if text(each.get("use")) != "old"]
    return next((country for each in current if (country := text(each.get("country")))), "")


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
