"""Time, waiting and chance, passed in so that tests decide what they are."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """What harvesting needs to know of time.

    Attributes:
        now: the time of day, with its offset; dates what was fetched.
        monotonic: seconds that never jump; measures waits and deadlines.
        sleep: waits this many seconds.
        random: a number in [0, 1), for jitter.
    """

    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
