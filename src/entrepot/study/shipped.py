"""The studies that come with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from entrepot.errors import Problem, StudyError
from entrepot.study.read import SETTINGS
from entrepot.tables.nearest import did_you_mean


def shipped_studies() -> dict[str, Path]:
    """Name and folder of every study that comes with the package.

    They are inside the installed package; in a checkout of the sources, in its folder `studies`.
    """
    package = Path(str(resources.files("entrepot")))
    for folder in (package / "studies", package.parent.parent / "studies"):
        found = {
            path.name: path
            for path in (sorted(folder.iterdir()) if folder.is_dir() else [])
            if (path / SETTINGS).is_file()
        }
        if found:
            return found
    return {}


def find_study(name: Path | str) -> Path:
    """A path if there is one, else the folder of the shipped study of that name.

    Raises
    ------
    StudyError : there is neither
    """
    path = Path(name)
    if path.exists():
        return path
    shipped = shipped_studies()
    if str(name) in shipped:
        return shipped[str(name)]
    there = f"shipped are {', '.join(shipped)}" if shipped else "no study is shipped"
    cure = did_you_mean(str(name), shipped, "give the folder of a study or one that is shipped")
    message = "there is no such folder, workbook or shipped study"
    raise StudyError(
        str(name), [Problem(str(name), None, None, None, message, f"{cure} ({there})")]
    )
