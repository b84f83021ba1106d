"""Of which version of FHIR a bundle is, and reports that have their findings in words only."""

import re
from collections.abc import Callable

from trabecula.adapters.fhir import elements
from trabecula.adapters.fhir.bundle import BundleRecord, ResourceReading, ignore, named
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.loss import NAMELESS, assumption
from trabecula.words.message import Message, verbatim

_DENSITOMETRY = re.compile(
    r"\bdxa\b|\bdexa\b|densitom|bone density|bone mineral|knochendicht|densità ossea|mineralometria|\bmoc\b"
    r"|38269-7|24701-5|24966-4|80948-3|46383-6|24890-6|38268-9|312681000|t-score|osteopor|osteopeni"
    r"|trabecular bone score|\btbs\b"
)
"""Words and codes (LOINC, SNOMED CT) of a report about bone density."""
_ISSUES, _ISSUE_SHOWN = 20, 120
"""Of a message of a server, and characters of each, that are shown."""


def read_report(resource: Element, record: BundleRecord) -> ResourceReading:
    """A DiagnosticReport has its results as observations; one about bone that has none is told as unread."""
    concept = resource.get("code")
    results = elements.elements(resource.get("result"))
    if any(record.resolve(reference, resource) for reference in results):
        return ignore(concept, "its_results_are_observations")
    conclusions = [concept, *elements.elements(resource.get("conclusionCode"))]
    if not (is_about_bone(*conclusions) or _DENSITOMETRY.search(text(resource.get("conclusion")).lower())):
        return ignore(concept, "a_report_without_results")
    return scan_in_words(concept)


def read_document(resource: Element, _: BundleRecord) -> ResourceReading:
    """A DocumentReference or an ImagingStudy is not read; one about bone density is told as unread."""
    concept = resource.get("type") or next(iter(elements.elements(resource.get("procedureCode"))), {})
    is_bone = is_about_bone(concept) or _DENSITOMETRY.search(text(resource.get("description")).lower())
    return scan_in_words(concept) if is_bone else ignore({}, "this_type_of_resource_is_not_used")


def read_outcome(resource: Element, _: BundleRecord) -> ResourceReading:
    """What a server says of its own answer: where it left something out, that is told under Assumed."""
    reason = Message("fhir.a_message_of_the_server")
    issues = elements.elements(resource.get("issue"))
    told = [issue for issue in issues if text(issue.get("severity")) in ("fatal", "error", "warning")]
    said = dict.fromkeys(_said_of(issue) for issue in told[:_ISSUES])
    lines = tuple(assumption("fhir.left_out_by_the_server", {"what": verbatim(what)}) for what in said)
    return ResourceReading(NAMELESS, ignored=reason, assumed=lines)


def _said_of(issue: Element) -> str:
    """An issue in words, as far as it has any."""
    words = (text(element(issue.get("details")).get("text")), text(issue.get("diagnostics")), text(issue.get("code")))
    return next(filter(None, words), "?")[:_ISSUE_SHOWN]


def is_about_bone(*concepts: object) -> bool:
    """Whether any of some concepts is about a measurement of bone density."""
    said = [word for concept in concepts for word in (elements.all_words(concept), *elements.codes(concept))]
    return _DENSITOMETRY.search(" ".join(said)) is not None


def scan_in_words(concept: object) -> ResourceReading:
    """Findings about bone that nobody has read: left out, and told under Assumed."""
    line = assumption("fhir.a_scan_in_words", {"what": named(concept)})
    return ResourceReading(named(concept), ignored=Message("fhir.a_scan_in_words"), assumed=(line,))


_WITHOUT_CONTEXT = ("Condition", "Procedure", "Observation", "MedicationRequest", "DiagnosticReport")
"""Resources whose visit is called `encounter` since R4; statements and administrations keep `context`."""
_SIGNS: tuple[tuple[str, Callable[[Element], bool]], ...] = (
    ("R5", lambda held: "medication" in held or "actualPeriod" in held or "occurenceDateTime" in held),
    ("DSTU2", lambda held: held.get("resourceType") == "MedicationOrder" or "wasNotTaken" in held),
    ("STU3", lambda held: "assertedDate" in held or "notDone" in held or "taken" in held),
    ("STU3", lambda held: "context" in held and held.get("resourceType") in _WITHOUT_CONTEXT),
    ("STU3", lambda held: any(isinstance(held.get(name), str) for name in ("verificationStatus", "clinicalStatus"))),
)
"""Elements that a version has and R4 does not."""


def version_of(record: BundleRecord) -> str:
    """The version of FHIR, from elements that R4 does not have; R4 where there are none."""
    resources = [entry.resource for entry in record.entries]
    clinical = [held for held in resources if text(held.get("resourceType")) != "Patient"]
    return next((version for version, has in _SIGNS if any(has(element(held)) for held in clinical)), "R4")
