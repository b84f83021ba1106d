"""Hormone therapy: oestrogen, with or without a progestogen, that makes up most of the lack after the menopause.

It fills a share of the gap between the oestrogen of that age and that of a young woman, as long as it lasts;
`skeleton.oestrogen` computes it together with age, menopause and lactation. Nothing limits its duration here.

Not modelled: drug, dose and route (one share stands for all), progestogens of their own, breast cancer,
thrombosis, stroke.
"""

from trabecula.skeleton.drugs.record import Drug, Within
from trabecula.skeleton.equations import OESTROGEN

DRUG = Drug("hormone_therapy", taken=Within(OESTROGEN, ("skeleton.oestrogen.hormone_therapy",)))
