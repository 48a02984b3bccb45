"""Calibration: what the observed flows say of how routes are chosen."""
