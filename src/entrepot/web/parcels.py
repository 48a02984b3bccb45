"""What readers drop on the page: a workbook or an archive, opened within bounds.

Nothing of an archive decides where a file goes: its names are checked, all of them at once, and
only files that a study or a network may consist of are taken out, into a folder of ours. Sizes are
counted while they are unpacked, since an archive can say anything of itself, and a workbook, which
is an archive too, is packed anew for the same reason before anyone else reads it.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from entrepot.errors import Problem, StudyError
from entrepot.web.problems import Refused

MOST_BYTES = 256 * 1024**2
MOST_FILES = 2_000
"""What one archive may hold, unpacked."""

LONGEST_NAME = 120
"""Of a file, in letters; as many bytes of it are kept."""
ENDINGS = (".csv", ".parquet", ".toml")
WORKBOOK, SETTINGS = ".xlsx", "study.toml"
BOOK = "xl/workbook.xml"
"""The part of a workbook that makes it one."""
NETWORK = ("node.csv", "link.csv")
"""Files by which a network in GMNS is known."""


def unpack(name: str, content: bytes, folder: Path) -> Path:
    """Put what was dropped into a folder, as something that can be read.

    Parameters
    ----------
    name : of the file or folder, as the reader's machine calls it
    content : a workbook or a zip archive
    folder : ours, and empty

    Returns
    -------
    A workbook, or a folder with the files of a study or of a network, inside `folder`.

    Raises
    ------
    Refused : neither a workbook nor an archive, damaged, locked, or more than is unpacked
    StudyError : names of files that lead elsewhere, every one of them
    """
    files = _files(plain(name, "study"), content)
    if BOOK in files:
        return _workbook(files, folder / f"{_stem(name)}{WORKBOOK}")
    parts = {PurePosixPath(path): data for path, data in files.items() if not _hidden(path)}
    books = [path for path in parts if path.suffix.lower() == WORKBOOK]
    root = _root(parts)
    if root is None and len(books) == 1:
        inner = _files(books[0].name, parts[books[0]])
        if BOOK in inner:
            return _workbook(inner, folder / f"{_stem(books[0].name)}{WORKBOOK}")
    root = root or PurePosixPath()
    study = folder / (plain(root.name, "") or _stem(name))
    study.mkdir()
    _copy(parts, root, study)
    return study


def _copy(parts: Mapping[PurePosixPath, bytes], root: PurePosixPath, study: Path) -> None:
    """Write the files that a study may consist of, and those of its scenarios."""
    for path, data in parts.items():
        inside = path.relative_to(root).parts if path.is_relative_to(root) else ()
        if path.suffix.lower() not in ENDINGS:
            continue
        if len(inside) == 1:
            (study / inside[0]).write_bytes(data)
        elif len(inside) == 2 and inside[0] == "scenarios":
            (study / "scenarios").mkdir(exist_ok=True)
            (study / "scenarios" / inside[1]).write_bytes(data)


def _files(name: str, content: bytes) -> dict[str, bytes]:
    """Every file of an archive, unpacked; names that lead elsewhere are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _must_be_sound(name, entries)
            return dict(_unpacked(archive, entries))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        why = "drop the folder of a study, a workbook (.xlsx) or a zip archive of either"
        raise Refused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"{name} is no archive that can be read; {why}"
        ) from error


def _must_be_sound(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
        raise _too_much(name)
    problems = [
        Problem(name, None, None, _shown(each.filename), message, cure)
        for each in entries
        for message, cure in [_wrong(each)]
        if message
    ]
    if problems:
        raise StudyError(name, problems)


def _wrong(entry: zipfile.ZipInfo) -> tuple[str, str]:
    """What is wrong with the name or kind of a file in an archive; nothing where it is sound."""
    # What the archive says, before the library tidied it up.
    path, cure = entry.orig_filename, "pack the folder of the study anew"
    if entry.flag_bits & 1:
        return "is locked by a password", "pack it without one"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link, not a file", cure
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\\" in path or ":" in path:
        return "leads out of the archive", cure
    if not path.isprintable() or any(len(part) > LONGEST_NAME for part in parts):
        return "is no name of a file", cure
    return "", ""


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    for entry in entries:
        with archive.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _too_much(archive.filename or "the archive")
        yield entry.filename, data


def _hidden(path: str) -> bool:
    """What a file system put there for itself."""
    return path.startswith("__MACOSX/") or "/." in f"/{path}"


def _root(parts: Mapping[PurePosixPath, bytes]) -> PurePosixPath | None:
    """The folder of the archive that holds a study or a network, nearest to the top."""
    folders = sorted({path.parent for path in parts}, key=lambda each: (len(each.parts), each))
    for folder in folders:
        if folder / SETTINGS in parts:
            return folder
    for folder in folders:
        if all(folder / file in parts for file in NETWORK):
            return folder
    tabled = [folder for folder in folders if any(p.parent == folder for p in _tables(parts))]
    return tabled[0] if tabled else None


def _tables(parts: Mapping[PurePosixPath, bytes]) -> Iterator[PurePosixPath]:
    return (path for path in parts if path.suffix.lower() in (".csv", ".parquet"))


def _workbook(files: Mapping[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, data in files.items():
            book.writestr(name, data)
    return path


def _stem(name: str) -> str:
    return plain(PurePosixPath(plain(name, "study")).stem, "study")


def plain(name: str, otherwise: str) -> str:
    """A name without anything that means something to a file system."""
    last = re.split(r"[/\\]", name)[-1]
    known = re.sub(r"[^\w .()+-]", "-", last).encode()[:LONGEST_NAME].decode(errors="ignore")
    return known.strip(" .") or otherwise


def _shown(path: str) -> str:
    return path if path.isprintable() else repr(path)


def _too_much(name: str) -> Refused:
    why = f"holds more than {MOST_FILES:,} files or {MOST_BYTES // 1024**2} MiB"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{name} {why}; leave out what is no study")
