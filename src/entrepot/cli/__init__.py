"""The command line: a command a file. Commands parse and print; they decide nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from keyword import iskeyword

from cyclopts import App, CycloptsError, Parameter

from entrepot import __version__
from entrepot.cli.console import complain
from entrepot.errors import EntrepotError

SUCCESS, FAILURE, USAGE = 0, 1, 2
INTERRUPTED = 130
PIPE_CLOSED = 141

# Name and summary of each command, in the order in which a new user meets them. The module of the
# same name, with a _ after it where Python keeps the name for itself, is loaded when the command is
# called.
COMMANDS = (
    ("demo", "Clear the shipped study, open a corridor, and show what changes."),
    ("studies", "List the studies that come with entrepot."),
    ("copy", "Copy a shipped study into a folder of your own, to edit."),
    ("template", "Print an empty table, ready to be filled in."),
    ("check", "Check the tables of a study and list every problem with its remedy."),
    ("convert", "Write a study in another format."),
    ("import", "Turn files of another format into a study."),
    ("export", "Write a study in another format that other programs read."),
    ("clear", "Clear a study: who ships what to whom by which route, at which prices."),
    ("compare", "Clear a study with and without scenarios and show the differences."),
    ("route", "Choose the routes of given consignments, or of what a clearing trades."),
    ("calibrate", "Fit how routes are chosen to observed flows, with standard errors."),
    ("forecast", "Draw every figure within its range, clear, and tell medians with intervals."),
    ("explain", "Explain a price, or why a route, an order, a plant or a rule does what it does."),
    ("report", "Write a report: one file with the summary, maps, tables and sources of an answer."),
    ("view", "Open the atlas of a study in the browser."),
    ("trade", "Measure trade: what is traded, what could be, and how a target is reached."),
    ("claims", "Set what a study's sources say beside what the model says."),
)

app = App(
    name="entrepot",
    help="Models, plans and clears trade between regions.\n\n"
    "A study is a folder of tables, a workbook, or the name of a study that comes with entrepot.",
    help_epilogue="Begin with:\n\n  entrepot demo\n  entrepot COMMAND --help",
    help_format="plaintext",
    version=__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
    print_error=False,
)
for _order, (_name, _summary) in enumerate(COMMANDS):
    _module = f"{_name}_" if iskeyword(_name) else _name
    app.command(f"entrepot.cli.{_module}:app", name=_name, help=_summary, sort_key=_order)


def run(tokens: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status.

    Parameters
    ----------
    tokens : the words after `entrepot`; those the program was called with where None

    Returns
    -------
    0 on success, 1 where the study, the market or the output is at fault, 2 where the words cannot
    be understood, 130 after Ctrl-C, 141 where the reader of the output went away.
    """
    try:
        status = app(tokens, exit_on_error=False, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError as error:
        complain(str(error))
        return USAGE
    except EntrepotError as error:
        complain(str(error))
        return FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more on its way out; let it write to nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return status if isinstance(status, int) else SUCCESS


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run())
