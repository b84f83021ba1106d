"""One scale for disability: an EDSS as it was given, or estimated from PDDS, walking distance or aid."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trabecula.person.sclerosis import Aid, Disability
from trabecula.person.shipped import number, step_at

if TYPE_CHECKING:
    from trabecula.evidence import Evidence

Basis = Literal["edss", "pdds", "walking_distance", "aid"]


@dataclass(frozen=True)
class EdssEstimate:
    """An EDSS, how uncertain it is, and what it rests on."""

    edss: float
    sd: float
    """Standard deviation between persons with the same answer [EDSS points]; 0 when the EDSS was given."""
    basis: Basis
    aid: Aid | None
    """The aid as recorded, None when it was not."""


def edss_of(measure: Disability, evidence: "Evidence | None" = None) -> EdssEstimate:
    """The EDSS of an examination; pass `evidence` wherever a result is computed."""
    if measure.edss is not None:
        return EdssEstimate(measure.edss, 0.0, "edss", measure.aid)
    if measure.pdds is not None:
        edss = step_at("person.edss.from_pdds", measure.pdds, evidence)
        return EdssEstimate(edss, number("person.edss.from_pdds_sd", evidence), "pdds", measure.aid)
    return _from_walking(measure, evidence)


def _from_walking(measure: Disability, evidence: "Evidence | None") -> EdssEstimate:
    """From distance and aid, or from the aid alone."""
    aid, distance = measure.aid or "none", measure.walking_distance_m
    if distance is None or aid in ("wheelchair", "bed"):
        edss = number(f"person.edss.from_aid_{aid}", evidence)
        return EdssEstimate(edss, number("person.edss.from_aid_sd", evidence), "aid", measure.aid)
    edss = step_at(f"person.edss.from_walking_{_support(aid)}", distance, evidence)
    sd = step_at("person.edss.from_walking_sd", distance, evidence)
    return EdssEstimate(edss, sd, "walking_distance", measure.aid)


def _support(aid: Aid) -> str:
    """Walking alone, with support on one side or on both."""
    return {"none": "alone", "cane": "one_side"}.get(aid, "both_sides")
