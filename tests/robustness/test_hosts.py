"""The circuit breaker: a host that has had enough is left alone, ever longer, and nothing is lost by it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from wenzhai.models import Failed, Skipped, Stored

from ..harvester.fault_server import FaultHandler, FaultServer, Route, after, example_page, page_route
from .conftest import Visits
from .site import FEED_HOST, HOST, SiteArticle

CAPTCHA = page_route(example_page("captcha_shell"))


def article(number: int) -> Route:
    return page_route(SiteArticle(number).page())


def refuse(status: int, **headers: str) -> Route:
    return lambda handler: handler.answer(status, **headers)


def paths(server: FaultServer) -> list[str]:
    return [path for path, _ in server.requests]


@pytest.mark.parametrize("case", ["captcha_shell", "captcha_visible", "quota"])
def test_host_is_left_alone_for_the_rest_of_the_run(visit: Visits, server: FaultServer, case: str) -> None:
    server.routes |= {"/s/Aaaaaaaa1": page_route(example_page(case)), "/s/Aaaaaaaa2": article(2)}
    first, second = visit(visit.url("/s/Aaaaaaaa1"), visit.url("/s/Aaaaaaaa2"))
    assert isinstance(first, Failed)
    assert isinstance(second, Skipped)
    assert HOST in second.reason
    assert paths(server) == ["/s/Aaaaaaaa1"]
    visit.later(hours=7)
    server.routes["/s/Aaaaaaaa1"] = article(1)
    assert all(isinstance(outcome, Stored) for outcome in visit(visit.url("/s/Aaaaaaaa1"), visit.url("/s/Aaaaaaaa2")))


def test_pause_grows_and_an_answer_ends_it(visit: Visits, server: FaultServer) -> None:
    server.routes["/s/Aaaaaaaa1"] = after(3, first=CAPTCHA, then=article(1))
    lengths = []
    for _ in range(3):
        visit(visit.url("/s/Aaaaaaaa1"))
        pause = visit.store.hosts.get(HOST)
        assert pause is not None
        lengths.append(pause.until - visit.passing.now())
        visit.passing.passed += lengths[-1].total_seconds() + 1
    assert lengths == [timedelta(hours=6), timedelta(hours=12), timedelta(hours=24)]
    assert isinstance(visit(visit.url("/s/Aaaaaaaa1"))[0], Stored)
    assert visit.store.hosts.all() == []


def test_captcha_is_no_answer(visit: Visits, server: FaultServer) -> None:
    address = visit.url("/s/Aaaaaaaa1")
    server.routes["/s/Aaaaaaaa1"] = after(1, first=article(1), then=CAPTCHA)
    visit(address)
    before = visit.store.known_page(address)
    assert isinstance(visit(address)[0], Failed)
    assert visit.store.known_page(address) == before
    assert [attempt.outcome for attempt in visit.store.attempts(address)] == ["captcha", "article"]


def test_captcha_after_some_requests_loses_nothing(visit: Visits, server: FaultServer) -> None:
    """The list has moved on by the time the host may be asked again."""
    allowed = {"left": 3}

    def limited(number: int) -> Route:
        def answer(handler: FaultHandler) -> None:
            allowed["left"] -= 1
            (article(number) if allowed["left"] >= 0 else CAPTCHA)(handler)

        return answer

    listed = [visit.url(f"/s/Aaaaaaaa{number}") for number in range(8)]
    server.routes |= {f"/s/Aaaaaaaa{number}": limited(number) for number in range(8)}
    server.routes["/feed.json"] = after(1, first=feed(listed), then=feed([]))
    target = server.url("/feed.json", host=FEED_HOST)
    outcomes = visit(target)
    assert [type(outcome) for outcome in outcomes] == [Stored] * 3 + [Failed] + [Skipped] * 4
    visit.later(days=1)
    allowed["left"] = 100
    assert [type(outcome) for outcome in visit(target)] == [Stored] * 5
    assert visit.store.count() == 8
    assert visit(target) == []


def feed(urls: list[str]) -> Route:
    body = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": url, "url": url} for url in urls]}
    return lambda handler: handler.answer(body=json.dumps(body).encode(), content_type="application/feed+json")


def test_host_keeps_the_rest_it_asked_for(visit: Visits, server: FaultServer) -> None:
    server.routes["/s/Aaaaaaaa1"] = after(1, first=refuse(429, retry_after="86400"), then=article(1))
    visit(visit.url("/s/Aaaaaaaa1"))
    visit.later(hours=23)
    assert isinstance(visit(visit.url("/s/Aaaaaaaa2"))[0], Skipped)
    visit.later(hours=2)
    assert isinstance(visit(visit.url("/s/Aaaaaaaa1"))[0], Stored)


def test_too_many_requests_without_a_time(visit: Visits, server: FaultServer) -> None:
    server.routes["/s/Aaaaaaaa1"] = refuse(429)
    outcomes = visit(visit.url("/s/Aaaaaaaa1"), visit.url("/s/Aaaaaaaa2"))
    assert [type(outcome) for outcome in outcomes] == [Failed, Skipped]
    pause = visit.store.hosts.get(HOST)
    assert pause is not None
    assert pause.until - visit.passing.now() == timedelta(minutes=30)


def test_host_that_is_down_is_not_asked_for_everything(visit: Visits, server: FaultServer) -> None:
    server.routes |= {f"/s/Aaaaaaaa{number}": refuse(502) for number in range(9)}
    outcomes = visit(*(visit.url(f"/s/Aaaaaaaa{number}") for number in range(9)))
    assert [type(outcome) for outcome in outcomes] == [Failed] * 5 + [Skipped] * 4


def test_other_hosts_are_asked_on(visit: Visits, server: FaultServer) -> None:
    server.routes |= {"/s/Aaaaaaaa1": CAPTCHA, "/a": page_route(web_page())}
    outcomes = visit(visit.url("/s/Aaaaaaaa1"), visit.url("/a", host="blog.test"))
    assert [type(outcome) for outcome in outcomes] == [Failed, Stored]


def web_page() -> bytes:
    words = "".join(
        f"<p>第{number}段：单细胞测序把组织拆成一个个细胞，再逐一读出其中的表达。</p>" for number in range(6)
    )
    return f"<html><head><title>逐个细胞</title></head><body><article>{words}</article></body></html>".encode()
