"""Substitution: imports from some suppliers that a partner could take over, and at what cost."""

from __future__ import annotations
