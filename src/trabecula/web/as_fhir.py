"""A person and the answer about them as FHIR, for programs."""

from starlette.responses import Response

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.estimates import ReportFile
from trabecula.adapters.fhir.writing import Answered, write_bundle
from trabecula.assessment.patient_state import PatientState
from trabecula.reporting import html
from trabecula.web.localisation import page_language
from trabecula.web.session import assessment_of


class FhirResponse(Response):
    """A resource."""

    media_type = "application/fhir+json"


def as_fhir(known: PatientState) -> str:
    """The Bundle as a text, in the language of the request; raises NoAnswer with the reason."""
    answer, lang = assessment_of(known), page_language()
    report = ReportFile.page(html.page_clinician(answer, lang.code, known.person, None), lang)
    return to_json(write_bundle(known.person, answered=Answered(answer, lang, report)).bundle, 0)
