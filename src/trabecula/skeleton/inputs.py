"""From exposures to what the kernel steps through: a timeline and draws become segments."""

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.skeleton.calcium import calcium_drive
from trabecula.skeleton.equations import (
    CALCIUM_DRIVE,
    LOG_LOAD,
    N_INPUTS,
    OCCUPANCY,
    OESTROGEN,
    ORAL_BISPHOSPHONATE,
    RALOXIFENE,
    TERIPARATIDE,
    WORK,
)
from trabecula.skeleton.kernel import Segments
from trabecula.skeleton.loading import log_loads
from trabecula.skeleton.oestrogen import oestrogen
from trabecula.timeline import Timeline
from trabecula.units import years

Array = NDArray[np.float64]
ANTIBODIES = ("denosumab", "romosozumab")
ORAL_BISPHOSPHONATES = ("alendronate", "risedronate", "ibandronate")
INFUSED_BISPHOSPHONATES = ("zoledronate", "ibandronate")


class DoseRefused(ValueError):
    """A dose so far beyond its label that the model says nothing about it."""


def segments(timeline: Timeline, draws: Draws) -> Segments:
    """The kernel's inputs for every draw of a timeline."""
    start = np.zeros((draws.n, len(timeline.edges_d) - 1, N_INPUTS))
    start[:, :, OCCUPANCY] = timeline.occupancy
    start[:, :, TERIPARATIDE] = _of_daily_dose("teriparatide", timeline, draws)
    start[:, :, RALOXIFENE] = _of_daily_dose("raloxifene", timeline, draws)
    start[:, :, CALCIUM_DRIVE] = calcium_drive(timeline, draws)
    start[:, :, ORAL_BISPHOSPHONATE] = _oral_bisphosphonate(timeline, draws)
    end = start.copy()
    work = work_per_osteoblast(timeline.edges_d, draws)
    start[:, :, WORK], end[:, :, WORK] = work[:, :-1], work[:, 1:]
    start[:, :, OESTROGEN], end[:, :, OESTROGEN] = oestrogen(timeline, draws)
    start[:, :, LOG_LOAD:], end[:, :, LOG_LOAD:] = log_loads(timeline, draws)
    return Segments(timeline.edges_d, start, end, _boluses(timeline, draws))


def work_per_osteoblast(days: Array, draws: Draws) -> Array:
    """fa = exp(-fage * (age - 30)) from the age of 30 on, 1 before [n, len(days)]."""
    from_age = draws["skeleton.ageing.decline_from"][:, None]
    return np.exp(-draws["skeleton.ageing.work_decline"][:, None] * np.maximum(years(days) - from_age, 0.0))


def _of_daily_dose(drug: str, timeline: Timeline, draws: Draws) -> Array:
    """A daily medicine as a share of its labelled dose [n, K]."""
    taken = timeline.drug_mg_per_day.get(drug)
    if taken is None:
        return np.zeros((1, len(timeline.edges_d) - 1))
    return taken / draws[f"timeline.medicine.{drug}.daily_dose"][:, None]


def _oral_bisphosphonate(timeline: Timeline, draws: Draws) -> Array:
    """Oral bisphosphonates in milligrams of alendronate a day [n, K]."""
    total = np.zeros((draws.n, len(timeline.edges_d) - 1))
    for drug in ORAL_BISPHOSPHONATES:
        taken = timeline.drug_mg_per_day.get(drug)
        if taken is not None:
            total += taken * draws[f"skeleton.drug.bisphosphonate.potency_{drug}"][:, None]
    return total


def _boluses(timeline: Timeline, draws: Draws) -> Array:
    """What is injected or infused at the start of each segment [n, K, 3]: bisphosphonate, denosumab, romosozumab."""
    doses = np.zeros((draws.n, len(timeline.edges_d) - 1, 3))
    central = draws.central()
    for bolus in timeline.boluses:
        segment = int(np.searchsorted(timeline.edges_d, bolus.day))
        if segment >= doses.shape[1]:
            continue
        _refuse_absurd(bolus.drug, bolus.amount_mg, central)
        if bolus.drug in ANTIBODIES:
            doses[:, segment, 1 + ANTIBODIES.index(bolus.drug)] += bolus.amount_mg
        elif bolus.drug in INFUSED_BISPHOSPHONATES:
            doses[:, segment, 0] += (
                bolus.amount_mg * draws[f"skeleton.drug.bisphosphonate.infused_{bolus.drug}"]
            )
    return doses


def _refuse_absurd(drug: str, amount_mg: float, central: Draws) -> None:
    """A dose above many times the label's is an error of unit, not a therapy."""
    most = central[f"skeleton.drug.{drug}.most_mg"][0]
    if amount_mg > most:
        raise DoseRefused(
            f"{drug}: {amount_mg:.0f} mg at once; the model knows doses up to {most:g} mg. Check the unit of the dose."
        )
