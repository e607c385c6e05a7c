"""The fetcher against a server that misbehaves in every way we know."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from wenzhai.harvester.clock import Clock
from wenzhai.harvester.fetch import FetchOptions, HttpFetcher
from wenzhai.models import ConfigError, FetchError, PageRef, Validators

from .fault_server import MODIFIED, PAGE, FaultServer

START = datetime(2025, 1, 1, tzinfo=UTC)
QUICK = FetchOptions(
    allow_private_hosts=True,
    use_system_proxy=False,
    connect_timeout=2,
    read_timeout=2,
    total_timeout=2,
    max_page_bytes=100_000,
)


@dataclass
class FakeTime:
    """Time that passes only by sleeping, and chance that is always one half."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: START + timedelta(seconds=self.passed),
            monotonic=lambda: self.passed,
            sleep=self.sleep,
            random=lambda: 0.5,
        )


@pytest.fixture(scope="module")
def running() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def server(running: FaultServer) -> FaultServer:
    running.asked.clear()
    running.requests.clear()
    return running


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def fetcher(fake_time: FakeTime) -> Iterator[HttpFetcher]:
    made = HttpFetcher(options=QUICK, clock=fake_time.clock)
    yield made
    made.close()


def ref(location: str) -> PageRef:
    return PageRef(location=location, source="url")


def failure(fetcher: HttpFetcher, location: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(ref(location))
    assert caught.value.subject == location
    return caught.value


def test_page_comes_with_how_it_came(fetcher: HttpFetcher, server: FaultServer) -> None:
    page = fetcher.fetch(ref(server.url("/ok")))
    assert page.content == PAGE.encode()
    assert (page.status, page.media_type, page.charset) == (200, "text/html", "utf-8")
    assert page.final_url == page.ref.location
    assert page.fetched_at == START
    assert page.headers["content-type"] == "text/html; charset=UTF-8"
    assert "set-cookie" not in page.headers


def test_address_is_asked_for_as_written(fetcher: HttpFetcher, server: FaultServer) -> None:
    path = "/s?__biz=MzA4+/Q==&mid=1&idx=1&sn=ab&chksm=0f%2F&scene=21&name=%E5%8D%95"
    page = fetcher.fetch(ref(server.url(path + "#wechat_redirect")))
    assert server.requests[0][0] == path
    assert page.final_url.endswith("#wechat_redirect")


def test_we_say_who_we_are(fetcher: HttpFetcher, server: FaultServer) -> None:
    fetcher.fetch(ref(server.url("/ok")))
    assert server.requests[0][1]["user-agent"].startswith("wenzhai/")
    assert server.requests[0][1]["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "status", "retryable", "requests"),
    [
        ("/gone", 404, False, 1),
        ("/forbidden", 403, True, 1),
        ("/broken", 500, True, 4),
        ("/busy_all_day", 429, True, 1),
        ("/dropped", None, True, 4),
        ("/partial", None, True, 4),
        ("/gzip_cut", None, True, 4),
        ("/loop", None, False, 6),
        ("/large", None, False, 1),
        ("/large_unsaid", None, False, 1),
        ("/gzip_bomb", None, False, 1),
        ("/to_file", None, False, 1),
    ],
)
def test_every_fault_is_told(
    fetcher: HttpFetcher, server: FaultServer, *, path: str, status: int | None, retryable: bool, requests: int
) -> None:
    error = failure(fetcher, server.url(path))
    assert (error.status, error.retryable) == (status, retryable)
    assert server.asked[path.strip("/")] == requests


@pytest.mark.parametrize("path", ["/broken_twice", "/dropped_once"])
def test_passing_fault_is_survived(fetcher: HttpFetcher, server: FaultServer, path: str) -> None:
    assert fetcher.fetch(ref(server.url(path))).content == PAGE.encode()


def test_size_limit_is_named(fetcher: HttpFetcher, server: FaultServer) -> None:
    error = failure(fetcher, server.url("/large"))
    assert "100,000" in error.message
    assert "max_page_bytes" in error.hint


def test_retries_back_off(fetcher: HttpFetcher, server: FaultServer, fake_time: FakeTime) -> None:
    failure(fetcher, server.url("/broken"))
    # backoff 2, 4, 8 and an eighth of jitter; after the first one politeness asks for 4 s in all
    assert fake_time.slept == [2.25, 1.75, 4.5, 9.0]


def test_retry_after_in_seconds_is_honoured(fetcher: HttpFetcher, server: FaultServer, fake_time: FakeTime) -> None:
    assert fetcher.fetch(ref(server.url("/busy_once"))).status == 200
    assert fake_time.passed == 17


def test_retry_after_as_date_is_honoured(fetcher: HttpFetcher, server: FaultServer, fake_time: FakeTime) -> None:
    assert fetcher.fetch(ref(server.url("/busy_until"))).status == 200
    assert fake_time.passed == 40


def test_host_that_asks_for_a_day_is_left_alone(fetcher: HttpFetcher, server: FaultServer, fake_time: FakeTime) -> None:
    assert "86,400 s" in failure(fetcher, server.url("/busy_all_day")).hint
    error = failure(fetcher, server.url("/ok"))
    assert error.retryable
    assert server.asked["ok"] == 0
    assert fake_time.passed == 0


def test_host_is_asked_at_a_distance(fetcher: HttpFetcher, server: FaultServer, fake_time: FakeTime) -> None:
    for _ in range(3):
        fetcher.fetch(ref(server.url("/ok")))
    assert fake_time.slept == [4.0, 4.0]
    fetcher.fetch(ref(server.url("/ok", host="localhost")))
    assert fake_time.slept == [4.0, 4.0]


def test_final_url_tells_of_a_captcha(fetcher: HttpFetcher, server: FaultServer) -> None:
    page = fetcher.fetch(ref(server.url("/moved")))
    assert page.final_url == server.url("/mp/wappoc_appmsgcaptcha?target_url=x")
    assert page.status == 200


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/drip", replace(QUICK, total_timeout=0.2, read_timeout=0.2, retries=0)),
        ("/silent", replace(QUICK, read_timeout=0.1, retries=0)),
        ("/silent", replace(QUICK, total_timeout=0.1, retries=0)),
    ],
)
def test_slow_server_is_cut_off(server: FaultServer, path: str, options: FetchOptions) -> None:
    fetcher = HttpFetcher(options=options)
    begun = time.monotonic()
    error = failure(fetcher, server.url(path))
    fetcher.close()
    assert error.retryable
    assert "in time" in error.message
    assert time.monotonic() - begun < 1


