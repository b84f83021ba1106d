"""The bundle as it arrives: its entries, the one patient, who refers to whom, and what is read from a resource.

Of the Patient birth date, sex, death, ancestry and country are read; names and identifiers are never copied.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.loss import NAMELESS, AssumedLine, assumption
from trabecula.errors import TrabeculaError
from trabecula.person import Problem
from trabecula.person.problems import quoted
from trabecula.vocabulary import country_called
from trabecula.words.message import Message, verbatim

KINDS = ("transaction", "collection", "searchset", "document", "batch")
"""Values of Bundle.type that hold a whole record; the others (history, the responses) are about the exchange itself."""
_MEDICATIONS = frozenset({"MedicationAdministration", "MedicationRequest", "MedicationStatement"})
READ_WHEN_CONTAINED = _MEDICATIONS | {"Condition", "FamilyMemberHistory", "Observation", "Procedure"}
"""Contained resources that are facts of their own; a contained Medication or Device only explains its container."""
NO_RESOURCE = "Bundle.entry"
"""The type of an entry without a resource, in the report."""
_PATIENTS_SHOWN = 5
"""Patients whose ids are shown where one must be chosen."""
_SHOWN = 40
"""Characters of a code of the bundle that are shown."""


class FhirError(TrabeculaError, ValueError):
    """A bundle that cannot be read: where, what was found, what was expected and what to do.

    path: the element in the bundle, `entry[3].resource.gender`.
    """

    def __init__(self, path: str, found: Message, expected: Message, todo: Message) -> None:
        self.path, self.found, self.expected, self.todo = path, found, expected, todo
        super().__init__(str(Problem(path, found, expected, todo)))


_RELATIVE = re.compile(
    r"\b(?:mother|father|sister|brother|sibling|grandmother|grandfather|family history|fhx?|parent|mutter|vater"
    r"|schwester|bruder|großmutter|großvater|familienanamnese|eltern|madre|padre|sorella|fratello|nonn[ao]"
    r"|anamnesi familiare|genitor[ei])\b"
)


def names_relative(said: str) -> bool:
    """Whether words, in lower case, speak of a relative: what is said is not about the patient."""
    return bool(_RELATIVE.search(said))


@dataclass(frozen=True)
class BundleEntry:
    """One resource of a bundle."""

    path: str
    """Its place, `entry[3].resource` or `entry[3].resource.contained[0]`."""
    kind: str
    """Its resourceType."""
    resource: Element
    url: str = ""
    """Bundle.entry.fullUrl, by which other entries may refer to it; empty when there is none."""

    @property
    def id(self) -> str:
        """The resource's own id (used to follow references, never copied)."""
        return text(self.resource.get("id"))


@dataclass(frozen=True)
class BundleRecord:
    """All resources about one patient."""

    kind: str
    """Bundle.type."""
    entries: tuple[BundleEntry, ...]
    patient: BundleEntry
    on: date | None
    """The day of assessment, after which nothing can have happened; None leaves it to the record."""
    has_more: bool = False
    """Whether a server has further pages (a link with the relation `next`), which are not here."""
    by_reference: dict[str, Element] = field(default_factory=dict)
    """Resources by fullUrl, and by type and id: "Patient/1"."""

    def resolve(self, reference: object, inside: Element) -> Element:
        """What a Reference points to: contained ("#drug"), by fullUrl, or by type and id; else an empty resource.

        inside: the resource that refers, whose contained resources are looked through.
        """
        target = text(element(reference).get("reference"))
        if target.startswith("#"):
            contained = elements.elements(inside.get("contained"))
            return next((held for held in contained if text(held.get("id")) == target[1:]), {})
        return self.by_reference.get(target) or self.by_reference.get(_type_and_id(target), {})

    def visit_day(self, resource: Element) -> str:
        """The first day of the visit (encounter; `context` before R4) that a resource refers to, as an ISO date."""
        visit = self.resolve(resource.get("encounter") or resource.get("context"), resource)
        periods = (element(visit.get("period")), element(visit.get("actualPeriod")))
        return next((day for period in periods if (day := elements.iso_date(period.get("start")))), "")

    def is_about_patient(self, resource: Element) -> bool:
        """Whether a resource is about the patient: its subject, or patient, is a reference to the one Patient.

        Without a subject it can be about nobody else, as a bundle has one patient, and a conditional reference
        ("Patient?identifier=...") says nothing against it. A reference to a Patient who is not the one in the bundle
        is a reference to somebody else, also when the one in the bundle has no id.
        """
        who = element(resource.get("subject") or resource.get("patient"))
        target = text(who.get("reference"))
        if not target and names_relative(text(who.get("display")).lower()):
            return False
        if not target and (
            text(who.get("type")) not in ("", "Patient") or self._is_another(element(who.get("identifier")))
        ):
            return False
        if not target or "?" in target or target == self.patient.url:
            return True
        named = _type_and_id(target)
        if target.startswith("urn:") or not named:
            return target.startswith("#") or (
                not self.patient.url and bool(self.patient.id) and target.endswith(self.patient.id)
            )
        return bool(self.patient.id) and named == f"Patient/{self.patient.id}"

    def _is_another(self, identifier: Element) -> bool:
        """Whether an identifier is of the same kind as one of the patient's, and another."""
        own = elements.elements(self.patient.resource.get("identifier"))
        alike = [text(held.get("value")) for held in own if held.get("system") == identifier.get("system")]
        return bool(identifier.get("value")) and bool(alike) and text(identifier.get("value")) not in alike


