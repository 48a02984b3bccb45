"""The report of a study: its sections in order, and the file that it is written to."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from entrepot.clearing.answers import Clearing
from entrepot.drawing.basemap import Basemap, read_basemap
from entrepot.errors import OutputError
from entrepot.report.content import Document, Section
from entrepot.report.html import page
from entrepot.report.sections.claims import claims
from entrepot.report.sections.comparison import comparison
from entrepot.report.sections.deals import deals
from entrepot.report.sections.flows import flows
from entrepot.report.sections.journeys import journeys
from entrepot.report.sections.map import map_
from entrepot.report.sections.method import method
from entrepot.report.sections.prices import prices
from entrepot.report.sections.relations import relations
from entrepot.report.sections.restrictions import restrictions
from entrepot.report.sections.scarce import scarce
from entrepot.report.sections.sources import sources
from entrepot.report.sections.staircases import staircases
from entrepot.report.sections.summary import summary
from entrepot.report.sections.switches import switches
from entrepot.report.sections.who import who
from entrepot.report.sections.why import why
from entrepot.report.subject import HASH, Subject
from entrepot.telling.catalogue import read_catalogue

# In the order in which they are read; a section is a file and a line here.
SECTIONS: tuple[Callable[[Subject], Section | None], ...] = (
    summary,
    map_,
    comparison,
    who,
    journeys,
    staircases,
    flows,
    prices,
    why,
    scarce,
    switches,
    deals,
    restrictions,
    relations,
    claims,
    method,
    sources,
)


def report(
    base: Clearing,
    others: Sequence[Clearing] = (),
    progress: Callable[[str], None] | None = None,
    basemap: Basemap | None = None,
) -> str:
    """A report on an answer, and on what other answers of the study change, as an HTML page.

    The page is one file that fetches nothing; the same answers give the same page.

    Parameters
    ----------
    base : the answer that tables and maps show
    others : answers that are compared with it, such as the study under scenarios
    progress : told what is being written
    basemap : drawn in place of the one that comes with the package

    Raises
    ------
    QuestionError : answers in different currencies
    """
    return page(contents(base, others, progress, basemap))


def contents(
    base: Clearing,
    others: Sequence[Clearing] = (),
    progress: Callable[[str], None] | None = None,
    basemap: Basemap | None = None,
) -> Document:
    """What the report holds, for `entrepot.report.html.page` and `entrepot.report.pdf.pdf`.

    Parameters and errors are those of `report`.
    """
    subject = Subject(base, tuple(others), read_catalogue(), basemap or read_basemap())
    say = subject.say
    sections = []
    for section in SECTIONS:
        if progress is not None:
            progress(say("report.progress", section=section.__name__.strip("_")))
        found = section(subject)
        if found is not None:
            sections.append(found)
    return Document(
        title=base.study.settings.title,
        subtitle=say(
            "report.subtitle",
            scenarios="; ".join(subject.title(each) for each in (base, *others)),
            hash=base.study.input_hash()[:HASH],
        ),
        sections=sections,
        footer=say("report.footer"),
        say=say,
    )


def check_file(out: Path, overwrite: bool) -> None:
    """Refuse a file that must not be written; good to know before a long clearing.

    Raises
    ------
    OutputError : it exists and `overwrite` is not given, or it is a folder
    """
    if out.is_dir():
        raise OutputError(f"{out} is a folder; name a file for the report")
    if out.exists() and not overwrite:
        raise OutputError(f"{out} exists and is kept; name another file, or ask to overwrite it")


def write_report(content: str | bytes, out: Path, overwrite: bool = False) -> None:
    """Write a report into a file that is complete, or is not there.

    Raises
    ------
    OutputError : `out` exists and `overwrite` is not given, or it cannot be written
    """
    check_file(out, overwrite)
    final = out.resolve()
    draft = final.parent / f".{final.name}.{secrets.token_hex(4)}.partial"
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
        draft.replace(final)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
