"""What a kidney clears, from age, sex, weight and creatinine.

Cockcroft and Gault 1976, Nephron 16:31, with the actual body weight, as the US label of zoledronate asks.
"""

from datetime import date

_AGE_Y = 140.0
"""From which the age is taken away [y]."""
_PER_UMOL = 0.814
"""The 72 mg/dL of the equation as micromoles per litre: 72 / 88.4."""
_WOMEN = 0.85
_AGREE = 0.5
"""An eGFR below so much of the clearance contradicts the creatinine that it is worked out from."""


def creatinine_clearance(age_y: float, sex: str, weight_kg: float, creatinine_umol_l: float) -> float:
    """Creatinine clearance by Cockcroft and Gault [mL/min].

    >>> round(creatinine_clearance(60, "male", 72, 88.4))
    80
    """
    clearance = (_AGE_Y - age_y) * weight_kg / (_PER_UMOL * creatinine_umol_l)
    return clearance * (_WOMEN if sex == "female" else 1.0)


def contradicts(egfr_ml_min: float, clearance_ml_min: float) -> bool:
    """Whether an eGFR is so much lower that one of the two must be wrong: whoever is cautious goes by the eGFR."""
    return egfr_ml_min < _AGREE * clearance_ml_min


def egfr_goes_before(egfr_ml_min: float | None, clearance_ml_min: float, days: tuple[date | None, date | None]) -> bool:
    """Whether the eGFR counts in place of a clearance: it is newer than the creatinine, or contradicts it.

    days: of the eGFR and of the creatinine.
    """
    if egfr_ml_min is None:
        return False
    of_egfr, of_creatinine = days
    is_newer = of_egfr is not None and of_creatinine is not None and of_egfr > of_creatinine
    return is_newer or contradicts(egfr_ml_min, clearance_ml_min)
