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
_CENTRAL, _CENTRAL_SQUARED, _NEAR_TAIL = 0.425, 0.180625, 5.0
# Wichura 1988, algorithm AS 241 (PPND16), the highest power first: numerator and denominator of each stretch.
_MIDDLE = (
    (
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
    ),
)  # fmt: skip
_TAIL = (
    (
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
        3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
    ),
)  # fmt: skip
_FAR_TAIL = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
    ),
)  # fmt: skip


def normal_quantile(share: ArrayLike) -> NDArray[np.float64]:
    """The standard normal quantile of each share in (0, 1), in the shape of `share`, to the last digit or the one
    before it (AS 241, doi:10.2307/2347330). Raises ValueError for a share that has none.
    """
    shares = np.asarray(share, dtype=np.float64)
    if not np.all((shares > 0.0) & (shares < 1.0)):
        raise ValueError("a share must lie between 0 and 1")
    off = np.atleast_1d(shares - 0.5)
    found = _ratio(_MIDDLE, _CENTRAL_SQUARED - off * off) * off
    outside = np.abs(off) > _CENTRAL
    if outside.any():
        left, beyond = off[outside], np.atleast_1d(shares)[outside]
        r = np.sqrt(-np.log(np.where(left < 0.0, beyond, 1.0 - beyond)))
        size = np.where(r <= _NEAR_TAIL, _ratio(_TAIL, r - 1.6), _ratio(_FAR_TAIL, r - _NEAR_TAIL))
        found[outside] = np.copysign(size, left)
    return found.reshape(shares.shape)


def _ratio(polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ratio of two polynomials, by Horner's rule."""
    above, below = (np.full_like(x, first) for first, *_ in polynomials)
    for over, under in zip(*(rest[1:] for rest in polynomials), strict=True):
        above, below = above * x + over, below * x + under
    return above / below


def normal_cdf(z: ArrayLike) -> NDArray[np.float64]:
    """The share of a standard normal population below each z."""
    return np.vectorize(_STANDARD.cdf, otypes=[np.float64])(z)
