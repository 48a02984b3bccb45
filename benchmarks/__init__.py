"""Measurements of entrepot against named peers, on markets drawn from a seed."""
