"""Keeps a distance between two requests to one host, and leaves a host alone that asked for it."""

from __future__ import annotations

from .clock import Clock


class Politeness:
    """When each host may be asked next. To be shared by all that ask.

    Args:
        clock: measures time and waits.
        delay: the least seconds between two requests to a host.
        jitter: up to so many seconds are added at random, so that many runs do not fall into step.
    """

    def __init__(self, *, clock: Clock, delay: float, jitter: float) -> None:
        self._clock = clock
        self._delay = delay
        self._jitter = jitter
        self._free_at: dict[str, float] = {}

    def seconds_until_free(self, host: str) -> float:
        """How long the host is still to be left alone; 0 for one that may be asked now."""
        return max(0.0, self._free_at.get(host, 0.0) - self._clock.monotonic())

    def wait(self, host: str) -> None:
        """Waits until the host may be asked."""
        seconds = self.seconds_until_free(host)
        if seconds > 0:
            self._clock.sleep(seconds)

    def asked(self, host: str) -> None:
        """Notes that a request to the host has just ended."""
        self.hold(host, self._delay + self._jitter * self._clock.random())

    def hold(self, host: str, seconds: float) -> None:
        """Leaves the host alone for so long at least."""
        until = self._clock.monotonic() + seconds
        self._free_at[host] = max(until, self._free_at.get(host, until))
