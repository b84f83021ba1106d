"""Linear algebra of normal distributions, one for each draw."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def log_density(residual: Array, covariance: Array) -> Array:
    """Log-density of residuals [n, k] under centred normal distributions [n or 1, k, k], up to a constant [n]."""
    covariance = np.broadcast_to(covariance, (len(residual), *covariance.shape[1:]))
    solved = np.linalg.solve(covariance, residual[..., None])[..., 0]
    return -(np.einsum("nk,nk->n", residual, solved) + np.linalg.slogdet(covariance)[1]) / 2


def given(residual: Array, covariance: Array, known: NDArray[np.intp], asked: int) -> tuple[Array, Array]:
    """Mean and standard deviation [n] of one residual given others, under normals of covariance [n, k, k]."""
    variance = covariance[:, asked, asked]
    if not len(known):
        return np.zeros(len(residual)), np.sqrt(variance)
    across = covariance[:, asked, known]
    gain = np.linalg.solve(covariance[:, known[:, None], known], across[..., None])[..., 0]
    mean = np.einsum("nk,nk->n", gain, residual[:, known])
    return mean, np.sqrt(variance - np.einsum("nk,nk->n", gain, across))
