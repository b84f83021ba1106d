"""What the hazard of a fracture at each site is made of: parts that multiply back to it."""

import numpy as np
from numpy.typing import NDArray

from trabecula.assessment.record import SiteHazard
from trabecula.fracture import SITES, Hazards

Array = NDArray[np.float64]


def site_hazards(hazards: Hazards) -> dict[str, SiteHazard]:
    """Each site's hazard in the first step of the grid, part by part."""
    return {
        site: SiteHazard(
            per_year=_middle(hazards.per_year[site]),
            parts={name: _middle(part) for name, part in hazards.parts[site].items()},
        )
        for site in SITES
    }


def _middle(values: Array) -> float:
    """Geometric mean over the draws in the first step: the only mean under which parts multiply back."""
    return float(np.exp(np.log(values[:, 0]).mean()))
