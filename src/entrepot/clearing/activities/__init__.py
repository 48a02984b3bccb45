"""What a market can do. One kind of activity a file, and a line in KINDS."""

from __future__ import annotations

from entrepot.clearing.activities import buying, customs, moving, processing, selling, storing
from entrepot.clearing.activities.activity import Kind

KINDS: tuple[Kind, ...] = (
    selling.KIND,
    buying.KIND,
    moving.KIND,
    customs.KIND,
    processing.KIND,
    storing.KIND,
)
