"""House rules that no linter knows: how long files and functions are, and what no file may say.

Exit status 1 if a rule is broken. A file or function past the first of its two bounds is only
listed, so that it is seen before it is too long.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FILE_LINES_AT_MOST = 400, 500
FUNCTION_LINES, FUNCTION_LINES_AT_MOST = 40, 80

# Written in pieces, so that this file does not break its own rules.
FORBIDDEN = {
    "unfinished work": re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b"),
    "a path of one machine": re.compile(r"(?<![\w.])/(home|Users|root|work)/[\w.-]+"),
    "a package index": re.compile(
        r"--(extra-)?index-" r"url|files\.python" r"hosted|pypi\.or" r"g/simple"
    ),
}
TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".cff", ".csv", ".json", ".html", ".js", ""}


def tracked() -> list[Path]:
    """The files that git knows, or that it would add."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return sorted(file for file in files if file.is_file() and file.suffix in TEXT)


def forbidden(file: Path) -> Iterator[str]:
    """Lines that say what no file may say."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            if pattern.search(line):
                yield f"{file.relative_to(ROOT)}:{number}: {what}: {line.strip()[:80]}"


def lengths(file: Path) -> Iterator[tuple[str, bool]]:
    """What is long in a Python file of the package, and whether it is too long."""
    source = file.read_text(encoding="utf-8")
    name = file.relative_to(ROOT)
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield f"{name}: {lines} lines", lines > FILE_LINES_AT_MOST
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if not body:
                continue
            span = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if span > FUNCTION_LINES:
                yield (
                    f"{name}:{node.lineno}: {node.name}: {span} lines",
                    span > FUNCTION_LINES_AT_MOST,
                )


def main() -> int:
    """Print what is wrong, then what is long; 1 if anything is wrong."""
    files = tracked()
    wrong = [line for file in files for line in forbidden(file)]
    long: list[str] = []
    for file in files:
        if file.suffix == ".py" and file.is_relative_to(ROOT / "src"):
            for line, too_long in lengths(file):
                (wrong if too_long else long).append(line)
    for line in long:
        print(f"long: {line}")
    for line in wrong:
        print(f"wrong: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
