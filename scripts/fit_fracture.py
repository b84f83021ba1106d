"""Fit the fracture rates of Sweden and the UK, the overlap of sites, and the joint normalisation.

`python scripts/fit_fracture.py sweden|overlap|uk|rest|joint` prints what the parameters should be, with the distance
that is left. Run them in this order: each uses what the one before it found.
"""

import sys
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from trabecula.evidence import Draws, Evidence
from trabecula.fracture import LIFETIME, SITES, Exposure, baseline, fracture_risk, hazards, mortality, time_grid
from trabecula.fracture.dependence import population
from trabecula.lab.studies.fracture_population import ProbabilityCell, general, uk_cells, uk_predictions
from trabecula.lab.studies.fracture_record import GeneralPopulation
from trabecula.model import Model

Array = NDArray[np.float64]
SEXES = {"women": "female", "men": "male"}
MALMO = "population_fracture.kanis_2000"
MALMO_RATIO = "population_fracture.ettinger_2010.malmo"
FOUR = ("hip", "spine", "forearm", "humerus")
REST = ("pelvis", "femoral_shaft", "tibia_ankle", "other")
TIBIA_AND_ANKLE_OVER_ANKLE = 1.25
HELD_OUT_SCORE = -2.0
HELD_OUT_FACTORS = ("ra", "alcohol")


def main() -> None:
    """Print the fit that was asked for."""
    steps: Mapping[str, Callable[[Evidence], None]] = {
        "sweden": sweden,
        "overlap": fit_overlap,
        "uk": fit_uk,
        "rest": fit_rest,
        "joint": fit_joint,
    }
    steps[sys.argv[1]](Evidence.load())


# Sweden


def sweden(evidence: Evidence) -> None:
    """Levels that meet the lifetime risks of Malmo, and sums over Swedish and Danish adults."""
    draws = Model(evidence).draws(1).central()
    for group in SEXES:
        hip = scale_for_lifetime(draws, "SE", "hip", group, 45, _printed(evidence, f"{MALMO}.lifetime_hip_{group}"))
        table = np.array(evidence[f"fracture.baseline.se.hip.{group}"].value) * hip
        show(f"fracture.baseline.se.hip.{group}", table)
        for site in ("forearm", "spine", "humerus"):
            target = _printed(evidence, f"{MALMO}.lifetime_{site}_{group}")
            level = evidence.scalar(f"fracture.level.se.{site}.{group}")
            show(f"fracture.level.se.{site}.{group}", level * scale_for_lifetime(draws, "SE", site, group, 45, target))
    per_adult = {
        "pelvis": _value(evidence, "population_fracture.lundin_2021.pelvis_2016"),
        "femoral_shaft": _value(evidence, "population_fracture.lundin_2021.femur_shaft"),
        "tibia_ankle": TIBIA_AND_ANKLE_OVER_ANKLE * _value(evidence, "population_fracture.juto_2018.ankle_all"),
    }
    for site, per_1000 in per_adult.items():
        for group in SEXES:
            show(f"fracture.level.se.{site}.{group}", per_1000 / 1000 / _mean_shape(draws, "SE", site, list(SEXES)))
    for group in SEXES:
        known = sum(_mean_rate(draws, "SE", site, group, 20) for site in SITES if site != "other")
        rest = _value(evidence, f"population_fracture.driessen_2016.any_{group}") / 1000 - known
        show(f"fracture.level.se.other.{group}", rest / _mean_shape(draws, "SE", "other", [group], 20))
        print("   all other sites", known * 1000, "per 1000")


def scale_for_lifetime(draws: Draws, country: str, site: str, group: str, age_y: int, target: float) -> float:
    """By how much to multiply a site's rates so that the lifetime risk from an age on is the target: run it twice."""
    age, dt_y = time_grid(age_y, 110, 60)
    risks = fracture_risk(Exposure(SEXES[group], country, age, dt_y), {}, draws, (LIFETIME,))
    return float(np.log1p(-target) / np.log1p(-risks.average_at(site, LIFETIME)[0]))


def _alive(draws: Draws, country: str, group: str, from_y: int) -> tuple[Array, Array]:
    """(age, share alive) of a stationary population of adults."""
    age_y = np.arange(109, dtype=np.float64) + 1 / 2
    rate = mortality.background(SEXES[group], country, age_y, draws)[0]
    return age_y[from_y:], np.asarray(np.exp(-np.cumsum(rate))[from_y:])


