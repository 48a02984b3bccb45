"""A clearing in a process of its own, so that it can be stopped at any moment.

``python -m entrepot.web.worker`` reads a study from standard input, clears it, and writes frames to
standard output: lines of progress, then the answer or what is wrong. It ends when standard input
does: no worker outlives the server that started it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from typing import BinaryIO

from entrepot.errors import EntrepotError
from entrepot.web.carried import ANSWER, ERROR, STAGE, packed, receive, send, unpacked
from entrepot.web.problems import told, unexpected


def work(source: BinaryIO, out: BinaryIO) -> None:
    """Clear the study that stands in the first frame of the source."""
    frame = receive(source)
    if frame is None:
        return
    threading.Thread(target=_watch, args=(source,), daemon=True).start()
    try:
        from entrepot.clearing.clear import clear

        answer = clear(unpacked(frame[1]), progress=lambda line: send(out, STAGE, line.encode()))
        send(out, ANSWER, packed(answer))
    except EntrepotError as error:
        send(out, ERROR, json.dumps(told(error)).encode())
    except Exception as error:
        traceback.print_exc()
        send(out, ERROR, json.dumps(unexpected(error)).encode())


def _watch(source: BinaryIO) -> None:
    """Wait until the server closes its end, by intent or because it is no more."""
    source.read()
    os._exit(0)


def main() -> None:
    """Keep standard output to frames: whatever a library prints goes to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    work(sys.stdin.buffer, out)
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
