"""What could be done otherwise: plans as data, laid over a person, with their effects and what speaks against."""