def _mean_shape(draws: Draws, country: str, site: str, groups: Sequence[str], from_y: int = 18) -> float:
    """Mean of the shape over a stationary population of adults."""
    pairs = [(_alive(draws, country, group, from_y), group) for group in groups]
    total = sum((alive * baseline.shape(site, group, age, draws)[0]).sum() for (age, alive), group in pairs)
    return float(total / sum(alive.sum() for (_, alive), _ in pairs))


def _mean_rate(draws: Draws, country: str, site: str, group: str, from_y: int) -> float:
    """Mean of the rate over a stationary population of adults."""
    age, alive = _alive(draws, country, group, from_y)
    rate = baseline.incidence(site, SEXES[group], country, age, draws)[0]
    return float((alive * rate).sum() / alive.sum())


# Overlap


def fit_overlap(evidence: Evidence) -> None:
    """The share that comes together, from ten-year risks of any of four and of each."""
    draws = Model(evidence).draws(1).central()
    ages = list(range(50, 91, 5))
    printed = np.array([_value(evidence, f"{MALMO_RATIO}_ratio4_women_{age}") for age in ages])

    def off(x: Array) -> Array:
        made = np.array([_any_over_sum(draws, age, float(x[0])) for age in ages])
        return (made - printed) / RATIO_SE

    found = least_squares(off, [0.3])
    share = float(found.x[0])
    show("fracture.overlap", share)
    for age, want in zip(ages, printed, strict=True):
        sum4 = _value(evidence, f"{MALMO_RATIO}_sum4_women_{age}")
        got, sum_ = _any_over_sum(draws, age, share), _malmo(draws, age, age + 10, share)["sum"]
        print(f"   {age}: any over sum {got:.3f} (printed {want:.2f}), sum {sum_:.1f} ({sum4})")
    print(f"   chi square at {RATIO_SE}: {2 * found.cost:.1f}")
    for group in SEXES:
        got = _malmo(draws, 45, 110, share, group)["major_osteoporotic"]
        want = _value(evidence, f"{MALMO}.lifetime_any_{group}")
        print(f"   not used: lifetime risk of any of four from 45, {group}: {got:.1f} % (printed {want})")


RATIO_SE = 0.02


def _any_over_sum(draws: Draws, age: int, share: float) -> float:
    """Any of four over the sum of four in ten years."""
    risks = _malmo(draws, age, age + 10, share)
    return risks["major_osteoporotic"] / risks["sum"]


def _malmo(draws: Draws, age: int, until: int, share: float, group: str = "women") -> Mapping[str, float]:
    """Risks of Swedish women or men until an age [%]: each of the four, their sum, and any of them."""
    age_y, dt_y = time_grid(age, until, 10)
    tried = Model(draws.evidence.replacing({"fracture.overlap": share})).draws(1).central()
    risks = fracture_risk(Exposure(SEXES[group], "SE", age_y, dt_y), {}, tried, (until - age,))
    each = {name: 100 * float(risks.at(name, until - age)[0]) for name in (*FOUR, "major_osteoporotic")}
    return {**each, "sum": sum(each[site] for site in FOUR)}


# United Kingdom


def fit_uk(evidence: Evidence) -> None:
    """Rates, factors and gradients at once, on the logarithm of the printed probabilities."""
    cells = uk_cells(evidence)
    fitted = [cell for cell in cells if not held_out(cell)]
    names = _free(evidence)
    start = np.concatenate([_packed(name, np.atleast_1d(evidence[name].value)) for name in names])

    hold = np.concatenate([np.full(np.size(evidence[name].value), _hold(name)) for name in names])

    def residuals(x: Array) -> Array:
        draws = Model(evidence.replacing(_unpacked(evidence, names, x))).draws(1).central()
        made = uk_predictions(fitted, draws)
        off = [np.log(made[cell.finding][0] / cell.printed) / _noise(cell) for cell in fitted]
        return np.concatenate([off, (x - start) * hold, _bends(evidence, names, x - start) * SMOOTH])

    found = least_squares(residuals, start, max_nfev=int(sys.argv[2]) if len(sys.argv) > 2 else 8)
    values = _unpacked(evidence, names, found.x)
    for name, value in values.items():
        show(name, np.asarray(value))
    draws = Model(evidence.replacing(values)).draws(1).central()
    report(cells, uk_predictions(cells, draws))
    print(f"   {len(fitted)} numbers, {len(start)} free, chi square {2 * found.cost:.1f}")


def _hold(name: str) -> float:
    """How firmly a number is held to where it started: one over the standard error of its logarithm."""
    if name in LIMBS:
        return LIMB_RIDGE
    return GRADIENT_RIDGE if name.startswith(("fracture.gradient.hip", "fracture.prior")) else RIDGE


