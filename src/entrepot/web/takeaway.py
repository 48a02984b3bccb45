"""Answers and studies to be taken away whole: an archive, or a workbook."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from entrepot.results.write import WORKBOOK, write_results
from entrepot.study import write_study
from entrepot.web.answers import Named
from entrepot.web.atlas import answer
from entrepot.web.runs import Run
from entrepot.web.twins import FORMS

router = APIRouter(prefix="/runs")

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive knows: the same answer gives the same archive."""


@router.get("/{run}/results.zip")
def results_archive(run: Named) -> Response:
    """What `entrepot clear --out` writes, as one archive."""
    clearing = answer(run)
    with tempfile.TemporaryDirectory(prefix="entrepot-") as beside:
        folder = Path(beside) / "results"
        write_results(clearing, folder)
        content = _archive(folder)
    return _attached(content, "application/zip", f"{_called(run)}-results.zip")


@router.get("/{run}/results.xlsx")
def results_workbook(run: Named) -> Response:
    """All result tables as one workbook."""
    clearing = answer(run)
    with tempfile.TemporaryDirectory(prefix="entrepot-") as beside:
        write_results(clearing, Path(beside) / "results", format="xlsx")
        content = (Path(beside) / "results" / WORKBOOK).read_bytes()
    return _attached(content, FORMS["xlsx"], f"{_called(run)}-results.xlsx")


@router.get("/{run}/study.xlsx")
def study_workbook(run: Named) -> Response:
    """The study after the scenarios and changes of the run, as a workbook to go on with."""
    with tempfile.TemporaryDirectory(prefix="entrepot-") as beside:
        write_study(run.study, Path(beside) / "study.xlsx", "xlsx")
        content = (Path(beside) / "study.xlsx").read_bytes()
    return _attached(content, FORMS["xlsx"], f"{_called(run)}.xlsx")


def _archive(folder: Path) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.name}", EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return into.getvalue()


def _called(run: Run) -> str:
    """The study and its scenarios, in signs that every file system and header takes."""
    name = "-".join([run.study.name, *run.study.applied])
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)[:80]


def _attached(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )
