"""What becomes of each kind of page that comes over the network, and when it is asked for again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from wenzhai.models import Failed, PageProblem, PageState, Skipped, Stored

from ..harvester.fault_server import MODIFIED, FaultHandler, FaultServer, after, example_page, page_route
from ..harvester.page_cases import case_folders, read_case
from .conftest import Visits
from .site import HOST, SiteArticle
from .test_hosts import feed, web_page

# Hours until the next try; None for never. A host that has had enough is waited for, not the page.
NEXT_TRY = {
    "unavailable": 24,
    "unknown": 3,
    "captcha": 6,
    "quota": 6,
    "deleted": None,
    "violation": None,
    "expired": None,
    "account_gone": None,
    "not_an_article": None,
    "migrated": 24,
}
ADDRESS = "/s/Aaaaaaaa1"


@pytest.mark.parametrize("folder", case_folders(), ids=lambda folder: folder.name)
def test_every_page_has_its_state_and_next_try(visit: Visits, server: FaultServer, folder: Path) -> None:
    content, expected = read_case(folder)
    server.routes[ADDRESS] = page_route(content)
    (outcome,) = visit(visit.url(ADDRESS))
    known = visit.store.known_page(visit.url(ADDRESS))
    assert known is not None
    assert known.state == expected["state"]
    assert [attempt.outcome for attempt in visit.store.attempts(visit.url(ADDRESS))] == [expected["state"]]
    if known.state.readable:
        assert isinstance(outcome, Stored)
        assert known.next_try_at is None
        return
    assert visit.store.count() == 0
    assert visit.store.attempts(visit.url(ADDRESS))[0].evidence
    hours = None if folder.name == "migrated_without_link" else NEXT_TRY[known.state]
    wait = None if known.next_try_at is None else known.next_try_at - visit.passing.now()
    assert wait == (None if hours is None else timedelta(hours=hours))


def test_what_is_not_answered_for_good_is_asked_ever_more_rarely(visit: Visits, server: FaultServer) -> None:
    server.routes[ADDRESS] = page_route(example_page("unavailable"))
    waits = []
    for _ in range(7):
        visit(visit.url(ADDRESS))
        known = visit.store.known_page(visit.url(ADDRESS))
        assert known is not None
        assert known.next_try_at is not None
        waits.append((known.next_try_at - visit.passing.now()).days)
        visit.later(days=waits[-1] - 0.1)
        assert isinstance(visit(visit.url(ADDRESS))[0], Skipped)
        visit.later(days=0.1)
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_many_attempts_are_kept_within_bounds(visit: Visits, server: FaultServer) -> None:
    server.routes[ADDRESS] = page_route(example_page("system_error"))
    for _ in range(25):
        visit(visit.url(ADDRESS))
        visit.later(days=31)
    attempts = visit.store.attempts(visit.url(ADDRESS))
    assert len(attempts) == 20
    assert attempts[0].at > attempts[-1].at


@pytest.mark.parametrize("body", ["加载", "系统繁忙，请稍后再试", "502 Bad Gateway"])
@pytest.mark.parametrize("host", [HOST, "blog.test"])
def test_a_notice_is_no_article(visit: Visits, server: FaultServer, host: str, body: str) -> None:
    server.routes[ADDRESS] = page_route(f"<html><body><p>{body}</p></body></html>".encode())
    (outcome,) = visit(visit.url(ADDRESS, host=host))
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.problem, PageProblem)
    assert outcome.problem.state is PageState.UNKNOWN
    assert visit.store.count() == 0


def test_container_with_two_characters_is_no_article(visit: Visits, server: FaultServer) -> None:
    page = b'<html><body class="mm_appmsg"><div id="js_content"><p>\xe5\x8a\xa0\xe8\xbd\xbd</p></div></body></html>'
    server.routes[ADDRESS] = page_route(page)
    assert isinstance(visit(visit.url(ADDRESS))[0], Failed)


def test_half_a_web_page_is_no_article(visit: Visits, server: FaultServer) -> None:
    server.routes["/a"] = page_route(web_page().partition(b"</article>")[0])
    (outcome,) = visit(visit.url("/a", host="blog.test"))
    assert isinstance(outcome, Failed)
    assert "cut off" in str(outcome.problem)


def test_page_that_is_the_same_costs_no_body(visit: Visits, server: FaultServer) -> None:
    def conditional(handler: FaultHandler) -> None:
        if handler.headers.get("if-none-match") == '"1"' and handler.headers.get("if-modified-since") == MODIFIED:
            handler.answer(304)
        else:
            handler.html(SiteArticle(1).page(), etag='"1"', last_modified=MODIFIED)

    server.routes[ADDRESS] = conditional
    assert [outcome.change for outcome in visit(visit.url(ADDRESS)) if isinstance(outcome, Stored)] == ["new"]
    visit.later(days=1)
    assert [outcome.change for outcome in visit(visit.url(ADDRESS)) if isinstance(outcome, Stored)] == ["unchanged"]
    last = visit.store.attempts(visit.url(ADDRESS))[0]
    assert (last.outcome, last.status) == ("unchanged", 304)


def test_edit_is_a_new_version(visit: Visits, server: FaultServer) -> None:
    edited = SiteArticle(1).page().replace("祖细胞".encode(), "干细胞".encode())
    edited = edited.replace(b"<script>", b'<script>\n  var modify_time = "1760000000" * 1;')
    server.routes[ADDRESS] = after(2, first=page_route(SiteArticle(1).page()), then=page_route(edited))
    (first,) = visit(visit.url(ADDRESS))
    visit.later(days=1)
    visit(visit.url(ADDRESS))
    visit.later(days=1)
    (last,) = visit(visit.url(ADDRESS))
    assert isinstance(first, Stored)
    assert isinstance(last, Stored)
    assert last.change == "changed"
    old, new = visit.store.versions(last.article_id)
    assert visit.store.read_snapshot(old.snapshot_sha256).content == SiteArticle(1).page()
    assert (old.modified_at, new.modified_at and new.modified_at.year) == (None, 2025)
    assert "干细胞" in visit.store.read_record(last.article_id).article.text


def test_article_that_is_deleted_later_stays(visit: Visits, server: FaultServer) -> None:
    server.routes[ADDRESS] = after(
        1, first=page_route(SiteArticle(1).page()), then=page_route(example_page("deleted_zh"))
    )
    visit(visit.url(ADDRESS))
    visit(visit.url(ADDRESS))
    assert visit.store.count() == 1
    known = visit.store.known_page(visit.url(ADDRESS))
    assert known is not None
    assert (known.state, known.next_try_at) == (PageState.DELETED, None)


def test_listed_articles_are_looked_at_again_ever_more_rarely(visit: Visits, server: FaultServer) -> None:
    server.routes |= {ADDRESS: page_route(SiteArticle(1).page()), "/feed.json": feed([visit.url(ADDRESS)])}
    visit.look_again_days = 1
    asked_on = []
    for day in range(20):
        visit(visit.url("/feed.json", host="feeds.test"))
        if server.asked["s/Aaaaaaaa1"] > len(asked_on):
            asked_on.append(day)
        visit.later(days=1)
    assert asked_on == [0, 1, 2, 4, 8, 16]
