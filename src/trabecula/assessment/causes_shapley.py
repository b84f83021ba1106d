"""Shapley shares: what each player adds, averaged over all orders in which players could join. They add up exactly.

Shapley 1953, "A value for n-person games": the share of i is the sum over all S without i of
|S|! (n - |S| - 1)! / n! * (v(S + i) - v(S)).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import factorial

import numpy as np

from trabecula.units import Array

Coalition = frozenset[str]
_SETS_REMEMBERED = 16
"""Sets of players whose weights are remembered: at most 16 kB each."""


def coalitions(players: Sequence[str], largest: int | None = None) -> Iterator[Coalition]:
    """All sets of players, the smallest first; up to a size."""
    most = len(players) if largest is None else min(largest, len(players))
    for size in range(most + 1):
        yield from (frozenset(players_in) for players_in in combinations(players, size))


def shapley(players: Sequence[str], value: Callable[[Coalition], Array]) -> dict[str, Array]:
    """The share of each player in value(all) - value(none), draw by draw: value is asked for 2^n coalitions.

    A share is a weighted sum of the values of all coalitions, so that all shares are one product of matrices.
    """
    met = tuple(coalitions(players))
    values = np.array(np.broadcast_arrays(*map(value, met)))
    shares = (_weights(tuple(players)) @ values.reshape(len(met), -1)).reshape(len(players), *values.shape[1:])
    return dict(zip(players, shares, strict=True))


@lru_cache(maxsize=_SETS_REMEMBERED)
def _weights(players: tuple[str, ...]) -> Array:
    """What the value of each coalition counts for in the share of each player [players, coalitions].

    A coalition with the player counts for it, one without against it; each by the orders in which it comes about.
    """
    n = len(players)
    joined = [factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)]
    rows = [
        [joined[len(on) - 1] if player in on else -joined[len(on)] for on in coalitions(players)] for player in players
    ]
    return np.array(rows).reshape(n, 2**n)


def expanded(known: Mapping[Coalition, Array]) -> Callable[[Coalition], Array]:
    """The value of any coalition from some: what the others do together, beyond what is known, is left out.

    known: with every coalition all its parts. Each has a dividend, what it makes beyond its parts (Harsanyi 1963); the
    value of a coalition is the sum of the dividends in it.
    """
    dividends: dict[Coalition, Array] = {}
    for coalition in sorted(known, key=len):
        parts = (dividend for part, dividend in dividends.items() if part < coalition)
        dividends[coalition] = known[coalition] - sum(parts, np.zeros(()))

    parts, amounts = [*dividends], np.array(np.broadcast_arrays(*dividends.values()))

    def value(coalition: Coalition) -> Array:
        """The sum of the dividends of all coalitions within this one."""
        within = np.array([part <= coalition for part in parts], dtype=np.float64)
        return np.asarray(np.tensordot(within, amounts, 1))

    return value
