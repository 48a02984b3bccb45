"""Studies and answers between this process and the workers that it starts: nobody else is read."""

from __future__ import annotations

import copyreg
import io
import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, BinaryIO

STAGE, ANSWER, ERROR = b"S", b"A", b"E"
"""What a frame from a worker holds: a line of progress, a clearing, or what is wrong as JSON."""

_LENGTH = 8


def packed(value: object) -> bytes:
    """A study or an answer as bytes, for `unpacked` in a process of the same program."""
    into = io.BytesIO()
    _Pickler(into, protocol=5).dump(value)
    return into.getvalue()


def unpacked(content: bytes) -> Any:
    """What `packed` was given."""
    return pickle.loads(content)


def send(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    """Write one frame: its kind, its length, its content."""
    stream.write(kind + len(content).to_bytes(_LENGTH, "big") + content)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """Read one frame; None where the stream ends, in the middle of a frame too."""
    head = stream.read(1 + _LENGTH)
    if len(head) < 1 + _LENGTH:
        return None
    length = int.from_bytes(head[1:], "big")
    content = stream.read(length)
    return (head[:1], content) if len(content) == length else None


def _frozen(values: Mapping[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(dict(values))


class _Pickler(pickle.Pickler):
    """Knows read-only mappings, which Python's own does not."""

    dispatch_table = {  # noqa: RUF012 - as the library declares it
        **copyreg.dispatch_table,
        MappingProxyType: lambda proxy: (_frozen, (dict(proxy),)),
    }