def test_nobody_listening(fetcher: HttpFetcher) -> None:
    with FaultServer() as stopped:
        address = stopped.url("/ok")
    error = failure(fetcher, address)
    assert error.retryable
    assert "no connection" in error.message
    assert "4 times" in error.message


def test_gzip_is_unpacked(fetcher: HttpFetcher, server: FaultServer) -> None:
    assert fetcher.fetch(ref(server.url("/gzip"))).content == PAGE.encode()


def test_unknown_encoding_is_told(fetcher: HttpFetcher, server: FaultServer) -> None:
    assert "'br'" in failure(fetcher, server.url("/odd_encoding")).message


def test_declared_charset_is_kept(fetcher: HttpFetcher, server: FaultServer) -> None:
    page = fetcher.fetch(ref(server.url("/gb18030")))
    assert page.charset == "gb18030"
    assert page.content.decode(page.charset) == PAGE


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/pdf", "application/pdf"), ("/bare", "text/html"), ("/raw.md", "text/markdown"), ("/raw", "text/plain")],
)
def test_media_type(fetcher: HttpFetcher, server: FaultServer, path: str, media_type: str) -> None:
    assert fetcher.fetch(ref(server.url(path))).media_type == media_type


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/a", "http://", "http://[::1", "file:///etc/passwd", "", "http://127.0.0.1:99999999/", "单细胞"],
)
def test_no_address(fetcher: HttpFetcher, address: str) -> None:
    assert not failure(fetcher, address).retryable