def read_record(bundle: object, on: date | None) -> BundleRecord:
    """The entries of a bundle and its patient; `on` is the day of assessment.

    Raises FhirError for what is no Bundle, a Bundle of another type, or one without exactly one Patient.
    """
    kind = _kind(bundle)
    held = element(bundle)
    entries = tuple(_entries(held))
    has_more = any(text(link.get("relation")) == "next" for link in elements.elements(held.get("link")))
    return BundleRecord(kind, entries, _only_patient(entries), on, has_more, _index(entries))


def _kind(bundle: object) -> str:
    """The type of a bundle, checked."""
    held = element(bundle)
    if text(held.get("resourceType")) != "Bundle":
        kind = text(held.get("resourceType"))[:_SHOWN]
        found = verbatim(kind) if kind else Message("fhir.no_resource_type")
        expected, todo = Message("fhir.a_fhir_r4_bundle"), Message("fhir.give_a_bundle")
        raise FhirError("resourceType", found, expected, todo)
    kind = text(held.get("type")) or "collection"
    if kind not in KINDS:
        expected = Message("expected.one_of_what", {"what": KINDS})
        raise FhirError("type", verbatim(kind[:_SHOWN]), expected, Message("fhir.export_as_a_collection"))
    return kind


def _entries(bundle: Element) -> Iterator[BundleEntry]:
    """Every entry, also those without a resource, and contained resources that hold facts of their own."""
    listed = bundle.get("entry")
    listed = listed if isinstance(listed, list) else [listed] if listed else []
    for number, given in enumerate(listed):
        resource = element(element(given).get("resource"))
        kind = text(resource.get("resourceType")) or NO_RESOURCE
        yield BundleEntry(f"entry[{number}].resource", kind, resource, text(element(given).get("fullUrl")))
        yield from _contained(resource, f"entry[{number}].resource")


def _contained(resource: Element, path: str) -> Iterator[BundleEntry]:
    """The contained resources that are facts about the patient."""
    for number, held in enumerate(elements.elements(resource.get("contained"))):
        kind = text(held.get("resourceType"))
        if kind in READ_WHEN_CONTAINED:
            # A contained resource is about the same patient as its container, however it refers to it.
            inner = {name: value for name, value in held.items() if name not in ("subject", "patient")}
            subject = {"subject": resource.get("subject") or resource.get("patient")}
            yield BundleEntry(f"{path}.contained[{number}]", kind, inner | subject)


def _only_patient(entries: tuple[BundleEntry, ...]) -> BundleEntry:
    """The one patient."""
    patients = [entry for entry in entries if entry.kind == "Patient"]
    if not patients:
        _refuse_patients(Message("fhir.no_patient"), Message("fhir.include_the_patient"))
    if len(patients) > 1 and any(entry.id != patients[0].id or not entry.id for entry in patients):
        ids = verbatim(", ".join(dict.fromkeys(entry.id or "?" for entry in patients[:_PATIENTS_SHOWN])))
        found = Message("fhir.several_patients", {"n": len(patients), "ids": ids})
        _refuse_patients(found, Message("fhir.name_one_of_them"))
    return patients[0]


