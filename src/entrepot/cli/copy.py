"""`entrepot copy`: a shipped study as files of one's own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from cyclopts import App

from entrepot.cli.console import say
from entrepot.errors import OutputError, QuestionError
from entrepot.study import shipped_studies

app = App(
    name="copy",
    help_epilogue="Examples:\n\n  entrepot copy caspian my-caspian\n  entrepot check my-caspian",
)


@app.default
def copy(name: str, folder: Path, /) -> None:
    """Copy a shipped study into a folder of your own, to edit.

    Parameters
    ----------
    name
        A study that `entrepot studies` lists.
    folder
        Where the copy goes; it must not exist yet.
    """
    shipped = shipped_studies()
    if name not in shipped:
        raise QuestionError(f"no study {name!r} is shipped; there are: {', '.join(shipped)}")
    if folder.exists():
        raise OutputError(f"{folder} exists already; name a folder that does not")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".copying-") as beside:
            shutil.move(shutil.copytree(shipped[name], Path(beside) / name), folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}") from error
    say(f"copied {name} to {folder}; edit its tables, then: entrepot check {folder}")
