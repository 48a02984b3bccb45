"""How the report was computed: status, gap, proof, settings, versions, input hash."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib.metadata import version

from entrepot.clearing.answers import Clearing
from entrepot.report.content import Block, Facts, Section, Text, table
from entrepot.report.subject import Subject
from entrepot.results.write import ENGINES
from entrepot.telling.columns import Heading


def method(subject: Subject) -> Section:
    """One table with a column for each answer, and what they have in common."""
    say = subject.say
    answers = (subject.base, *subject.others)
    headings = [Heading(say("column.what")), *(Heading(subject.title(each)) for each in answers)]
    told = [dict(_facts(subject, each)) for each in answers]
    rows = [[name, *(facts.get(name) for facts in told)] for name in told[0]]
    versions = ", ".join(f"{name} {version(name)}" for name in ENGINES)
    settings = [
        (say(f"method.{name}"), str(value)) for name, value in sorted(subject.base.settings.items())
    ]
    blocks: list[Block] = [
        Text(say("method.intro")),
        table(say("method.caption"), headings, rows),
        Facts([*settings, (say("method.versions"), versions)]),
        Text(say("method.hash"), quiet=True),
        Text(say("method.colours"), quiet=True),
    ]
    return Section("method", say("method.title"), blocks)


def _facts(subject: Subject, answer: Clearing) -> Iterator[tuple[str, str]]:
    say = subject.say
    yield say("method.status"), answer.status
    yield say("method.gap"), _small(answer.gap)
    for name, value in answer.report.items():
        if isinstance(value, float):
            yield say(f"method.{name}"), _small(value)
        elif isinstance(value, int | str):
            yield say(f"method.{name}"), str(value)
    yield say("method.scenarios"), " + ".join(answer.study.applied) or say("method.none")
    yield say("method.input"), answer.study.input_hash()


def _small(value: float) -> str:
    """A residual by its order of size: what is below a hundred-millionth is told as that.

    The last digits of a residual are rounding and differ between processors.
    """
    if not math.isfinite(value):
        return "–"
    return "< 1e-8" if abs(value) < 1e-8 else f"{value:.0e}"
