"""CAROC (2010): low, moderate or high ten-year risk of a major osteoporotic fracture, for Canada.

By the Canadian Association of Radiologists and Osteoporosis Canada. Basal risk from sex, age and femoral neck T-score
(NHANES III, white women); one step up for a fragility fracture after 40 or for prolonged glucocorticoids, high for
both, and for a fracture of hip or spine or more than one; moderate at least with a T-score of -2.5 or less at spine or
total hip. Low is below 10 %, high above 20 %. For people of 50 and over who are not treated. It knows neither MS nor
falls, and competing death is not in it.

The model does not read it: it is here for comparison, and refuses everybody it was not made for. FRISK (Henry 2006)
and the three-year risk of the German guideline (DVO 2023) are not: their equation, and the table of their basal risks,
could not be read.
"""

from dataclasses import dataclass
from typing import Literal

from trabecula.evidence import SEX_GROUP, Evidence

Category = Literal["low", "moderate", "high"]
_STEPS: tuple[Category, ...] = ("low", "moderate", "high")


class OutOfScope(ValueError):
    """The score was not made for this person."""


@dataclass(frozen=True)
class Caroc:
    """The category of one person."""

    category: Category
    """Risk of a major osteoporotic fracture in ten years: low below 10 %, high above 20 %."""
    basal: Category
    """The one by sex, age and T-score alone."""
    because: tuple[str, ...]
    """Why they differ."""


def caroc(
    sex: str,
    age_y: float,
    neck_t_score: float | None,
    evidence: Evidence,
    *,
    fragility_fractures: int = 0,
    hip_or_spine_fracture: bool = False,
    steroid_mg_per_day: float = 0.0,
    lowest_other_t_score: float | None = None,
) -> Caroc:
    """The category of one person.

    neck_t_score: femoral neck; fragility_fractures: since the age of 40; steroid_mg_per_day: prednisone-equivalent
    taken daily for three months or more in the past year, pulses left out; lowest_other_t_score: of lumbar spine and
    total hip.
    Raises OutOfScope below 50 and without a T-score at the femoral neck.
    """
    _check(sex, age_y, neck_t_score, evidence)
    basal = _basal(sex, age_y, neck_t_score or 0.0, evidence)
    steps = _STEPS.index(basal)
    because: list[str] = []
    if fragility_fractures:
        steps, because = steps + 1, [*because, "a fragility fracture after 40"]
    if steroid_mg_per_day >= evidence.scalar("score.caroc.steroid_dose"):
        steps, because = steps + 1, [*because, "prolonged glucocorticoids"]
    if hip_or_spine_fracture or fragility_fractures > 1 or len(because) > 1:
        steps, because = len(_STEPS) - 1, [*because, "hip, spine or several fractures, or a fracture and steroids"]
    low = evidence.scalar("score.caroc.spine_or_hip")
    if steps == 0 and lowest_other_t_score is not None and lowest_other_t_score <= low:
        steps, because = 1, [*because, f"T-score {low} or less at spine or total hip"]
    return Caroc(_STEPS[min(steps, len(_STEPS) - 1)], basal, tuple(because))


def _check(sex: str, age_y: float, neck_t_score: float | None, evidence: Evidence) -> None:
    """Refuse whom the score was not made for."""
    youngest = evidence.scalar("score.caroc.youngest")
    if sex not in SEX_GROUP:
        raise OutOfScope(f"sex: found '{sex}'; CAROC has tables for female and male")
    if age_y < youngest:
        raise OutOfScope(f"age: found {age_y}; CAROC is for people of {youngest:g} and over")
    if neck_t_score is None:
        raise OutOfScope("T-score at the femoral neck: not measured, and CAROC needs it; scan the hip")


def _basal(sex: str, age_y: float, neck_t_score: float, evidence: Evidence) -> Category:
    """From the table, straight between its ages and held beyond the last."""
    moderate, high = (evidence.curve_at(f"score.caroc.{step}.{SEX_GROUP[sex]}", age_y) for step in _STEPS[1:])
    if neck_t_score < high:
        return "high"
    return "moderate" if neck_t_score <= moderate else "low"
