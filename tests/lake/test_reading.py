"""Files of any kind, cut anywhere: each article comes once, and what is none comes as a failure."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from wenzhai.harvester.page_reader import read_page
from wenzhai.lake.planning import portions
from wenzhai.lake.reading import read_portion
from wenzhai.models import Article, ConfigError, Failed, RawPage, SourceError

from ..command_line import ARCHIVE

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TEXT = "研究者发现 TP53 在肝癌中高表达，并且与预后不良有关。"


def read(address: str, *, portion_bytes: int = 1 << 24) -> list[RawPage | Failed]:
    found = list(portions(address, portion_bytes=portion_bytes))
    assert len({portion.name for portion in found}) == len(found)
    return [page for portion in found for page in read_portion(portion, now=NOW, max_page_bytes=100_000)]


def titles(address: str, *, portion_bytes: int = 1 << 24) -> list[str]:
    pages = [page for page in read(address, portion_bytes=portion_bytes) if isinstance(page, RawPage)]
    articles = [article for article in map(read_page, pages) if isinstance(article, Article)]
    assert len(articles) == len(pages)
    return [article.title for article in articles]


def rows(count: int) -> list[dict[str, str]]:
    return [{"url": f"https://example.org/{n}", "title": f"第{n}篇", "text": TEXT} for n in range(count)]


@given(st.lists(st.text("文摘ab \n", max_size=12), max_size=30), st.integers(1, 200))
def test_rows_come_once_wherever_they_are_cut(texts: list[str], portion_bytes: int) -> None:
    memory = fsspec.filesystem("memory")
    lines = [json.dumps({"title": text, "n": number}, ensure_ascii=False) for number, text in enumerate(texts)]
    memory.pipe_file("/cut/in.jsonl", "\n".join(lines).encode())
    pages = read("memory://cut/in.jsonl", portion_bytes=portion_bytes)
    assert [page.ref.location.rpartition("/")[2] for page in pages] == [
        str(len("\n".join((*lines[:number], "")).encode())) for number in range(len(lines))
    ]


def test_every_kind_of_file(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, rows(5)))
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    parquet.write_table(pyarrow.Table.from_pylist(rows(7)), tmp_path / "c.parquet", row_group_size=2)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.write(ARCHIVE / "ipsc-factors.md", "x/ipsc.md")
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "page.md").write_bytes((ARCHIVE / "harmony-code-tutorial.md").read_bytes())
    (tmp_path / "_hidden.jsonl").write_text("{")
    (tmp_path / "notes.txt").write_text("nothing")
    numbered = [f"第{n}篇" for n in range(7)]
    found = titles(str(tmp_path), portion_bytes=100)
    assert found[:17] == [*numbered[:5], *numbered[:5], *numbered]
    assert len(found) == 19
    assert titles(str(tmp_path / "c.parquet"), portion_bytes=1) == numbered
    archived = read(str(tmp_path / "d.zip"))
    assert [page.ref.location for page in archived] == [f"{tmp_path}/d.zip!/x/ipsc.md"]


def test_a_row_may_hold_a_whole_page(tmp_path: Path) -> None:
    page = f"<!DOCTYPE html><html><head><title>页面</title></head><body><p>{TEXT * 5}</p></body></html>"
    (tmp_path / "in.jsonl").write_text(json.dumps({"url": "https://example.org/a", "html": page}))
    (found,) = read(str(tmp_path / "in.jsonl"))
    assert isinstance(found, RawPage)
    assert (found.media_type, found.final_url) == ("text/html", "https://example.org/a")


def test_what_is_no_article_is_a_failure_of_its_own(tmp_path: Path) -> None:
    long = json.dumps({"title": "长", "text": "长" * 200_000})
    (tmp_path / "in.jsonl").write_text('{"title": "broken\n[1]\n' + long)
    reasons = [page.reason for page in read(str(tmp_path / "in.jsonl")) if isinstance(page, Failed)]
    assert [reason[:12] for reason in reasons] == ["no JSON: Inv", "not an artic", reasons[2][:12]]
    assert "the limit is 100,000" in reasons[2]


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is nothing here"):
        list(portions(str(tmp_path)))
    (tmp_path / "a.txt").touch()
    with pytest.raises(SourceError, match=r"nothing that can be read .*accepted: \.jsonl"):
        list(portions(str(tmp_path)))
    with pytest.raises(ConfigError, match="cannot be read here: "):
        list(portions("s3://bucket/in"))
    with pytest.raises(SourceError, match="is no address"):
        list(portions("nonsense://in"))
