"""The only source of randomness: numbers keyed by (seed, purpose, step, who).

A stream that is consumed in order makes one person's luck depend on everybody before them. Here each number is
a pure function of its key, so any split of the work, any scenario and any order gives the same number.

The function is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
SC11, doi:10.1145/2063384.2063405), tested against the vectors its authors publish.
"""

import hashlib
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

# The constants of Philox4x32, section 4.1 of the paper.
_MULTIPLIER_0, _MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10
_LOW_32 = np.uint64(0xFFFFFFFF)
_HIGH = np.uint64(32)


def philox(counter: tuple[ArrayLike, ...], key: tuple[int, int]) -> tuple[NDArray[np.uint64], ...]:
    """Ten rounds of Philox4x32 on four 32-bit counter words (arrays that broadcast) under a two-word key."""
    c0, c1, c2, c3 = (np.asarray(word, dtype=np.uint64) for word in counter)
    k0, k1 = key
    for _ in range(_ROUNDS):
        product_0, product_1 = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _HIGH) ^ c1 ^ np.uint64(k0),
            product_1 & _LOW_32,
            (product_0 >> _HIGH) ^ c3 ^ np.uint64(k1),
            product_0 & _LOW_32,
        )
        k0, k1 = (k0 + _WEYL_0) & 0xFFFFFFFF, (k1 + _WEYL_1) & 0xFFFFFFFF
    return c0, c1, c2, c3


def uniform(seed: int, purpose: str, step: ArrayLike, who: ArrayLike) -> NDArray[np.float64]:
    """Uniform numbers in the open interval (0, 1), one per broadcast (step, who).

    `purpose` names what the number is for ("peak_bone", "parameter.skeleton.phi"), so that two uses never share
    a number; `step` counts draws in time, `who` counts people or posterior draws (both 0 <= x < 2**32).
    """
    digest = hashlib.blake2b(f"{seed}/{purpose}".encode(), digest_size=16).digest()
    k0, k1, c2, c3 = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4, 8, 12))
    high, low, _, _ = philox((step, who, c2, c3), (k0, k1))
    bits_52 = (high << np.uint64(20)) | (low >> np.uint64(12))
    return (bits_52.astype(np.float64) + 0.5) * 2.0**-52


def normal(seed: int, purpose: str, step: ArrayLike, who: ArrayLike) -> NDArray[np.float64]:
    """Standard normal numbers, one per broadcast (step, who), by inversion of `uniform`: one for one."""
    return normal_quantile(uniform(seed, purpose, step, who))


_STANDARD = NormalDist()


def normal_quantile(share: ArrayLike) -> NDArray[np.float64]:
    """The standard normal quantile of each share in (0, 1), in the shape of `share`."""
    return np.vectorize(_STANDARD.inv_cdf, otypes=[np.float64])(share)


def normal_cdf(z: ArrayLike) -> NDArray[np.float64]:
    """The share of a standard normal population below each z."""
    return np.vectorize(_STANDARD.cdf, otypes=[np.float64])(z)
