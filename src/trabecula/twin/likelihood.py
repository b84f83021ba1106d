"""Which draws the measurements leave: each is weighed by how well it explains them.

A draw is a possible person: parameters, turnover, sensitivity to steroids, menopausal loss, age at menopause. Its
weight is the likelihood of the scans (the personal factor integrated out exactly) and of the markers. Weights become
equally weighted draws, so that everything after is a plain batch, and a plan and its baseline have the same draws. Each
draw brings a number of its own to that, so that weights that move a little leave nearly the same draws.

Earlier fractures and falls do not weigh draws. A count of falls updates the person's own fall rate in closed form
(`fracture.falls`), and an earlier fracture acts through its published ratio, which already holds what it says about
bone; to use it here as well would count it twice.

A marker says little in one sample: people differ by half in their usual level, laboratories differ, and CTX falls by
more than a third after breakfast. Two samples of one person share the usual level, so that a *change* (a drug taken
or not taken) says more. The usual levels of the three markers go together, and so does the personal turnover of the
model, which a marker shows as it is.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trabecula import chance
from trabecula.course import Bones
from trabecula.evidence import Draws, Evidence
from trabecula.model import ModelDraws
from trabecula.skeleton import unknown_person
from trabecula.twin.level import predicted, scan_covariance
from trabecula.twin.measurements import MarkerSample, Measurements, Scan
from trabecula.units import Array

_HALVINGS = 30
"""Accuracy of a bisection."""
_ROUNDING = 1e-9
"""What a sum of weights errs by."""
_COPIES = 1 << 20
"""How far the keys of a draw's copies lie apart: more than there are draws."""


def log_density(residual: Array, covariance: Array) -> Array:
    """Log-density of residuals [n, k] under centred normal distributions [n or 1, k, k], up to a constant [n]."""
    covariance = np.broadcast_to(covariance, (len(residual), *covariance.shape[1:]))
    solved = np.linalg.solve(covariance, residual[..., None])[..., 0]
    return -(np.einsum("nk,nk->n", residual, solved) + np.linalg.slogdet(covariance)[1]) / 2


def conditional(residual: Array, covariance: Array, known: NDArray[np.intp], asked: int) -> tuple[Array, Array]:
    """Mean and standard deviation [n] of one residual given others, under normals of covariance [n, k, k]."""
    variance = covariance[:, asked, asked]
    if not len(known):
        return np.zeros(len(residual)), np.sqrt(variance)
    across = covariance[:, asked, known]
    gain = np.linalg.solve(covariance[:, known[:, None], known], across[..., None])[..., 0]
    mean = np.einsum("nk,nk->n", gain, residual[:, known])
    return mean, np.sqrt(variance - np.einsum("nk,nk->n", gain, across))


def scan_log_likelihood(bones: Bones, scans: Sequence[Scan], draws: Draws) -> Array:
    """Log-likelihood of the scans in each draw, the personal factor integrated out [n]."""
    measured = np.array([scan.bmd_g_cm2 for scan in scans])
    return log_density(measured - predicted(bones, scans), scan_covariance(bones, scans, draws))


def marker_log_likelihood(
    course: Mapping[str, Array], place: Sequence[int], samples: Sequence[MarkerSample], draws: Draws
) -> Array:
    """Log-likelihood of the samples in each draw [n], the person's usual levels integrated out.

    course: markers through time [n, T]; place: where in it each sample lies.
    """
    turnover = draws["skeleton.trait.turnover"] * unknown_person(draws)["turnover"]
    expected = np.stack(
        [np.log(course[sample.test][:, t]) + turnover for sample, t in zip(samples, place, strict=True)], axis=-1
    )
    found = np.log([sample.ratio for sample in samples])
    return log_density(found - expected, _marker_covariance(samples, draws.evidence)[None])


def _marker_covariance(samples: Sequence[MarkerSample], evidence: Evidence) -> Array:
    """How samples differ from the model's course, on the log scale [k, k]."""
    test = np.array([sample.test for sample in samples])
    between, within = (
        np.array([evidence.scalar(f"twin.marker.{what}.{sample.test.lower()}") for sample in samples])
        for what in ("between", "within")
    )
    together = np.where(test[:, None] == test, 1.0, evidence.scalar("twin.marker.correlation"))
    return together * np.outer(between, between) + np.diag(within**2)


