"""Ties across activities. One rule a file, and a line in RULES."""

from __future__ import annotations

from entrepot.clearing.rules import bans, commitments, duties, origins, quotas, sharing
from entrepot.clearing.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    sharing.RULE,
    quotas.RULE,
    commitments.RULE,
    duties.RULE,
    bans.RULE,
    origins.RULE,
)
