"""The report as a page: complete, safe, the same every time, and nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.drawing.basemap import Basemap
from entrepot.report import report as module
from entrepot.report.html import addresses
from entrepot.report.report import SECTIONS, report
from entrepot.study import study_from_tables
from tests.unit.report.studies import EVIL, TABLES, broken_in

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page, and what is wrong with their nesting."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def answers() -> tuple[Clearing, Clearing]:
    study = broken_in()
    dearer = study.change("legs", where={"leg": "coast"}, scale={"cost": 0.1})
    return clear(study), clear(dearer)


@pytest.fixture(scope="module")
def text(answers: tuple[Clearing, Clearing]) -> str:
    base, other = answers
    return report(base, [other])


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_it_is_one_whole_document(text: str, page: Page) -> None:
    assert text.startswith("<!DOCTYPE html>")
    assert (page.wrong, page.open) == ([], [])
    assert page.all("html")[0] == {"lang": "en", "dir": "ltr"}


def test_it_has_every_section(page: Page) -> None:
    named = [section["id"] for section in page.all("section")]

    assert len(named) == len(SECTIONS)
    assert [link["href"] for link in page.all("a")[: len(named)]] == [f"#{name}" for name in named]


def test_nothing_is_fetched(text: str, page: Page) -> None:
    fetching = {"src", "srcset", "data", "poster", "background", "action", "xlink:href"}
    for tag, attributes in page.elements:
        assert not fetching & set(attributes), (tag, attributes)
        if tag != "a":
            assert "href" not in attributes, (tag, attributes)
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {t for t, _ in page.elements}
    assert "@import" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {
        f"#{tag['id']}" for tag in page.all("clippath")
    }


def test_its_policy_allows_its_own_script_and_nothing_else(text: str, page: Page) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (
        each["content"] or ""
        for each in page.all("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    )

    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}'" in policy


def test_names_are_told_and_never_run(text: str, page: Page) -> None:
    assert len(page.all("script")) == 1
    assert EVIL not in text
    assert any(EVIL in words for words in page.words)
    assert not [name for _, each in page.elements for name in each if name.startswith("on")]


def test_letters_of_other_alphabets_are_kept(page: Page) -> None:
    told = " ".join(page.words)

    assert all(name in told for name in ("Беларусь", "Azərbaycan", "Bakı şəhəri", "Газ", "ایران"))


def test_every_table_has_a_caption_and_heads_with_a_scope(text: str, page: Page) -> None:
    assert text.count("<table") == text.count("<caption>") > 10
    assert {head.get("scope") for head in page.all("th")} == {"col", "row"}


def test_every_inner_link_leads_somewhere(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    inner = {link["href"] or "" for link in page.all("a") if (link["href"] or "").startswith("#")}

    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in inner} <= set(ids)


def test_addresses_in_sources_are_plain_anchors(page: Page) -> None:
    outer = [link for link in page.all("a") if not (link["href"] or "").startswith("#")]

    assert outer == [{"href": "https://example.org/a?b=1&c=2", "rel": "noreferrer"}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http://a.org/b.", ["http://a.org/b"]),
        ("(https://a.org/x_(y)), more", ["https://a.org/x_(y"]),
        ("javascript:alert(1)", []),
        ("https://a.org;https://b.org", ["https://a.org", "https://b.org"]),
    ],
)
def test_only_web_addresses_are_anchors(text: str, found: list[str]) -> None:
    parts = list(addresses(text))

    assert "".join(part for part, _ in parts) == text
    assert [part for part, leads in parts if leads] == found


def test_every_chart_carries_scenario_input_unit_and_price_basis(
    text: str, answers: tuple[Clearing, Clearing]
) -> None:
    charts = re.findall(r"<svg.*?</svg>", text, re.S)
    base, other = (each.study.input_hash()[:12] for each in answers)

    assert len(charts) >= 4
    for chart in charts:
        assert f"input {base}" in chart
        assert re.search(r"Quantities in .* in USD · period 2023", chart)
    assert any(f"input {other}" in chart for chart in charts)


def test_the_same_answers_give_the_same_bytes(
    text: str, answers: tuple[Clearing, Clearing]
) -> None:
    base, other = answers

    assert report(base, [other]) == text
    assert report(clear(broken_in()), [other]) == text


def test_estimates_and_ranges_are_visible(page: Page) -> None:
    told = " ".join(page.words)

    assert "cost 20 (15 – 30, estimate)" in told
    assert "price 50 (40 – 70, published)" in told


def test_restrictions_and_closed_legs_are_shown(page: Page) -> None:
    told = " ".join(page.words)

    assert "no-gas" in told
    assert "2030-01-01" in told


def test_the_comparison_is_left_out_without_scenarios(answers: tuple[Clearing, Clearing]) -> None:
    alone = Page(report(answers[0]))

    assert "comparison" not in {section["id"] for section in alone.all("section")}


def test_a_study_without_coordinates_has_no_map_and_says_so() -> None:
    places = [{key: row[key] for key in ("place", "name", "country")} for row in TABLES["places"]]
    text = report(clear(study_from_tables("nowhere", {**TABLES, "places": places})))

    assert "No place of the study has coordinates" in text
    assert (Page(text).wrong, Page(text).open) == ([], [])


def test_a_study_in_which_nothing_moves_has_a_report() -> None:
    tables = {name: TABLES[name] for name in ("places", "goods", "offers")}
    bids = [{"place": "port", "good": "potash", "quantity": 10, "price": 1}]
    text = report(clear(study_from_tables("still", {**tables, "bids": bids})))

    assert "Nothing is traded" in text


def test_without_a_basemap_a_net_of_degrees_is_drawn(
    answers: tuple[Clearing, Clearing], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing() -> Basemap | None:
        return None

    monkeypatch.setattr(module, "read_basemap", nothing)

    assert "No basemap is installed" in report(answers[0])
