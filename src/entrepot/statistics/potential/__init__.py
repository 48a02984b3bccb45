"""Export potential: what could be traded beside what is, by product and market."""

from __future__ import annotations
