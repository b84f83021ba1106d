"""The published 10-year probabilities for the United Kingdom (2008), cell by cell, and what the model says of each.

The tables give people of a BMI of 25 without other risk factors: with one factor and unknown density (table 2), or
with a T-score at the femoral neck and no factor (table 3). Two readings are ours: a "previous fracture" lies
`PRIOR_YEARS` back, and "glucocorticoids" are `STEROID_MG` of prednisolone a day, taken on and on (their definition is
5 mg or more for more than three months, ever).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import Exposure, PriorFracture, hazards, time_grid
from trabecula.fracture.risk import cumulative
from trabecula.skeleton.density import reference_mean, reference_sd, young_reference
from trabecula.units import PER_CENT

Array = NDArray[np.float64]

SOURCE = "published_probability.frax_uk_2008"
GROUPS = {"hip": "hip", "mof": "major_osteoporotic"}
SEXES = {"women": "female", "men": "male"}
FACTORS = {
    "parental_hip": "parental_hip_fracture",
    "smoking": "current_smoking",
    "ra": "rheumatoid_arthritis",
}
HORIZON_Y = 10.0  # what the tables print
BMI = 25.0  # what the tables print
PRIOR_YEARS = 5.0  # how we read "previous fracture"
STEROID_MG = 5.0  # how we read "oral glucocorticoids"
_UNITS_PER_DAY = 3.0  # the tables' alcohol is "more than two units"
_LONG_AGO_Y = 5.0  # long enough for steroids to have their settled effect
_CELL = re.compile(r"(t2|t3)_(?:(\w+?)_)?(hip|mof)_(women|men)_(\d\d)(?:_t(m\d|p\d|0))?$")


@dataclass(frozen=True)
class Cell:
    """One printed probability [0 to 1], and whom it is about; `t_score` or `factor`, not both."""

    finding: str
    group: str
    sex: str
    age_y: int
    factor: str | None
    t_score: float | None
    printed: float


def cells(evidence: Evidence) -> Sequence[Cell]:
    """Every printed cell that has a number."""
    return [
        cell
        for name in evidence.findings()
        if name.startswith(SOURCE) and (cell := _cell(name, evidence)) is not None
    ]


def _cell(name: str, evidence: Evidence) -> Cell | None:
    """The cell of a finding; None where the table prints "less than 0.1"."""
    found = _CELL.fullmatch(name.removeprefix(f"{SOURCE}."))
    printed = evidence.finding(name).value
    if found is None or printed is None:
        return None
    _, factor, group, sex, age, score = found.groups()
    return Cell(name, group, sex, int(age), factor, _score(score), printed / PER_CENT)


def _score(text: str | None) -> float | None:
    """m2 is -2, p1 is +1."""
    return None if text is None else float(text.replace("m", "-").replace("p", "+"))


def predict(printed: Iterable[Cell], draws: Draws) -> Mapping[str, Array]:
    """What the model says of each cell, by finding [n]."""
    people = defaultdict(list)
    for cell in printed:
        people[cell.sex, cell.age_y, cell.factor].append(cell)
    return {name: risk for alike in people.values() for name, risk in _same_person(alike, draws).items()}


def _same_person(alike: Sequence[Cell], draws: Draws) -> Mapping[str, Array]:
    """The model's 10-year probabilities of one person, who may have several T-scores [n each]."""
    exposure = _person(alike[0])
    made = {}
    for score in {cell.t_score for cell in alike}:
        rates = hazards(exposure, _z(alike[0], score, exposure, draws.evidence), draws)
        risks = cumulative(rates, exposure, np.array([HORIZON_Y]), draws)
        here = (cell for cell in alike if cell.t_score == score)
        made.update({cell.finding: risks[GROUPS[cell.group]][:, 0] for cell in here})
    return made


def _person(cell: Cell) -> Exposure:
    """Someone with no risk factor, or with one."""
    age_y, dt_y = time_grid(cell.age_y, cell.age_y + HORIZON_Y, 0)
    none = dict.fromkeys(FACTORS.values(), False)
    base = Exposure(
        SEXES[cell.sex],
        "UK",
        age_y,
        dt_y,
        present={**none, FACTORS.get(cell.factor or "", ""): True},
        alcohol_units_per_day=_UNITS_PER_DAY if cell.factor == "alcohol" else 0.0,
        bmi=BMI,
        density_measured=cell.t_score is not None,
        priors=(PriorFracture("forearm", PRIOR_YEARS),) if cell.factor == "prior_fracture" else (),
    )
    if cell.factor != "gc":
        return base
    return replace(
        base,
        prednisone_mg=STEROID_MG,
        past_prednisone_mg=np.array([STEROID_MG]),
        past_dt_y=np.array([_LONG_AGO_Y]),
    )


def _z(cell: Cell, score: float | None, exposure: Exposure, evidence: Evidence) -> Mapping[str, Array]:
    """The Z-score that the T-score is at first, held: who starts below the average of the same age stays there."""
    if score is None:
        return {}
    sex = SEXES[cell.sex]
    mean, sd = young_reference(evidence, "femoral_neck", sex)
    there = reference_mean(evidence, "femoral_neck", sex, cell.age_y)
    z = (mean + score * sd - there) / reference_sd(evidence, "femoral_neck", sex, cell.age_y)
    return {"femoral_neck": np.full((1, len(exposure.dt_y)), float(z))}
