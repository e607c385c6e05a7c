"""What is worth another try, and when."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..models import FetchError

_PERMANENT = frozenset({400, 404, 405, 410, 414, 451, 501})
_TOO_EARLY_OR_OFTEN = frozenset({408, 425, 429})


def may_pass_later(status: int) -> bool:
    """Whether a later run may get another answer than this status."""
    return status not in _PERMANENT


def worth_another_try(error: FetchError) -> bool:
    """Whether the failure may pass within minutes: the network, a broken server, a crowd. A 403 does not."""
    if error.status is None or not error.retryable:
        return error.retryable
    return error.status >= 500 or error.status in _TOO_EARLY_OR_OFTEN


def backoff(*, retry: int, base: float, longest: float, chance: float) -> float:
    """Seconds before a retry: doubled each time, plus up to a quarter at random.

    Args:
        retry: 1 for the first retry.
        base: seconds before the first.
        longest: the most seconds ever waited.
        chance: a random number in [0, 1).
    """
    # Beyond 2^30 the doubling only overflows.
    seconds: float = base * 2 ** min(retry - 1, 30) * (1 + chance / 4)
    return min(seconds, longest)


def retry_after(value: str, *, now: datetime) -> float | None:
    """The seconds a ``Retry-After`` header asks for, as a number or as a date; None when it is neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
        return seconds if math.isfinite(seconds) else None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # "-0000": the zone is not told; HTTP dates are in GMT
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
