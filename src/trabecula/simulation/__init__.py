"""Many virtual people: scenarios of care, lives through the one course of bone, events, and tables of what happened."""