LIMBS = ("fracture.gradient.forearm", "fracture.gradient.humerus")
LIMB_RIDGE = 10.0  # the tables alone would take all density from the limbs, which no cohort says


RIDGE = 0.3  # almost free
GRADIENT_RIDGE = 5.0  # meta-analyses know gradients and what a fracture foretells within a log of 0.2
SMOOTH = 3.0  # holds a curve to the bends it started with, in units of a log of 0.33


def _bends(evidence: Evidence, names: Sequence[str], x: Array) -> Array:
    """Second differences of every curve with more than two knots."""
    at, bends = 0, []
    for name in names:
        size = np.size(evidence[name].value)
        bends.append(np.diff(x[at : at + size], n=2))
        at += size
    return np.concatenate(bends)


def _noise(cell: ProbabilityCell) -> float:
    """Standard error of the logarithm: five per cent, and half of the last printed digit."""
    step = 0.01 if cell.printed >= 0.1 and cell.t_score is None else 0.001
    return float(np.hypot(0.05, step / np.sqrt(12) / cell.printed))


def held_out(cell: ProbabilityCell) -> bool:
    """Cells that the fit never sees: T-score -2, and arthritis and alcohol in men."""
    return cell.t_score == HELD_OUT_SCORE or (cell.sex == "men" and cell.factor in HELD_OUT_FACTORS)


def _free(evidence: Evidence) -> Sequence[str]:
    """The parameters that this fit may move: those that say so."""
    return [n for n in evidence if evidence[n].fit == "uk_fracture_tables" and not n.startswith("fracture.level")]


def _above_one(name: str) -> bool:
    """Ratios that stay above 1: risk factors, and density at the limbs."""
    return name.startswith("fracture.factor") or name in ("fracture.gradient.forearm", "fracture.gradient.humerus")


def _packed(name: str, value: Array) -> Array:
    """The logarithm of a number, or of what a ratio exceeds 1 by."""
    return np.log(np.maximum(value - 1, LEAST_EXCESS)) if _above_one(name) else np.log(value)


LEAST_EXCESS = 0.02


def _unpacked(evidence: Evidence, names: Sequence[str], x: Array) -> dict[str, float | list[float]]:
    """Values by id from one vector."""
    values: dict[str, float | list[float]] = {}
    at = 0
    for name in names:
        size = np.size(evidence[name].value)
        part = np.exp(x[at : at + size]) + _above_one(name)
        values[name] = part.tolist() if np.ndim(evidence[name].value) else float(part[0])
        at += size
    return values


def report(cells: Sequence[ProbabilityCell], made: Mapping[str, Array]) -> None:
    """Root-mean-square relative error over cells above 1 %, fitted and held out, and the worst cells."""
    big = [cell for cell in cells if cell.printed > 0.01]
    off = {cell.finding: float(made[cell.finding][0] / cell.printed - 1) for cell in big}
    kinds: dict[str, list[ProbabilityCell]] = {
        "all": big,
        "fitted": [c for c in big if not held_out(c)],
        "held out": [c for c in big if held_out(c)],
        "without density": [c for c in big if c.t_score is None],
        "with a T-score": [c for c in big if c.t_score is not None],
        "women": [c for c in big if c.sex == "women"],
        "men": [c for c in big if c.sex == "men"],
    }
    for factor in sorted({c.factor for c in big if c.factor}):
        kinds[f"factor {factor}"] = [c for c in big if c.factor == factor and c.t_score is None]
    for kind, some in kinds.items():
        rms = 100 * float(np.sqrt(np.mean([off[c.finding] ** 2 for c in some])))
        print(f"   {kind:24} {len(some):4} cells above 1 %: root-mean-square relative error {rms:.1f} %")
    for cell in sorted(big, key=lambda c: -abs(off[c.finding]))[:12]:
        percent = 100 * cell.printed
        print(f"   {cell.finding.split('.')[-1]:34} printed {percent:5.1f}  off by {100 * off[cell.finding]:+.0f} %")


# The sites of the United Kingdom that no table speaks of


def fit_rest(evidence: Evidence) -> None:
    """The four other sites: their level over the US one for each sex, and how much more often young men break them.

    Four printed numbers, each with a log standard error of a fifth: any fracture but of the spine from 50 on (general
    practice finds a quarter of the spine's), men over women at 18 to 49 and women over men from 60 on in Edinburgh.
    """
    best = least_squares(lambda x: _rest_errors(evidence, x), np.zeros(3), diff_step=1e-2)
    for name, value in _rest(evidence, best.x).items():
        show(name, np.asarray(value))
    print(
        "   of the US",
        np.round(np.exp(best.x[:2]), 2),
        "misses in standard errors",
        np.round(_misses(evidence, best.x), 1),
    )


