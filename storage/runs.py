"""Runs and named sources: what happened when, so that due-ness survives restarts and crashes."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from ..models import Ending, RunCounts, SourceHistory, SourceRun
from .database import transaction, translated_errors

_KEPT_RUNS = 5000  # half a year of hourly runs
_COUNTS = tuple(each.name for each in fields(RunCounts))
_COLUMNS = ", ".join(_COUNTS)
_SET = ", ".join(f"{name} = :{name}" for name in _COUNTS)
_VALUES = ", ".join(f":{name}" for name in _COUNTS)


class RunLog:
    """The part of the database that tells of runs. Get it from `Store.runs`."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path) -> None:
        self._connection = connection
        self._path = path

    def begin(self, command: str, *, now: datetime) -> int:
        """A new run; returns its id, which is never used again.

        To be called by whoever holds the run lock: a run that is still noted as running has crashed.
        """
        with translated_errors(self._path), transaction(self._connection):
            self._connection.execute("UPDATE runs SET ended = 'crashed' WHERE ended = 'running'")
            (run_id,) = self._connection.execute(
                "INSERT INTO runs (command, started_at, ended) VALUES (?, ?, 'running') RETURNING id",
                (command, now.isoformat()),
            ).fetchone()
            self._connection.execute("DELETE FROM runs WHERE id <= ?", (run_id - _KEPT_RUNS,))
        return int(run_id)

    def finish(self, run_id: int, counts: RunCounts, *, ended: Ending, now: datetime) -> None:
        """Notes how a run ended, and what it counted."""
        with translated_errors(self._path), transaction(self._connection):
            self._connection.execute(
                f"UPDATE runs SET finished_at = :now, ended = :ended, {_SET} WHERE id = :id",  # noqa: S608
                {"now": now.isoformat(), "ended": ended.value, "id": run_id, **_as_columns(counts)},
            )

    def note_source(self, run_id: int, source: SourceRun, *, history: SourceHistory | None) -> None:
        """Notes how one source of a run fared, and what to remember of it (None: nothing new)."""
        with translated_errors(self._path), transaction(self._connection):
            self._connection.execute(
                f"""INSERT INTO source_runs (run_id, source, started_at, finished_at, ended, error, {_COLUMNS})
                    VALUES (:run, :source, :started, :finished, :ended, :error, {_VALUES})""",  # noqa: S608
                {
                    "run": run_id,
                    "source": source.name,
                    "started": source.started_at.isoformat(),
                    "finished": source.finished_at.isoformat(),
                    "ended": source.ended.value,
                    "error": source.error,
                    **_as_columns(source.counts),
                },
            )
            if history is not None:
                self._remember(history)

    def _remember(self, history: SourceHistory) -> None:
        self._connection.execute(
            f"""INSERT OR REPLACE INTO sources
                    (name, target, last_run_at, failing_since, failures, next_try_at, error, {_COLUMNS})
                VALUES (:name, :target, :last_run_at, :failing_since, :failures, :next_try_at, :error, {_VALUES})""",  # noqa: S608
            {
                "name": history.name,
                "target": history.target,
                "last_run_at": _as_text(history.last_run_at),
                "failing_since": _as_text(history.failing_since),
                "failures": history.failures,
                "next_try_at": _as_text(history.next_try_at),
                "error": history.error,
                **_as_columns(history.last_counts),
            },
        )

    def histories(self) -> dict[str, SourceHistory]:
        """What is remembered of every named source, also of those that the settings name no longer."""
        with translated_errors(self._path):
            rows = self._connection.execute(
                f"""SELECT name, target, last_run_at, failing_since, failures, next_try_at, error, {_COLUMNS}
                    FROM sources"""  # noqa: S608
            ).fetchall()
        return {row[0]: _history(row) for row in rows}

    def last_runs(self, *, limit: int) -> list[tuple[int, str, RunCounts]]:
        """The id, the ending (also ``running`` and ``crashed``) and the counts of the last runs, newest first."""
        with translated_errors(self._path):
            rows = self._connection.execute(
                f"SELECT id, ended, {_COLUMNS} FROM runs ORDER BY id DESC LIMIT ?",  # noqa: S608
                (limit,),
            ).fetchall()
        return [(row[0], row[1], RunCounts(*row[2:])) for row in rows]


def _history(row: tuple[str, str, str | None, str | None, int, str | None, str, int]) -> SourceHistory:
    name, target, last_run_at, failing_since, failures, next_try_at, error, *counts = row
    return SourceHistory(
        name=name,
        target=target,
        last_run_at=_as_time(last_run_at),
        last_counts=RunCounts(*counts),
        failing_since=_as_time(failing_since),
        failures=failures,
        next_try_at=_as_time(next_try_at),
        error=error,
    )


def _as_columns(counts: RunCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in _COUNTS}


def _as_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _as_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
