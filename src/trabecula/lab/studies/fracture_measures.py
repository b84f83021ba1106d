"""How each kind of setting measures what a finding of falls, fractures or death printed."""

from collections.abc import Callable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.lab.studies import (
    falls_diary,
    fracture_disabled,
    fracture_population,
    fracture_steroids,
    register,
)
from trabecula.lab.studies.falls_diary import Diary
from trabecula.lab.studies.fracture_record import (
    DailySteroid,
    Disabled,
    FallHistory,
    FractureStudy,
    General,
    Probabilities,
    Trial,
)
from trabecula.lab.studies.fracture_trials import Arms
from trabecula.lab.studies.register_record import Register

Array = NDArray[np.float64]
Measure = Callable[[str], Array]


def measure_of(study: FractureStudy, draws: Draws) -> Measure:
    """What reads a measure off a study, under each draw [n]; whatever has to be lived through is lived through once."""
    setting, key = study.setting, crc32(study.id.encode())
    match setting:
        case Diary():
            kept = falls_diary.keep(setting, draws, falls_diary.REPLICATES, key)
            return lambda what: falls_diary.measure(kept, what)
        case General():
            return lambda what: fracture_population.general(setting, what, draws)
        case FallHistory():
            return lambda what: fracture_population.fall_history(setting, what, draws)
        case Disabled():
            return lambda what: fracture_disabled.measure(setting, what, draws)
        case Probabilities():
            return fracture_population.probabilities(study, draws).__getitem__
        case DailySteroid():
            bands = fracture_steroids.Bands(setting, draws)
            return lambda what: fracture_steroids.measure(bands, what)
        case Trial():
            return Arms(setting, draws, key).ratio
        case Register():
            cohort = register.follow(setting, draws, seed=register.key_of(study.id, draws.seed))
            return lambda what: register.measure(cohort, what)
