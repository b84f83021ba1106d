"""The draws that are left after conditioning."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trabecula.course import Bones
from trabecula.evidence import Draws

Array = NDArray[np.float64]


class Picked(Draws):
    """Some draws of a sample, which may repeat.

    Each parameter is picked by `who`. For what is read by name, as fracture and falls do; a skeleton is marched with
    the sample itself and its rows are picked (`rows`), because it also keys luck by the number of a draw.
    """

    __slots__ = ("who", "whole")

    def __init__(self, whole: Draws, who: NDArray[np.int64]) -> None:
        super().__init__(whole.evidence, len(who), whole.seed, central=whole.is_central)
        self.whole = whole
        self.who = who

    def __getitem__(self, name: str) -> Array:
        return self.whole[name][self.who]


def rows(bones: Bones, who: NDArray[np.int64]) -> Bones:
    """Bones of some draws."""
    return replace(
        bones,
        typical=_picked(bones.typical, who),
        average=_picked(bones.average, who),
        markers=_picked(bones.markers, who),
    )


def _picked(courses: Mapping[str, Array], who: NDArray[np.int64]) -> Mapping[str, Array]:
    return {name: values[who] for name, values in courses.items()}
