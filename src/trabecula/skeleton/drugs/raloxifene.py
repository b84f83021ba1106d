"""Raloxifene: a tablet that stands in for part of the oestrogen that bone lacks.

It makes up a share of the lack, so it does nothing where none is lacking, and its effect ends with the last
tablet. The effect is that of the share of the labelled dose. Nothing limits its duration here.

Not modelled: effects on fractures other than by density; thrombosis, stroke, hot flushes, breast cancer.
Other drugs of its class (bazedoxifene, tamoxifen) are not modelled at all, and the timeline says so.
"""

from trabecula.skeleton.drugs.record import Daily, Drug
from trabecula.skeleton.equations import RALOXIFENE

DRUG = Drug("raloxifene", taken=Daily(RALOXIFENE, "timeline.medicine.raloxifene.daily_dose"))
