"""When a page that gave no article is asked for again. Pure: state and time in, time out."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import FetchError, PageProblem, PageState, WenzhaiError

# First wait by state; it doubles with each failed attempt. A captcha or quota page says that the host has had
# enough of us: hours, not minutes. `unavailable` is contested between "for now" and "for ever": days.
FIRST_WAIT = {
    PageState.CAPTCHA: timedelta(hours=6),
    PageState.QUOTA: timedelta(hours=6),
    PageState.UNAVAILABLE: timedelta(days=1),
    PageState.MIGRATED: timedelta(days=1),
    PageState.UNKNOWN: timedelta(hours=3),
}
ERROR_WAIT = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=30)


def next_try(problem: PageProblem | WenzhaiError, *, attempts: int, now: datetime) -> datetime | None:
    """When to ask again, None for never.

    Args:
        problem: what came instead of an article.
        attempts: how often it failed before this time.
        now: the time of this failure.
    """
    if isinstance(problem, PageProblem):
        if problem.state.permanent:
            return None
        wait = FIRST_WAIT.get(problem.state, FIRST_WAIT[PageState.UNKNOWN])
    elif isinstance(problem, FetchError) and not problem.retryable:
        return None
    else:
        wait = ERROR_WAIT
    doubled: timedelta = wait * (1 << min(attempts, 12))
    return now + min(doubled, LONGEST_WAIT)
