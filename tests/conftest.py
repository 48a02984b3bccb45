"""What every test may rely on."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every run and every machine; how long one takes is no property of the code.
settings.register_profile("entrepot", derandomize=True, deadline=None, database=None)
settings.load_profile("entrepot")
