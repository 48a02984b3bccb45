"""What went wrong, as JSON: problem details (RFC 9457) in the words that the terminal uses."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from entrepot.errors import (
    EntrepotError,
    MarketError,
    OutputError,
    QuestionError,
    RoutingError,
    StudyError,
)

Told = dict[str, Any]

MOST = 500
"""Problems that are told at once; nobody reads more, and a page holds no more."""

_STATUS: tuple[tuple[type[EntrepotError], HTTPStatus], ...] = (
    (QuestionError, HTTPStatus.NOT_FOUND),
    (StudyError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (MarketError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (RoutingError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (OutputError, HTTPStatus.UNPROCESSABLE_ENTITY),
)


class Refused(EntrepotError):  # noqa: N818 - an outcome, told to who asked
    """A request that is not served, with the status that says why."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        self.status = status
        super().__init__(detail)


def told(error: EntrepotError) -> Told:
    """An error of entrepot: its kind, its text and every problem that it carries."""
    found = refusal(_status(error), str(error), type(error).__name__)
    if isinstance(error, StudyError):
        found["problems"] = [problem.as_dict() for problem in error.problems[:MOST]]
        left = len(error.problems) - MOST
        if left > 0:
            head = str(error).partition("\n")[0]
            lines = (f"  {problem}" for problem in error.problems[:MOST])
            found["detail"] = "\n".join([head, *lines, f"  and {left:,} more"])
    return found


def unexpected(error: BaseException) -> Told:
    """A fault of the program itself; the server's log has the rest."""
    detail = f"the program has a fault: {type(error).__name__}; please report this study"
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, detail, "Fault")


def wrong_words(errors: list[Mapping[str, Any]]) -> Told:
    """Values of a request that do not fit, all of them at once."""
    problems = [
        {
            "file": str(each["loc"][0]) if each.get("loc") else "request",
            "row": None,
            "column": ".".join(map(str, each.get("loc", ())[1:])) or None,
            "value": None,
            "message": str(each.get("msg", "does not fit")).removeprefix("Value error, "),
            "remedy": "see /api/openapi.json",
            "severity": "error",
            "cell": None,
        }
        for each in errors
    ]
    detail = "; ".join(f"{each['column'] or each['file']}: {each['message']}" for each in problems)
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, detail, "Refused") | {"problems": problems}


def refusal(status: HTTPStatus, detail: str, kind: str = "Refused") -> Told:
    """The details of one problem."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "kind": kind,
        "detail": detail,
        "problems": [],
    }


def _status(error: EntrepotError) -> HTTPStatus:
    if isinstance(error, Refused):
        return error.status
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR
