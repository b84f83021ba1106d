"""Alendronate: tablets that bone takes up and that shorten the life of osteoclasts.

Each milligram taken adds to the bisphosphonate in the skeleton, whose effect on the death of osteoclasts
saturates. It leaves slowly, and faster with bone that is resorbed, so that some effect outlasts the tablets.
Alendronate is the unit in which oral bisphosphonates are counted. Nothing limits its duration here.

Not modelled: the gut (absorption with food, oesophagus), kidneys, atypical fractures of the femur, the jaw.
"""

from trabecula.skeleton.drugs.record import Drug, OralBisphosphonate

DRUG = Drug("alendronate", taken=OralBisphosphonate("skeleton.drug.bisphosphonate.potency_alendronate"))
