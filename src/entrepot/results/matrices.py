"""What it takes between all places, as matrices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from entrepot.routing.reach import reach
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

MEASURES = ("generalised", "cost", "days", "km")


def matrices(study: Study, good: str | None = None) -> dict[str, Floats]:
    """Cheapest routes between all P places, and the consignments between them.

    Parameters
    ----------
    good : may be left out where the study has one

    Returns
    -------
    ``generalised`` and ``cost`` (money per unit), ``days`` and ``km``, inf where no way leads (or a
    leg has no length), and ``quantity`` (units per period) where the study has consignments of the
    good; each of shape (P, P), from the row's place to the column's.

    Raises
    ------
    QuestionError : an unknown good, or none said where there are several
    StudyError : a circle of legs that pays for itself
    """
    places = study.table("places")["place"].to_list()
    number = {place: i for i, place in enumerate(places)}
    found = {name: np.full((len(places), len(places)), np.inf) for name in MEASURES}
    for row, place in enumerate(places):
        told = reach(study, place, good)
        columns = [number[name] for name in told["place"]]
        for name in MEASURES:
            found[name][row, columns] = told[name].fill_null(np.inf).to_numpy()
    table = study.table("consignments")
    wanted = table if good is None else table.filter(table["good"] == good)
    if wanted.height:
        quantity = np.zeros((len(places), len(places)))
        for origin, destination, amount in wanted.select(
            "origin", "destination", "quantity"
        ).iter_rows():
            quantity[number[origin], number[destination]] += amount
        found["quantity"] = quantity
    return found
