"""Edges of the house: records of other systems in, a Person and a report of what was lost out."""
