"""FHIR R4: a bundle about one person as a Person, with a report of what was read, ignored and assumed."""

from trabecula.adapters.fhir.bundle import FhirError
from trabecula.adapters.fhir.reading import read_bundle

__all__ = ["FhirError", "read_bundle"]
