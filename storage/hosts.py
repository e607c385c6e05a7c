"""Hosts that are left alone for a while, because they had enough of us: kept, so that a restart forgets nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .database import transaction, translated_errors


@dataclass(frozen=True, slots=True)
class HostPause:
    """A host that is, or was lately, left alone.

    Attributes:
        host: its name.
        until: when it may be asked again.
        strikes: how often it was paused since it last gave an answer.
        reason: what it said, one sentence.
        paused_at: when the last pause began.
    """

    host: str
    until: datetime
    strikes: int
    reason: str
    paused_at: datetime


class HostPauses:
    """The pauses of one database. Get it from `Store.hosts`."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path) -> None:
        self._connection = connection
        self._path = path

    def get(self, host: str) -> HostPause | None:
        """The last pause of a host, over or not; None when it has given an answer since."""
        return next(iter(self._read("WHERE host = ?", host)), None)

    def current(self, host: str, *, now: datetime) -> HostPause | None:
        """The pause a host is in now, None when it may be asked."""
        pause = self.get(host)
        return pause if pause is not None and pause.until > now else None

    def all(self) -> list[HostPause]:
        """Every host without an answer since its last pause, the longest paused first."""
        return self._read("ORDER BY until DESC, host")

    def pause(self, host: str, *, until: datetime, reason: str, now: datetime) -> None:
        """Leaves a host alone; one more strike. A pause that is longer already stays."""
        self._write(
            """INSERT INTO host_pauses (host, until, strikes, reason, paused_at) VALUES (?1, ?2, 1, ?3, ?4)
                ON CONFLICT (host) DO UPDATE SET until = max(until, ?2), strikes = strikes + 1, reason = ?3,
                    paused_at = ?4""",
            host,
            until.isoformat(),
            reason,
            now.isoformat(),
        )

    def answered(self, host: str) -> None:
        """Notes that a host gave an answer: the next pause is a first one again."""
        if self.get(host) is not None:
            self._write("DELETE FROM host_pauses WHERE host = ?", host)

    def _read(self, rest: str, *parameters: str) -> list[HostPause]:
        with translated_errors(self._path):
            rows = self._connection.execute(
                f"SELECT host, until, strikes, reason, paused_at FROM host_pauses {rest}",  # noqa: S608 - ours
                parameters,
            ).fetchall()
        return [
            HostPause(host, datetime.fromisoformat(until), strikes, reason, datetime.fromisoformat(paused_at))
            for host, until, strikes, reason, paused_at in rows
        ]

    def _write(self, sql: str, *parameters: str) -> None:
        with translated_errors(self._path), transaction(self._connection):
            self._connection.execute(sql, parameters)
