"""Vitamin D: drops or tablets of cholecalciferol or ergocalciferol that raise 25-hydroxyvitamin D in blood.

With more of it in blood, more of the calcium eaten is absorbed: less parathyroid hormone, less resorption, a
little. `skeleton.calcium` computes it together with calcium and steroids, from the blood level of the timeline.
Nothing limits its duration here.

Not modelled: season, sun, toxicity, muscle and falls. Calcifediol and the active forms (calcitriol,
alfacalcidol) are not modelled at all, and the timeline says so.
"""

from trabecula.skeleton.drugs.record import Drug, Within
from trabecula.skeleton.equations import CALCIUM_DRIVE

DRUG = Drug(
    "vitamin_d",
    taken=Within(
        CALCIUM_DRIVE,
        ("timeline.supplement.vitamin_d", "timeline.vitamin_d.per_ug", "nutrition.vitamin_d.half_absorption"),
    ),
    medicines=("cholecalciferol", "ergocalciferol"),
)
