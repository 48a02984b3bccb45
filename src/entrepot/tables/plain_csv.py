"""CSV without quotes, comments and gaps, read at once.

Most of a large file is plain: each line is a record and each comma parts two cells. Whether all of
a file is, is seen from its bytes; then a library reads it many times faster than record by record.
"""

from __future__ import annotations

import csv
import io

import numpy as np
import polars as pl

COMMA, LINE_END, TAB, SPACE = (ord(mark) for mark in ",\n\t ")
_BLANK = pl.all_horizontal(pl.all().str.strip_chars() == "")


def plain_columns(text: str, width: int) -> tuple[list[pl.Series], pl.Series] | None:
    """All records behind the header as columns of text, with their lines; None if not plain.

    Plain is a text whose first line is the header, of as many cells as every other line, with no
    quotes, no comments, no control characters and no record of blanks only.
    """
    if width < 2 or '"' in text or "\n#" in text:
        return None
    data = text.encode()
    if not data.endswith(b"\n"):
        data += b"\n"
    if not _even(data, width):
        return None
    frame = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        skip_rows=1,
        infer_schema=False,
        quote_char=None,
        raise_if_empty=False,
    ).fill_null("")
    if frame.width != width or frame.select(_BLANK.any()).item():
        return None
    return frame.get_columns(), pl.Series("row", np.arange(2, frame.height + 2))


def _even(data: bytes, width: int) -> bool:
    """Whether each line has as many cells, none longer than the reader of CSV takes.

    And whether there is no mark that the two readers take otherwise: the control characters.
    """
    letters = np.frombuffer(data, dtype=np.uint8)
    if ((letters < SPACE) & (letters != LINE_END) & (letters != TAB)).any():
        return False
    ends = np.flatnonzero(letters == LINE_END)
    commas = np.flatnonzero(letters == COMMA)
    longest = int(np.diff(ends, prepend=-1).max())
    cells = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
    return bool((cells == width).all() and longest < csv.field_size_limit())
