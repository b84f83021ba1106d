"""Fit how often people fall, and how they differ: `python scripts/fit_falls.py`.

One model for every diary and every recall of falls that was read and has the role `fitted`
(`src/trabecula/lab/studies/data/fractures/`), with and without MS: a rate to which disability adds along an S and of
which less is left where people sit, people who differ in two groups with a gamma in each, a share of the falls that is
remembered, and one factor for volunteers, with MS and without. Least squares on the distances z of the tolerance rule
(decision 7), on the two printed odds ratios of EDSS 4 and 6, and on what each free number is held to (`FREE`). The
values are the centres of the joint fit of everything (`lab/calibrate`). No fracture is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trabecula.evidence import Evidence
from trabecula.fracture import Exposure, falls
from trabecula.fracture.falls import count_share, groups
from trabecula.lab.studies import falls_diary
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_record import FallDiary, FractureStudy
from trabecula.lab.studies.tolerance import published_value, tolerance
from trabecula.model import Model, ModelDraws

Array = NDArray[np.float64]

ODDS = {4.0: "ms_falls.nilsagard_2015.edss4_or", 6.0: "ms_falls.nilsagard_2015.edss6_or"}
REFERENCE = (0.0, 1.0, 2.0)
"""The EDSS that the odds ratios are read against; the abstract does not name it."""
Z95 = 1.96


@dataclass(frozen=True)
class Free:
    """A number that is fitted: on which scale, and what holds it there."""

    held_to: float
    sd: float
    share: bool = False

    def value(self, z: float) -> float:
        """So many of its standard deviations from where it is held."""
        if self.share:
            return float(1 / (1 + np.exp(-(np.log(self.held_to / (1 - self.held_to)) + self.sd * z))))
        return float(self.held_to * np.exp(self.sd * z))


YOUNG = "fall.rate.population"
"""Free is what stands at 20 and 40; at 65 the curve is halfway to what the trials of old people hold at 76."""
FREE: Mapping[str, Free] = {
    "fall.ms.rate": Free(6.0, 1.0),
    "fall.ms.halfway": Free(3.7, 0.3),
    "fall.ms.width": Free(0.8, 0.3),
    "fall.ms.sitting": Free(0.5, 0.5, share=True),
    "fall.often.ratio": Free(20.0, 0.7),
    "fall.dispersion": Free(1.0, 0.7),
    "fall.recall": Free(0.75, 0.4, share=True),
    "fall.recall.older": Free(0.4, 0.8, share=True),
    YOUNG: Free(0.7, 0.5),
    "fall.ms.per_year_of_age": Free(0.97, 0.0077),
    "fall.selection.volunteers": Free(1.5, 0.4),
}


def main() -> None:
    """Print the fit and what it reproduces."""
    evidence = Evidence.load()
    found, sd = fitted(evidence)
    for (name, value), each in zip(found.items(), sd, strict=True):
        print(f"{name} {value:.3f} (log or logit ± {each:.2f})   in use {evidence[name].value}")
    central = at(found, evidence)
    steps = (0, 1, 2, 3, 4, 5, 6, 6.5, 7, 8, 9)
    print("falls a year by EDSS, nobody chosen", {step: round(_rate(step, central), 2) for step in steps})
    all_ = list(distances(central))
    print(f"chi square {sum(z**2 for *_, role, z in all_ if role == 'fitted'):.1f}, with everything below")
    for study, what, printed, value, role, z in all_:
        print(f"  {study:28}{what:15}{printed:8.2f}{value:8.2f}  {role:10}{z:+.2f}")


def fitted(evidence: Evidence) -> tuple[dict[str, float], Array]:
    """The free numbers that fit best, and the standard errors of their logarithms or logits."""

    def errors(z: Array) -> Array:
        central = at(_values(z), evidence)
        found = [z for *_, role, z in distances(central) if role == "fitted"]
        return np.array([*found, *z])

    found = least_squares(errors, np.zeros(len(FREE)), diff_step=1e-2, xtol=1e-4, ftol=1e-4)
    sd = np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
    return _values(found.x), sd * [free.sd for free in FREE.values()]


def _values(z: Array) -> dict[str, float]:
    return {name: free.value(float(each)) for (name, free), each in zip(FREE.items(), z, strict=True)}


def at(values: Mapping[str, float], evidence: Evidence) -> ModelDraws:
    """The central values with these in their place."""
    curve = evidence[YOUNG].value
    assert isinstance(curve, tuple)
    young = values[YOUNG]
    falls_by_age = [young, young, float(np.sqrt(young * curve[3])), *curve[3:]]
    return Model(evidence.replacing({**values, YOUNG: falls_by_age})).draws(1).central()


def distances(central: ModelDraws) -> Iterator[tuple[str, str, float, float, str, float]]:
    """Study, measure, printed, fitted, role and distance z of every finding of every diary, and of the odds ratios."""
    evidence = central.evidence
    for study in fracture_studies().values():
        if isinstance(study.setting, FallDiary):
            measured = measures(study, study.setting, central)
            for target in study.targets:
                finding = evidence.finding(target.finding)
                printed = published_value(target, finding) or 0.0
                z = tolerance(target, finding, study, evidence).z(measured[target.what], printed)
                yield study.id, target.what, printed, measured[target.what], target.role, z
    against = float(np.mean([_fallers(step, central) for step in REFERENCE]))
    for step, name in ODDS.items():
        finding, share = evidence.finding(name), _fallers(step, central)
        low, value, high = (np.log(each or 1.0) for each in (finding.lower, finding.value, finding.upper))
        odds = np.log(share / (1 - share) * (1 - against) / against)
        z = float(odds - value) / float((high - low) / (2 * Z95))
        yield "odds ratio", f"EDSS {step:g}", float(np.exp(value)), float(np.exp(odds)), "fitted", z


def measures(study: FractureStudy, diary: FallDiary, central: ModelDraws) -> dict[str, float]:
    """Every measure of a diary, as its people are expected to keep it; shares in per cent."""
    kept = falls_diary.expected_falls(diary, central, seed=1)
    return {target.what: float(kept.measure(target.what)[0]) for target in study.targets}


def _rate(edss: float, central: ModelDraws) -> float:
    """Falls a year at an EDSS and the age of the studies, women and men as in them, whom nobody chose."""
    age_y = central["fall.ms.age_centre"]
    share = float(central["fall.ms.women.share"][0])
    of_sex = (
        weight * float(falls.ms_rate(Exposure(sex, "US", age_y, np.ones(1), edss=edss), central)[0, 0])
        for sex, weight in (("female", share), ("male", 1 - share))
    )
    return sum(of_sex)


def _fallers(edss: float, central: ModelDraws) -> float:
    """Share of volunteers who fall in three months at an EDSS."""
    rate, all_ = np.array([[_rate(edss, central)]]), groups(central)
    return 1 - float((count_share(all_, 0, falls.of_volunteers(rate, central) / 4) @ all_.share[0])[0])


if __name__ == "__main__":
    main()
