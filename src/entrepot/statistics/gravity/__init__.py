"""Gravity: how trade depends on what lies between countries, estimated with certificates.

`ppml` and `ols` take a frame and give an `Estimate`.
"""

from __future__ import annotations

from entrepot.statistics.gravity.estimate import Estimate
from entrepot.statistics.gravity.ols import ols
from entrepot.statistics.gravity.ppml import ppml

__all__ = ["Estimate", "ols", "ppml"]
