"""Where the commands print: answers to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

WIDTH = 100
"""Columns where the output is no terminal, so that the same study gives the same page."""


class _Console(Console):
    """A console that leaves a closed pipe to the caller."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def output() -> Console:
    """The console for answers."""
    return _console(stderr=False)


def messages() -> Console:
    """The console for progress and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    return _Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def say(line: str) -> None:
    """Print one line of an answer, unwrapped so that it can be copied."""
    output().print(Text(line), soft_wrap=True)


def complain(message: str) -> None:
    """Say what went wrong, in the words of the error, unwrapped so that it can be copied."""
    messages().print(Text(f"entrepot: {message}"), soft_wrap=True)


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Shows on standard error what is being done and for how long; silent without a terminal.

    Gives a function that changes what is shown.
    """
    console = messages()
    if not console.is_terminal:
        yield lambda stage: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda stage: bar.update(task, description=stage)
