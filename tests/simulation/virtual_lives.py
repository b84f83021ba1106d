"""A few virtual people, and studies that fit them."""

import numpy as np

from trabecula.evidence import Evidence
from trabecula.simulation.crowd import crowds
from trabecula.simulation.life import CrowdLives
from trabecula.simulation.reading import read_study
from trabecula.simulation.running import draw_of

SCANS = {
    "scan": {"if": {"edss": {"at_least": 3}}, "every_years": 2, "done": 0.8},
    "treat": {"if": {"t_score": {"at_most": -1.5}}, "drug": "zoledronate", "accepted": 0.7, "persistence": 0.8},
}
CLINIC = {
    "title": "A clinic",
    "people": {"who": "ms", "number": 60, "age": {"youngest": 35, "oldest": 75}},
    "years": 4,
    "scenarios": {"scans": SCANS, "tablets": {"relapses": {"given": "tablets"}}},
}
TOWN = {"title": "A town", "people": {"number": 60, "age": {"youngest": 60, "oldest": 90}}, "years": 2}


def lives_of(data, people, draw=0):
    """The lives of some people of a study, women and men apart."""
    study = read_study(data, Evidence.load())
    one = draw_of(draw)
    return study, [CrowdLives(crowd, study, 1, one) for crowd in crowds(study.people, np.arange(people), 1, one)]
