"""The keyed random numbers: the published vectors, and what keys are for."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula import chance

ZEROS = (0x00000000,) * 4
ONES = (0xFFFFFFFF,) * 4
PI = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)

# The known-answer vectors of philox4x32-10 that Salmon et al. publish with Random123 (kat_vectors).
KNOWN_ANSWERS = [
    (ZEROS, (0x00000000, 0x00000000), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (ONES, (0xFFFFFFFF, 0xFFFFFFFF), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (PI, (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]

seeds = st.integers(0, 2**63)
people = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_answers_its_authors_publish(counter, key, answer):
    """The generator is Philox4x32-10 and nothing that merely resembles it."""
    assert answer == tuple(int(word) for word in chance.philox(counter, key))


@given(seed=seeds, cut=st.integers(0, 50))
def test_splitting_the_work_never_changes_a_number(seed, cut):
    """Fifty people done in two parts have the luck they have when done together."""
    together = chance.uniform(seed, "peak_bone", 3, np.arange(50))
    parts = [chance.uniform(seed, "peak_bone", 3, some) for some in (np.arange(cut), np.arange(cut, 50))]
    np.testing.assert_array_equal(together, np.concatenate(parts))


@given(seed=seeds, who=people, step=people)
def test_every_number_is_strictly_between_zero_and_one(seed, who, step):
    """A logarithm or an inverse normal of it is always finite."""
    number = chance.uniform(seed, "falls", step, who)
    assert 0.0 < number < 1.0
    assert np.isfinite(chance.normal(seed, "falls", step, who))


def test_numbers_spread_evenly_over_the_unit_interval():
    """A hundred bins of a hundred thousand numbers fill evenly (chi-square, 99 degrees of freedom)."""
    counts, _ = np.histogram(chance.uniform(1, "evenness", 0, np.arange(100_000)), bins=100, range=(0, 1))
    chi_square = ((counts - 1000) ** 2 / 1000).sum()
    assert 60 < chi_square < 150


def test_normal_numbers_have_mean_zero_and_standard_deviation_one():
    """A hundred thousand normal numbers have the moments of the standard normal."""
    numbers = chance.normal(1, "moments", 0, np.arange(100_000))
    np.testing.assert_allclose([numbers.mean(), numbers.std()], [0, 1], atol=0.01)
    np.testing.assert_allclose((numbers**3).mean(), 0, atol=0.05)


@pytest.mark.parametrize(
    "other", [(2, "peak_bone", 0), (1, "falls", 0), (1, "peak_bone", 1)], ids=["seed", "purpose", "step"]
)
def test_another_seed_purpose_or_step_is_other_luck(other):
    """Two uses never share numbers: they are uncorrelated."""
    who = np.arange(10_000)
    ours, theirs = chance.normal(1, "peak_bone", 0, who), chance.normal(*other, who)
    assert abs(np.corrcoef(ours, theirs)[0, 1]) < 0.04


def test_step_and_who_broadcast_against_each_other():
    """A table of people by steps holds the numbers each pair has by itself."""
    table = chance.uniform(1, "falls", np.arange(4)[:, None], np.arange(6))
    assert table.shape == (4, 6)
    assert chance.uniform(1, "falls", 2, 5) == table[2, 5]


@given(share=st.floats(2.0**-53, 1.0 - 2.0**-53))
def test_a_quantile_is_that_of_the_standard_library_to_the_last_digits(share):
    """Many shares at once have the quantiles that the standard library gives one by one, the far tails too."""
    np.testing.assert_allclose(chance.normal_quantile(share), NormalDist().inv_cdf(share), rtol=1e-15)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_has_no_quantile_is_refused(share):
    """Nobody is infinitely far from the mean."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        chance.normal_quantile([0.5, share])
