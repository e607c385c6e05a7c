"""Compacting makes the file small and changes nothing that is stored."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from wenzhai.models import StorageError
from wenzhai.storage import SearchQuery, Store, compaction, connect, open_store
from wenzhai.storage.check import check_database
from wenzhai.storage.compaction import Compaction, compact
from wenzhai.storage.database import transaction
from wenzhai.storage.pages import keep_snapshot, read_snapshot

from .examples import NOW, make_article, make_page, make_record

_SENTENCES = (
    "研究者用{0}测序看了{1}个样本，发现{2}在{3}中升高。",
    "作者进一步证明{2}通过{4}通路影响{3}的免疫微环境。",
    "这项工作的局限在于样本量只有{1}例，且缺少体内验证。",
    "在{3}患者中，{2}的表达与总生存期呈负相关（p < 0.0{1}）。",
    "敲低{2}之后，{4}信号减弱，肿瘤体积缩小了{1}%。",
)
_HEADER = """---
title: "{0}：{1}"
date: 2021-0{2}-1{2}
categories: [文献解读]
tags: [单细胞, 肿瘤]
---

<p style="text-align: center;"><img src="https://images.example.org/{3}/640?wx_fmt=png" alt="" /></p>

"""
_FOOTER = "\n\n**往期回顾**\n\n- [一文读懂单细胞数据的质控与整合](https://example.org/s/{0})\n\n欢迎关注，留言讨论。\n"


def invented_body(number: int) -> bytes:
    """A body of some kilobytes, as like to others as those of one account are, and as different."""
    chance = random.Random(number)  # noqa: S311
    words = [
        ("单细胞RNA", "空间转录组", "全外显子", "ATAC"),
        ("肝细胞癌", "胃腺癌", "胶质母细胞瘤", "结直肠癌", "胰腺导管腺癌"),
        ("TP53", "CD274", "MYC", "KRAS", "EGFR", "SPP1", "CXCL13"),
        ("Wnt", "NF-κB", "PI3K", "Hippo", "Notch"),
    ]
    lines = []
    for _ in range(40):
        assay, disease, gene, pathway = (chance.choice(each) for each in words)
        lines.append(chance.choice(_SENTENCES).format(assay, chance.randint(3, 900), gene, disease, pathway))
    token = f"{chance.getrandbits(128):032x}"
    head = _HEADER.format(chance.choice(words[2]), chance.choice(words[1]), chance.randint(1, 9), token)
    return (head + "\n\n".join(lines) + _FOOTER.format(token[:22])).encode()


def put_body(store: Store, number: int) -> str:
    """Stores an article with an invented body; returns the digest of its page."""
    page = make_page(f"https://example.org/{number}", content=invented_body(number))
    article = make_article(text=f"第{number}篇", aliases=(f"url:https://example.org/{number}",), page=page)
    store.put_article(article, page, make_record(article))
    return page.sha256


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with as many archived bodies as a dictionary needs, and some more."""
    path = tmp_path_factory.mktemp("harvested") / "wenzhai.db"
    with open_store(path, create=True, now=lambda: NOW) as store, store.batch():
        for number in range(220):
            put_body(store, number)
    return path


@pytest.fixture
def connection(path: Path, harvested: Path) -> Iterator[sqlite3.Connection]:
    path.write_bytes(harvested.read_bytes())
    with closing(connect(path)) as connection:
        yield connection


def compacted(connection: sqlite3.Connection, path: Path, *, days: float = 0) -> Compaction:
    return compact(connection, path, now=NOW + timedelta(days=days), progress=lambda done, total: None)


def kept(connection: sqlite3.Connection) -> float:
    """What share of their size the stored pages take, dictionaries included."""
    (whole, stored) = connection.execute("SELECT sum(bytes), sum(length(content)) FROM snapshots").fetchone()
    (extra,) = connection.execute("SELECT coalesce(sum(length(content)), 0) FROM snapshot_dictionaries").fetchone()
    return float((stored + extra) / whole)


def test_a_thousand_bodies_take_a_fifth_of_their_size(path: Path) -> None:
    with closing(connect(path, create=True)) as connection:
        with transaction(connection):
            for number in range(1000):
                keep_snapshot(connection, make_page(f"https://example.org/{number}", content=invented_body(number)))
        assert kept(connection) > 0.25
        assert compacted(connection, path).recompressed == 1000
        assert kept(connection) < 0.2
        page = read_snapshot(connection, make_page(content=invented_body(500)).sha256)
        assert page.content == invented_body(500)


