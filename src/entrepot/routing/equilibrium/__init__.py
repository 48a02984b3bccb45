"""Congestion: flows where no unit finds a cheaper path while delays grow with load."""
