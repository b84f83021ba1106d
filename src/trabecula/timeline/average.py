"""The timeline of the average person of one sex: nothing acts but age and hormones."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from trabecula.timeline.record import Timeline

AVERAGE_MENOPAUSE = "average"
"""The cause of a menopause that is spread over all the ages at which it comes."""

_NO_BIRTHDAY = date(2000, 1, 1)  # not a parameter: an average person has no calendar; nothing reads it


def average_timeline(sex: str, edges_d: NDArray[np.float64]) -> Timeline:
    """A life without MS, steroids, bone medicines or training between the edges [K+1, days since birth]."""
    k = len(edges_d) - 1
    none, never = np.zeros(k), np.zeros(k, dtype=bool)
    return Timeline(
        sex=sex,
        birth=_NO_BIRTHDAY,
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
