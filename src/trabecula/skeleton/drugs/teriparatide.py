"""Teriparatide: a daily injection of parathyroid hormone that makes bone.

It pushes pre-osteoblasts on to become osteoblasts, keeps osteoblasts alive, spares them from steroids, and
raises resorption: turnover grows and formation leads. The effect is that of the share of the labelled dose.
Its label ends it after 24 months; the timeline enforces that unless the record has an end of its own.

Not modelled: hours between injections, calcium in blood and urine, tumours of bone. Abaloparatide is not
modelled at all, and the timeline says so.
"""

from trabecula.skeleton.drugs.record import Daily, Drug
from trabecula.skeleton.equations import TERIPARATIDE

DRUG = Drug("teriparatide", taken=Daily(TERIPARATIDE, "timeline.medicine.teriparatide.daily_dose"))
