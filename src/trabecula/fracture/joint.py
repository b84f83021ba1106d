"""The parts of a hazard go together in people, so their product is too large: this takes it back.

Two things. Each part averages 1 in the population by itself, but people with low density have had more fractures, weigh
less, smoke more, fall more: where several parts are known, their product is divided by its mean in a sampled population
(`sampled.py`), as far as those parts are known. And ratios were estimated one at a time, in people who had one or two:
no cohort has seen what their product would be in somebody who has them all. Beside density, which was studied to its
end, the product levels off towards the highest that was seen.
"""

from collections.abc import Mapping

import numpy as np

from trabecula.evidence import SEX_GROUP, Draws
from trabecula.evidence.draws import Array
from trabecula.fracture import density, factors
from trabecula.fracture.exposure import Exposure
from trabecula.vocabulary import FRACTURE_SITES, fall_effects


def known_parts(exposure: Exposure, z: Mapping[str, Array], draws: Draws) -> int:
    """How many of the five parts something is known of: density, factors, fractures before, steroids, falls."""
    falls = exposure.falls is not None or bool(exposure.has_ms.any())
    drugs = any(exposure.present.get(name) is not None for name in fall_effects())
    return sum(
        (
            density.is_known(z),
            bool(factors.presence(exposure, draws)) or exposure.bmi is not None,
            exposure.priors is not None,
            bool(np.any(np.asarray(exposure.prednisone_mg) > 0)),
            falls or drugs,
        )
    )


def effect(site: str, exposure: Exposure, known: int, beside_density: Array, draws: Draws) -> Array:
    """What the product of the parts is multiplied by [n, T]; `beside_density` is that of all but density."""
    pairs, all_pairs = known * (known - 1) / 2, _PARTS * (_PARTS - 1) / 2
    whose = FRACTURE_SITES[site].joint
    mean = draws.curve(f"fracture.joint.{whose}.{SEX_GROUP[exposure.sex]}", exposure.age_y)
    return mean ** -(pairs / all_pairs) * levelled(beside_density, draws) / beside_density


def levelled(product: Array, draws: Draws) -> Array:
    """A product of ratios, unchanged near 1 and levelling off towards the highest that was seen [n, T]."""
    highest = draws.column("fracture.joint.highest")
    return product * np.sqrt((1 + highest**-2) / (1 + (product / highest) ** 2))


_PARTS = 5  # how many parts there are
