"""Every attempt at a page from the network, with the evidence for what it was; the last ones of each page."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from ..models import FetchError, PageProblem, RawPage, WenzhaiError

MOST_KEPT = 20  # of one page: a page that fails for a year must not fill the disk
_LONGEST_EVIDENCE = 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time a page was asked for.

    Attributes:
        location: the address asked.
        at: when.
        outcome: a PageState, ``unchanged``, or ``error``.
        status: the HTTP status, None when there was no answer.
        evidence: the words or marker that decided it, or the error; empty for an article.
    """

    location: str
    at: datetime
    outcome: str
    status: int | None
    evidence: str


def attempt_of_problem(
    location: str, problem: PageProblem | WenzhaiError, page: RawPage | None, *, now: datetime
) -> Attempt:
    """The attempt that ended in a problem."""
    if isinstance(problem, PageProblem):
        status = None if page is None else page.status
        return Attempt(location, now, problem.state.value, status, problem.evidence)
    told = problem.status if isinstance(problem, FetchError) else None
    status = told if told is not None or page is None else page.status
    return Attempt(location, now, "error", status, f"{type(problem).__name__}: {problem.message}")


def write_attempt(connection: sqlite3.Connection, attempt: Attempt) -> None:
    """Notes an attempt, and forgets the oldest of the page beyond `MOST_KEPT`."""
    connection.execute(
        "INSERT INTO attempts (location, at, outcome, status, evidence) VALUES (?, ?, ?, ?, ?)",
        (
            attempt.location,
            attempt.at.isoformat(),
            attempt.outcome,
            attempt.status,
            attempt.evidence[:_LONGEST_EVIDENCE],
        ),
    )
    connection.execute(
        """DELETE FROM attempts WHERE location = ?1 AND id <=
            (SELECT id FROM attempts WHERE location = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)""",
        (attempt.location, MOST_KEPT),
    )


def read_attempts(connection: sqlite3.Connection, location: str) -> list[Attempt]:
    """The attempts at a page, the last one first."""
    rows = connection.execute(
        "SELECT at, outcome, status, evidence FROM attempts WHERE location = ? ORDER BY id DESC", (location,)
    )
    return [Attempt(location, datetime.fromisoformat(at), *rest) for at, *rest in rows]
