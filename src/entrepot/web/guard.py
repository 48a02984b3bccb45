"""What stands before every request: who may ask, from where, how much, and what a page may load.

A page of another site must not be able to read or steer the atlas through the reader's browser. So
the name by which it was called must be its own (against rebinding of names), a request that says
where it comes from must come from the atlas itself, and nothing is loaded from elsewhere. Listening
beyond this machine, the atlas asks for a token; only its hash is kept, and it is compared in
constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrepot.web.problems import refusal

LARGEST, LARGEST_PARCEL = 64 * 1024, 32 * 1024**2
"""Bytes of a request's body, and of one that brings a study: nothing larger is ever needed."""
PARCELS = "/api/opened"

COOKIE = "entrepot"
MOST_SESSIONS = 256

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Lets through what may pass, and adds the headers that every answer carries.

    Parameters
    ----------
    app : what is guarded
    host : the address that the server listens on
    token : asked for where it is given
    """

    def __init__(self, app: ASGIApp, host: str, token: str | None) -> None:
        self._app = app
        self._local = is_loopback(host)
        self._names = {"localhost", host.lower()}
        if not self._local:
            name = socket.gethostname().lower()
            self._names |= {name, f"{name}.local", socket.getfqdn().lower()}
        self._token = None if token is None else _digest(token)
        self._sessions: dict[bytes, None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        parcel = scope["method"] == "POST" and scope["path"] == PARCELS
        most = LARGEST_PARCEL if parcel else LARGEST
        refused = self._refused(headers, most)
        if refused is not None:
            await _refuse(send, *refused)
        elif "\0" in scope["path"]:
            # No file has such a name; older servers of files stumble over it.
            await _refuse(send, HTTPStatus.BAD_REQUEST, "no address holds a zero byte")
        elif self._token is not None and not self._known(headers):
            await self._admit(scope, headers, send)
        else:
            await self._pass(scope, most, receive, send)

    def _refused(self, headers: Mapping[str, str], most: int) -> tuple[HTTPStatus, str] | None:
        host = headers.get("host", "")
        if not self._own(host):
            why = f"the atlas is not called {host[:80]!r}; open it by the address it printed"
            return HTTPStatus.MISDIRECTED_REQUEST, why
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        if foreign or headers.get("sec-fetch-site") == "cross-site":
            return HTTPStatus.FORBIDDEN, "the request comes from another site"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {most:,} bytes were sent"
        return None

    def _own(self, host: str) -> bool:
        """Whether a Host header names this server; a number cannot be rebound to another."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._names:
            return True
        return is_loopback(name) or (not self._local and _is_address(name))

    def _known(self, headers: Mapping[str, str]) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(token.strip()):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        if cookie is None:
            return False
        given = _digest(cookie.value)
        return any(hmac.compare_digest(given, each) for each in self._sessions)

    def _is_token(self, token: str) -> bool:
        return self._token is not None and hmac.compare_digest(_digest(token), self._token)

    async def _admit(self, scope: Scope, headers: Mapping[str, str], send: Send) -> None:
        """Take a token out of the address and give a cookie for it, or refuse."""
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        (token,) = query.pop("token", [""])[:1]
        if scope["method"] != "GET" or not self._is_token(token):
            why = "open the atlas by the whole address that it printed: it holds the token"
            await _refuse(send, HTTPStatus.UNAUTHORIZED, why)
            return
        session = secrets.token_urlsafe(32)
        self._sessions[_digest(session)] = None
        while len(self._sessions) > MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        rest = urlencode(query, doseq=True)
        where = "/" + scope["path"].lstrip("/\\") + (f"?{rest}" if rest else "")
        head = {
            "location": _one_line(where),
            "set-cookie": f"{COOKIE}={session}; Path=/; HttpOnly; SameSite=Strict",
            "cache-control": "no-store",
        }
        await _answer(send, HTTPStatus.SEE_OTHER, head, b"")

    async def _pass(self, scope: Scope, most: int, receive: Receive, send: Send) -> None:
        sent = 0
        begun = False

        async def bounded() -> Message:
            nonlocal sent
            message = await receive()
            sent += len(message.get("body", b""))
            if sent > most:
                raise _TooLarge
            return message

        async def dressed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in _encoded(HEADERS) if pair[0] not in present),
                ]
            await send(message)

        try:
            await self._app(scope, bounded, dressed)
        except _TooLarge:
            if not begun:
                why = f"more than {most:,} bytes were sent"
                await _refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)


class _TooLarge(BaseException):
    """More was sent than is read; not for anybody else to catch."""


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, which nobody else can reach."""
    if host == "localhost":
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _one_line(text: str) -> str:
    return "".join(sign for sign in text if " " < sign < "\x7f")


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


async def _refuse(send: Send, status: HTTPStatus, why: str) -> None:
    body = json.dumps(refusal(status, why)).encode()
    await _answer(send, status, {"content-type": "application/problem+json"}, body)


async def _answer(send: Send, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
    length = {"content-length": str(len(body))}
    told = _encoded({**HEADERS, **headers, **length})
    await send({"type": "http.response.start", "status": int(status), "headers": told})
    await send({"type": "http.response.body", "body": body})
