"""Falls, fractures and death: hazards by site, and the risks that come of them with death competing.

age_y, dt_y = time_grid(50, until_age_y=110, monthly_y=10)
exposure = Exposure("female", "US", age_y, dt_y, edss=4.0)
risks = fracture_risk(exposure, {"femoral_neck": z}, draws, (1, 2, 5, 10, LIFETIME))
risks.at("hip", 10)
"""

from trabecula.fracture.baseline import AgeRefused, CountryRefused, refuse_without_tables
from trabecula.fracture.changes import SHIPPED_HAZARDS, HazardParts, HazardRefused
from trabecula.fracture.exposure import Exposure, grid_edges_y, time_grid
from trabecula.fracture.hazard import Hazards, hazards, population_hazards
from trabecula.fracture.record import FallCount, PriorFracture
from trabecula.fracture.risk import LIFETIME, Risks, fracture_risk
from trabecula.vocabulary import answered_groups, followed_sites, simulated_sites

SITES = tuple(followed_sites())
"""The sites that have a hazard."""
GROUPS = answered_groups()
"""What an assessment answers for before the other single sites."""
BONE_SITES = simulated_sites()
"""The bones whose density the model follows."""
