"""Targets of turnover: the growth they need, and what trade can bring of it at what cost."""

from __future__ import annotations
