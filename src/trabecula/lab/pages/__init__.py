"""Pages about studies and calibration, for whoever wants to check the model."""
