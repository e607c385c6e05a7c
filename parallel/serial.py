"""No other process: each chunk is worked on when it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from .contract import Killed, R, T, Work


class SerialEngine(Generic[T, R]):
    """Works in this process."""

    workers = 1

    def __init__(self, work: Work[T, R]) -> None:
        self._work = work
        self._done: list[tuple[int, list[R | Killed]]] = []

    def start(self, number: int, items: Sequence[T]) -> None:
        self._done.append((number, [self._work(item) for item in items]))

    def finished(self, *, wait: bool) -> list[tuple[int, list[R | Killed]]]:  # noqa: ARG002 (nothing to wait for)
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        self._done.clear()
