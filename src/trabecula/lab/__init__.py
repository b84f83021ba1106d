"""The laboratory: published studies as virtual trials, the calibration, and the pages about both.

Nothing of the product imports it.
"""
