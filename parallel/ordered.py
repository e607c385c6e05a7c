"""Chunks on their way: cut from items, bounded in flight, and put in order again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self

from .contract import Engine, Killed, R, T


def _one(_: object) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How large chunks are, and how many are on their way.

    Attributes:
        items: of a chunk, at most. Sixteen articles take half a second, which makes the milliseconds of
            handing them over negligible.
        weight: a chunk is full when its items weigh so much (bytes).
        ahead: chunks a worker that are in flight: one in hand, the others while the parent writes.
    """

    items: int = 16
    weight: int = 4 * 1024 * 1024
    ahead: int = 4


class Ordered(Generic[T, R]):
    """Hands items to an engine and gives their results back in the order of the items.

    In flight are at most ``ahead`` chunks a worker, counted from the oldest one that is not done: memory does not
    depend on how many items there are, nor on one that takes long.

    Args:
        engine: does the work; closed with this.
        limits: of chunks.
        weigh: bytes of an item.
    """

    def __init__(self, engine: Engine[T, R], *, limits: Limits | None = None, weigh: Callable[[T], int] = _one) -> None:
        self._engine, self._limits, self._weigh = engine, limits or Limits(), weigh
        self._chunk: list[T] = []
        self._weight = 0
        self._flying: dict[int, list[T]] = {}
        self._landed: dict[int, list[R | Killed]] = {}
        self._ready: deque[tuple[T, R | Killed]] = deque()
        self._oldest = self._next = 0

    def submit(self, item: T) -> None:
        """Takes one more item; waits while too much is in flight."""
        self._chunk.append(item)
        self._weight += self._weigh(item)
        if len(self._chunk) >= self._limits.items or self._weight >= self._limits.weight:
            self._send()
            self._collect(wait=False)

    def ready(self) -> Iterator[tuple[T, R | Killed]]:
        """Takes out the items whose turn has come, with their results."""
        while self._ready:
            yield self._ready.popleft()

    def drain(self) -> Iterator[tuple[T, R | Killed]]:
        """Waits for everything in flight, and takes it out as it comes; also what is submitted meanwhile."""
        while self._chunk or self._ready or self._oldest < self._next:
            if self._chunk:
                self._send()
            if not self._ready:
                self._collect(wait=True)
            yield from self.ready()

    def map(self, items: Iterable[T]) -> Iterator[tuple[T, R | Killed]]:
        """All items with their results, in order, as they come."""
        for item in items:
            self.submit(item)
            yield from self.ready()
        yield from self.drain()

    def close(self) -> None:
        """Ends the workers; what was not taken out is given up."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(self) -> None:
        while self._next - self._oldest >= self._limits.ahead * max(self._engine.workers, 1):
            self._collect(wait=True)
        number, chunk = self._next, self._chunk
        self._next += 1
        self._flying[number] = chunk
        self._chunk, self._weight = [], 0
        self._engine.start(number, chunk)

    def _collect(self, *, wait: bool) -> None:
        for number, results in self._engine.finished(wait=wait):
            self._landed[number] = results
        while self._oldest in self._landed:
            self._ready.extend(zip(self._flying.pop(self._oldest), self._landed.pop(self._oldest), strict=True))
            self._oldest += 1
