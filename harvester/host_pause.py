"""The circuit breaker: when a whole host is left alone, and for how long. Pure: what came and time in, time out.

A captcha or a quota page says nothing of the page that was asked for and everything of us: the host has had
enough. Asking on makes it worse, so every page of that host waits, and ever longer if it happens again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from ..models import FetchError, PageProblem, PageState, WenzhaiError

# First pause; it doubles with each strike in a row.
_FIRST = {
    PageState.CAPTCHA: timedelta(hours=6),
    PageState.QUOTA: timedelta(hours=6),
}
_FIRST_TOO_OFTEN = timedelta(minutes=30)  # HTTP 429
_FIRST_DOWN = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=7)
# What a host may ask for: more is a mistake, or no host to wait for.
_LONGEST_ASKED = timedelta(days=31)
# So many pages in a row that the network or the server failed: not the page's fault any more.
DOWN_AFTER = 5
_TOO_MANY_REQUESTS = 429


def host_of(location: str) -> str:
    """The host of an address, in lower case; an empty string for a path."""
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def blames_the_host(problem: PageProblem | WenzhaiError) -> bool:
    """Whether this says nothing of the page: it counts neither as an answer nor as an attempt."""
    if isinstance(problem, PageProblem):
        return problem.state in _FIRST
    return isinstance(problem, FetchError) and (problem.wait is not None or problem.status == _TOO_MANY_REQUESTS)


def blames_the_network(problem: PageProblem | WenzhaiError) -> bool:
    """Whether the page never came: no connection, a broken one, or a server that fails."""
    if not isinstance(problem, FetchError) or not problem.retryable:
        return False
    return problem.status is None or problem.status >= 500


def pause_after(problem: PageProblem | WenzhaiError, *, strikes: int, failures: int, now: datetime) -> datetime | None:
    """Until when the host is left alone; None when it may be asked on.

    Args:
        problem: what came instead of an article.
        strikes: how often the host was paused since it last gave an answer.
        failures: how many pages in a row, this one included, never came.
        now: the time of the problem.
    """
    if isinstance(problem, PageProblem):
        first = _FIRST.get(problem.state)
    elif isinstance(problem, FetchError) and problem.wait is not None:
        # A zero would let the next page run into the same door at once.
        asked = timedelta(seconds=min(problem.wait, _LONGEST_ASKED.total_seconds()))
        return now + max(asked, _FIRST_TOO_OFTEN)
    elif isinstance(problem, FetchError) and problem.status == _TOO_MANY_REQUESTS:
        first = _FIRST_TOO_OFTEN
    else:
        first = _FIRST_DOWN if failures >= DOWN_AFTER and blames_the_network(problem) else None
    if first is None:
        return None
    doubled: timedelta = first * (1 << min(strikes, 12))
    return now + min(doubled, LONGEST_PAUSE)
