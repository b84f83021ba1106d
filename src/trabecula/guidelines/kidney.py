"""How well the kidneys clear, as a label asks for it: by creatinine where it can be worked out, else by the eGFR."""

from trabecula.guidelines.facts import Facts
from trabecula.person.kidney import creatinine_clearance, egfr_goes_before
from trabecula.words.message import Message


def clearance(facts: Facts) -> tuple[float, str] | None:
    """The clearance that a label asks for [mL/min], and which one it is; None where neither is known."""
    if facts.creatinine_clearance_ml_min is not None:
        return facts.creatinine_clearance_ml_min, "low_clearance"
    age, sex, weight, creatinine = facts.age_y, facts.sex, facts.weight_kg, facts.creatinine_umol_l
    if age is not None and sex is not None and weight and creatinine:
        found = creatinine_clearance(age, sex, weight, creatinine)
        if not egfr_goes_before(facts.egfr_ml_min, found, (facts.egfr_on, facts.creatinine_on)):
            return found, "low_clearance"
    return None if facts.egfr_ml_min is None else (facts.egfr_ml_min, "low_egfr_for_clearance")


def low_clearance(facts: Facts, least: float) -> Message | None:
    """That the clearance is below a limit [mL/min], with which clearance it is."""
    found = clearance(facts)
    if found is None or found[0] >= least:
        return None
    return Message(f"on_file.{found[1]}", {"egfr": found[0], "least": least})