def test_private_hosts_are_refused(server: FaultServer) -> None:
    fetcher = HttpFetcher(options=replace(QUICK, allow_private_hosts=False))
    error = failure(fetcher, server.url("/ok"))
    fetcher.close()
    assert not error.retryable
    assert "127.0.0.1" in error.message
    assert "allow_private_hosts" in error.hint
    assert server.asked.total() == 0


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenzhai.harvester.hosts._PRIVATE", (ip_network("10.0.0.0/8"),))


@pytest.mark.usefixtures("loopback_is_public")
def test_redirect_to_private_host_is_refused(server: FaultServer, fake_time: FakeTime) -> None:
    book = {"127.0.0.1": ("127.0.0.1",), "internal.test": ("10.0.0.7",)}
    fetcher = HttpFetcher(
        options=replace(QUICK, allow_private_hosts=False), clock=fake_time.clock, resolve=book.__getitem__
    )
    assert fetcher.fetch(ref(server.url("/ok"))).status == 200
    error = failure(fetcher, server.url("/to_private"))
    fetcher.close()
    assert "internal.test is at 10.0.0.7" in error.message
    assert not error.retryable


def test_secrets_stay_with_the_host_they_were_given_for(server: FaultServer, fake_time: FakeTime) -> None:
    options = replace(QUICK, headers={"Cookie": "secret=1", "X-Lab": "yes"})
    fetcher = HttpFetcher(options=options, clock=fake_time.clock)
    fetcher.fetch(ref(server.url("/to_other_host")))
    fetcher.close()
    first, second = (headers for _, headers in server.requests)
    assert "secret=1" in first["cookie"]
    assert "secret" not in second.get("cookie", "")
    assert second["x-lab"] == "yes"


@pytest.mark.parametrize(
    "wrong",
    [
        {"retries": -1},
        {"read_timeout": 0},
        {"max_page_bytes": 0},
        {"user_agent": "文摘"},
        {"headers": {"a": "b\n"}},
        {"proxy": "me"},
    ],
)
def test_senseless_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        FetchOptions(**wrong)  # type: ignore[arg-type]


# What the server may leave out, and what it must not


def test_page_that_is_the_same_is_not_sent_again(fetcher: HttpFetcher, server: FaultServer) -> None:
    page = fetcher.fetch(ref(server.url("/same")))
    assert page.validators == Validators('"v1"', MODIFIED)
    again = fetcher.fetch(replace(page.ref, validators=page.validators))
    assert again.not_modified
    assert again.content == b""
    only_dated = fetcher.fetch(replace(page.ref, validators=Validators(last_modified=MODIFIED)))
    assert only_dated.not_modified


def test_page_that_changed_is_sent(fetcher: HttpFetcher, server: FaultServer) -> None:
    asked = PageRef(server.url("/same"), "url", validators=Validators('"v0"'))
    assert fetcher.fetch(asked).content == PAGE.encode()


def test_only_the_address_itself_is_asked_whether_it_is_the_same(fetcher: HttpFetcher, server: FaultServer) -> None:
    page = fetcher.fetch(PageRef(server.url("/to_same"), "url", validators=Validators('"v1"', MODIFIED)))
    assert page.content == PAGE.encode()
    assert not page.validators
    assert ["if-none-match" in headers for _, headers in server.requests] == [True, False]


def test_nobody_asked_whether_it_is_the_same(fetcher: HttpFetcher, server: FaultServer) -> None:
    assert failure(fetcher, server.url("/always_same")).status == 304


def test_validators_cannot_forge_headers(fetcher: HttpFetcher, server: FaultServer) -> None:
    fetcher.fetch(PageRef(server.url("/ok"), "url", validators=Validators('"a"\r\nx-evil: 1', "单细胞")))
    assert not {"x-evil", "if-none-match", "if-modified-since"} & server.requests[0][1].keys()


