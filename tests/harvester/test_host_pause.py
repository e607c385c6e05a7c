"""When a host is left alone, and when a page is asked for again: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from wenzhai.harvester.host_pause import DOWN_AFTER, LONGEST_PAUSE, blames_the_host, host_of, pause_after
from wenzhai.harvester.recheck import LONGEST_WAIT, next_look, next_try
from wenzhai.models import FetchError, PageProblem, PageRef, PageState, WenzhaiError

NOW = datetime(2025, 1, 1, tzinfo=UTC)
REF = PageRef("https://mp.weixin.qq.com/s/AAAAAAAA", "url")


def problem(state: PageState, *, follow: str = "") -> PageProblem:
    return PageProblem(ref=REF, state=state, evidence="…", follow=follow)


def pause(what: PageProblem | WenzhaiError, *, strikes: int = 0, failures: int = 0) -> timedelta | None:
    until = pause_after(what, strikes=strikes, failures=failures, now=NOW)
    return None if until is None else until - NOW


@pytest.mark.parametrize(
    ("what", "hours"),
    [
        (problem(PageState.CAPTCHA), 6),
        (problem(PageState.QUOTA), 6),
        (FetchError("busy", status=429), 0.5),
        (FetchError("busy", status=429, wait=7200), 2),
        (FetchError("busy", status=503, wait=1), 0.5),
        (FetchError("busy", status=503, wait=1e12), 31 * 24),
        (problem(PageState.DELETED), None),
        (problem(PageState.UNKNOWN), None),
        (FetchError("broken", status=500), None),
        (FetchError("too large", retryable=False), None),
    ],
)
def test_first_pause(what: PageProblem | WenzhaiError, hours: float | None) -> None:
    assert pause(what) == (None if hours is None else timedelta(hours=hours))
    if hours is not None:
        assert blames_the_host(what)


def test_pauses_double_up_to_a_week() -> None:
    found = [pause(problem(PageState.CAPTCHA), strikes=strikes) for strikes in (0, 1, 2, 3, 4, 5, 99)]
    assert found == [*(timedelta(hours=6 * 2**power) for power in range(5)), LONGEST_PAUSE, LONGEST_PAUSE]


def test_host_is_down_when_page_after_page_fails() -> None:
    assert pause(FetchError("broken"), failures=DOWN_AFTER - 1) is None
    assert pause(FetchError("broken"), failures=DOWN_AFTER) == timedelta(minutes=15)
    # A page's own fault says nothing of the host.
    assert pause(FetchError("gone", status=404, retryable=False), failures=DOWN_AFTER) is None


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://A.example:8/x", "a.example"),
        ("feed+https://a.example/f#1", "a.example"),
        ("a.zip!/b.md", ""),
        ("[", ""),
    ],
)
def test_host_of_a_location(location: str, host: str) -> None:
    assert host_of(location) == host
    assert host_of("http://[::1") == ""


@pytest.mark.parametrize("state", [state for state in PageState if not state.readable])
def test_permanent_states_are_never_asked_for_again_the_others_ever_more_rarely(state: PageState) -> None:
    what = problem(state, follow="https://mp.weixin.qq.com/s/BBBBBBBB")
    waits = [next_try(what, attempts=attempts, now=NOW) for attempts in range(40)]
    if state.permanent:
        assert set(waits) == {None}
        return
    times = [wait for wait in waits if wait is not None]
    assert len(times) == len(waits)
    assert times == sorted(times)
    assert times[0] < times[1]
    assert times[-1] - NOW == LONGEST_WAIT


def test_what_moved_nowhere_is_gone() -> None:
    assert next_try(problem(PageState.MIGRATED), attempts=0, now=NOW) is None


def test_stored_articles_are_looked_at_at_twice_the_distance() -> None:
    day = timedelta(days=1)
    assert next_look(first_seen=NOW, last_seen=NOW, every=day) == NOW + day
    assert next_look(first_seen=NOW, last_seen=NOW + 4 * day, every=day) == NOW + 8 * day
    assert next_look(first_seen=NOW, last_seen=NOW, every=timedelta()) is None
