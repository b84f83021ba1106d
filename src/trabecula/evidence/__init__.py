"""Every number with its source: findings that documents printed, and parameters that we use because of them.

evidence = Evidence.load()
evidence["skeleton.steroid.half_effect_occupancy"].value
draws = evidence.draws(n=200, seed=1)
evidence.citation()
"""

from trabecula.evidence.draws import Draws
from trabecula.evidence.reading import EvidenceError
from trabecula.evidence.records import Finding, Fit, Method, Parameter, Source, Spread, Status
from trabecula.evidence.registry import SEX_GROUP, Evidence, UnknownIdError
