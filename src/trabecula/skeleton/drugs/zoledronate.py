"""Zoledronate: an infusion, usually once a year, that reaches bone at once and stays for years.

It adds to the bisphosphonate in the skeleton, which shortens the life of osteoclasts, saturates, and is
released slowly: one dose acts for years. The number of infusions is not limited here.

Not modelled: fever after the first infusion, low calcium, kidneys, atypical fractures of the femur, the jaw.
"""

from trabecula.skeleton.drugs.record import Drug, Infusion

DRUG = Drug(
    "zoledronate",
    given=Infusion("skeleton.drug.bisphosphonate.infused_zoledronate", "skeleton.drug.zoledronate.most_mg"),
)
