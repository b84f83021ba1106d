"""How well the kidneys clear, as a label asks for it: creatinine clearance where it can be worked out, else the eGFR.

Cockcroft and Gault 1976, Nephron 16:31, with the actual body weight, as the US label of zoledronate asks.
"""

from trabecula.guidelines.facts import Facts
from trabecula.words.message import Message

_AGE_Y = 140.0
"""From which the age is taken away [y]."""
_PER_UMOL = 0.814
"""The 72 mg/dL of the equation as micromoles per litre: 72 / 88.4."""
_WOMEN = 0.85


def creatinine_clearance(age_y: float, sex: str, weight_kg: float, creatinine_umol_l: float) -> float:
    """Creatinine clearance by Cockcroft and Gault [mL/min].

    >>> round(creatinine_clearance(60, "male", 72, 88.4))
    80
    """
    clearance = (_AGE_Y - age_y) * weight_kg / (_PER_UMOL * creatinine_umol_l)
    return clearance * (_WOMEN if sex == "female" else 1.0)


def clearance(facts: Facts) -> tuple[float, str] | None:
    """The clearance that a label asks for [mL/min], and which one it is; None where neither is known."""
    if facts.creatinine_clearance_ml_min is not None:
        return facts.creatinine_clearance_ml_min, "low_clearance"
    age, sex, weight, creatinine = facts.age_y, facts.sex, facts.weight_kg, facts.creatinine_umol_l
    if age is not None and sex is not None and weight and creatinine:
        return creatinine_clearance(age, sex, weight, creatinine), "low_clearance"
    return None if facts.egfr_ml_min is None else (facts.egfr_ml_min, "low_egfr_for_clearance")


def low_clearance(facts: Facts, least: float) -> Message | None:
    """That the clearance is below a limit [mL/min], with which clearance it is."""
    found = clearance(facts)
    if found is None or found[0] >= least:
        return None
    return Message(f"on_file.{found[1]}", {"egfr": found[0], "least": least})
