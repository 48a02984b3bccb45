"""`entrepot check`: every problem of a study at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from entrepot.cli.console import output, say, working
from entrepot.errors import Problem
from entrepot.study import check_study, find_study

app = App(
    name="check",
    help_epilogue="An error keeps the study from clearing; a warning does not. The exit status is "
    "1 if there is an error.\n\n"
    "Examples:\n\n"
    "  entrepot check my-study\n"
    "  entrepot check my-study --json",
)


@app.default
def check(study: str, /, *, as_json: Annotated[bool, Parameter(name="--json")] = False) -> int:
    """Check the tables of a study and list every problem with its remedy.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    as_json
        Print the problems as JSON, for machines.
    """
    with working(f"checking {study}"):
        problems = check_study(find_study(study))
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        found = [problem.as_dict() for problem in problems]
        print(json.dumps({"study": study, "sound": not errors, "problems": found}, indent=2))
    else:
        _print(study, problems, errors)
    return 1 if errors else 0


def _print(study: str, problems: Sequence[Problem], errors: int) -> None:
    for problem in problems:
        style = "red" if problem.severity == "error" else "yellow"
        line = Text.assemble((problem.severity, style), f": {problem}")
        output().print(line, soft_wrap=True)
    if not problems:
        say(f"study '{study}' is sound")
        return
    warnings = len(problems) - errors
    say(f"study '{study}': {_counted(errors, 'error')}, {_counted(warnings, 'warning')}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
