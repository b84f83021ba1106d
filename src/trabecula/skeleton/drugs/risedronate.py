"""Risedronate: tablets that act as alendronate does, milligram for milligram more strongly or weakly.

In this model it is alendronate at another strength: taken up by bone, it shortens the life of osteoclasts and
is released slowly. Nothing limits its duration here.

Not modelled: an offset of its own (bone releases it as it does alendronate); the gut, kidneys, atypical
fractures of the femur, the jaw.
"""

from trabecula.skeleton.drugs.record import Drug, OralBisphosphonate

DRUG = Drug("risedronate", taken=OralBisphosphonate("skeleton.drug.bisphosphonate.potency_risedronate"))
