"""The server process: an address, a token where others can reach it, and the browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from entrepot.errors import OutputError
from entrepot.web.guard import is_loopback


@dataclass(frozen=True)
class Place:
    """Where the atlas listens.

    Attributes
    ----------
    door : a socket that is bound already, so that nobody can take the port in between
    token : None where only this machine can reach it
    """

    door: socket.socket
    host: str
    token: str | None

    @property
    def address(self) -> str:
        """What to open in a browser."""
        port = self.door.getsockname()[1]
        # Every address of the machine is none that a browser can open: its name is.
        name = socket.gethostname() if self.host in ("0.0.0.0", "::") else self.host
        host = f"[{name}]" if ":" in name else name
        query = f"/?token={self.token}" if self.token else "/"
        return f"http://{host}:{port}{query}"


def take_place(host: str, port: int) -> Place:
    """Bind an address; port 0 takes a free one.

    Raises
    ------
    OutputError : the address cannot be had
    """
    token = None if is_loopback(host) else secrets.token_urlsafe(32)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
    except (OSError, OverflowError) as error:
        door.close()
        why = getattr(error, "strerror", None) or error
        raise OutputError(
            f"cannot listen on {host} port {port}: {why}; leave --port out to take a free one"
        ) from error
    return Place(door, host, token)


class _Server(uvicorn.Server):
    """Tells the application at once when it is asked to end."""

    def __init__(self, config: uvicorn.Config, ending: threading.Event) -> None:
        super().__init__(config)
        self.ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take the signal that ends the server."""
        self.ending.set()
        super().handle_exit(sig, frame)


def serve(
    app: ASGIApp,
    place: Place,
    open_browser: bool,
    ready: Callable[[], None],
    ending: threading.Event,
) -> None:
    """Serve until Ctrl-C, then set `ending`; `ready` is called when the atlas can be opened."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="none",
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = _Server(config, ending)

    def announce() -> None:
        while not server.started and not server.should_exit:
            stopped.wait(0.02)
        if server.started:
            ready()
            if open_browser:
                webbrowser.open(place.address)

    stopped = threading.Event()
    threading.Thread(target=announce, daemon=True).start()
    try:
        server.run(sockets=[place.door])
    finally:
        stopped.set()
        place.door.close()
