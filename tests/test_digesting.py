"""The same records wherever they are made, and the supply line: what comes in is accounted for."""

from __future__ import annotations

import dataclasses
import os
import pickle
import random
import shutil
import signal
from contextlib import AbstractContextManager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wenzhai import __version__
from wenzhai.commands.worker_options import open_digesters, open_engine
from wenzhai.digesting import Digest, Digesters, PageDigester, serial
from wenzhai.extracting import extract_again
from wenzhai.extractors.nlp import EXTRACTOR_VERSIONS, Extractor
from wenzhai.harvester.clock import Clock
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import (
    Article,
    ConfigError,
    DigestRecord,
    ExtractionError,
    Failed,
    PageRef,
    RawPage,
    RunCounts,
    Skipped,
    Stored,
    Supply,
    SupplyError,
)
from wenzhai.parallel import Limits, Ordered
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store

from .command_line import ARCHIVE, CommandLine
from .robustness.plain_run import PlainExtractor

NOW = datetime(2026, 2, 1, tzinfo=UTC)
COUNT = len(list(ARCHIVE.glob("*.md")))


class Deadly(PlainExtractor):
    """Dies, with its process, of articles about tea."""

    def extract(self, article: Article) -> DigestRecord:
        if "茶" in article.title:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().extract(article)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The fixtures, one of them twice under another name, one no article."""
    folder = shutil.copytree(ARCHIVE, tmp_path / "archive")
    shutil.copy(folder / "ipsc-factors.md", folder / "again.md")
    (folder / "empty.md").write_bytes(b"")
    return folder


def dump(database: Path, archive: Path, extractor: Extractor, digesters: Digesters | None) -> list[str]:
    """All that a harvest and an extraction leave in a database."""
    supply, counts = Supply(), RunCounts()
    clock = Clock(now=lambda: NOW)
    with open_store(database, create=True, now=lambda: NOW) as store, SourceContext(clock=clock) as context:
        for outcome in harvest(
            [str(archive)], store=store, extractor=extractor, context=context, digesters=digesters, supply=supply
        ):
            counts.count(outcome)
        again = extract_again(store=store, extractor=extractor, everything=True, digesters=digesters, supply=supply)
        for outcome in again:
            counts.count(outcome)
        counts.hold_against(supply, subject="test")
        return list(store.database.conn.iterdump())


def test_the_database_is_the_same_byte_for_byte(tmp_path: Path, archive: Path, extractor: Extractor) -> None:
    alone = dump(tmp_path / "1.db", archive, extractor, None)
    with open_digesters(extractor, workers=2) as digesters:
        assert dump(tmp_path / "2.db", archive, extractor, digesters) == alone
    pytest.importorskip("distributed")
    with open_digesters(extractor, workers=2, dask="local") as digesters:
        assert dump(tmp_path / "3.db", archive, extractor, digesters) == alone


def test_what_kills_workers_is_set_aside_and_kept(tmp_path: Path, archive: Path, data_folder: Path) -> None:
    extractor = Deadly(version="1.0", data_folder=data_folder)
    with (
        open_store(tmp_path / "wenzhai.db", create=True) as store,
        SourceContext() as context,
        open_digesters(extractor, workers=2) as digesters,
    ):
        outcomes = list(harvest([str(archive)], store=store, extractor=extractor, context=context, digesters=digesters))
        failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
        assert [Path(outcome.ref.location).name for outcome in failed] == ["empty.md", "tea-and-run-event.md"]
        assert isinstance(failed[1].problem, ExtractionError)
        assert "the process that worked on it died 2 times (SIGKILL" in failed[1].reason
        assert store.known_page(failed[1].ref.location).snapshot_sha256
        assert store.count() == len(outcomes) - 3  # two failed, one article twice


def test_what_is_stored_is_told_when_a_run_is_stopped(tmp_path: Path, archive: Path, extractor: Extractor) -> None:
    supply, told = Supply(), 0
    with open_store(tmp_path / "wenzhai.db", create=True) as store, SourceContext() as context:
        with closing(
            harvest([str(archive)], store=store, extractor=extractor, context=context, supply=supply)
        ) as outcomes:
            for outcome in outcomes:
                told += isinstance(outcome, Stored)
                if not supply.untold:  # asked to stop at the very first outcome
                    break
        assert told == store.count() + 1  # one article twice


def test_work_is_told_by_what_it_is_here(extractor: Extractor) -> None:
    told = pickle.loads(pickle.dumps(PageDigester(extractor))).prepare()  # noqa: S301
    assert told["wenzhai"] == __version__
    assert len(told["code"]) == 8
    assert {f"extractor {name}" for name in EXTRACTOR_VERSIONS} < set(told)
    assert set(extractor.lexicon_versions.items()) < set(told.items())


def test_digests_leave_blocks_behind(extractor: Extractor) -> None:
    path = ARCHIVE / "ipsc-factors.md"
    page = RawPage(PageRef(str(path), "archive"), path.read_bytes(), str(path), "text/markdown", NOW)
    ((_, found),) = serial(extractor).map([page])
    assert isinstance(found, Digest)
    assert found.article.blocks == ()
    renamed = found.known_as("0123456789ab")
    assert renamed.article.id == renamed.record.article.id == "0123456789ab"
    assert dataclasses.replace(renamed.article, id=found.article.id) == found.article


def test_counts_that_do_not_add_up_are_an_error() -> None:
    supply, counts = Supply(), RunCounts()
    for _ in range(3):
        supply.take()
    counts.count(Skipped(PageRef("a.md", "archive"), "no"))
    with pytest.raises(SupplyError, match=r"run 7: 3 articles came in, but 1 are accounted for \(1 in = 0 stored \+"):
        counts.hold_against(supply, subject="run 7")


def test_workers_are_of_this_machine(extractor: Extractor) -> None:
    opened: AbstractContextManager[Digesters] = open_digesters(extractor, workers=2, dask="tcp://127.0.0.1:1")
    with pytest.raises(ConfigError, match="--workers is for this machine"), opened:
        pass


def test_commands_with_workers(wenzhai: CommandLine) -> None:
    wenzhai("harvest", ARCHIVE / "ipsc-factors.md")
    assert wenzhai("extract", "--all", "--workers", "2").out == (
        "extracted 1 article: 1 unchanged\nrun 2: 1 in = 0 stored + 1 unchanged + 0 set aside\n"
    )
    assert wenzhai("extract", "--all", "--workers", "0").code == 2


def strike(process_ids: list[int], chance: random.Random) -> None:
    with suppress(ProcessLookupError, IndexError):
        os.kill(chance.choice(process_ids), signal.SIGKILL)


@pytest.mark.parametrize(
    ("where", "kills", "passes"),
    [
        pytest.param("pool", 1, 6, id="quick"),
        pytest.param("pool", 20, 300, id="pool", marks=pytest.mark.campaign),
        pytest.param("dask", 20, 300, id="dask", marks=pytest.mark.campaign),
    ],
)
def test_an_extraction_whose_workers_are_killed_changes_nothing(
    tmp_path: Path, archive: Path, extractor: Extractor, where: str, kills: int, passes: int
) -> None:
    """All articles again and again, while workers are killed at random: the same records, each once, all counted."""
    if where == "dask":
        pytest.importorskip("distributed")
    before = dump(tmp_path / "wenzhai.db", archive, extractor, None)
    chance, supply, counts = random.Random(kills), Supply(), RunCounts()  # noqa: S311
    moments = set(chance.sample(range(passes * COUNT), kills))
    work = PageDigester(extractor)
    with (
        open_engine(work, workers=2, dask="local" if where == "dask" else None) as engine,
        Ordered(engine, limits=Limits(items=8)) as digesters,
        open_store(tmp_path / "wenzhai.db", now=lambda: NOW) as store,
    ):
        for _ in range(passes):
            for outcome in extract_again(
                store=store, extractor=extractor, everything=True, digesters=digesters, supply=supply
            ):
                counts.count(outcome)
                if counts.seen in moments:
                    strike(engine.process_ids, chance)
        counts.hold_against(supply, subject="test")
        assert counts == RunCounts(seen=passes * COUNT, unchanged=passes * COUNT)
        assert list(store.database.conn.iterdump()) == before
