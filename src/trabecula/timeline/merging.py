"""The same exposures between fewer edges, where nothing happens for long."""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from trabecula.timeline.record import Timeline
from trabecula.units import Array
from trabecula.units import days as in_days

_LONGEST_Y = 2.5
"""Ageing is straight over so many years, and a diet that follows age level."""
_SAME = 0.01
"""What differs by less is the same: of a channel's value, and of an EDSS."""


def merged(timeline: Timeline, kept: Collection[float], also: tuple[float, float]) -> Timeline:
    """The timeline without the edges at which nothing changes.

    kept: days that stay edges; also: between these two days every edge stays. Density that is marched through it is
    that of the whole timeline to 1e-4, where one that is linear between edges is not bent between the two days.
    """
    stays = np.isin(timeline.edges_d, [*kept, *(bolus.day for bolus in timeline.boluses)])
    stays |= (timeline.edges_d >= also[0]) & (timeline.edges_d <= also[1])
    edges = np.array([*_edges(timeline, stays)])
    first, last, k = edges[:-1], edges[1:] - 1, len(timeline.edges_d) - 1
    parts = {part.name: getattr(timeline, part.name) for part in fields(timeline)}
    fewer = {name: _fewer(part, first, last) for name, part in parts.items() if _is_channel(part, k)}
    daily = {name: amounts[first] for name, amounts in timeline.drug_mg_per_day.items()}
    taken = {name: flags[first] for name, flags in timeline.medicines.items()}
    return replace(timeline, **fewer, edges_d=timeline.edges_d[edges], drug_mg_per_day=daily, medicines=taken)


def _is_channel(part: object, segments: int) -> bool:
    """Whether a part of a timeline has a value for each segment."""
    return isinstance(part, np.ndarray) and len(part) == segments


def _fewer(channel: Array, first: NDArray[np.int64], last: NDArray[np.int64]) -> Array:
    """A channel by longer segments: [K] as each begins, [K, 2] from where it begins to where it ends."""
    return channel[first] if channel.ndim == 1 else np.column_stack([channel[first, 0], channel[last, 1]])


def _edges(timeline: Timeline, stays: NDArray[np.bool_]) -> Iterator[int]:
    """The numbers of the edges that are left. Plain numbers: there are too few at a time for arrays."""
    level, straight = (found.tolist() for found in _acting(timeline))
    days, kept, longest, begin = timeline.edges_d.tolist(), stays.tolist(), in_days(_LONGEST_Y), 0
    yield 0
    for k in range(1, len(days) - 1):
        far = kept[k] or days[k + 1] - days[begin] > longest
        share = (days[k] - days[begin]) / (days[k + 1] - days[begin])
        if far or _bends(share, straight[begin], straight[k - 1], straight[k]) or _changes(level[begin], level[k]):
            yield k
            begin = k
    yield len(days) - 1


def _bends(share: float, begin: list[list[float]], before: list[list[float]], after: list[list[float]]) -> bool:
    """Whether a line from the beginning of a segment to the end of another bends at an edge a share of the way."""
    for first, end, left, right in zip(begin[0], after[1], before[1], after[0], strict=True):
        middle = first + share * (end - first)
        if abs(middle - right) + abs(middle - left) > _SAME:
            return True
    return False


def _changes(begin: list[float], now: list[float]) -> bool:
    """Whether something that acts is other than at the beginning."""
    return begin != now and any(abs(one - first) > _SAME * abs(first) for first, one in zip(begin, now, strict=True))


def _acting(timeline: Timeline) -> tuple[Array, Array]:
    """What acts on bone: level between edges [K, ...], and straight between them [K, 2, ...]; nothing known is 0."""
    k = len(timeline.edges_d) - 1
    level = [
        timeline.occupancy, timeline.prednisone_mg, timeline.activity, timeline.resistance, timeline.impact,
        timeline.bed_rest, timeline.paralysis, timeline.hormone_therapy, timeline.lactation, timeline.pregnancy,
        timeline.depot_progestogen, timeline.calcium_mg_per_day, timeline.vitamin_d_nmol_l,
        *timeline.drug_mg_per_day.values(),
    ]  # fmt: skip
    straight = np.stack([timeline.edss, timeline.relapse], axis=-1)
    return np.nan_to_num(np.stack(level, axis=-1).reshape(k, -1).astype(np.float64)), np.nan_to_num(straight)
