"""Nothing without a place in the manual, and no link that leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import entrepot
from entrepot.cli import COMMANDS, app
from entrepot.cli.trade import QUESTIONS
from entrepot.cli.trade import app as trade
from entrepot.schema import TABLES
from entrepot.schema.reference import reference_markdown
from scripts.manual import PAGES, ROOT

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#]+)(?:#[^)]*)?\)")


def text_of(*path: str) -> str:
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_a_command_has_a_section_with_its_help(name: str) -> None:
    manual = text_of("docs", "reference", "cli.md")

    assert f"## {name}\n" in manual
    assert f"$ entrepot {name} --help\n" in manual


@pytest.mark.parametrize(("name", "summary"), COMMANDS)
def test_a_command_says_the_same_in_both_places(name: str, summary: str) -> None:
    command = app[name].default_command

    assert command is not None
    assert (command.__doc__ or "").splitlines()[0] == summary


@pytest.mark.parametrize(("name", "summary"), QUESTIONS)
def test_a_question_of_trade_is_documented_and_says_the_same(name: str, summary: str) -> None:
    command = trade[name].default_command

    assert command is not None
    assert (command.__doc__ or "").splitlines()[0] == summary
    assert f"$ entrepot trade {name} --help\n" in text_of("docs", "reference", "cli.md")


def test_every_command_file_is_in_the_list() -> None:
    folder = ROOT / "src" / "entrepot" / "cli"

    assert _commands(folder) == {name for name, _ in COMMANDS}
    assert _commands(folder / "trade") == {name for name, _ in QUESTIONS}


def _commands(folder: Path) -> set[str]:
    files = [*folder.glob("*.py"), *folder.glob("*/__init__.py")]
    made = [each for each in files if "\napp = App(" in each.read_text(encoding="utf-8")]
    names = {each.parent.name if each.stem == "__init__" else each.stem for each in made}
    return {name.removesuffix("_") for name in names} - {folder.name}


@pytest.mark.parametrize("name", entrepot.__all__)
def test_a_public_name_is_described(name: str) -> None:
    assert f"`{name}" in text_of("docs", "reference", "python.md")


def test_the_tables_page_is_what_the_schema_says() -> None:
    assert text_of("docs", "reference", "tables.md") == reference_markdown()


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_table_is_described(table: str) -> None:
    assert f"## {table}\n" in text_of("docs", "reference", "tables.md")


def test_every_page_is_in_the_contents() -> None:
    contents = text_of("mkdocs.yml")
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]

    assert [page for page in pages if f": {page}\n" not in contents] == []


@pytest.mark.parametrize(
    "page",
    [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [match["target"] for match in LINK.finditer(text)]

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["src", "studies", "tests", "benchmarks", "docs", "scripts"])
def test_the_map_shows_every_folder(folder: str) -> None:
    assert f"`{folder}/" in text_of("ARCHITECTURE.md")


def test_the_map_shows_every_part_of_the_package() -> None:
    package = ROOT / "src" / "entrepot"
    parts = [p.name for p in package.iterdir() if (p / "__init__.py").exists()]

    assert [
        part for part in parts if f"`src/entrepot/{part}/`" not in text_of("ARCHITECTURE.md")
    ] == []
