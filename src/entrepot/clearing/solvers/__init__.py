"""Solvers behind one port: the only files that name a solver."""
