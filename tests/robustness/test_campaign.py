"""A site with a 30 % fault rate, harvested until nothing is left to do: each article once, none twice, none lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from wenzhai.models import Failed, PageProblem, PageState, Stored
from wenzhai.storage import Store, open_store

from ..harvester.fault_server import FaultServer
from .plain_run import PassingTime, one_pass
from .site import FAULTS, Site

MOST_PASSES = 120


def check_store(store: Store, site: Site) -> None:
    """Every reachable article is there once, word for word, under each of its addresses; nothing else is."""
    rows = store.database.conn.execute("SELECT id, title, text FROM articles").fetchall()
    assert Counter(row[1] for row in rows) == Counter(article.title for article in site.reachable)
    texts = {title: text for _, title, text in rows}
    for article in site.reachable:
        assert texts[article.title] == article.text
        assert store.locate_article(article.token)
    assert store.database.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert store.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    for article in site.articles:
        known = store.known_page(site.url(article))
        if article.gone:
            assert known is not None
            assert known.state is not None
            assert known.state.permanent
            assert known.next_try_at is None


def passes_needed(path: Path, site: Site, *, day: float = 0.0) -> tuple[int, Counter[str]]:
    """Harvests every hour, then ever more rarely, until all that can be had is stored; counts what came of pages."""
    seen: Counter[str] = Counter()
    for number in range(1, MOST_PASSES + 1):
        passing = PassingTime(day=day, seed=number)
        with open_store(path, create=True, now=passing.now) as store:
            for outcome in one_pass(store, site.feed, passing=passing):
                if isinstance(outcome, Stored):
                    seen[outcome.change.value] += 1
                elif isinstance(outcome, Failed):
                    problem = outcome.problem
                    seen[problem.state.value if isinstance(problem, PageProblem) else "error"] += 1
                else:
                    seen["skipped"] += 1
            open_pages = [page for page in store.status(failed_limit=10_000).failed if page.state not in GONE_STATES]
            if store.count() == len(site.reachable) and not open_pages:
                return number, seen
            state_of_things = f"{store.count()} of {len(site.reachable)}, left: {open_pages[:9]}"
        day = passing.passed / 86400 + (1 / 24 if number < 12 else 1)
    pytest.fail(f"not done after {MOST_PASSES} passes: {state_of_things}")


GONE_STATES = {state.value for state in PageState if state.permanent}


def table(site: Site, passes: int, seen: Counter[str], titles: Counter[str]) -> str:
    """The articles that met each fault, how many of them can be had at all, and how many are stored once."""
    faults = sum(site.count.values()) - site.count["none"]
    lines = ["| fault | requests | articles | of them can be had | stored once |", "|---|---|---|---|---|"]
    for name in (*FAULTS, "none"):
        met = site.met_by[name]
        wanted = {article.title for article in met if not article.gone}
        kept = sum(titles[title] == 1 for title in wanted)
        lines.append(f"| {name} | {site.count[name]} | {len(met)} | {len(wanted)} | {kept} |")
    return "\n".join(
        (
            *lines,
            "",
            f"{len(site.reachable)} of {site.size} articles can be had",
            f"{titles.total()} are stored, {len(titles)} of them different",
            f"{passes} passes, {sum(site.count.values())} requests, {faults} of them faults",
            f"outcomes: {dict(seen)}",
        )
    )


@pytest.mark.parametrize("size", [pytest.param(40, id="quick"), pytest.param(1000, marks=pytest.mark.campaign)])
def test_every_article_is_stored_once(tmp_path: Path, size: int, capsys: pytest.CaptureFixture[str]) -> None:
    with FaultServer() as server:
        site = Site(server, size=size, seed=3, also_by_long_address=size // 10)
        passes, seen = passes_needed(tmp_path / "wenzhai.db", site)
        with open_store(tmp_path / "wenzhai.db") as store:
            check_store(store, site)
            titles = Counter(record.article.title for record in store.iterate_records())
    assert seen["new"] == len(site.reachable)
    with capsys.disabled():
        if size > 40:
            print(f"\n{table(site, passes, seen, titles)}")  # noqa: T201 - the campaign's report
