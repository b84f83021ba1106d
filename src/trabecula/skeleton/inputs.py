"""From exposures to what the kernel steps through: a timeline and draws become segments."""

from dataclasses import dataclass

import numpy as np

from trabecula.evidence import Draws
from trabecula.skeleton.drivers import calcium_drive, log_loads, oestrogen
from trabecula.skeleton.drugs import Antibody, Infusion, given, taken
from trabecula.skeleton.equations import BP, CALCIUM_DRIVE, LOG_LOAD, N_INPUTS, OCCUPANCY, OESTROGEN, WORK
from trabecula.timeline import Bolus, Timeline
from trabecula.units import Array, years
from trabecula.vocabulary import BONE_DRUGS
from trabecula.words.message import Message, MessageError


class DoseRefused(MessageError):
    """A dose so far beyond its label that the model says nothing about it."""


@dataclass(frozen=True)
class Segments:
    """What acts on a batch of skeletons between the edges of their common timeline.

    Raises ValueError for shapes and values with which the kernel could loop or lie.
    """

    edges_d: Array
    """Days, strictly increasing [K+1]."""
    start: Array
    """Inputs (`equations.INPUTS`) at the start of each segment [n, K, N_INPUTS]."""
    end: Array
    """Inputs at the end of each segment, linear between [n, K, N_INPUTS]."""
    dose: Array
    """Given at the start of each segment: bisphosphonate, denosumab [mg], romosozumab [mg] [n or 1, K, 3]."""

    def __post_init__(self) -> None:
        """Refuse shapes and values with which the kernel could loop or lie."""
        k = len(self.edges_d) - 1
        if not (self.start.shape == self.end.shape and self.start.shape[1:] == (k, N_INPUTS)):
            raise ValueError(f"inputs: expected [n, {k}, {N_INPUTS}], found {self.start.shape} and {self.end.shape}")
        if self.dose.shape not in ((1, k, 3), (len(self.start), k, 3)):
            raise ValueError(f"doses: expected [1 or {len(self.start)}, {k}, 3], found {self.dose.shape}")
        if not np.all(np.diff(self.edges_d) > 0.0):
            raise ValueError("edges: expected strictly increasing days")
        for name, values in (
            ("edges", self.edges_d),
            ("inputs", self.start),
            ("inputs", self.end),
            ("doses", self.dose),
        ):
            if not np.all(np.isfinite(values)):
                raise ValueError(f"{name}: every value must be a finite number (a load of 0 has no logarithm)")
        if np.any(self.dose < 0.0):
            raise ValueError("doses: a dose can't be negative")


def segments(timeline: Timeline, draws: Draws) -> Segments:
    """The kernel's inputs for every draw of a timeline.

    What acts is drawn once a draw (an EDSS that is a guess, an age at menopause not known yet), so that a plan and its
    baseline differ by the plan alone. Raises DoseRefused, and ValueError for inputs that are no numbers.
    """
    start = np.zeros((draws.n, len(timeline.edges_d) - 1, N_INPUTS))
    start[:, :, OCCUPANCY] = timeline.occupancy
    start[:, :, CALCIUM_DRIVE] = calcium_drive(timeline, draws)
    for name, mg_per_day in timeline.drug_mg_per_day.items():
        if mg_per_day.any() and (way := taken(name)) is not None:  # what nobody takes is no evidence of an answer
            start[:, :, way.channel] += way.level(mg_per_day, draws)
    end = start.copy()
    work = work_per_osteoblast(timeline.edges_d, draws)
    start[:, :, WORK], end[:, :, WORK] = work[:, :-1], work[:, 1:]
    start[:, :, OESTROGEN], end[:, :, OESTROGEN] = oestrogen(timeline, draws)
    start[:, :, LOG_LOAD:], end[:, :, LOG_LOAD:] = log_loads(timeline, draws)
    return Segments(timeline.edges_d, start, end, _boluses(timeline, draws))


def work_per_osteoblast(days: Array, draws: Draws) -> Array:
    """Work per osteoblast at days since birth [n, len(days)]: exp(-fage * (age - 30)) from 30 on, 1 before."""
    from_age = draws["skeleton.ageing.decline_from"][:, None]
    return np.exp(-draws["skeleton.ageing.work_decline"][:, None] * np.maximum(years(days) - from_age, 0.0))


def _boluses(timeline: Timeline, draws: Draws) -> Array:
    """What is injected or infused at the start of each segment [n, K, 3]: bisphosphonate, denosumab, romosozumab."""
    doses = np.zeros((draws.n, len(timeline.edges_d) - 1, 3))
    for bolus in timeline.boluses:
        segment = int(np.searchsorted(timeline.edges_d, bolus.day))
        way = given(bolus.drug)
        if segment < doses.shape[1] and way is not None:
            _refuse_absurd(bolus, way, draws)
            doses[:, segment, way.state - BP] += way.amount(bolus.amount_mg, draws)
    return doses


def _refuse_absurd(bolus: Bolus, way: Infusion | Antibody, draws: Draws) -> None:
    """A dose above many times the label's is an error of unit, not a therapy."""
    most = draws.central()[way.most][0]
    if bolus.amount_mg > most:
        drug = BONE_DRUGS[bolus.drug].name
        values = {"drug": drug, "mg": bolus.amount_mg, "most": float(most)}
        raise DoseRefused(Message("refusal.dose", values))
