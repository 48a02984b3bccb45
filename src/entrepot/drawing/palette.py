"""Colours that readers with colour-blindness can tell apart.

The seven of Okabe, M. and Ito, K. (2008), "Color Universal Design: how to make figures and
presentations that are friendly to colorblind people", https://jfly.uni-koeln.de/color/. Colour is
never the only sign: signs, patterns, words or the table beside a chart say the same.
"""

from __future__ import annotations

from collections.abc import Iterable

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, YELLOW = "#56B4E9", "#D55E00", "#F0E442"
GOODS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW)
OTHER = "#7A7A7A"

MORE, LESS = BLUE, VERMILLION
"""Of differences: more than in the base, less than in the base."""

INK, QUIET, FAINT, LINE, PAPER = "#1B1F24", "#5B6470", "#C4CBD3", "#98A1AC", "#FFFFFF"
LAND, WATER, BORDER = "#F1EDE4", "#DCE8EF", "#A79F8F"


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each name, in order; those that come after seven share one grey."""
    ordered = list(names)
    own = dict(zip(ordered, GOODS, strict=False))
    return {name: own.get(name, OTHER) for name in ordered}
