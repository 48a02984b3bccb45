"""The catalogue holds every sentence that is asked for, and none that nobody asks for."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from entrepot.errors import QuestionError
from entrepot.telling.catalogue import FOLDER, read_catalogue

REPORT, WEB = FOLDER.parent / "report", FOLDER.parent / "web"
PAGE = Path(__file__).resolve().parents[3] / "web" / "src"
NAME = re.compile(r"[a-z_]+(\.[a-z_]+)*")


def asked() -> tuple[set[str], list[str]]:
    """Names in the code of the report and the page, and patterns of those that are put together."""
    template = (REPORT / "page.html.j2").read_text(encoding="utf-8")
    plain = set(re.findall(r"""say\(["']([^"']+)["']""", template))
    patterns: list[str] = []
    for file in (*REPORT.rglob("*.py"), *WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                # Names of files and tables of the server look like names of sentences.
                plain |= {node.value} if file.is_relative_to(REPORT) else set()
            if isinstance(node, ast.Call) and _name(node.func) == "say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    plain.add(str(first.value))
                if isinstance(first, ast.JoinedStr):
                    patterns.append("".join(map(_pattern, first.values)))
    for file in (each for each in PAGE.rglob("*") if each.suffix in (".svelte", ".ts")):
        text = file.read_text(encoding="utf-8")
        plain |= set(re.findall(r"'([a-z_]+(?:\.[a-z_]+)*)'", text))
        put_together = re.findall(r"say\(\s*`([^`]+)`", text)
        patterns += [
            ".+".join(map(re.escape, re.split(r"\$\{.*?\}", each))) for each in put_together
        ]
    return plain, patterns


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"


def test_every_sentence_asked_for_is_there() -> None:
    known = set(read_catalogue().sentences)
    plain, patterns = asked()
    kinds = {name.partition(".")[0] for name in known if "." in name}
    wanted = {
        name for name in plain if NAME.fullmatch(name) and "." in name
        and name.partition(".")[0] in kinds
    }  # fmt: skip

    assert len(patterns) > 5
    assert sorted(wanted - known) == []
    assert [each for each in patterns if not any(re.fullmatch(each, n) for n in known)] == []


def test_no_sentence_is_there_that_nobody_asks_for() -> None:
    known = set(read_catalogue().sentences) - {"language", "direction"}
    plain, patterns = asked()
    telling = [each for each in patterns if not each.startswith(".+")]
    left = {name for name in known - plain if not any(re.fullmatch(p, name) for p in telling)}

    assert sorted(left) == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_languages_have_the_same_sentences_with_the_same_values(file: Path) -> None:
    english = json.loads((FOLDER / "en.json").read_text(encoding="utf-8"))
    other = json.loads(file.read_text(encoding="utf-8"))

    def values(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    assert other["language"] == file.stem
    assert other["direction"] in ("ltr", "rtl")
    assert set(other) == set(english)
    assert [name for name in english if values(english[name]) != values(other[name])] == []


def test_a_sentence_takes_its_values_as_they_are() -> None:
    say = read_catalogue()

    assert say("summary.others", count="{3}") == "{3} others"
    with pytest.raises(KeyError):
        say("summary.no_such_sentence")


def test_a_language_without_a_catalogue_is_told() -> None:
    with pytest.raises(QuestionError, match="no catalogue for 'xx'; there are en"):
        read_catalogue("xx")