def test_headers_may_not_drip_for_ever(server: FaultServer) -> None:
    fetcher = HttpFetcher(options=replace(QUICK, total_timeout=0.2, retries=0))
    begun = time.monotonic()
    assert "in time" in failure(fetcher, server.url("/slow_headers")).message
    fetcher.close()
    assert time.monotonic() - begun < 1


def test_body_is_no_longer_than_declared(fetcher: HttpFetcher, server: FaultServer) -> None:
    # What is missing is for whoever reads the page to see.
    assert fetcher.fetch(ref(server.url("/short_length"))).content == PAGE.encode()[:20]


# Where connections go


@pytest.mark.usefixtures("loopback_is_public")
def test_name_is_looked_up_once(server: FaultServer, fake_time: FakeTime) -> None:
    """A name that leads elsewhere at the second look is asked where it led when it was checked."""
    answers = iter([("127.0.0.1",), ("10.0.0.7",)])
    fetcher = HttpFetcher(
        options=replace(QUICK, allow_private_hosts=False, retries=0),
        clock=fake_time.clock,
        resolve=lambda host: next(answers),
    )
    assert fetcher.fetch(ref(server.url("/ok", host="rebinding.test"))).status == 200
    assert server.requests[0][1]["host"] == f"rebinding.test:{server.port}"
    assert "10.0.0.7" in failure(fetcher, server.url("/ok", host="rebinding.test")).message
    fetcher.close()
    assert server.asked["ok"] == 1


def test_all_addresses_of_a_host_are_tried(server: FaultServer, fake_time: FakeTime) -> None:
    fetcher = HttpFetcher(options=QUICK, clock=fake_time.clock, resolve=lambda host: ("::1", "127.0.0.1"))
    assert fetcher.fetch(ref(server.url("/ok", host="two.test"))).status == 200
    fetcher.close()


def test_name_that_leads_nowhere(server: FaultServer, fake_time: FakeTime) -> None:
    fetcher = HttpFetcher(options=QUICK, clock=fake_time.clock, resolve=lambda host: ())
    assert "cannot be resolved" in failure(fetcher, server.url("/ok", host="nowhere.test")).message
    fetcher.close()


def test_proxy_is_asked_for_everything(server: FaultServer, fake_time: FakeTime) -> None:
    options = replace(QUICK, proxy=server.url(""))
    fetcher = HttpFetcher(options=options, clock=fake_time.clock, resolve=lambda host: ())
    assert fetcher.fetch(ref("http://far.test/ok")).content == PAGE.encode()
    fetcher.close()
    assert server.requests[0][0] == "http://far.test/ok"


def test_system_proxy_is_honoured(server: FaultServer, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.delenv("no_proxy", raising=False)
    options = replace(QUICK, use_system_proxy=True)
    fetcher = HttpFetcher(options=options, clock=fake_time.clock, resolve=lambda host: ())
    assert fetcher.fetch(ref("http://far.test/ok")).status == 200
    fetcher.close()


def test_cookies_of_a_file_go_where_they_belong(server: FaultServer, fake_time: FakeTime, tmp_path: Path) -> None:
    file = tmp_path / "cookies.txt"
    lines = [
        "# Netscape HTTP Cookie File",
        *(f"one.test\tFALSE\t/\tFALSE\t{when}" for when in ("0\treader\tme", "1\told\tx")),
    ]
    file.write_text("\n".join((*lines, "")), encoding="utf-8")
    options = replace(QUICK, cookie_file=file)
    fetcher = HttpFetcher(options=options, clock=fake_time.clock, resolve=lambda host: ("127.0.0.1",))
    bodies = [fetcher.fetch(ref(server.url("/cookie", host=host))).content for host in ("one.test", "two.test")]
    fetcher.close()
    assert bodies == [b"reader=me", b""]


@pytest.mark.parametrize("text", [None, "reader=me", "\udcff"])
def test_cookie_file_that_is_none(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "cookies.txt"
    if text is not None:
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"cookies\.txt"):
        HttpFetcher(options=replace(QUICK, cookie_file=file))