@dataclass(frozen=True)
class Weights:
    """Weights of draws after the measurements."""

    share: Array
    """One a draw, adding to 1 [n]."""
    trust: float = 1.0
    """The power that the likelihood was raised to, below 1 if it left too few draws."""

    @property
    def effective(self) -> float:
        """Effective sample size (Kish 1965): as many equally weighted draws would say as much."""
        return float(1.0 / np.sum(self.share**2))


def weights(bones: Bones, measured: Measurements, draws: Draws) -> Weights:
    """How well each draw explains what was measured.

    If fewer draws are left than `twin.least_effective` of them, the likelihood is flattened until as many are left,
    and `trust` says by how much.
    """
    log = log_likelihood(bones, measured, draws)
    full = Weights(_normalised(log))
    floor = draws.evidence.scalar("twin.least_effective") * draws.n
    if full.effective >= floor:
        return full
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if Weights(_normalised(middle * log)).effective > floor else (low, middle)
    return Weights(_normalised(low * log), low)


def log_likelihood(bones: Bones, measured: Measurements, draws: Draws) -> Array:
    """Log-likelihood of all that was measured in each draw [n]."""
    log = np.zeros(draws.n)
    if measured.scans:
        log += scan_log_likelihood(bones, measured.scans, draws)
    if measured.markers:
        place = [bones.place(sample.day) for sample in measured.markers]
        log += marker_log_likelihood(bones.markers, place, measured.markers, draws)
    return log


def _normalised(log: Array) -> Array:
    share = np.exp(log - log.max())
    return share / share.sum()


def resample(share: Array, seed: int) -> NDArray[np.int64]:
    """Equally weighted draws [n]: each appears as often as its weight says, rounded up or down; in order.

    Which are rounded up is Pareto sampling (Rosén 1997) with a lasting number for
    each draw: of a fixed size, as likely as what was rounded off to close approximation, and steady where weights
    move a little.
    """
    n = len(share)
    expected = n * share
    counts = np.floor(expected + _ROUNDING).astype(np.int64)
    rest = np.clip(expected - counts, 0.0, 1.0)
    luck = chance.uniform(seed, "twin.resample", 0, np.arange(n))
    with np.errstate(divide="ignore"):
        rank = luck / (1.0 - luck) * (1.0 - rest) / rest
    counts[np.argsort(rank, kind="stable")[: n - counts.sum()]] += 1
    return np.repeat(np.arange(n), counts)


class ResampledDraws(ModelDraws):
    """Some draws of a sample, which may repeat.

    Each parameter is taken by `who`. For what is read by name, as fracture and falls do; a skeleton is marched with
    the sample itself and its rows are taken (`rows`), because it also keys luck by the number of a draw.
    """

    __slots__ = ("who", "whole")

    def __init__(self, whole: ModelDraws, who: NDArray[np.int64]) -> None:
        super().__init__(whole.model, len(who), whole.seed, central=whole.is_central)
        self.whole = whole
        self.who = who

    @property
    def keys(self) -> NDArray[np.int64]:
        """A key of chance for each: that of the draw itself, and others for its copies."""
        return self.once("keys", lambda: self.who + _COPIES * _copy(self.who))

    def normal(self, purpose: str) -> Array:
        """What is not known of a person is the same in all copies of a draw [n]."""
        return self.whole.normal(purpose)[self.who]

    def _of(self, name: str) -> Array:
        return self.whole[name][self.who]

    def by_row(self, key: Hashable, make: Callable[[Draws], Array]) -> Array:
        """The rows of those draws."""
        return self.once(key, lambda: self.whole.by_row(key, make)[self.who])


def _copy(who: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the same stand before each [n], of draws in order."""
    return np.arange(len(who)) - np.searchsorted(who, who)


def rows(bones: Bones, who: NDArray[np.int64]) -> Bones:
    """Bones of some draws."""
    return replace(
        bones,
        typical=_taken(bones.typical, who),
        average=_taken(bones.average, who),
        markers=_taken(bones.markers, who),
    )


def _taken(courses: Mapping[str, Array], who: NDArray[np.int64]) -> Mapping[str, Array]:
    return {name: values[who] for name, values in courses.items()}
