"""Periods of days, and their parts for a chart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..models import QueryError

_DAILY_UP_TO = 31
_WEEKLY_UP_TO = 190


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both within it.

    Raises:
        QueryError: it ends before it begins.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise QueryError(f"{self.until} is before {self.since}", subject="period", hint="exchange them")

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before; shorter where the calendar begins."""
        length = min(self.days, (self.since - date.min).days)
        if not length:
            raise QueryError(f"there are no days before {self.since}", subject="period")
        return Period(self.since - timedelta(length), self.since - timedelta(1))

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period: its first day, what to call it, and how many articles are of it."""

    since: date
    label: str
    count: int


def counted_parts(period: Period, days: Iterable[tuple[date, int]]) -> tuple[Part, ...]:
    """The period in days, weeks or months, whichever a chart can show, each with its articles."""
    counts = dict(days)
    starts = list(_starts(period))
    ends = [*starts[1:], period.until + timedelta(1)]
    pattern = "%Y-%m" if period.days > _WEEKLY_UP_TO else "%m-%d"
    return tuple(
        Part(start, start.strftime(pattern), sum(count for day, count in counts.items() if start <= day < end))
        for start, end in zip(starts, ends, strict=True)
    )


def _starts(period: Period) -> Iterator[date]:
    step = 1 if period.days <= _DAILY_UP_TO else 7
    start = period.since
    while start <= period.until:
        yield start
        if period.days > _WEEKLY_UP_TO:
            start = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        else:
            start += timedelta(step)
