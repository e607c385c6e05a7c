"""`wenzhai resolve` from harvested articles to verdicts beside the claims, over real connections."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from wenzhai.config import Settings
from wenzhai.extractors.knowledge import Knowledge, load_knowledge
from wenzhai.harvester.clock import Clock
from wenzhai.models import Journal, Paper, PaperField, PaperRole, RecordResolution, Verdict
from wenzhai.resolving import BATCH_SIZE, Resolver, open_services
from wenzhai.storage import SearchQuery, Store, open_store

from .bibliography_server import BibliographyServer, ServedPaper
from .command_line import CommandLine
from .storage.examples import gene, make_article, make_page, make_record

FOG = ServedPaper(
    "Fog protein one drives mist",
    "Cell",
    "Cell",
    pmid="101",
    doi="10.1234/fog",
    abstract="Loss of PD-L1 and p53 in mice with fog.",
)
SNOW = ServedPaper("Snow was never seen here", "Cell", "Cell", pmid="103", doi="10.1234/snow", retraction_pmid="999")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[BibliographyServer]:
    with BibliographyServer([FOG, SNOW]) as running:
        yield running


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def claim(title: str | None = None, **fields: Any) -> Paper:
    return Paper(role=PaperRole.PRIMARY, title=title, **fields)


def put(store: Store, number: int, *papers: Paper, text: str = "雾") -> str:
    page = make_page(f"https://example.org/{number}")
    article = make_article(text=text, aliases=(f"url:https://example.org/{number}",), page=page)
    genes = tuple(
        gene(article, symbol, words) for symbol, words in (("CD274", "PD-L1"), ("ACKR3", "ACKR3")) if words in text
    )
    store.put_article(article, page, make_record(article, papers=papers, genes=genes))
    return article.id


class Run:
    """A store and its services, at a time that the test sets."""

    def __init__(self, path: Path, server: BibliographyServer, knowledge: Knowledge) -> None:
        self.path, self.server, self.knowledge, self.now = path, server, knowledge, NOW
        self.seconds = 0.0

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def resolve(self, *, limit: int | None = None, offline: bool = False) -> list[RecordResolution]:
        settings = Settings(allow_private_hosts=True, **self.server.settings())  # type: ignore[arg-type]
        clock = Clock(now=lambda: self.now, monotonic=lambda: self.seconds, sleep=self._sleep, random=lambda: 0.0)
        with (
            open_store(self.path, now=lambda: self.now) as store,
            open_services(settings, cache=store, clock=clock, offline=offline) as services,
        ):
            resolver = Resolver(
                store=store,
                services=services,
                knowledge=lambda: self.knowledge,
                now=clock.now,
                max_age=timedelta(days=30),
            )
            return list(resolver.resolve(SearchQuery(), limit=limit))


@pytest.fixture
def run(tmp_path: Path, server: BibliographyServer, knowledge: Knowledge) -> Run:
    return Run(tmp_path / "a.db", server, knowledge)


def test_verdicts_lie_beside_the_claims(run: Run) -> None:
    with open_store(run.path, create=True) as store:
        article_id = put(store, 1, claim(FOG.title, pmid="103"), claim(doi=SNOW.doi), text="PD-L1和ACKR3")
        before = store.read_record_json(article_id)
    [resolution] = run.resolve()
    with open_store(run.path, read_only=True) as store:
        assert store.read_record_json(article_id) == before
        assert store.read_resolution(article_id) == resolution
    first, second = resolution.papers
    assert (first.verdict, first.position, second.position) == (Verdict.MISMATCH, 0, 1)
    check = first.check(PaperField.PMID)
    assert check is not None
    assert (check.claimed, check.found) == ("103", "101")
    assert second.retracted
    assert resolution.confirmed_genes == ("CD274",), "as PD-L1, and ACKR3 is not in the abstract"
    rows = sqlite3.connect(run.path).execute(
        "SELECT position, field, verdict, claimed, found FROM paper_checks WHERE verdict = 'mismatch'"
    )
    assert list(rows) == [(0, "pmid", "mismatch", "103", "101")]


def test_only_what_is_due_is_checked(run: Run) -> None:
    with open_store(run.path, create=True) as store:
        put(store, 1, claim(pmid="101"))
        put(store, 2)
    assert len(run.resolve()) == 1
    asked = run.server.asked.total()
    assert run.resolve() == []
    run.now += timedelta(days=31)
    assert len(run.resolve()) == 1
    assert run.server.asked.total() > asked
    with open_store(run.path) as store:
        put(store, 1, claim(pmid="103"))
    assert run.resolve()[0].papers[0].retracted, "another claim needs another check"


def test_goes_on_where_it_was_stopped(run: Run) -> None:
    with open_store(run.path, create=True) as store, store.batch():
        for number in range(BATCH_SIZE + 5):
            put(store, number, claim(pmid="101"))
    assert len(run.resolve(limit=3)) == 3
    assert len(run.resolve()) == BATCH_SIZE + 2
    assert run.server.asked["/eutils/efetch.fcgi"] == 1, "one PMID is asked for once"


def test_what_failed_is_tried_again(run: Run) -> None:
    with open_store(run.path, create=True) as store:
        put(store, 1, claim(pmid="101"))
    run.server.faults.extend(["500"] * 50)
    assert not run.resolve()[0].complete
    run.server.faults.clear()
    run.server.faults.extend(["429", "cut"])
    [resolution] = run.resolve()
    assert resolution.complete
    assert resolution.papers[0].verdict is Verdict.MATCH


def test_offline(run: Run) -> None:
    with open_store(run.path, create=True) as store:
        put(store, 1, claim(pmid="101"))
    assert not run.resolve(offline=True)[0].complete
    assert not run.server.asked


def test_forgotten_with_its_article(run: Run) -> None:
    with open_store(run.path, create=True) as store:
        article_id = put(store, 1, claim(pmid="101"))
        run.resolve()
        store.database.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        assert store.read_resolution(article_id) is None


@pytest.fixture
def at_server(server: BibliographyServer, monkeypatch: pytest.MonkeyPatch) -> BibliographyServer:
    for name, value in server.settings().items():
        monkeypatch.setenv(f"WENZHAI_{name.upper()}", value)
    monkeypatch.setenv("WENZHAI_ALLOW_PRIVATE_HOSTS", "true")
    monkeypatch.setenv("WENZHAI_RETRIES", "0")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return server


def test_the_command(wenzhai: CommandLine, at_server: BibliographyServer) -> None:
    journal = Journal(name="Cell", as_written="Cell")
    with open_store(Path("wenzhai.db"), create=True) as store:
        first = put(store, 1, claim(FOG.title, pmid="103", journal=journal), text="PD-L1")
        second = put(store, 2, claim(FOG.title, journal=journal))
    ran = wenzhai("resolve", "PD-L1")
    assert ran.code == 0
    assert f"{first}\n  mismatch: title, journal (PubMed, Crossref)\n" in ran.out
    assert "      PMID: the article says 103; found: 101\n" in ran.out
    assert ran.out.endswith("checked 1 paper of 1 record: 1 mismatch\n")
    as_json = wenzhai("resolve", "--json")
    assert json.loads(as_json.out)["article_id"] == second
    assert "nothing to check" in wenzhai("resolve").out
    shown = wenzhai("show", first)
    assert "    PMID: the article says 103; found: 101\n" in shown.out
    assert "    resolved: year 2024 · DOI 10.1234/fog\n" in shown.out
    assert "confirmed by an abstract: CD274\n" in shown.out


def test_the_command_shows_retractions(wenzhai: CommandLine, at_server: BibliographyServer) -> None:
    with open_store(Path("wenzhai.db"), create=True) as store:
        put(store, 1, claim(pmid="103"))
    told = wenzhai("resolve").out
    assert "      RETRACTION Cell. 2025;9:1. PMID 999\n" in told
    assert told.endswith("1 match, 1 retracted\n")


def test_the_command_when_nobody_answers(wenzhai: CommandLine, at_server: BibliographyServer) -> None:
    with open_store(Path("wenzhai.db"), create=True) as store:
        article_id = put(store, 1, claim(pmid="101"))
    at_server.faults.extend(["503"] * 9)
    ran = wenzhai("resolve")
    assert ran.code == 3
    assert "not answered for 1 paper: PubMed: HTTP 503 Service Unavailable; run it again later\n" in ran.err
    assert "not answered: PubMed: HTTP 503" in wenzhai("show", article_id).out
    at_server.faults.clear()
    assert wenzhai("resolve").code == 0


def test_a_verdict_on_older_claims_is_not_shown(wenzhai: CommandLine, at_server: BibliographyServer) -> None:
    with open_store(Path("wenzhai.db"), create=True) as store:
        put(store, 1, claim(pmid="103"))
    wenzhai("resolve")
    with open_store(Path("wenzhai.db")) as store:
        article_id = put(store, 1, claim(pmid="101"))
    assert "RETRACTION" not in wenzhai("show", article_id).out
