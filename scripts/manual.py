"""Runs the manual: what the blocks of README.md and docs/ say, is done, and the output compared.

- a block with a title is a file: it is written
- `console`: lines that begin with `$ ` are run, the lines below each are its output
- `python`: is run; a `text` block titled `output` right below it is what it prints

The blocks of one page run in order in one folder, which is empty unless the page says
`<!-- goes on from PAGE -->`: then the files of that page are there. A line `...` in an expected
output stands for any lines. `python scripts/manual.py --write` puts the real output in place of
what differs.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from entrepot.cli import run

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
ANY_LINES = "..."
FENCE = re.compile(
    r"^```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^```$", re.M | re.S
)

# A number as outputs print it; not part of a name, a date or a version. Its sign is left outside.
NUMBER = re.compile(r"(?<![\w.])(?<![\w.)][+-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w-]|\.\d)")
RULE = re.compile("─+")
LEAST_DIFFERENCE = Decimal("1e-6")
COUNTS = 1000

GOES_ON = re.compile(r"^<!-- goes on from (?P<page>\S+) -->$", re.M)


@dataclass(frozen=True)
class Difference:
    """An output that is not what the page says, and where it stands in the page's text."""

    page: Path
    command: str
    expected: str
    found: str
    start: int
    end: int

    def __str__(self) -> str:
        return (
            f"{self.page.relative_to(ROOT)}: {self.command}\n"
            f"--- the page says\n{self.expected}--- the program says\n{self.found}"
        )


def run_page(page: Path) -> list[Difference]:
    """Run a page's blocks in an empty folder; what differs from what the page says."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for earlier in GOES_ON.finditer(text):
            before = (page.parent / earlier["page"]).read_text(encoding="utf-8")
            for block in FENCE.finditer(before):
                if block["title"] not in (None, "output"):
                    _write_file(block)
        return list(_run_blocks(page, text))


def _run_blocks(page: Path, text: str) -> Iterator[Difference]:
    names: dict[str, object] = {"__name__": "__main__"}
    printed: tuple[str, str] | None = None
    for block in FENCE.finditer(text):
        language, title, body = block["language"], block["title"], block["body"]
        start, end = block.span("body")
        if language == "text" and title == "output":
            if printed is not None and not matches(body, printed[1]):
                yield Difference(page, printed[0], body, printed[1], start, end)
        elif title is not None:
            _write_file(block)
        elif language == "console":
            yield from _run_console(page, body, start)
        elif language == "python":
            printed = (body, _run_python(page, body, names))


def _write_file(block: re.Match[str]) -> None:
    Path(block["title"]).parent.mkdir(parents=True, exist_ok=True)
    Path(block["title"]).write_text(block["body"], encoding="utf-8")


def _run_python(page: Path, body: str, names: dict[str, object]) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(body, str(page), "exec"), names)
    return output.getvalue()


def _run_console(page: Path, body: str, start: int) -> Iterator[Difference]:
    """Each command of a block with the lines up to the next command."""
    for part in re.finditer(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", body, re.M):
        found = _run_command(part["command"])
        if not matches(part["output"], found):
            span = (start + part.start("output"), start + part.end("output"))
            yield Difference(page, part["command"], part["output"], found, *span)


def _run_command(command: str) -> str:
    """What a command prints, both streams together; `entrepot` runs in this process."""
    words = shlex.split(command)
    if words[0] != "entrepot" or {"|", ";", "&&"} & set(words):
        done = subprocess.run(
            command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.stdout
    target = None
    if len(words) > 2 and words[-2] == ">":
        target, words = Path(words[-1]), words[:-2]
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        run(words[1:])
    if target is None:
        return output.getvalue()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(output.getvalue(), encoding="utf-8")
    return ""


def matches(expected: str, found: str) -> bool:
    """Whether an output is the expected one.

    Spaces at line ends and blank edges do not count; of a line the words and signs count, and the
    numbers up to what may differ from one machine to another (`_alike`).
    """
    first, *others = _between(_lines(expected))
    lines = _lines(found)
    if not others:
        return _stands(first, lines)
    *middle, last = others
    if not _stands(first, lines[: len(first)]):
        return False
    lines = lines[len(first) :]
    for piece in middle:
        at = range(len(lines) - len(piece) + 1)
        start = next((i for i in at if _stands(piece, lines[i : i + len(piece)])), None)
        if start is None:
            return False
        lines = lines[start + len(piece) :]
    return len(last) <= len(lines) and _stands(last, lines[len(lines) - len(last) :])


def _lines(text: str) -> list[str]:
    return _plain(text).splitlines()


def _between(lines: list[str]) -> list[list[str]]:
    """The runs of lines between those that stand for any."""
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line == ANY_LINES:
            pieces.append([])
        else:
            pieces[-1].append(line)
    return pieces


def _stands(expected: list[str], found: list[str]) -> bool:
    """Whether lines are the expected ones, one by one."""
    return len(expected) == len(found) and all(map(_same_line, expected, found))


def _same_line(expected: str, found: str) -> bool:
    """Whether two lines have the same words, in as many columns, and numbers that are alike."""
    if expected == found:
        return True
    words, others = (NUMBER.sub("#", RULE.sub("─", line)).split() for line in (expected, found))
    numbers, other_numbers = (NUMBER.findall(line) for line in (expected, found))
    return words == others and all(map(_alike, numbers, other_numbers))


def _alike(expected: str, found: str) -> bool:
    """Whether two printed numbers are within one unit of the last digit, or 1e-6, of each other.

    Solvers and processors round differently, and a number at the edge then prints otherwise. A
    whole number below 1,000 is a count or a row, and exact.
    """
    if expected == found:
        return True
    one, other = (Decimal(text.replace(",", "")) for text in (expected, found))
    digits = one.as_tuple().exponent
    if digits != other.as_tuple().exponent or (digits == 0 and min(one, other) < COUNTS):
        return False
    unit = Decimal(1).scaleb(int(digits))
    return abs(one - other) <= max(unit, LEAST_DIFFERENCE * max(one, other))


def _plain(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def write(page: Path, differences: list[Difference]) -> None:
    """Put the real outputs into the page."""
    text = page.read_text(encoding="utf-8")
    for difference in reversed(differences):
        found = _plain(difference.found)
        text = text[: difference.start] + found + text[difference.end :]
    page.write_text(text, encoding="utf-8")


def main() -> int:
    """Run all pages, or those named; 1 if any says what is not so."""
    os.environ["COLUMNS"] = "100"
    chosen = [Path(word).resolve() for word in sys.argv[1:] if word != "--write"]
    wrong = 0
    for page in chosen or PAGES:
        differences = run_page(page)
        wrong += len(differences)
        for difference in differences:
            print(difference)
        if "--write" in sys.argv:
            write(page, differences)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
