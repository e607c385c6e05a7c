"""How long and how much a single input may take: told by the processor's time, since other programs run beside."""

from __future__ import annotations

import signal
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs setitimer")


class TookTooLong(BaseException):
    """The time is up; no Exception, because the package makes problems of those."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Ends what takes longer than so many seconds of the processor's time.

    Raises:
        TookTooLong: it did.
    """

    def ring(*_: object) -> None:
        raise TookTooLong(f"more than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def seconds_taken() -> Iterator[list[float]]:
    """Gives a list that holds the processor's seconds when the block has ended."""
    taken: list[float] = []
    begun = time.thread_time()
    yield taken
    taken.append(time.thread_time() - begun)


@contextmanager
def no_more_memory_than(megabytes: float) -> Iterator[None]:
    """Fails when Python held more than so much at once; what C libraries hold by themselves is not counted."""
    tracemalloc.start()
    try:
        yield
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert highest < megabytes * 1024 * 1024, f"{highest / 1024 / 1024:.0f} MB held at once"
