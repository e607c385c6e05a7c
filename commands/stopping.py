"""Being asked to stop or to reload, politely: by SIGTERM, Ctrl-C and SIGHUP."""

from __future__ import annotations

import select
import signal
import socket
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any, Self


class Interrupted(Exception):  # noqa: N818 - no error: somebody asked for it
    """A wait was cut short because the program is to stop."""


class Signals:
    """Notes signals while its block lasts, and waits so that a signal ends the wait.

    The first SIGTERM or Ctrl-C only sets `stopped_by`, and the work in hand is finished; a second one ends
    the program the usual way. Outside the main thread nothing is noted.

    Attributes:
        stopped_by: the number of the signal that asked to stop, None as long as there was none.
    """

    def __init__(self) -> None:
        self.stopped_by: int | None = None
        self._reload = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # A socket pair, not an Event: an Event set by a signal handler can deadlock with the wait it is to end.
        self._wake, self._woken = socket.socketpair()
        for end in (self._wake, self._woken):
            end.settimeout(0)  # never blocks
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._stop)
            if hasattr(signal, "SIGHUP"):  # not on Windows
                self._before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._hang_up)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._wake.close()
        self._woken.close()

    @property
    def stopped(self) -> bool:
        """Whether the program is to stop."""
        return self.stopped_by is not None

    def take_reload(self) -> bool:
        """Whether the settings are to be read again; asks once for each time it was asked for."""
        wanted, self._reload = self._reload, False
        return wanted

    def wait(self, seconds: float) -> None:
        """Waits, but not longer than until a signal comes."""
        if not self.stopped and not self._reload:
            select.select([self._woken], [], [], max(0.0, seconds))
        with suppress(BlockingIOError):
            self._woken.recv(4096)

    def sleep(self, seconds: float) -> None:
        """Waits; for `Clock.sleep`. Raises Interrupted when the program is to stop."""
        end = time.monotonic() + seconds
        while not self.stopped and (left := end - time.monotonic()) > 0:
            select.select([self._woken], [], [], left)
            with suppress(BlockingIOError):
                self._woken.recv(4096)
        if self.stopped:
            raise Interrupted

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self.stopped_by = number
        signal.signal(number, self._before[number])
        self._ring()

    def _hang_up(self, _number: int, _frame: FrameType | None) -> None:
        self._reload = True
        self._ring()

    def _ring(self) -> None:
        with suppress(OSError):  # full: it rings already
            self._wake.send(b"!")
