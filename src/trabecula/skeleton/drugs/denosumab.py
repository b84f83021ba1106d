"""Denosumab: an antibody every six months that takes RANKL away from osteoclasts.

While it is there, fewer osteoclasts arise and those that exist fall asleep (osteomorphs). When a dose is not
followed by the next, they wake together: resorption overshoots and the gained density is lost, unless a
bisphosphonate takes over. The number of doses is not limited here.

Not modelled: vertebral fractures after stopping beyond what density explains, low calcium (above all with
failing kidneys or without vitamin D), infections, atypical fractures of the femur, the jaw.
"""

from trabecula.skeleton.drugs.record import Antibody, Drug
from trabecula.skeleton.equations import DE

DRUG = Drug("denosumab", given=Antibody(DE, "skeleton.drug.denosumab.most_mg"))
