"""Published fracture scores as they are printed, for comparison; the model reads none of them.

A score says only what its authors say, to the people it was made for, and refuses everybody else. CAROC (2010) is here.
FRISK (Henry 2006) and the three-year risk of the German guideline (DVO 2023) are not: their equation, and the table of
their basal risks, could not be read.
"""

from trabecula.fracture.scores.caroc import Caroc, OutOfScope, caroc

__all__ = ["Caroc", "OutOfScope", "caroc"]
