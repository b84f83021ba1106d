"""FHIR R4: a bundle about one person as a Person, with a report of what was read, ignored and assumed.

The way of a resource: `bundle` finds the patient and follows references; `conditions`, `observations` and `intakes`
read one resource into facts; `courses` and `merging` make one value of what many resources say; `reading` hands the
values to the Person, which refuses what cannot be, and writes the report. Element names are those of FHIR R4 (4.0.1).
Nothing that identifies somebody is copied. Why it is read in this way: docs/decisions/0003-fhir-reading.md.
"""

from trabecula.adapters.fhir.bundle import FhirError
from trabecula.adapters.fhir.reading import read_bundle
