"""How the sources of the settings fare, as lines for `status`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..config import Settings
from ..harvester.schedule import Schedule, next_run
from ..models import SourceHistory
from ..storage import Store
from .common import counted_noun
from .jobs import histories, local_zone, schedules
from .screen import plain
from .terminal import local_time


def source_lines(settings: Settings, store: Store, *, now: datetime) -> Iterator[str]:
    """One line a source: last run, what was new, when it is due; and one more for a source that is failing."""
    known = histories(settings, store)
    for schedule in schedules(settings):
        history = known.get(schedule.name)
        yield plain(f"{schedule.name}: {_last_run(history)}, {_next_run(schedule, history, now)}")
        if history is not None and history.failures:
            yield plain(f"  {_failing(history, schedule)}: {history.error}")


def _last_run(history: SourceHistory | None) -> str:
    if history is None or history.last_run_at is None:
        return "never read"
    return f"last run {local_time(history.last_run_at)} ({history.last_counts.as_text() or 'nothing came'})"


def _next_run(schedule: Schedule, history: SourceHistory | None, now: datetime) -> str:
    when = next_run(schedule, history, now, zone=local_zone(now))
    if when is None:
        return "not enabled"
    if schedule.every is None and schedule.cron is None:
        return "due at every harvest"
    return "due now" if when <= now else f"next due {local_time(when)}"


def _failing(history: SourceHistory, schedule: Schedule) -> str:
    since = f"failing since {local_time(history.failing_since)}" if history.failing_since else "failing"
    scheduled = schedule.every or schedule.cron
    again = f", next try {local_time(history.next_try_at)}" if history.next_try_at and scheduled else ""
    return f"{since}, {counted_noun(history.failures, 'time')} in a row{again}"
