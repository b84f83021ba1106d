"""Where each letter of the equations comes from: the kernel's parameters out of the evidence registry."""

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.equations import LETTERS, PARAMETERS

IDS = {
    "phi": "skeleton.precursor.share_recruited",
    "kP": "skeleton.precursor.turnover",
    "kC": "skeleton.osteoclast.turnover",
    "cc": "skeleton.osteoblast.coupling",
    "kQ": "skeleton.preosteoblast.turnover",
    "chi": "skeleton.preosteoblast.wnt_share",
    "kB": "skeleton.osteoblast.turnover",
    "kS": "skeleton.sclerostin.turnover",
    "kY": "skeleton.osteocyte.renewal",
    "kV_LS": "skeleton.turnover.lumbar_spine",
    "kV_FN": "skeleton.turnover.femoral_neck",
    "kV_TH": "skeleton.turnover.total_hip",
    "km": "skeleton.mineral.rate",
    "am": "skeleton.mineral.turnover_effect",
    "aE": "skeleton.oestrogen.resorption_effect",
    "sE": "skeleton.oestrogen.sclerostin_effect",
    "gS": "skeleton.sclerostin.resorption_exponent",
    "gW": "skeleton.sclerostin.wnt_exponent",
    "gA": "skeleton.sclerostin.activity_exponent",
    "gs": "skeleton.load.sclerostin_exponent",
    "gR": "skeleton.load.resorption_exponent",
    "ns": "skeleton.load.strain_exponent",
    "hV": "skeleton.resorption.surface_exponent",
    "kE": "skeleton.unfilled_space.rate",
    "kL": "skeleton.unfilled_space.abandoned",
    "nE": "skeleton.unfilled_space.recruitment",
    "gD": "skeleton.osteocyte.damage_resorption",
    "kO": "skeleton.osteoprotegerin.renewal",
    "gO": "skeleton.osteoprotegerin.share",
    "kBP1": "skeleton.drug.bisphosphonate.release_by_resorption",
    "tGB": "skeleton.drug.teriparatide.steroid_sparing",
    "rR": "skeleton.drug.raloxifene.oestrogen_effect",
    "gP": "skeleton.resorption.perforation",
    "u50": "skeleton.steroid.half_effect_occupancy",
    "iA": "skeleton.steroid.activity_loss",
    "tauS": "skeleton.steroid.slow_effect_time",
    "tauA": "skeleton.steroid.adaptation_time",
    "kH": "skeleton.steroid.habit_half_level",
    "wA": "skeleton.steroid.adaptation",
    "tauT": "skeleton.steroid.tolerance_time",
    "wT": "skeleton.steroid.tolerance",
    "zG": "skeleton.steroid.resorption_boost",
    "gB": "skeleton.steroid.osteoblast_loss",
    "gQ": "skeleton.steroid.recruitment_loss",
    "gY": "skeleton.steroid.osteocyte_loss",
    "sG": "skeleton.steroid.sclerostin_effect",
    "E_deno": "skeleton.drug.denosumab.effect_per_mg",
    "T_deno": "skeleton.drug.denosumab.half_life",
    "bD": "skeleton.drug.denosumab.greatest_effect",
    "kBP": "skeleton.drug.bisphosphonate.release",
    "E_bp": "skeleton.drug.bisphosphonate.uptake",
    "aBP": "skeleton.drug.bisphosphonate.osteoclast_loss",
    "E_romo": "skeleton.drug.romosozumab.effect_per_mg",
    "T_romo": "skeleton.drug.romosozumab.half_life",
    "tR": "skeleton.drug.teriparatide.resorption_effect",
    "tW": "skeleton.drug.teriparatide.wnt_effect",
    "tB": "skeleton.drug.teriparatide.osteoblast_sparing",
}


def kernel_parameters(draws: Draws) -> NDArray[np.void]:
    """One record of kernel parameters a draw: structured array [n] with the letters of the equations."""
    values = np.empty(draws.n, dtype=PARAMETERS)
    for letter in LETTERS:
        values[letter] = draws[IDS[letter]]
    return values
