"""Crontab lines, read as cron reads them and evaluated by APScheduler. Pure: time comes in, time goes out."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any

from ..models import ConfigError

# Cron counts from Sunday, APScheduler's numbers from Monday; names mean the same to both.
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_HINT = 'minute, hour, day of month, month, day of week: "15 */2 * * *" is a quarter past every second hour'


def check_cron(expression: str) -> None:
    """Makes sure that a line of five fields means a time that comes.

    Raises:
        ConfigError: it is malformed, or never comes true.
    """
    if next_cron_time(expression, after=datetime(2024, 1, 1, tzinfo=UTC), zone=UTC) is None:
        raise ConfigError("is a time that never comes", subject=expression)


def next_cron_time(expression: str, *, after: datetime, zone: tzinfo) -> datetime | None:
    """The first time strictly after a moment that a line means, in a time zone; None if there is none."""
    # The trigger returns times at or after what it is given, in whole seconds.
    start = datetime.fromtimestamp(int(after.timestamp()) + 1, tz=zone)
    found: datetime | None = _trigger(expression, zone).get_next_fire_time(None, start)
    return found


@cache
def _trigger(expression: str, zone: tzinfo) -> Any:
    from apscheduler.triggers.cron import CronTrigger  # here: status and search need not wait for it

    fields = expression.split()
    if len(fields) != 5:
        raise ConfigError(f"has {len(fields)} fields, not five", subject=expression, hint=_HINT)
    minute, hour, day, month, weekday = (each.lower() for each in fields)
    if day != "*" and weekday != "*":
        # Cron takes either, APScheduler both; whoever reads the line may expect one or the other.
        raise ConfigError("names both a day of the month and of the week", subject=expression, hint="name one of them")
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekday_names(weekday), timezone=zone
        )
    except ValueError as error:
        raise ConfigError(f"is not a crontab line: {error}", subject=expression, hint=_HINT) from error


def _weekday_names(text: str) -> str:
    """``1-5`` as ``mon,tue,wed,thu,fri``; 0 and 7 are both Sunday."""
    if text == "*":
        return text
    days: dict[str, None] = {}
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0-6" if span == "*" else span).partition("-")
        start = _weekday_number(first)
        end = _weekday_number(last) if last else 6 if step else start
        end += 7 if end < start else 0  # fri-sun: the week goes on
        for number in range(start, end + 1, _step(step)):
            days[_WEEKDAYS[number % 7]] = None
    return ",".join(days)


def _weekday_number(text: str) -> int:
    number = _WEEKDAYS.index(text) if text in _WEEKDAYS else int(text)
    if not 0 <= number <= 7:
        raise ValueError(f"there is no weekday {number}")
    return number


def _step(text: str) -> int:
    step = int(text) if text else 1
    if step < 1:
        raise ValueError("a step must be 1 or more")
    return step
