"""When sources are due: aligned, moved by their names, once each time, and never stuck."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.harvester.schedule import (
    FIRST_BACK_OFF,
    LONGEST_BACK_OFF,
    Schedule,
    back_off,
    due,
    jitter_of,
    next_run,
    parse_duration,
)
from wenzhai.models import ConfigError, SourceHistory

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

moments = st.timedeltas(timedelta(), timedelta(days=5000)).map(lambda past: datetime(2020, 1, 1, tzinfo=UTC) + past)
names = st.text(min_size=1, max_size=20)
intervals = st.timedeltas(timedelta(minutes=1), timedelta(days=40))
crons = st.sampled_from(["15 */2 * * *", "0 0 * * 1-5", "*/7 8-18 * * *", "30 3 1 * *", "59 23 * * sun"])
scheduled = st.builds(Schedule, names, every=intervals) | st.builds(
    Schedule, names, cron=crons, jitter=st.timedeltas(timedelta(), timedelta(hours=3))
)


def history(name: str, last: datetime | None, **more: object) -> SourceHistory:
    return SourceHistory(name, "target", last_run_at=last, **more)  # type: ignore[arg-type]


def is_due(schedule: Schedule, last: datetime | None, now: datetime) -> bool:
    return due([schedule], {schedule.name: history(schedule.name, last)}, now) == [schedule.name]


@given(scheduled, moments)
def test_what_never_ran_is_due(schedule: Schedule, now: datetime) -> None:
    assert due([schedule], {}, now) == [schedule.name]
    assert is_due(schedule, None, now)


@given(scheduled, moments)
def test_what_just_ran_is_not_due(schedule: Schedule, now: datetime) -> None:
    assert not is_due(schedule, now, now)


@given(scheduled, moments, st.timedeltas(timedelta(), timedelta(days=100)))
def test_due_from_the_next_time_on(schedule: Schedule, last: datetime, later: timedelta) -> None:
    when = next_run(schedule, history(schedule.name, last), last)
    assert when is not None
    assert when > last
    assert is_due(schedule, last, last + later) == (last + later >= when)


@given(names, intervals, moments)
def test_times_are_aligned_and_an_interval_apart(name: str, every: timedelta, last: datetime) -> None:
    schedule = Schedule(name, every=every)
    first = next_run(schedule, history(name, last), last)
    assert first is not None
    assert first - last <= every
    second = next_run(schedule, history(name, first), first)
    assert second is not None
    assert second - first == every
    # Whenever the last run was, the times are the same.
    between = next_run(schedule, history(name, first + every / 2), first + every / 2)
    assert between == second


@given(names, intervals)
def test_jitter_is_bounded_and_stays(name: str, every: timedelta) -> None:
    schedule = Schedule(name, every=every)
    assert timedelta() <= jitter_of(schedule) <= min(every / 10, timedelta(minutes=15))
    assert jitter_of(schedule) == jitter_of(Schedule(name, every=every))
    assert jitter_of(Schedule(name, cron="0 * * * *")) == timedelta()


def test_jitter_tells_sources_apart() -> None:
    assert len({jitter_of(Schedule(f"source {number}", every=6 * HOUR)) for number in range(50)}) > 40


@given(scheduled, moments, st.timedeltas(timedelta(seconds=1), timedelta(days=3000)))
def test_last_run_in_the_future_does_not_stop_a_source(schedule: Schedule, now: datetime, ahead: timedelta) -> None:
    assert is_due(schedule, now + ahead, now)


@given(scheduled, moments, st.timedeltas(timedelta(), timedelta(days=60)), st.integers(1, 40))
def test_back_off_decides_after_a_failure(schedule: Schedule, last: datetime, gone: timedelta, failures: int) -> None:
    again = back_off(schedule.name, failures=failures, now=last)
    failing = history(schedule.name, last, failures=failures, failing_since=last, next_try_at=again)
    now = last + gone
    assert due([schedule], {schedule.name: failing}, now) == ([schedule.name] if now >= again else [])


@given(names, st.integers(1, 200))
def test_back_off_grows_to_a_day(name: str, failures: int) -> None:
    wait = back_off(name, failures=failures, now=NOW) - NOW
    assert FIRST_BACK_OFF * 0.9 <= wait <= LONGEST_BACK_OFF
    assert back_off(name, failures=failures + 1, now=NOW) - NOW >= wait


def test_next_try_that_is_absurdly_far_away_is_now() -> None:
    failing = history("a", NOW, failures=1, next_try_at=NOW + timedelta(days=900))
    assert due([Schedule("a", every=HOUR)], {"a": failing}, NOW) == ["a"]


def test_without_a_schedule_always_due() -> None:
    failing = history("a", NOW, failures=3, next_try_at=NOW + HOUR)
    assert is_due(Schedule("a"), NOW, NOW)
    assert due([Schedule("a")], {"a": failing}, NOW) == ["a"]


def test_disabled_is_never_due() -> None:
    assert due([Schedule("a", every=HOUR, enabled=False)], {}, NOW) == []
    assert next_run(Schedule("a", enabled=False), None, NOW) is None


def test_longest_waiting_first() -> None:
    schedules = [Schedule(name, every=HOUR, jitter=timedelta()) for name in ("fresh", "new", "old", "older")]
    known = {
        "fresh": history("fresh", NOW),
        "old": history("old", NOW - 5 * HOUR),
        "older": history("older", NOW - 9 * HOUR),
    }
    assert due(schedules, known, NOW) == ["new", "older", "old"]


def test_cron_counts_in_the_given_zone() -> None:
    beijing = timezone(8 * HOUR)
    schedule = Schedule("a", cron="0 8 * * *")
    last = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
    assert next_run(schedule, history("a", last), last, zone=beijing) == datetime(2026, 3, 5, 0, 0, tzinfo=UTC)
    assert next_run(schedule, history("a", last), last) == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("6h", 21600), ("1d", 86400), ("2w", 1209600), ("1h30m", 5400), ("1H 30M", 5400)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "6", "h", "-6h", "6 hours", "1.5h", "6h!", "９h９"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ConfigError, match="not a length of time"):
        parse_duration(text)
