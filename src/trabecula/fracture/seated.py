"""People who do not stand: what sitting all day changes about how bones break, at the same density and falls.

Who sits does not fall sideways from standing height onto the hip, but paralysed legs break in transfers. And density
says less of who will break a bone, because much of what it foretells are fractures by falls of people on their feet:

    falls part   * (1 + share * (ratio - 1))
    density part   HR^-z becomes HR^-(gradient * z); at average density it stays what it was

Both rest on people without MS: spinal cord injury, wheelchair users and residents of nursing homes.
"""

from typing import TYPE_CHECKING

import numpy as np

from trabecula.evidence import Draws
from trabecula.evidence.draws import Array
from trabecula.vocabulary import FRACTURE_SITES

if TYPE_CHECKING:
    from trabecula.fracture.exposure import Exposure


def share(exposure: "Exposure", draws: Draws) -> Array:
    """How far somebody is on the way from standing to sitting all day, 0 to 1 [n, T]."""
    edss = np.atleast_2d(np.asarray(exposure.edss, dtype=np.float64))
    by_edss = np.where(np.isnan(edss), 0.0, draws.curve("fracture.seated.share", np.nan_to_num(edss)))
    return np.where(exposure.wheelchair, 1.0, by_edss)


def ratio(site: str, seated: Array, draws: Draws) -> Array:
    """Fractures of people who sit over those of people who stand, at average density and the same falls [n, T]."""
    if not seated.any():
        return np.ones((1, 1))
    return 1 + seated * (draws.column(f"fracture.seated.{FRACTURE_SITES[site].seated}") - 1)


def softened(effect: Array, at_average: Array, seated: Array, draws: Draws) -> Array:
    """The density part of somebody who sits [n, T], from that of somebody who stands, and that at average density."""
    less = at_average * (effect / at_average) ** draws.column("fracture.seated.gradient")
    return effect + seated * (less - effect)
