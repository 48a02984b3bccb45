"""What outlives the server: studies that readers opened, and changes that were made to a study.

A folder of plain files, so that its owner can look at it, copy from it and delete any of it::

    opened/ID/NAME         what was sent, as it was sent
    opened/ID/~about.json  what it is called
    changes/ID.json        changes that a study took, in order, and the scenarios before them

Nothing is acknowledged before it lies there: everything is written under a name that is not read,
flushed to the disk, and only then given its own name. What is read back is checked as if it came
from a stranger. Both are bounded; the oldest goes first. Several servers may share a folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

from entrepot.errors import OutputError
from entrepot.web.parcels import plain
from entrepot.web.problems import Refused

MOST_STUDIES, MOST_CHANGES = 16, 400
"""What is kept: parcels of 32 MiB at most, and changes of 64 KiB at most."""

PARTIAL = ".partial-"
LEFT_BEHIND = 3600.0
"""Seconds after which a file without its own name belongs to a server that is no more."""

ABOUT = "~about.json"
"""No name that is sent keeps a ~."""
_ID = re.compile(r"[0-9a-f]{24}")


def own_folder() -> Path:
    """Where the system wants a user's programs to keep such things."""
    named = os.environ.get("XDG_STATE_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named) / "entrepot" / "atlas"
    if sys.platform == "win32":
        above = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        above = Path.home() / "Library" / "Application Support"
    else:
        above = Path.home() / ".local" / "state"
    return above / "entrepot" / "atlas"


class Keep:
    """What is kept in a folder.

    Parameters
    ----------
    folder : made where it is not there, readable by its owner alone

    Raises
    ------
    OutputError : nothing can be written there
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._studies, self._changes = self.folder / "opened", self.folder / "changes"
        try:
            for each in (self.folder, self._studies, self._changes):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.folder / f"{PARTIAL}{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            why = error.strerror or error
            raise OutputError(f"nothing can be kept in {folder}: {why}") from error
        self._sweep()

    def put_study(self, study: str, name: str, content: bytes, about: Mapping[str, Any]) -> None:
        """Keep what a reader opened, under the name of the study that it holds.

        Raises
        ------
        Refused : it cannot be written
        """
        final = self._studies / study
        draft = self._studies / f"{PARTIAL}{secrets.token_hex(8)}"
        try:
            if final.is_dir():
                os.utime(final)
                return
            self._studies.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.mkdir(mode=0o700)
            _write(draft / plain(name, "study"), content)
            _write(draft / ABOUT, _json(about))
            _flush(draft)
            draft.rename(final)
            _flush(self._studies)
        except OSError as error:
            if not final.is_dir():
                raise self._full(error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        for old in _oldest(self._studies, MOST_STUDIES):
            shutil.rmtree(old, ignore_errors=True)

    def parcel(self, study: str) -> tuple[str, bytes] | None:
        """What was opened, with the name it was sent by; None where it is not kept."""
        if not _ID.fullmatch(study):
            return None
        with suppress(OSError):
            for file in sorted((self._studies / study).iterdir()):
                if file.name != ABOUT and file.is_file():
                    return file.name, file.read_bytes()
        return None

    def studies(self) -> list[dict[str, Any]]:
        """What was opened, the latest first."""
        found = []
        for folder in _latest(self._studies):
            about = _read(folder / ABOUT)
            if _ID.fullmatch(folder.name) and {"name", "title"} <= about.keys():
                found.append({**about, "id": folder.name})
        return found

    def put_changes(self, told: Mapping[str, Any]) -> None:
        """Keep changes that a study took; the same ones are kept once, as the latest.

        Raises
        ------
        Refused : they cannot be written
        """
        content = _json(told)
        final = self._changes / f"{hashlib.sha256(content).hexdigest()[:24]}.json"
        draft = self._changes / f"{PARTIAL}{secrets.token_hex(8)}"
        try:
            if final.is_file():
                os.utime(final)
                return
            self._changes.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(draft, content)
            draft.replace(final)
            _flush(self._changes)
        except OSError as error:
            raise self._full(error) from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        for old in _oldest(self._changes, MOST_CHANGES):
            old.unlink(missing_ok=True)

    def changes(self, study: str) -> list[dict[str, Any]]:
        """Changes made to a study, the latest first, each with when it was made."""
        found = []
        for file in _latest(self._changes):
            told = _read(file)
            if told.get("study") == study:
                found.append({**told, "seconds": round(_age(file))})
        return found

    def _full(self, error: OSError) -> Refused:
        why = f"cannot be kept in {self.folder}: {error.strerror or error}"
        cure = "make room there, or start the atlas with another --keep"
        return Refused(HTTPStatus.INSUFFICIENT_STORAGE, f"it {why}; {cure}")

    def _sweep(self) -> None:
        """Remove what a server that was killed did not finish."""
        for folder in (self.folder, self._studies, self._changes):
            for left in folder.glob(f"{PARTIAL}*"):
                if time.time() - _age(left) > LEFT_BEHIND:
                    if left.is_dir():
                        shutil.rmtree(left, ignore_errors=True)
                    else:
                        left.unlink(missing_ok=True)


def _write(file: Path, content: bytes) -> None:
    """Write a file of its owner's alone, and wait until the disk has it."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Wait until the disk has the names in a folder; Windows keeps them without being asked."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _latest(folder: Path) -> list[Path]:
    """What is kept in a folder, the latest first."""
    with suppress(OSError):
        kept = [each for each in folder.iterdir() if not each.name.startswith(".")]
        return sorted(kept, key=lambda each: (_age(each), each.name), reverse=True)
    return []


def _oldest(folder: Path, most: int) -> Iterator[Path]:
    yield from _latest(folder)[most:]


def _age(path: Path) -> float:
    """When something was kept, in seconds since 1970; 0 where it was deleted meanwhile."""
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _read(file: Path) -> dict[str, Any]:
    """A file of ours, empty where somebody spoiled it."""
    with suppress(OSError, ValueError):
        found = json.loads(file.read_bytes())
        if isinstance(found, dict):
            return found
    return {}
