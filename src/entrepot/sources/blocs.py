"""Who was in which economic bloc from when to when, each row with its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import polars as pl

from entrepot.errors import QuestionError
from entrepot.tables.nearest import did_you_mean


@cache
def _members() -> pl.DataFrame:
    file = resources.files("entrepot.sources").joinpath("blocs.csv")
    return pl.read_csv(file.read_bytes(), comment_prefix="#", infer_schema=False)


def members(blocs: Sequence[str] = ()) -> pl.DataFrame:
    """Rows of table ``blocs`` (bloc, country, since, until, source), as text.

    Parameters
    ----------
    blocs : which; all that are known where empty

    Raises
    ------
    QuestionError : blocs that are not known, all of them
    """
    rows = _members()
    known = rows["bloc"].unique().sort().to_list()
    strange = [name for name in blocs if name not in known]
    if strange:
        cure = did_you_mean(strange[0], known, f"known are {', '.join(known)}")
        raise QuestionError(f"not known as blocs: {', '.join(strange)}; {cure}")
    return rows.filter(pl.col("bloc").is_in(blocs)) if blocs else rows