def _refuse_patients(found: Message, todo: Message) -> NoReturn:
    """A bundle is about one person."""
    raise FhirError("entry", found, Message("fhir.exactly_one_patient"), todo)


def _index(entries: tuple[BundleEntry, ...]) -> dict[str, Element]:
    """Resources by fullUrl and by type and id."""
    index: dict[str, Element] = {}
    for entry in entries:
        for name in (entry.url, f"{entry.kind}/{entry.id}" if entry.id else ""):
            if name:
                index.setdefault(name, entry.resource)
    return index


def _type_and_id(reference: str) -> str:
    """The last two steps of a reference ("https://server/fhir/Patient/1/_history/2" is Patient/1)."""
    steps = reference.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(steps[-2:]) if len(steps) > 1 else ""


# ---------------------------------------------------------------- what is read from a resource


@dataclass(frozen=True)
class Fact:
    """A value for a field of the Person, as one resource has it; what several say is merged later."""

    field: str
    """The field with its groups, "ms.disability"; "intake" for a medicine, whose field is found when it is merged."""
    value: Any
    """Plain data in the form of the field; the Person checks it."""
    when: str = ""
    """The ISO date by which the latest (or the earliest) is chosen; empty when it is not known."""


@dataclass(frozen=True)
class ResourceReading:
    """One resource, read: what it is called, the facts in it or why it is ignored, and what was assumed."""

    what: Message
    """What it is called, as the bundle has it."""
    facts: tuple[Fact, ...] = ()
    ignored: Message | None = None
    """Why there are no facts; None when there are some, or when it is noted."""
    assumed: tuple[AssumedLine, ...] = ()
    noted: Message | None = None
    """What it says although it fills no field: osteoporosis is estimated, not read."""


def named(concept: object) -> Message:
    """What a concept is called, as the bundle has it."""
    found = elements.words(concept)
    return verbatim(found) if found else NAMELESS


def ignore(concept: object, reason: str | Message) -> ResourceReading:
    """A resource that is left out; a reason that is a text is the id of a message about bundles."""
    why = reason if isinstance(reason, Message) else Message(f"fhir.{reason}")
    return ResourceReading(named(concept), ignored=why)


def undated(concept: object) -> ResourceReading:
    """What would move a risk and has no date: it is left out, and that is told under Assumed."""
    line = assumption("fhir.left_out_without_a_date", {"what": named(concept)})
    return ResourceReading(named(concept), ignored=Message("fhir.without_a_date"), assumed=(line,))


def recalled(known: Meaning, concept: object) -> tuple[AssumedLine, ...]:
    """Says that a code was read whose meaning is recalled, not verified, nor confirmed by the record.

    Words in the record that agree with the recalled meaning confirm it, and nothing is said.
    """
    if known.status != "recalled" or known.display.lower() in elements.all_words(concept):
        return ()
    values = {"system": known.system, "code": known.code, "display": known.display}
    return (assumption("fhir.recalled", values),)


# ---------------------------------------------------------------- the patient

# Codes of the OMB categories in the US Core extensions for race and ethnicity.
_ANCESTRY = {"2106-3": "white", "2054-5": "black", "2028-9": "asian"}
_HISPANIC = "2135-2"
_NOT_SAID = {"asku", "unk", "nask"}
"""Nothing is known: asked but unknown, unknown, not asked (HL7 NullFlavor)."""
_GENDER_SHOWN, _COUNTRY_SHOWN = 20, 30
"""Characters of a gender and of a country that are shown."""
_SEX_CODES = {
    **dict.fromkeys(("f", "female", "248152002", "w", "weiblich", "female-typical", "10535-3|f"), "female"),
    **dict.fromkeys(("m", "male", "248153007", "männlich", "male-typical"), "male"),
}
"""Codes of a sex: US Core birthsex, administrative gender, SNOMED CT; the others say that it is not known."""
_SEX_EXTENSIONS = (
    "us-core-birthsex", "patient-birthSex", "recordedSexOrGender", "individual-recordedSexOrGender", "birth-sex",
    "us-core-individual-sex", "us-core-sex", "patient-sexParameterForClinicalUse",
)  # fmt: skip
"""Ends of the addresses of extensions with the sex at birth, then with one that is recorded or used in the clinic."""


