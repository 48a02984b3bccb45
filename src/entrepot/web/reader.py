"""Reading what was dropped, in a process of its own: it can run out of memory and time alone.

``python -m entrepot.web.reader NAME`` reads a workbook, a study or a network in the folder that it
was started in, and writes one frame to standard output: the study, or what is wrong with it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

from entrepot.errors import EntrepotError
from entrepot.study import Study, read_study, study_from_tables
from entrepot.web.carried import ANSWER, ERROR, packed, receive, send, unpacked
from entrepot.web.parcels import NETWORK, SETTINGS
from entrepot.web.problems import Refused, told, unexpected

READER = (sys.executable, "-P", "-m", "entrepot.web.reader")
MEMORY = 6 * 1024**3
SECONDS = 120.0


class Unsound(EntrepotError):  # noqa: N818 - an outcome, told to who asked
    """What was dropped cannot be opened; carries what the reader process told of it."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        super().__init__(str(problem["detail"]))


def read_apart(path: Path, command: Sequence[str] = READER) -> Study:
    """The study in a workbook or folder.

    Raises
    ------
    Unsound : anything wrong with it
    Refused : it takes more memory or time than there is
    """
    try:
        done = subprocess.run(
            [*command, path.name],
            cwd=path.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_much(path) from None
    frame = receive(io.BytesIO(done.stdout))
    if frame is None:
        raise _too_much(path)
    kind, content = frame
    if kind == ERROR:
        raise Unsound(json.loads(content))
    found: Study = unpacked(content)
    return found


def read(path: Path) -> Study:
    """A study as it stands, or one made of a network in GMNS."""
    network = path.is_dir() and not (path / SETTINGS).exists()
    if not (network and all((path / file).exists() for file in NETWORK)):
        return read_study(path)
    from entrepot.sources.gmns import read_gmns

    found = read_gmns(path)
    money = {"currency": found["currency"]} if found["currency"] else {}
    return study_from_tables(path.name, found["tables"], title=found["title"], **money)


def main() -> None:
    """Keep standard output to the frame: whatever a library prints goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        send(out, ANSWER, packed(read(Path(sys.argv[1]))))
    except EntrepotError as error:
        send(out, ERROR, json.dumps(told(error)).encode())
    except MemoryError:
        os._exit(1)
    except Exception as error:
        send(out, ERROR, json.dumps(unexpected(error)).encode())
    os._exit(0)


def _too_much(path: Path) -> Refused:
    why = "takes more memory or time to read than the atlas has; clear it from the terminal"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{path.name} {why}")


if __name__ == "__main__":
    main()
