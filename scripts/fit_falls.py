"""Fit how often people fall, and how they differ: `python scripts/fit_falls.py`.

One model for every diary and every recall of falls that was read and has the role `fitted`
(`src/trabecula/lab/studies/data/fractures/`), with and without MS: a rate that goes by disability, sex, course and age,
people who differ in two groups with a gamma in each, and a share of the falls that is remembered. Free are the rate at
nine steps of the EDSS, the ratio of the two groups, the shape within them, what is remembered, and the ratio per year
of age. Least squares on the distances z of the tolerance rule (decision 7), on the two printed odds ratios of EDSS 4
and 6, and on what is assumed between them (`_held`). No fracture is looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trabecula.evidence import Evidence
from trabecula.fracture import falls
from trabecula.fracture.falls import Groups, count_share
from trabecula.lab.studies import falls_diary
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.fracture_record import FallDiary, FractureStudy
from trabecula.lab.studies.tolerance import published_value, tolerance
from trabecula.model import Model
from trabecula.people import spread_over

Array = NDArray[np.float64]

STEPS = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.5, 7.0])
"""Where the rate is free; beyond 7 it halves with each step (assumed)."""
PEOPLE = 400
POPULATION = 1.15
"""Falls a year at 45 without MS, both sexes: where a person with MS and no signs is held."""
ODDS = {4.0: "ms_falls.nilsagard_2015.edss4_or", 6.0: "ms_falls.nilsagard_2015.edss6_or"}
REFERENCE = (0.0, 1.0, 2.0)
"""The EDSS that the odds ratios are read against; the abstract does not name it."""
Z95 = 1.96


@dataclass(frozen=True)
class FallModel:
    """Logarithm of the rate by EDSS, the two groups, what is remembered, and the logarithm of the ratio a year."""

    log_rate: Array
    ratio: float
    shape: float
    recall: float
    log_per_year: float

    @classmethod
    def of(cls, free: Array) -> "FallModel":
        """From the free numbers."""
        ratio, shape, recall = np.exp(free[9:12])
        return cls(free[:9], float(ratio), float(shape), float(recall), float(free[12]))


@dataclass(frozen=True)
class People:
    """A sample of the people of a study: their EDSS (none without MS), what else multiplies their rate, their age.

    The age is in years from the centre.
    """

    study: FractureStudy
    diary: FallDiary
    edss: Array | None
    other: Array
    years: Array


def main() -> None:
    """Print the fit and what it reproduces."""
    evidence = Evidence.load()
    samples, model, free_sd = fitted(evidence)
    rates = np.exp(model.log_rate)
    mean = sum(
        share * np.exp(np.interp(step, STEPS, model.log_rate)) for step, share in zip(*_sample(evidence), strict=True)
    )
    print("falls a year by EDSS", dict(zip(STEPS.tolist(), np.round(rates, 2).tolist(), strict=True)))
    print("fall.ms.by_edss", np.round(rates / rates[0], 2), "in use", evidence["fall.ms.by_edss"].value)
    print(f"fall.ms.rate {mean:.2f}   in use {evidence['fall.ms.rate'].value}")
    for name, value in (
        ("fall.often.ratio", model.ratio), ("fall.dispersion", model.shape), ("fall.recall", model.recall),
        ("fall.ms.per_year_of_age", np.exp(model.log_per_year)),
    ):  # fmt: skip
        print(f"{name} {value:.3f}   in use {evidence[name].value}")
    print("standard errors of the logarithms", np.round(free_sd, 2))
    found = distances(model, samples, evidence)
    print(f"chi square {sum(z**2 for *_, role, z in found if role == 'fitted'):.1f}, with everything below")
    for study, what, printed, value, role, z in found:
        print(f"  {study:28}{what:15}{printed:8.2f}{value:8.2f}  {role:10}{z:+.2f}")


def fitted(evidence: Evidence) -> tuple[list[People], FallModel, Array]:
    """The people, the model that fits them best, and the standard errors of its free numbers."""
    samples = [
        _people(study, evidence) for study in fracture_studies().values() if isinstance(study.setting, FallDiary)
    ]
    start = np.log([1.5, 2, 3, 5, 11, 8, 11, 9, 5, 13, 1, 0.7, 0.97])

    def errors(free: Array) -> Array:
        model = FallModel.of(free)
        found = [z for *_, role, z in distances(model, samples, evidence) if role == "fitted"]
        return np.array(found + _held(free))

    found = least_squares(errors, start, diff_step=1e-3)
    return samples, FallModel.of(found.x), np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))


def _held(free: Array) -> list[float]:
    """What is assumed: EDSS 0 near the population, a smooth rise, like peaks, 5 and 6.5 below them, the printed age."""
    rate, (ratio, shape, recall, year) = free[:9], free[9:]
    bend = [rate[i] - 2 * rate[i + 1] + rate[i + 2] for i in range(3)]
    return [
        float(rate[0] - np.log(POPULATION)) / 0.4,
        bend[0] / 0.35, bend[1] / 0.35, bend[2] / 0.6,
        float(rate[4] - rate[6] - np.log(5.3 / 5.1)) / 0.2,
        float(rate[5] - (rate[4] + rate[6]) / 2 - np.log(0.75)) / 0.1,
        float(rate[7] - rate[6] - np.log(0.8)) / 0.15,
        float(ratio - np.log(20)) / 0.7, float(shape) / 0.7, float(recall - np.log(0.75)) / 0.3,
        float(year - np.log(0.97)) / 0.0077,
    ]  # fmt: skip


def distances(
    model: FallModel, samples: list[People], evidence: Evidence
) -> list[tuple[str, str, float, float, str, float]]:
    """Study, measure, printed, fitted, role and distance z of every finding of every diary, and of the odds ratios."""
    all_ = _groups(model, evidence)
    found = []
    for people in samples:
        measured = measures(model, people, all_)
        for target in people.study.targets:
            finding = evidence.finding(target.finding)
            printed = published_value(target, finding) or 0.0
            allowed = tolerance(target, finding, people.study, evidence)
            z = allowed.z(measured[target.what], printed)
            found.append((people.study.id, target.what, printed, measured[target.what], target.role, z))
    against = float(np.mean([_fallers(model, step, all_) for step in REFERENCE]))
    for step, name in ODDS.items():
        finding, share = evidence.finding(name), _fallers(model, step, all_)
        low, value, high = (np.log(each or 1.0) for each in (finding.lower, finding.value, finding.upper))
        odds = np.log(share / (1 - share) * (1 - against) / against)
        z = float(odds - value) / float((high - low) / (2 * Z95))
        found.append(("odds ratio", f"EDSS {step:g}", np.exp(value), np.exp(odds), "fitted", z))
    return found


def measures(model: FallModel, people: People, all_: Groups) -> dict[str, float]:
    """Every measure of a diary, as its people are expected to keep it; shares in per cent."""
    diary = people.diary
    rate = people.other * np.exp(model.log_per_year * people.years)
    if people.edss is not None:
        rate = rate * np.exp(np.interp(people.edss, STEPS, model.log_rate)) * 0.5 ** np.maximum(people.edss - 7, 0)
    expected = rate * (model.recall if diary.recalled else 1.0) * diary.months / 12
    none, one, two = (float((count_share(all_, n, expected[:, None]) @ all_.share[0]).mean()) for n in range(3))
    return {
        "fallers": 100 * (1 - none), "fallers_twice": 100 * (1 - none - one),
        "fallers_thrice": 100 * (1 - none - one - two), "fallers_count": (1 - none) * (people.study.n or 1),
        "mean": float(expected.mean()), "per_year": float(expected.mean()) * 12 / diary.months,
    }  # fmt: skip


def _people(study: FractureStudy, evidence: Evidence) -> People:
    """A sample of the people of a diary; what multiplies their rate is what the package multiplies by."""
    diary, central = study.setting, Model(evidence).draws(1).central()
    assert isinstance(diary, FallDiary)
    kept = falls_diary.rates(diary.model_copy(update={"recalled": False}), central, PEOPLE, seed=1)[0]
    age_y = spread_over(diary.age_y, falls_diary.luck_of(1, "age", PEOPLE))
    if not diary.ms:
        return People(study, diary, None, kept, np.zeros(PEOPLE))
    edss = falls_diary.edss_of(diary, central, falls_diary.luck_of(1, "edss", PEOPLE))
    edss = np.maximum(edss, STEPS[-1]) if diary.wheelchair else edss
    used = central.curve("fall.ms.by_edss", edss[None])[0] / falls.mean_by_edss(central)[0, 0]
    span = float(central.column("fall.ms.age_range")[0, 0])
    years = np.clip(age_y - float(central.column("fall.ms.age_centre")[0, 0]), -span, span)
    by_age = float(central.column("fall.ms.per_year_of_age")[0, 0]) ** years
    return People(study, diary, edss, kept / used / by_age / float(central.column("fall.ms.rate")[0, 0]), years)


def _sample(evidence: Evidence) -> tuple[Array, Array]:
    """Steps and shares of the sample behind fall.ms.rate."""
    sample = evidence["fall.ms.sample"]
    return np.asarray(sample.at, dtype=np.float64), np.asarray(sample.value, dtype=np.float64)


def _groups(model: FallModel, evidence: Evidence) -> Groups:
    """Two groups of fallers."""
    often = evidence.scalar("fall.often.share")
    seldom = 1 / (1 + often * (model.ratio - 1))
    means = np.array([[model.ratio * seldom, seldom]])
    return Groups(np.array([[often, 1 - often]]), means, np.array([[model.shape]]))


def _fallers(model: FallModel, edss: float, all_: Groups) -> float:
    """Share who fall in three months at an EDSS."""
    expected = np.array([[np.exp(np.interp(edss, STEPS, model.log_rate)) / 4]])
    return 1 - float((count_share(all_, 0, expected) @ all_.share[0])[0])


if __name__ == "__main__":
    main()
