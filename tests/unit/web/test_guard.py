"""What is not let through: other sites, wrong names, large bodies, readers without the token."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.web import guard
from entrepot.web.runs import MOST_WAITING
from entrepot.web.serve import take_place
from tests.unit.web.atlas import a_client, a_study

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with a_client() as found:
        yield found


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1", "["])
def test_it_answers_to_its_own_name_only(client: httpx.Client, host: str) -> None:
    found = client.get("/api/study", headers={"host": host})

    assert found.status_code == 421
    assert found.json()["detail"].startswith("the atlas is not called")


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:1", "[::1]:8765", "LOCALHOST"])
def test_its_own_names_are_many(client: httpx.Client, host: str) -> None:
    assert client.get("/api/study", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_other_sites_are_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.post("/api/runs", json={}, headers=headers).status_code == 403
    assert client.get("/api/runs").json() == []


def test_the_page_itself_may_ask(client: httpx.Client) -> None:
    found = client.get(
        "/api/study",
        headers={"origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"},
    )

    assert found.status_code == 200


def test_nothing_is_loaded_from_elsewhere(client: httpx.Client) -> None:
    for path in ("/api/study", "/api/nothing", "/api/openapi.json"):
        found = client.get(path)
        assert found.headers["content-security-policy"].startswith("default-src 'self'")
        assert found.headers["x-content-type-options"] == "nosniff"
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_bodies_are_bounded(client: httpx.Client) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 4096

    whole = client.post("/api/runs", content=b" " * (guard.LARGEST + 1))
    in_parts = client.post("/api/runs", content=parts())

    assert whole.status_code == in_parts.status_code == 413


def test_beyond_this_machine_a_token_is_asked_for() -> None:
    with a_client(host="0.0.0.0", token=TOKEN) as client:
        assert client.get("/api/study").status_code == 401
        assert client.get("/api/study", params={"token": "guess"}).status_code == 401
        assert client.post("/api/runs", params={"token": TOKEN}).status_code == 401
        bearer = {"authorization": f"Bearer {TOKEN}"}
        assert client.get("/api/study", headers=bearer).status_code == 200
        wrong = {"authorization": "Bearer guess", "cookie": "entrepot=guess"}
        assert client.get("/api/study", headers=wrong).status_code == 401

        opened = client.get("/api/study", params={"token": TOKEN, "q": "1"}, follow_redirects=False)
        assert opened.status_code == 303
        assert opened.headers["location"] == "/api/study?q=1"
        assert "HttpOnly; SameSite=Strict" in opened.headers["set-cookie"]
        assert TOKEN not in str(opened.headers)
        assert client.get("/api/study").status_code == 200


def test_a_token_takes_nobody_elsewhere() -> None:
    with a_client(host="0.0.0.0", token=TOKEN) as client:
        connection = HTTPConnection("127.0.0.1", client.base_url.port or 0)
        connection.request("GET", f"//evil.example/?token={TOKEN}")
        opened = connection.getresponse()
        connection.close()

    assert opened.headers["location"] == "/evil.example/"


def test_the_address_for_others_can_be_opened_and_holds_the_token() -> None:
    place = take_place("0.0.0.0", 0)
    place.door.close()
    ours = take_place("127.0.0.1", 0)

    assert place.token is not None
    assert ours.token is None
    assert f"//{socket.gethostname()}:" in replace(place, door=ours.door).address
    assert place.token in replace(place, door=ours.door).address
    ours.door.close()


def test_the_token_is_not_kept_in_clear() -> None:
    async def nothing(*_: object) -> None:
        return None

    kept = vars(guard.Guard(nothing, "0.0.0.0", TOKEN))

    assert TOKEN not in repr(kept)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=40)
@given(body=JSON)
def test_any_body_is_an_answer_or_a_refusal(client: httpx.Client, body: object) -> None:
    if isinstance(body, dict):
        body = {**body, "more": 1}
    found = client.post("/api/runs", json=body)

    assert found.status_code == 422
    assert found.json()["detail"]


@settings(max_examples=40)
@given(names=st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_unknown_scenarios_are_refused(client: httpx.Client, names: list[str]) -> None:
    if set(names) <= set(a_study().scenarios):
        return
    found = client.post("/api/runs", json={"scenarios": names})

    assert found.status_code == 422
    assert found.headers["content-type"] == "application/problem+json"
    assert len(client.get("/api/runs").json()) <= MOST_WAITING


@settings(max_examples=40)
@given(
    path=st.sampled_from(
        ["/api/study/{}", "/api/runs/{}", "/api/runs/{}/events", "/api/runs/x/tables/{}", "/{}"]
    ),
    word=st.text(min_size=1, max_size=40),
)
def test_any_address_is_an_answer_or_a_refusal(client: httpx.Client, path: str, word: str) -> None:
    found = client.get(path.format(quote(word, safe="", errors="replace")))

    assert found.status_code < 500
    if found.status_code >= 400:
        assert found.json()["status"] == found.status_code


def test_wrong_words_are_told_all_at_once(client: httpx.Client) -> None:
    found = client.post("/api/runs", json={"scenarios": [1, ""], "speed": 9}).json()

    assert [each["column"] for each in found["problems"]] == [
        "scenarios.0",
        "scenarios.1",
        "speed",
    ]
