"""Scans that the model cannot explain: each is compared with what the earlier ones and the history foretold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trabecula import chance
from trabecula.course import Bones
from trabecula.evidence import Draws
from trabecula.twin import level
from trabecula.twin.likelihood import conditional, log_density
from trabecula.twin.measurements import Scan
from trabecula.units import Array


@dataclass(frozen=True)
class ScanExpectation:
    """What was expected of a scan from the scans of earlier days."""

    scan: Scan
    """The scan itself, as measured."""
    earlier: int
    """Scans of the same site before it."""
    mean: float
    """Mean of the value to be measured [g/cm2]."""
    sd: float
    """Its standard deviation, the scanner's error included [g/cm2]."""
    below: float
    """Probability of a value as low as the one measured."""
    surprising: bool
    """Whether a value so far out, on either side, is rarer than `twin.surprise.tail`."""

    @property
    def tail(self) -> float:
        """Probability of a value at least as far out, on either side."""
        return 2.0 * min(self.below, 1.0 - self.below)


def forecasts(bones: Bones, scans: Sequence[Scan], draws: Draws) -> tuple[ScanExpectation, ...]:
    """Each scan against its forecast from the history and the scans of earlier days."""
    if not scans:
        return ()
    residual = np.array([scan.bmd_g_cm2 for scan in scans]) - level.predicted(bones, scans)
    covariance = level.scan_covariance(bones, scans, draws)
    return tuple(_against(j, scans, residual, covariance, draws) for j in range(len(scans)))


def _against(j: int, scans: Sequence[Scan], residual: Array, covariance: Array, draws: Draws) -> ScanExpectation:
    """One scan against its forecast: a mixture of normals, one a draw, weighed by the earlier scans."""
    scan = scans[j]
    earlier = np.array([i for i, before in enumerate(scans) if before.day < scan.day], dtype=np.intp)
    share = _shares(residual[:, earlier], covariance[:, earlier[:, None], earlier])
    mean, sd = conditional(residual, covariance, earlier, j)
    course = scan.bmd_g_cm2 - residual[:, j]
    middle = float(np.sum(share * (course + mean)))
    spread = float(np.sqrt(np.sum(share * (sd**2 + (course + mean - middle) ** 2))))
    below = float(np.sum(share * chance.normal_cdf((residual[:, j] - mean) / sd)))
    rare = draws.evidence.scalar("twin.surprise.tail")
    return ScanExpectation(
        scan=scan,
        earlier=sum(scans[i].site == scan.site for i in earlier),
        mean=middle,
        sd=spread,
        below=below,
        surprising=2.0 * min(below, 1.0 - below) < rare,
    )


def _shares(residual: Array, covariance: Array) -> Array:
    """Weights of the draws after the earlier scans [n]."""
    if not residual.shape[1]:
        return np.full(len(residual), 1.0 / len(residual))
    log = log_density(residual, covariance)
    share = np.exp(log - log.max())
    return share / share.sum()
