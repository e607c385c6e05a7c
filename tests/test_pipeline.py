"""From sources to the store and back: what becomes of each page, run after run."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wenzhai.config import load_settings
from wenzhai.extracting import extract_again
from wenzhai.extractors import nlp
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import Clock, SourceContext
from wenzhai.models import (
    Article,
    Change,
    DigestRecord,
    ExtractionError,
    Failed,
    FetchError,
    Outcome,
    PageProblem,
    PageRef,
    PageState,
    RawPage,
    Skipped,
    Stored,
)
from wenzhai.pipeline import fetch_options, harvest
from wenzhai.storage import Store, open_store

from .command_line import ARCHIVE, FIXTURES

COUNT = len(list(ARCHIVE.glob("*.md")))
NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)
ADDRESS = "https://mp.weixin.qq.com/s/Fixture0000000000000AA"


class Web:
    """Stands for the network: pages by address, with a record of what was asked for, and a clock."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | FetchError] = {}
        self.asked: list[str] = []
        self.now = NOW

    def fetch(self, ref: PageRef) -> RawPage:
        self.asked.append(ref.location)
        answer = self.pages[ref.location]
        if isinstance(answer, FetchError):
            raise answer
        return RawPage(
            ref=ref,
            content=answer,
            final_url=ref.location,
            media_type="text/html",
            charset="utf-8",
            fetched_at=self.now,
        )

    def close(self) -> None:
        pass


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def context(web: Web) -> Iterator[SourceContext]:
    with SourceContext(clock=Clock(now=lambda: web.now, sleep=lambda _: pytest.fail("slept"))) as context:
        vars(context)["http"] = web
        yield context


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wenzhai.db", create=True, now=lambda: NOW) as store:
        yield store


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A copy of the fixtures that may be edited."""
    return shutil.copytree(ARCHIVE, tmp_path / "archive")


@dataclasses.dataclass
class Harvest:
    """A harvest with everything but its targets settled."""

    store: Store
    extractor: Extractor
    context: SourceContext

    def __call__(self, *targets: str | Path) -> list[Outcome]:
        return list(harvest(map(str, targets), store=self.store, extractor=self.extractor, context=self.context))


@pytest.fixture
def run(store: Store, extractor: Extractor, context: SourceContext) -> Harvest:
    return Harvest(store, extractor, context)


def changes(outcomes: list[Outcome]) -> Counter[Change]:
    assert all(isinstance(outcome, Stored) for outcome in outcomes), outcomes
    return Counter(outcome.change for outcome in outcomes if isinstance(outcome, Stored))


def page(case: str) -> bytes:
    return (FIXTURES / "pages" / case / "page.html").read_bytes()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# Run after run


def test_new_then_unchanged_then_changed(run: Harvest, archive: Path) -> None:
    assert changes(run(archive)) == {Change.NEW: COUNT}
    assert changes(run(archive)) == {Change.UNCHANGED: COUNT}
    edit(archive / "ipsc-factors.md", "四个因子", "五个因子")
    again = run(archive)
    assert changes(again) == {Change.CHANGED: 1, Change.UNCHANGED: COUNT - 1}
    (edited,) = (outcome for outcome in again if isinstance(outcome, Stored) and outcome.change is Change.CHANGED)
    assert edited.ref.location.endswith("ipsc-factors.md")
    assert "五个因子" in run.store.read_record(edited.article_id).article.title
    assert run.store.count() == COUNT


def test_what_is_unchanged_is_not_extracted_again(run: Harvest, archive: Path) -> None:
    run(archive)
    run.extractor = Stubborn(version="1.0", data_folder=run.extractor.data_folder, refuses="")
    assert changes(run(archive)) == {Change.UNCHANGED: COUNT}


def test_records_of_an_older_extractor_are_made_anew(
    run: Harvest, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(archive)
    monkeypatch.setattr(nlp, "EXTRACTOR_VERSIONS", {**nlp.EXTRACTOR_VERSIONS, "genes": "next"})
    assert changes(run(archive)) == {Change.UNCHANGED: COUNT}
    assert {record.provenance.extractors["genes"] for record in run.store.iterate_records()} == {"next"}


def test_same_article_in_two_files_is_one(run: Harvest, archive: Path) -> None:
    original, copy = archive / "ipsc-factors.md", archive / "ipsc-factors-again.md"
    shutil.copy(original, copy)
    edit(copy, "四个因子", "五个因子")
    outcomes = run(archive)
    assert changes(outcomes) == {Change.NEW: COUNT, Change.CHANGED: 1}
    ids = {
        outcome.article_id
        for outcome in outcomes
        if isinstance(outcome, Stored) and outcome.ref.location in (str(original), str(copy))
    }
    assert len(ids) == 1
    assert run.store.count() == COUNT
    # The two must not displace each other at every run.
    assert changes(run(archive)) == {Change.UNCHANGED: COUNT + 1}


# Failures are values


def test_one_bad_file_among_good_ones(run: Harvest, archive: Path) -> None:
    bad = archive / "bad.md"
    bad.write_bytes(b"")
    outcomes = run(archive)
    assert [outcome.ref.location for outcome in outcomes if isinstance(outcome, Failed)] == [str(bad)]
    assert run.store.count() == COUNT
    assert [failed.location for failed in run.store.status().failed] == [str(bad)]
    shutil.copy(archive / "ikkb-colitis-cancer.md", bad)
    edit(bad, "mp.weixin.qq.com/s/", "mp.weixin.qq.com/s/Other")
    assert changes(run(archive)) == {Change.NEW: 1, Change.UNCHANGED: COUNT}
    assert run.store.status().failed == ()


class Stubborn(Extractor):
    """Refuses articles whose title holds some words."""

    def __init__(self, *, version: str, data_folder: Path | None = None, refuses: str) -> None:
        super().__init__(version=version, data_folder=data_folder)
        self.refuses = refuses

    def extract(self, article: Article) -> DigestRecord:
        if self.refuses in article.title:
            raise ExtractionError("refused", subject=article.id)
        return super().extract(article)


def test_failing_extractor_is_a_failed_outcome(run: Harvest, archive: Path) -> None:
    able = run.extractor
    run.extractor = Stubborn(version="1.0", data_folder=able.data_folder, refuses="四个因子")
    (failed,) = (outcome for outcome in run(archive) if isinstance(outcome, Failed))
    assert failed.ref.location.endswith("ipsc-factors.md")
    assert "refused" in failed.reason
    assert run.store.count() == COUNT - 1
    run.extractor = able
    assert changes(run(archive)) == {Change.NEW: 1, Change.UNCHANGED: COUNT - 1}


def test_failing_extractor_keeps_the_record_there_was(run: Harvest, archive: Path) -> None:
    run(archive)
    edit(archive / "ipsc-factors.md", "四个因子", "五个因子")
    run.extractor = Stubborn(version="1.0", data_folder=run.extractor.data_folder, refuses="五个因子")
    assert sum(isinstance(outcome, Failed) for outcome in run(archive)) == 1
    assert run.store.count() == COUNT


@pytest.mark.parametrize("target", ["no/such/folder", "ftp://example.org/a", ""])
def test_target_that_cannot_be_opened_is_one_failure(run: Harvest, archive: Path, target: str) -> None:
    first, *rest = run(target, archive)
    assert isinstance(first, Failed)
    assert changes(rest) == {Change.NEW: COUNT}


# Addresses


def test_address_gives_an_article(run: Harvest, web: Web) -> None:
    web.pages[ADDRESS] = page("article")
    (outcome,) = run(ADDRESS)
    assert isinstance(outcome, Stored)
    assert run.store.locate_article(ADDRESS) == outcome.article_id


@pytest.mark.parametrize("case", ["deleted_zh", "violation"])
def test_permanent_problem_is_not_asked_again(run: Harvest, web: Web, case: str) -> None:
    web.pages[ADDRESS] = page(case)
    (first,) = run(ADDRESS)
    assert isinstance(first, Failed)
    assert isinstance(first.problem, PageProblem)
    web.now += timedelta(days=1000)
    (second,) = run(ADDRESS)
    assert isinstance(second, Skipped)
    assert "never asked for again" in second.reason
    assert web.asked == [ADDRESS]


@pytest.mark.parametrize(
    "answer", [page("captcha_visible"), FetchError("HTTP 503", subject=ADDRESS)], ids=["captcha", "error"]
)
def test_passing_problem_is_asked_again_when_it_is_time(run: Harvest, web: Web, answer: bytes | FetchError) -> None:
    web.pages[ADDRESS] = answer
    assert isinstance(run(ADDRESS)[0], Failed)
    assert isinstance(run(ADDRESS)[0], Skipped)
    assert len(web.asked) == 1
    web.now += timedelta(days=1)
    web.pages[ADDRESS] = page("article")
    assert isinstance(run(ADDRESS)[0], Stored)


def test_what_a_setting_may_mend_is_asked_again(run: Harvest, web: Web) -> None:
    web.pages[ADDRESS] = FetchError("too large", subject=ADDRESS, retryable=False)
    assert isinstance(run(ADDRESS)[0], Failed)
    web.pages[ADDRESS] = page("article")
    assert isinstance(run(ADDRESS)[0], Stored)


def test_article_stays_when_its_page_is_deleted(run: Harvest, web: Web) -> None:
    web.pages[ADDRESS] = page("article")
    run(ADDRESS)
    web.pages[ADDRESS] = page("deleted_zh")
    (outcome,) = run(ADDRESS)
    assert isinstance(outcome, Failed)
    assert run.store.count() == 1
    assert run.store.status().pages_by_state == {PageState.DELETED: 1}


MOVED_TO = json.loads((FIXTURES / "pages/migrated_with_link/expected.json").read_text(encoding="utf-8"))["follow"]


def test_page_that_moved_is_followed_once(run: Harvest, web: Web) -> None:
    web.pages |= {ADDRESS: page("migrated_with_link"), MOVED_TO: page("article")}
    (outcome,) = run(ADDRESS)
    assert isinstance(outcome, Stored)
    assert outcome.ref.location == MOVED_TO
    assert web.asked == [ADDRESS, MOVED_TO]
    assert run.store.locate_article(ADDRESS) == outcome.article_id
    known = run.store.known_page(ADDRESS)
    assert known is not None
    assert (known.state, known.article_id) == (PageState.MIGRATED, outcome.article_id)
    web.now += timedelta(days=1000)
    assert isinstance(run(ADDRESS)[0], Skipped)


def test_page_that_moved_in_a_circle_is_not_followed_for_ever(run: Harvest, web: Web) -> None:
    web.pages |= {ADDRESS: page("migrated_with_link"), MOVED_TO: page("migrated_with_link")}
    assert isinstance(run(ADDRESS)[0], Failed)
    assert web.asked == [ADDRESS, MOVED_TO]
    web.now += timedelta(days=2)
    web.pages[MOVED_TO] = page("article")
    assert isinstance(run(ADDRESS)[0], Stored)


# Extracting again


def test_extract_again_redoes_only_what_is_stale(
    run: Harvest, archive: Path, monkeypatch: pytest.MonkeyPatch, extractor: Extractor
) -> None:
    run(archive)
    before = list(run.store.iterate_record_json())
    assert list(extract_again(store=run.store, extractor=extractor)) == []
    assert changes(list(extract_again(store=run.store, extractor=extractor, everything=True))) == {
        Change.UNCHANGED: COUNT
    }
    assert list(run.store.iterate_record_json()) == before
    monkeypatch.setattr(nlp, "EXTRACTOR_VERSIONS", {**nlp.EXTRACTOR_VERSIONS, "papers": "next"})
    assert changes(list(extract_again(store=run.store, extractor=extractor))) == {Change.UNCHANGED: COUNT}
    assert list(extract_again(store=run.store, extractor=extractor)) == []


def test_extract_again_needs_no_source(run: Harvest, archive: Path, extractor: Extractor) -> None:
    run(archive)
    shutil.rmtree(archive)
    assert len(list(extract_again(store=run.store, extractor=extractor, everything=True))) == COUNT


def test_extract_again_tells_of_a_failure_and_goes_on(run: Harvest, archive: Path) -> None:
    run(archive)
    stubborn = Stubborn(version="2.0", data_folder=run.extractor.data_folder, refuses="四个因子")
    outcomes = list(extract_again(store=run.store, extractor=stubborn))
    assert sum(isinstance(outcome, Failed) for outcome in outcomes) == 1
    assert len(outcomes) == COUNT
    assert run.store.count() == COUNT


def test_settings_reach_the_fetcher() -> None:
    flags = {"timeout_seconds": 4, "retries": 7, "delay_seconds": 0, "user_agent": "me", "max_page_bytes": 9}
    options = fetch_options(load_settings(config=None, environment={}, flags=flags))
    assert (options.read_timeout, options.retries, options.delay) == (4, 7, 0)
    assert (options.user_agent, options.max_page_bytes) == ("me", 9)
    assert options.connect_timeout <= 4
    assert fetch_options(load_settings(config=None, environment={}, flags={})).user_agent
