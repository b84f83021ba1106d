"""The timeline: what acts on one skeleton, piecewise in time. Frozen data with a few plain questions."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trabecula.timeline.medicines import Bolus
from trabecula.units import Array
from trabecula.words.message import Message

Flags = NDArray[np.bool_]


AVERAGE_MENOPAUSE = "average"
"""The cause of a menopause that is spread over all the ages at which it comes."""

NO_BIRTHDAY = date(2000, 1, 1)
"""An average person has no calendar: nothing reads it."""


@dataclass(frozen=True)
class Assumption:
    """Something the record does not say: what is missing, what was put in its place, and what that costs.

    `what.id` names the gap (`gap.scan`), whatever fills its places.
    """

    what: Message
    assumed: Message
    cost: Message


@dataclass(frozen=True, eq=False)
class Timeline:
    """Exposures of one person in K segments between K+1 edges; days are days since birth.

    A channel [K] is constant inside a segment; a channel [K, 2] has its values at the start and the end of
    each segment and is linear between them.
    """

    sex: str
    birth: date
    start_day: float
    end_day: float
    edges_d: Array
    """[K+1] Strictly increasing: every change of dose, visit, sample and menopause is an edge."""
    occupancy: Array
    """[K] Daily mean glucocorticoid receptor occupancy, 0 to 1."""
    prednisone_mg: Array
    """[K] Mean daily dose in prednisone equivalents [mg/d], pulses included."""
    pulse: Flags
    """[K] An intermittent high-dose course, not chronic therapy."""
    edss: Array
    """[K, 2] EDSS; nan before the onset of MS and without MS."""
    edss_sd: float
    """Standard deviation of an EDSS that is a translation or a guess: one offset a person [EDSS points]."""
    wheelchair: Flags
    """[K] A wheelchair (or bed) most of the time: recorded, or EDSS 7 and more."""
    aid: NDArray[np.int64]
    """[K] The walking aid, as its place in `AIDS`."""
    relapse: Array
    """[K, 2] Share of the dip of a severe relapse, 0 to 1."""
    activity: Array
    """[K] Physical activity relative to the average of the same disability (1); nan while unknown."""
    resistance: Array
    """[K] Sessions of strength training a week; 0 while unknown."""
    impact: Array
    """[K] Sessions with impact a week; 0 while unknown."""
    bed_rest: Flags
    """[K] In bed for a reason other than MS."""
    paralysis: Flags
    """[K] Legs paralysed for a reason other than MS."""
    menopause_age_y: float | None
    """Age at menopause [y]; None in men, and in women for whom it is to be drawn."""
    menopause_cause: str | None
    """natural, surgical or medical."""
    hormone_therapy: Array
    """[K] 0 or 1."""
    lactation: Array
    """[K] 0 or 1."""
    pregnancy: Array
    """[K] 0 or 1."""
    depot_progestogen: Array
    """[K] 0 or 1."""
    drug_mg_per_day: dict[str, Array]
    """Bone medicines taken day by day [mg/d, K], what is not taken already subtracted."""
    boluses: tuple[Bolus, ...]
    """Injections and infusions, each on an edge, in order."""
    calcium_mg_per_day: Array
    """[K] Calcium from food and tablets."""
    vitamin_d_nmol_l: Array
    """[K] 25-hydroxyvitamin D in blood."""
    medicines: dict[str, Flags]
    """Whether a medicine of each class is taken [K]."""
    assumptions: tuple[Assumption, ...]
    """What was missing and what was put in its place, the costliest first."""
    menopause_not_before_y: float = 0.0
    """A menopause that is drawn comes after this age [y]: until then periods are known to have gone on."""

    @property
    def lengths_d(self) -> Array:
        """Length of each segment [d, K]."""
        return np.diff(self.edges_d)

    @property
    def middles_d(self) -> Array:
        """Middle of each segment [K]."""
        return (self.edges_d[:-1] + self.edges_d[1:]) / 2.0

    def at(self, days: ArrayLike) -> NDArray[np.intp]:
        """The segment of each day; an edge belongs to the segment it begins, the last edge to the last."""
        found = np.searchsorted(self.edges_d, np.asarray(days, dtype=np.float64), side="right") - 1
        return np.clip(found, 0, len(self.edges_d) - 2)

    def flag_at(self, days: ArrayLike, channel: NDArray[Any]) -> NDArray[Any]:
        """The value of a constant channel [K] on each day."""
        return channel[self.at(days)]

    def linear_at(self, days: ArrayLike, channel: Array) -> Array:
        """The value of a linear channel [K, 2] on each day."""
        when, k = np.asarray(days, dtype=np.float64), self.at(days)
        share = np.clip((when - self.edges_d[k]) / self.lengths_d[k], 0.0, 1.0)
        return channel[k, 0] + share * (channel[k, 1] - channel[k, 0])

    def edss_at(self, days: ArrayLike) -> Array:
        """The EDSS on each day; nan without MS."""
        return self.linear_at(days, self.edss)

    def acts_like(self, other: "Timeline") -> bool:
        """Whether the same acts at the same time; what was assumed to get there may differ."""
        names = (channel.name for channel in fields(self) if channel.name != "assumptions")
        return all(_same(getattr(self, name), getattr(other, name)) for name in names)


def _same(one: Any, other: Any) -> bool:
    """Whether two parts of a timeline are equal; what is nowhere known is equal to itself."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return bool(one == other)


def average_timeline(sex: str, edges_d: NDArray[np.float64]) -> Timeline:
    """A life without MS, steroids, bone medicines or training between the edges [K+1, days since birth]."""
    k = len(edges_d) - 1
    none, never = np.zeros(k), np.zeros(k, dtype=bool)
    return Timeline(
        sex=sex,
        birth=NO_BIRTHDAY,
        start_day=float(edges_d[0]),
        end_day=float(edges_d[-1]),
        edges_d=edges_d,
        occupancy=none,
        prednisone_mg=none,
        pulse=never,
        edss=np.full((k, 2), np.nan),
        edss_sd=0.0,
        wheelchair=never,
        aid=np.zeros(k, dtype=np.int64),
        relapse=np.zeros((k, 2)),
        activity=np.full(k, np.nan),
        resistance=none,
        impact=none,
        bed_rest=never,
        paralysis=never,
        menopause_age_y=None,
        menopause_not_before_y=0.0,
        menopause_cause=AVERAGE_MENOPAUSE,
        hormone_therapy=none,
        lactation=none,
        pregnancy=none,
        depot_progestogen=none,
        drug_mg_per_day={},
        boluses=(),
        calcium_mg_per_day=np.full(k, np.nan),
        vitamin_d_nmol_l=np.full(k, np.nan),
        medicines={},
        assumptions=(),
    )