def read_patient(entry: BundleEntry) -> ResourceReading:
    """The facts about the person: birthDate, sex, deceasedDateTime, ancestry and the country of an address.

    Raises FhirError without a birth date or a sex: every risk depends on both.
    """
    patient = entry.resource
    facts = (
        Fact("birth_date", _birth_date(entry)),
        Fact("sex", _sex(entry)),
        *_optional("death_date", elements.iso_date(patient.get("deceasedDateTime"))),
        *_optional("ancestry", _ancestry(patient)),
        *_optional("country", country_called(_country(patient)) or ""),
    )
    return ResourceReading(Message("fhir.who_the_person_is"), facts, assumed=tuple(_assumed(patient)))


def _optional(field: str, value: str) -> tuple[Fact, ...]:
    """A fact, if there is a value."""
    return (Fact(field, value),) if value else ()


def _birth_date(entry: BundleEntry) -> str:
    """The birth date, as exactly as it is known."""
    given = elements.iso_date(entry.resource.get("birthDate"))
    if not given:
        found = "no_birth_date" if "birthDate" not in entry.resource else "something_that_is_not_a_date"
        expected, todo = Message("fhir.a_date_such_as_1970_05_02"), Message("fhir.enter_the_birth_date")
        raise FhirError(f"{entry.path}.birthDate", Message(f"fhir.{found}"), expected, todo)
    return given


def _sex(entry: BundleEntry) -> str:
    """The sex at birth where it is recorded (US Core birthsex), else Patient.gender; FhirError for neither of two.

    Peak bone mass, hormones and fracture rates are known for women and men only.
    """
    gender = _birth_sex(entry.resource) or text(entry.resource.get("gender")).lower()
    if gender not in ("female", "male"):
        found = verbatim(gender[:_GENDER_SHOWN]) if gender else Message("fhir.no_gender")
        expected, todo = Message("fhir.female_or_male"), Message("fhir.enter_the_sex_at_birth")
        raise FhirError(f"{entry.path}.gender", found, expected, todo)
    return gender


def _birth_sex(patient: Element) -> str:
    """The sex from an extension, the sex at birth before one that is used in the clinic."""
    found = (_sex_of(_extension(patient, name)) for name in _SEX_EXTENSIONS)
    return next((sex for sex in found if sex), "")


def _sex_of(extension: Element) -> str:
    """The sex in an extension: as a code, a Coding or a concept, or in a part of it called value."""
    parts = [part for part in elements.elements(extension.get("extension")) if text(part.get("url")) == "value"]
    for held in (extension, *parts):
        said = {text(held.get("valueCode")).lower(), text(element(held.get("valueCoding")).get("code")).lower()}
        said |= elements.codes(held.get("valueCodeableConcept"))
        if known := [_SEX_CODES[code] for code in sorted(said) if code in _SEX_CODES]:
            return known[0]
    return ""


def _assumed(patient: Element) -> Iterator[AssumedLine]:
    """What the Patient leaves open, or says in two ways."""
    born = elements.iso_date(patient.get("birthDate"))
    if len(born) < len("2000-01-01"):
        yield assumption("fhir.rough_birth_date", {"born": verbatim(born)})
    if patient.get("deceasedBoolean") is True:
        yield assumption("fhir.died_without_a_date", {})
    country = _country(patient)
    if country_called(country) is None:
        name = {"country": quoted(country[:_COUNTRY_SHOWN])}
        yield assumption("fhir.unknown_country", name) if country else assumption("fhir.no_country", {})
    if _birth_sex(patient) and text(patient.get("gender")).lower() not in ("", _birth_sex(patient)):
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
    categories = [element(part.get("valueCoding")) for part in parts if part.get("url") == "ombCategory"]
    said = {text(category.get("code")) for category in categories}
    return {code for code in said if code and code.lower() not in _NOT_SAID}


def _extension(patient: Element, name: str) -> Element:
    """An extension by the end of its address."""
    extensions = elements.elements(patient.get("extension"))
    return next((held for held in extensions if text(held.get("url")).endswith(name)), {})
