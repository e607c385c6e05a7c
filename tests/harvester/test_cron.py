"""Crontab lines mean what cron takes them to mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from wenzhai.harvester.cron import check_cron, next_cron_time
from wenzhai.models import ConfigError

SUNDAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def following(expression: str, count: int) -> list[str]:
    moment, found = SUNDAY, []
    for _ in range(count):
        moment = next_cron_time(expression, after=moment, zone=UTC) or SUNDAY
        found.append(f"{moment:%a %d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("15 */2 * * *", ["Sun 01 12:15", "Sun 01 14:15"]),
        ("0 12 * * *", ["Mon 02 12:00", "Tue 03 12:00"]),  # strictly after
        ("0 6 * * 0", ["Sun 08 06:00", "Sun 15 06:00"]),
        ("0 6 * * 7", ["Sun 08 06:00", "Sun 15 06:00"]),
        ("0 6 * * 1", ["Mon 02 06:00", "Mon 09 06:00"]),
        ("0 6 * * 1-2", ["Mon 02 06:00", "Tue 03 06:00", "Mon 09 06:00"]),
        ("0 6 * * MON,wed", ["Mon 02 06:00", "Wed 04 06:00"]),
        ("0 6 * * 5-7", ["Fri 06 06:00", "Sat 07 06:00", "Sun 08 06:00"]),
        ("0 6 * * sat-mon", ["Mon 02 06:00", "Sat 07 06:00", "Sun 08 06:00", "Mon 09 06:00"]),
        ("0 6 * * */3", ["Wed 04 06:00", "Sat 07 06:00", "Sun 08 06:00"]),
        ("0 6 1,15 * *", ["Sun 15 06:00", "Wed 01 06:00"]),
    ],
)
def test_times(expression: str, times: list[str]) -> None:
    assert following(expression, len(times)) == times


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("", "0 fields"),
        ("@daily", "1 fields"),
        ("60 * * * *", "not a crontab line"),
        ("* * * * 8", "no weekday 8"),
        ("* * * * mo", "not a crontab line"),
        ("* * * * */0", "not a crontab line"),
        ("*/0 * * * *", "not a crontab line"),
        ("0 0 31 2 *", "never comes"),
        ("0 0 1 * 1", "both a day of the month and of the week"),
    ],
)
def test_mistakes_are_told(expression: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        check_cron(expression)
