"""Ibandronate: a bisphosphonate in two forms, tablets by the day or month and an injection every three months.

Tablets count as alendronate at another strength; an injection reaches bone at once. Both add to the same
bisphosphonate in the skeleton, which shortens the life of osteoclasts and is released slowly. The interval in
the record tells the two forms apart (timeline). Nothing limits its duration here.

Not modelled: effects on fractures other than by density; the gut, kidneys, the jaw.
"""

from trabecula.skeleton.drugs.record import Drug, Infusion, OralBisphosphonate

DRUG = Drug(
    "ibandronate",
    taken=OralBisphosphonate("skeleton.drug.bisphosphonate.potency_ibandronate"),
    given=Infusion("skeleton.drug.bisphosphonate.infused_ibandronate", "skeleton.drug.ibandronate.most_mg"),
)
