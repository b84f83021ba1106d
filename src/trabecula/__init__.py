"""Trabecula: bone health in multiple sclerosis.

A person's record becomes a timeline of exposures; the skeleton answers the timeline; falls and bone
together give fractures. Not a medical device: it informs a conversation, it does not replace one.
"""

__version__ = "0.1.0"
