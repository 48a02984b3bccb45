"""A report as one HTML page that fetches nothing.

Whatever comes from a study is escaped by the template. The page's own policy forbids requests and
every script but the one it carries.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from entrepot.report.content import Document

FOLDER = Path(__file__).parent

ADDRESS = re.compile(r"https?://[^\s<>\"',;)]+[^\s<>\"',;.)]")


def page(document: Document) -> str:
    """The whole page as text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=False
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["addresses"] = addresses
    script = "\n" + _read("page.js")
    digest = hashlib.sha256(script.encode()).digest()
    return environment.from_string(_read("page.html.j2")).render(
        sections=document.sections,
        say=document.say,
        title=document.title,
        subtitle=document.subtitle,
        footer=document.footer,
        version=version("entrepot"),
        style=_read("page.css"),
        script=script.removeprefix("\n"),
        script_hash=base64.b64encode(digest).decode(),
    )


def addresses(text: str) -> Iterator[tuple[str, bool]]:
    """A text in parts, each with whether it is a web address that a reader may follow."""
    end = 0
    for found in ADDRESS.finditer(text):
        yield text[end : found.start()], False
        yield found[0], True
        end = found.end()
    yield text[end:], False


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