def test_what_is_stored_stays_as_it_was(connection: sqlite3.Connection, path: Path) -> None:
    done = compacted(connection, path)
    assert done.trained
    assert done.recompressed == 220
    assert done.bytes_after < done.bytes_before
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()
    assert list(check_database(path)) == []
    with open_store(path) as store:
        for number in (0, 100, 219):
            sha256 = store.known_page(f"https://example.org/{number}").snapshot_sha256
            assert store.read_snapshot(sha256).content == invented_body(number)
        assert len(store.search(SearchQuery(text="第100篇"))) == 1
        # New ones use the dictionary at once, old ones with another go on being read.
        put_body(store, 5000)
        row = store.database.conn.execute(
            "SELECT length(content) * 1.0 / bytes, level FROM snapshots WHERE dictionary_id IS NOT NULL AND level < 19"
        ).fetchone()
        assert row[0] < 0.2


def test_compacting_again_does_only_what_is_new(connection: sqlite3.Connection, path: Path) -> None:
    compacted(connection, path)
    with open_store(path, now=lambda: NOW) as store:
        put_body(store, 5000)
    done = compacted(connection, path, days=1)
    assert (done.recompressed, done.trained) == (1, False)


def test_a_dictionary_that_was_outgrown_is_replaced(connection: sqlite3.Connection, path: Path) -> None:
    compacted(connection, path)
    connection.execute("UPDATE snapshot_dictionaries SET trained_on = 50")
    (first,) = connection.execute("SELECT id FROM snapshot_dictionaries").fetchone()
    with open_store(path, now=lambda: NOW) as store, store.batch():
        for number in range(1000, 1005):
            put_body(store, number)
    assert compacted(connection, path, days=1).trained
    (second,) = connection.execute("SELECT id FROM snapshot_dictionaries").fetchone()
    assert first != second
    connection.close()
    assert list(check_database(path)) == []


def test_few_pages_get_no_dictionary(path: Path) -> None:
    with open_store(path, create=True, now=lambda: NOW) as store:
        for number in range(20):
            put_body(store, number)
    with closing(connect(path)) as connection:
        done = compacted(connection, path)
        assert (done.trained, done.recompressed) == (False, 20)
        assert compacted(connection, path).recompressed == 0
    assert list(check_database(path)) == []


def test_pages_that_are_nearly_empty_get_no_dictionary(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "FEWEST_SAMPLES", 3)
    with open_store(path, create=True, now=lambda: NOW) as store:
        for number in range(5):
            page = make_page(f"https://example.org/{number}", content=b"x" * number)
            article = make_article(aliases=(f"url:https://example.org/{number}",), page=page)
            store.put_article(article, page, make_record(article))
    with closing(connect(path)) as connection:
        assert not compacted(connection, path).trained
    assert list(check_database(path)) == []


def test_what_is_stopped_midway_goes_on_later(connection: sqlite3.Connection, path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compact(connection, path, now=NOW, progress=interrupt)
    assert list(check_database(path)) == []
    assert compacted(connection, path).recompressed == 120


def test_no_room_is_told_and_loses_nothing(
    connection: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction.shutil, "disk_usage", lambda folder: compaction.shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(StorageError, match="no room"):
        compacted(connection, path)
    connection.close()
    assert list(check_database(path)) == []


def test_a_damaged_page_is_told(connection: sqlite3.Connection, path: Path) -> None:
    (sha256,) = connection.execute("SELECT sha256 FROM snapshots LIMIT 1").fetchone()
    connection.execute("UPDATE snapshots SET content = x'00ff' WHERE sha256 = ?", (sha256,))
    with pytest.raises(StorageError, match="damaged") as caught:
        compacted(connection, path)
    assert caught.value.subject == sha256


def test_reading_a_page_without_its_dictionary_is_told(connection: sqlite3.Connection, path: Path) -> None:
    compacted(connection, path)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM snapshot_dictionaries")
    with open_store(path) as store, pytest.raises(StorageError, match="dictionary"):
        store.read_snapshot(store.known_page("https://example.org/1").snapshot_sha256)
