"""Shapley shares: what each player adds, averaged over all orders in which players could join. They add up exactly.

Shapley 1953, "A value for n-person games": the share of i is the sum over all S without i of
|S|! (n - |S| - 1)! / n! * (v(S + i) - v(S)).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from trabecula.units import Array

Coalition = frozenset[str]


def coalitions(players: Sequence[str], largest: int | None = None) -> Iterator[Coalition]:
    """All sets of players, the smallest first; up to a size."""
    most = len(players) if largest is None else min(largest, len(players))
    for size in range(most + 1):
        yield from (frozenset(players_in) for players_in in combinations(players, size))


def shapley(players: Sequence[str], value: Callable[[Coalition], Array]) -> dict[str, Array]:
    """The share of each player in value(all) - value(none), draw by draw: value is asked for 2^n coalitions."""
    n = len(players)
    found = {coalition: value(coalition) for coalition in coalitions(players)}
    shares = {}
    for player in players:
        others = [other for other in players if other != player]
        shares[player] = sum(
            factorial(len(s)) * factorial(n - len(s) - 1) / factorial(n) * (found[s | {player}] - found[s])
            for s in coalitions(others)
        )
    return shares


def expanded(known: Mapping[Coalition, Array]) -> Callable[[Coalition], Array]:
    """The value of any coalition from some: what the others do together, beyond what is known, is left out.

    known: with every coalition all its parts. Each has a dividend, what it makes beyond its parts (Harsanyi 1963); the
    value of a coalition is the sum of the dividends in it.
    """
    dividends: dict[Coalition, Array] = {}
    for coalition in sorted(known, key=len):
        parts = (dividend for part, dividend in dividends.items() if part < coalition)
        dividends[coalition] = known[coalition] - sum(parts, np.zeros(()))

    def value(coalition: Coalition) -> Array:
        """The sum of the dividends of all coalitions within this one."""
        return sum((dividend for part, dividend in dividends.items() if part <= coalition), np.zeros(()))

    return value
