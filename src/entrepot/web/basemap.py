"""A basemap of the reader's own, in place of the one that the page carries."""

from __future__ import annotations

import json
from pathlib import Path

from entrepot.errors import OutputError

LARGEST = 64 * 1024**2
KINDS = ("FeatureCollection", "Feature", "GeometryCollection", "Topology")


def read_own_basemap(file: Path) -> bytes:
    """A file of GeoJSON or TopoJSON in degrees, as it stands.

    Raises
    ------
    OutputError : it cannot be read, is too large, or is neither
    """
    try:
        if file.stat().st_size > LARGEST:
            most = LARGEST // 1024**2
            raise OutputError(f"{file} is larger than {most} MiB; leave out what no map shows")
        content = file.read_bytes()
        found = json.loads(content)
    except OSError as error:
        raise OutputError(f"{file} cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise OutputError(f"{file} is no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("type") not in KINDS:
        raise OutputError(f"{file} is neither GeoJSON nor TopoJSON; give a file of either")
    return content
