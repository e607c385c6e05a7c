"""When a page is asked for again. Pure: state and time in, time out."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..models import FetchError, PageProblem, PageState, WenzhaiError

# First wait by state; it doubles with each failed attempt. `unavailable` is contested between "for now" and
# "for ever": days. A captcha or quota page is none of the page's doing: `host_pause` says how long.
FIRST_WAIT = {
    PageState.UNAVAILABLE: timedelta(days=1),
    PageState.MIGRATED: timedelta(days=1),
    PageState.UNKNOWN: timedelta(hours=3),
}
ERROR_WAIT = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=30)


def next_try(problem: PageProblem | WenzhaiError, *, attempts: int, now: datetime) -> datetime | None:
    """When to ask again for a page that gave no article, None for never.

    Args:
        problem: what came instead of an article.
        attempts: how often it failed before this time.
        now: the time of this failure.
    """
    if isinstance(problem, PageProblem):
        if problem.state.permanent or _moved_nowhere(problem):
            return None
        wait = FIRST_WAIT.get(problem.state, FIRST_WAIT[PageState.UNKNOWN])
    elif isinstance(problem, FetchError) and not problem.retryable:
        return None
    else:
        wait = ERROR_WAIT
    doubled: timedelta = wait * (1 << min(attempts, 12))
    return now + min(doubled, LONGEST_WAIT)


def next_look(*, first_seen: datetime, last_seen: datetime, every: timedelta) -> datetime | None:
    """When to see whether a stored article was edited or deleted: ever more slowly, as edits come early.

    After `every`, then after twice as long, four times as long and so on.

    Args:
        first_seen: when the page was first asked for.
        last_seen: when it was last looked at.
        every: the first wait; none at all for never.
    """
    return last_seen + max(every, last_seen - first_seen) if every else None


def _moved_nowhere(problem: PageProblem) -> bool:
    """WeChat's words then are that the account's articles did not move with it."""
    return problem.state is PageState.MIGRATED and not problem.follow
