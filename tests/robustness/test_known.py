"""A long list with nothing new costs one request for the list, and little time."""

from __future__ import annotations

import time

from wenzhai.models import Outcome

from ..harvester.fault_server import FaultServer
from .conftest import Visits
from .site import HOST
from .test_hosts import feed

COUNT = 20_000


def test_known_addresses_cost_one_request(visit: Visits, server: FaultServer) -> None:
    urls = [visit.url(f"/s/Known{number:011d}") for number in range(COUNT)]
    server.routes["/feed.json"] = feed(urls)
    fill(visit, urls)
    target = visit.url("/feed.json", host="feeds.test")
    begun = time.process_time()
    outcomes: list[Outcome] = visit(target)
    # The processor's time, so that other tests on this machine do not count.
    seconds = time.process_time() - begun
    assert outcomes == []
    assert server.asked == {"feed.json": 1}
    assert seconds < 2


def fill(visit: Visits, urls: list[str]) -> None:
    """A database that knows the addresses: a tenth gave nothing for good, the others articles."""
    rows = [(url, "deleted" if number % 10 == 0 else "article", f"{number:012x}") for number, url in enumerate(urls)]
    connection, now = visit.store.database.conn, visit.passing.now().isoformat()
    with visit.store.batch():
        connection.execute(
            """INSERT INTO snapshots
                (sha256, content, media_type, charset, status, headers, final_url, bytes, fetched_at)
                VALUES ('0', x'', 'text/html', '', 200, '{}', ?, 0, ?)""",
            (f"https://{HOST}/", now),
        )
        connection.executemany(
            """INSERT INTO articles (id, url, title, account, author, harvested_at, source, location, state, kind,
                    text, text_sha256, categories, tags, snapshot_sha256, stored_at, updated_at)
                VALUES (?1, ?2, '题', '', '', ?3, 'feed', ?2, 'article', 'other', '', '', '[]', '[]', '0', ?3, ?3)""",
            [(article_id, url, now) for url, state, article_id in rows if state == "article"],
        )
        connection.executemany(
            """INSERT INTO pages
                (location, source, state, evidence, detail, article_id, first_seen, last_seen, attempts)
                VALUES (?1, 'feed', ?2, '', '', ?3, ?4, ?4, 0)""",
            [(url, state, article_id if state == "article" else None, now) for url, state, article_id in rows],
        )