REST_SE = 0.2
YOUNG = (1.0, 0.6, 0.0)  # of its logarithm at 20, 35 and 50: work and sports thin out
YOUNG_HELD, YOUNG_SD = np.log(2.0), 0.4  # Olmsted County, men over women at 18 to 49: 1.66 where the shapes have 1.3
LEVEL_SD = 0.6


def _rest(evidence: Evidence, x: Array) -> dict[str, float | list[float]]:
    """The parameters: logarithms of the levels over the US, women first, and of the young men's ratio around 2."""
    young = np.exp((YOUNG_HELD + x[2]) * np.array(YOUNG))
    levels = {
        f"fracture.level.uk.{site}.{group}": float(np.exp(each)) * evidence.scalar(f"fracture.level.us.{site}.{group}")
        for group, each in zip(SEXES, x, strict=False)
        for site in REST
    }
    return {**levels, "fracture.young.men": [float(each) for each in young]}


def _rest_errors(evidence: Evidence, x: Array) -> Array:
    return np.array([*_misses(evidence, x), *(x[:2] / LEVEL_SD), x[2] / YOUNG_SD])


def _misses(evidence: Evidence, x: Array) -> Array:
    """How far each of the four is off, in standard errors."""
    draws = Model(evidence.replacing(_rest(evidence, x))).draws(1).central()

    def of(what: str) -> float:
        return float(general(GeneralPopulation(kind="general", country="UK"), what, draws)[0])

    counted = "population_fracture.curtis_2016.any"
    spine = {"women": "vertebral_women_late", "men": "vertebral_men"}
    pairs = [
        (
            of(f"crude any {g} 50") - of(f"crude spine {g} 50"),
            _counted(evidence, f"{counted}_{g}") - _counted(evidence, f"{SECULAR}.{spine[g]}"),
        )
        for g in SEXES
    ]
    for what, name in (("men 18_49", "men_over_women_15_49"), ("women 60", "women_over_men_60")):
        pairs.append((of(f"sex_ratio any {what}"), _value(evidence, f"population_fracture.singer_1998.{name}")))
    return np.array([np.log(model / printed) / REST_SE for model, printed in pairs])


SECULAR = "population_fracture.van_der_velde_2016"


def _counted(evidence: Evidence, name: str) -> float:
    """A printed rate per 1000 person-years."""
    return _value(evidence, name)


# The parts together


def fit_joint(evidence: Evidence) -> None:
    """The mean of the product of all parts in a sampled population, beside what the parameters already take back."""
    for sex_group, sex in SEXES.items():
        for kind, site in {"hip": "hip", "spine": "spine", "other": "forearm"}.items():
            name = f"fracture.joint.{kind}.{sex_group}"
            knots = evidence[name].at or ()
            used = np.asarray(evidence[name].value)
            means = np.array([_mean_product(evidence, site, sex, age_y) for age_y in knots])
            show(name, used * means**CONVERGE)
            print("   mean of the product now", np.round(means, 3))


SAMPLE = 40_000
CONVERGE = 1.3  # not everybody has all five parts, so that a little more must be taken back


def _mean_product(evidence: Evidence, site: str, sex: str, age_y: float) -> float:
    """Mean over a sampled population of the hazard over the baseline."""
    draws = Model(evidence).draws(1).central()
    age, dt_y = time_grid(age_y, age_y + 1, 0)
    total = 0.0
    for group in population(Exposure(sex, "US", age, dt_y), SAMPLE, 1, draws):
        rates = hazards(group.exposure, group.z, draws)
        total += float((rates.per_year[site] / rates.parts[site]["baseline"]).sum())
    return total / SAMPLE


def _printed(evidence: Evidence, name: str) -> float:
    """A printed percentage as a share."""
    return _value(evidence, name) / 100


def _value(evidence: Evidence, name: str) -> float:
    """The value of a finding."""
    found = evidence.finding(name).value
    if found is None:
        raise ValueError(f"finding {name} has no value")
    return found


def show(name: str, value: float | Array) -> None:
    """One parameter as it should be."""
    print(name, [float(f"{v:.4g}") for v in np.atleast_1d(value)])


if __name__ == "__main__":
    main()
