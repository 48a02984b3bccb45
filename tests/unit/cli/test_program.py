"""The program as a whole: exit statuses, where it prints, and no traceback for a user's mistake."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from entrepot import cli
from entrepot.cli import COMMANDS, INTERRUPTED, run
from tests.unit.cli.conftest import Called

Call = Callable[..., Called]


def test_help_lists_every_command_in_order(call: Call) -> None:
    called = call("--help")
    lines = [line.lstrip("│ ") for line in called.out.splitlines()]
    listed = [
        line.split()[0] for line in lines if line.split() and line.split()[0] in dict(COMMANDS)
    ]

    assert called.status == 0
    assert listed == [name for name, _ in COMMANDS]


def test_no_command_shows_the_help(call: Call) -> None:
    called = call()

    assert called.status == 0
    assert "Usage: entrepot COMMAND" in called.out


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_every_command_has_help_with_an_example(call: Call, name: str) -> None:
    called = call(name, "--help")

    assert called.status == 0
    assert f"  entrepot {name}" in called.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["chek", "salt"], 'Did you mean "check"?'),
        (["check", "salt", "--jsn"], "Did you mean --json?"),
        (["check"], "requires an argument"),
        (["convert", "salt", "out", "--format", "ods"], '"xlsx"'),
    ],
)
def test_words_that_cannot_be_understood_are_status_2(
    call: Call, words: list[str], hint: str
) -> None:
    called = call(*words)

    assert called.status == 2
    assert called.out == ""
    assert hint in called.err
    assert "Traceback" not in called.err


def test_an_error_on_purpose_is_one_message_and_status_1(call: Call, tmp_path: Path) -> None:
    called = call("clear", tmp_path / "nowhere")

    assert called.status == 1
    assert called.out == ""
    assert called.err.startswith("entrepot: ")
    assert "nowhere" in called.err
    assert "Traceback" not in called.err


def test_all_problems_of_a_study_are_told_at_once(call: Call, salt: Path) -> None:
    (salt / "legs.csv").write_text("leg,origin,destination,mode,cost\na,wrks,twn,road,x\n")

    called = call("clear", salt)

    assert called.status == 1
    assert all(value in called.err for value in ("'wrks'", "'twn'", "'x'"))
    assert all("legs.csv, row 2" in line for line in called.err.splitlines()[1:])


def test_ctrl_c_is_quiet(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupted)

    called = call("studies")

    assert (called.status, called.out, called.err) == (INTERRUPTED, "", "")


def test_a_reader_who_goes_away_is_no_error(salt: Path) -> None:
    command = f"{sys.executable} -m entrepot clear {salt}"
    done = subprocess.run(
        f"{command} | true; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
    )

    assert done.returncode in (0, cli.PIPE_CLOSED)
    assert done.stderr == ""


def test_help_is_quick() -> None:
    code = "import time; from entrepot.cli import run; run(['--help']); print(time.process_time())"
    spent = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        spent.append(float(done.stdout.splitlines()[-1]))

    # 0.3 s alone on a two-core machine of 2024; loading polars or a solver would double it.
    assert min(spent) < 0.6


def test_run_gives_the_status_of_the_command(salt: Path) -> None:
    (salt / "goods.csv").write_text("good\nSalt!\n")

    assert run(["check", str(salt)]) == 1
