"""Romosozumab: an antibody every month that binds sclerostin, so that formation rises and resorption falls.

The bone makes more sclerostin as it gains matrix and strain falls, so the rise of formation wanes while the
drug is given. Its label ends it after 12 doses; the timeline enforces that, also when a longer use is recorded.

Not modelled: heart attacks and strokes (the reason why it is not for everyone), low calcium, reactions at the
site of injection.
"""

from trabecula.skeleton.drugs.record import Antibody, Drug
from trabecula.skeleton.equations import RO

DRUG = Drug("romosozumab", given=Antibody(RO, "skeleton.drug.romosozumab.most_mg"))
