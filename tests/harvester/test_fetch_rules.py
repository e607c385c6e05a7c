"""The pure parts of fetching: waits, hosts, bodies."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.harvester.bounded_body import BodyError, OversizeError, bounded_body, bounded_gunzip
from wenzhai.harvester.hosts import private_address, resolve_host
from wenzhai.harvester.retry import backoff, retry_after, worth_another_try
from wenzhai.models import FetchError

NOW = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 5 ", 5),
        ("Wed, 01 Jan 2025 00:02:00 GMT", 120),
        ("Wed, 01 Jan 2025 08:02:00 +0800", 120),
        ("Wed, 01 Jan 2025 00:02:00 -0000", 120),
        ("Tue, 31 Dec 2024 00:00:00 GMT", 0),
        ("", None),
        ("-3", None),
        ("soon", None),
        ("９", None),
        ("Wed, 99 Jan 2025 00:00:00 GMT", None),
        ("9" * 400, None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, now=NOW) == seconds


@given(st.text())
def test_retry_after_never_raises(value: str) -> None:
    seconds = retry_after(value, now=NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_backoff_is_bounded(retry: int, chance: float) -> None:
    assert 2 <= backoff(retry=retry, base=2, longest=60, chance=chance) <= 60


@pytest.mark.parametrize(
    ("status", "worth_it"),
    [(None, True), (500, True), (503, True), (429, True), (408, True), (403, False), (404, False)],
)
def test_what_is_worth_another_try(*, status: int | None, worth_it: bool) -> None:
    assert worth_another_try(FetchError("…", status=status)) is worth_it
    assert not worth_another_try(FetchError("…", status=status, retryable=False))


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.31.255.255", True),
        ("192.168.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),  # noqa: S104 - an address to refuse
        ("::1", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("64:ff9b::7f00:1", True),
        ("198.18.0.7", False),
        ("172.32.0.1", False),
        ("2001:4860:4860::8888", False),
        ("64:ff9b::808:808", False),
    ],
)
def test_private_addresses(*, address: str, private: bool) -> None:
    found = private_address("name.test", resolve=lambda _: ("93.184.216.34", address))
    assert found == (address if private else "")


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost"])
def test_disguised_loopback_is_seen(host: str) -> None:
    assert private_address(host, resolve=resolve_host)


@pytest.mark.parametrize("host", ["", "a" * 300, "..", "\udcff"])
def test_senseless_host_has_no_addresses(host: str) -> None:
    assert all(address in ("127.0.0.1", "::1") for address in resolve_host(host))


@given(st.lists(st.binary(max_size=60)), st.integers(1, 7))
def test_gzip_in_any_pieces(members: list[bytes], step: int) -> None:
    packed = b"".join(map(gzip.compress, members)) + bytes(3 if members else 0)
    pieces = [packed[at : at + step] for at in range(0, len(packed), step)]
    assert bounded_body(pieces, encoding="GZIP", limit=10_000) == b"".join(members)


@given(st.binary(max_size=200), st.integers(1, 300))
def test_limit_is_exact(body: bytes, limit: int) -> None:
    if len(body) > limit:
        with pytest.raises(OversizeError):
            bounded_body([body], encoding="", limit=limit)
        with pytest.raises(OversizeError):
            bounded_gunzip(gzip.compress(body), limit=limit)
    else:
        assert bounded_body([body], encoding="identity", limit=limit) == body
        assert bounded_gunzip(gzip.compress(body), limit=limit) == body


@given(st.binary(min_size=1, max_size=50))
def test_bytes_that_are_no_gzip(content: bytes) -> None:
    with pytest.raises((BodyError, OversizeError)):
        bounded_gunzip(b"\x1f\x8b\x08\x00" + content, limit=1000)


def test_dates_far_away_are_seconds_too() -> None:
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now=NOW) > timedelta(days=365).total_seconds()
