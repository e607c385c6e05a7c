"""`digest` and `load`: the records that a harvest would give, by way of a folder of Parquet."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import duckdb
import pytest
from wenzhai.commands.worker_options import open_makers
from wenzhai.harvester.clock import utc_now
from wenzhai.lake.digest_run import LakeRun, digest_lake
from wenzhai.lake.partitions import PartitionDigester, Summary
from wenzhai.lake.planning import portions
from wenzhai.models import Article, DigestRecord
from wenzhai.storage import open_store

from ..command_line import ARCHIVE, CommandLine
from ..robustness.plain_run import PlainExtractor

COUNT = len(list(ARCHIVE.glob("*.md")))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return shutil.copytree(ARCHIVE, tmp_path / "in")


def comparable(record: DigestRecord) -> str:
    """All of it, but who found it and when."""
    info = record.article.model_copy(update={"harvested_at": utc_now().replace(year=2000), "source": ""})
    return record.model_copy(update={"article": info}).model_dump_json(exclude={"article": {"harvested_at", "id"}})


def test_digest_then_load_is_a_harvest(wenzhai: CommandLine, tmp_path: Path, archive: Path) -> None:
    (archive / "empty.md").touch()
    first = wenzhai("digest", "in", "out")
    assert first.code == 1
    assert first.out.startswith(f"digested {COUNT + 1} articles: 1 partition made\nrun ")
    assert first.out.endswith(f": {COUNT + 1} in = {COUNT} stored + 0 unchanged + 1 set aside\n")
    assert first.err.endswith("empty.md: unknown: nothing came; ask for the page again or check the file's size\n")
    again = wenzhai("digest", "in", "out")
    assert again.out.startswith("digested 0 articles: 0 partitions made, 1 finished before\n")

    loaded = wenzhai("load", "out", "--db", "lake.db")
    assert loaded.out == (
        f"loaded {COUNT + 1} articles: {COUNT} new, 1 failed\n"
        f"run 1: {COUNT + 1} in = {COUNT} stored + 0 unchanged + 1 set aside\n"
    )
    assert f"{COUNT} unchanged, 1 failed" in wenzhai("load", "out", "--db", "lake.db").out
    wenzhai("harvest", "in", "--db", "harvest.db")
    with open_store(tmp_path / "lake.db") as lake, open_store(tmp_path / "harvest.db") as harvest:
        assert list(map(comparable, lake.iterate_records())) == list(map(comparable, harvest.iterate_records()))
    assert wenzhai("extract", "--all", "--db", "lake.db").out.startswith(f"extracted {COUNT} articles: {COUNT} unch")


def test_what_changed_is_digested_again(wenzhai: CommandLine, archive: Path, tmp_path: Path) -> None:
    for path in list(archive.glob("*.md"))[2:]:
        path.unlink()
    assert wenzhai("digest", "in", "out").out.startswith("digested 2 articles: 1 partition made\n")
    (archive / "more.md").write_bytes((ARCHIVE / "harmony-code-tutorial.md").read_bytes())
    assert wenzhai("digest", "in", "out").out.startswith("digested 3 articles: 1 partition made\n")
    (summary,) = (tmp_path / "out" / "_summaries").glob("*.json")
    told = json.loads(summary.read_text())
    summary.write_text(json.dumps({**told, "versions": {**told["versions"], "genes.tsv": "older"}}))
    assert wenzhai("digest", "in", "out").out.startswith("digested 3 articles: 1 partition made\n")
    # Others see only whole tables.
    query = f"SELECT count(DISTINCT article.id) FROM '{tmp_path}/out/*.parquet'"  # noqa: S608
    assert duckdb.sql(query).fetchall() == [(3,)]


class Deadly(PlainExtractor):
    """Dies, with its process, of articles about tea, and of one more the first time."""

    def extract(self, article: Article) -> DigestRecord:
        mark = Path(os.environ["WENZHAI_TEST_MARK"])
        if "茶" in article.title or (not mark.exists() and "Harmony" in article.text):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().extract(article)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_an_article_that_kills_its_worker_is_set_aside_alone(
    archive: Path, tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZHAI_TEST_MARK", str(tmp_path / "mark"))
    extractor = Deadly(version="1.0", data_folder=data_folder)
    work = PartitionDigester(extractor, out=str(tmp_path / "out"), now=utc_now(), max_page_bytes=1_000_000)
    run = LakeRun("test")
    with open_makers(work, workers=2) as makers:
        ((_, found),) = digest_lake(portions(str(archive)), work=work, makers=makers, run=run)
    assert isinstance(found, Summary)
    assert (run.taken, run.stored, run.aside) == (COUNT, COUNT - 1, 1)
    (aside,) = found.aside
    assert aside["location"].endswith("tea-and-run-event.md")
    assert aside["reason"] == "the workers that worked on it died 2 times"
    assert not list((tmp_path / "out" / "_trying").iterdir())


def test_load_of_nothing(wenzhai: CommandLine, tmp_path: Path) -> None:
    result = wenzhai("load", str(tmp_path))
    assert result.code == 3
    assert "holds no finished partitions (`wenzhai digest IN OUT` makes them)" in result.err
