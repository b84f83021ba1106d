"""Calcium: tablets that add to the calcium from food.

More calcium absorbed than is usual at that age lowers parathyroid hormone and with it resorption, a little;
less raises it. `skeleton.calcium` computes it together with vitamin D and steroids, from the daily intake of the
timeline. Nothing limits its duration here.

Not modelled: kidney stones, constipation, the heart; when and with what a tablet is taken.
"""

from trabecula.skeleton.drugs.record import Drug, Within
from trabecula.skeleton.equations import CALCIUM_DRIVE

DRUG = Drug(
    "calcium",
    taken=Within(CALCIUM_DRIVE, ("timeline.supplement.calcium", "nutrition.calcium.drive_exponent")),
)
