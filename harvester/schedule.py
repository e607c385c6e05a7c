"""When a source is due. Pure: schedules, what is remembered, and the time come in; names and times go out.

Times are aligned: ``every = "6h"`` means the same four moments a day (in UTC), however long a run takes and
whenever the program was started. Each source is then moved by a jitter that its name decides, so that
sources do not all ask at once, and one source keeps its minute over restarts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..models import ConfigError, SourceHistory
from .cron import next_cron_time

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=366)
# Jitter of a source that does not set it: a tenth of its interval, this at most. A crontab line is exact.
LONGEST_DEFAULT_JITTER = timedelta(minutes=15)
FIRST_BACK_OFF = timedelta(minutes=30)
LONGEST_BACK_OFF = timedelta(days=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_DURATION = re.compile(r"(?:\d{1,6}[wdhms])+")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one source is to be read. Without `every` and `cron`: whenever somebody asks what is due.

    Attributes:
        name: the source's name.
        every: time between two runs.
        cron: a crontab line instead.
        jitter: each time is up to so much later; None for the default.
        enabled: whether it is ever due.
    """

    name: str
    every: timedelta | None = None
    cron: str | None = None
    jitter: timedelta | None = None
    enabled: bool = True


def parse_duration(text: str) -> timedelta:
    """``90s``, ``30m``, ``6h``, ``1d``, ``2w``, or several in a row: ``1h30m``.

    Raises:
        ConfigError: it is nothing of the kind.
    """
    compact = text.replace(" ", "").lower()
    if not _DURATION.fullmatch(compact):
        raise ConfigError("is not a length of time", subject=text, hint='write "30m", "6h", "1d" or "1h30m"')
    pairs = re.findall(r"(\d{1,6})([wdhms])", compact)
    return sum((int(number) * _UNITS[unit] for number, unit in pairs), timedelta())


def due(
    schedules: Iterable[Schedule], histories: Mapping[str, SourceHistory], now: datetime, *, zone: tzinfo = UTC
) -> list[str]:
    """The names of the sources to be read now, the one that has waited longest first.

    Args:
        schedules: of all sources.
        histories: what is remembered, by name; a source without one has never run.
        now: the time, with its offset.
        zone: what crontab lines mean by an hour.
    """
    waiting = []
    for schedule in schedules:
        when = next_run(schedule, histories.get(schedule.name), now, zone=zone)
        if when is not None and when <= now:
            waiting.append((when, schedule.name))
    return [name for _, name in sorted(waiting)]


def next_run(
    schedule: Schedule, history: SourceHistory | None, now: datetime, *, zone: tzinfo = UTC
) -> datetime | None:
    """When a source is due; a moment that is not in the future means now, None means never.

    After a failure the back-off decides, not the schedule: sooner than a daily source would be due, and later
    than an hourly one that has failed for days.
    """
    if not schedule.enabled:
        return None
    if history is None or history.last_run_at is None or history.last_run_at > now:
        # A last run in the future was noted by a clock that was wrong; waiting for it could take years.
        return _EPOCH if history is None or history.last_run_at is None else now
    if schedule.every is None and schedule.cron is None:
        return history.last_run_at
    if history.failures and history.next_try_at is not None:
        return history.next_try_at if history.next_try_at - now <= LONGEST_BACK_OFF else now
    return _next_time(schedule, after=history.last_run_at, zone=zone)


def _next_time(schedule: Schedule, *, after: datetime, zone: tzinfo) -> datetime | None:
    """The first of the schedule's times strictly after a moment."""
    shift = jitter_of(schedule)
    if schedule.cron is not None:
        found = next_cron_time(schedule.cron, after=after - shift, zone=zone)
        return None if found is None else found.astimezone(UTC) + shift
    assert schedule.every is not None  # noqa: S101 - `next_run` has seen to it
    return _EPOCH + ((after - shift - _EPOCH) // schedule.every + 1) * schedule.every + shift


def jitter_of(schedule: Schedule) -> timedelta:
    """How much later than the aligned times this source runs: whole seconds, always the same for one name."""
    longest = schedule.jitter
    if longest is None:
        longest = min(schedule.every / 10, LONGEST_DEFAULT_JITTER) if schedule.every else timedelta()
    digest = hashlib.sha256(schedule.name.encode()).digest()
    return timedelta(seconds=int(int.from_bytes(digest[:8]) / 2**64 * longest.total_seconds()))


def back_off(name: str, *, failures: int, now: datetime) -> datetime:
    """When to try a source again that failed so many times in a row: the wait doubles up to a day.

    The name moves it by up to a tenth, so that sources that failed together do not come back together.
    """
    wait = min(FIRST_BACK_OFF * (1 << min(max(failures, 1) - 1, 10)), LONGEST_BACK_OFF)
    earlier = jitter_of(Schedule(name, jitter=wait / 10))
    return now + wait - earlier
