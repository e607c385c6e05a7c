"""The examples of CONTRIBUTING.md are true: each is put where it says and does what it says."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from wenzhai import extractors
from wenzhai.extractors.nlp import build_pipeline, read_article
from wenzhai.harvester import sources
from wenzhai.harvester.sources import SourceContext, open_source
from wenzhai.models import Article, Block, BlockKind, PageState
from wenzhai.storage import exporters
from wenzhai.storage.exporters import export, exporter_names

from .command_line import ROOT

_EXAMPLES = dict(
    re.findall(
        r"^## A new (.*?)$.*?```python\n(.*?)```",
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)


@pytest.fixture
def new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that stands in the three folders as if it had been put there."""
    path = tmp_path / "contributed.py"
    packages: list[ModuleType] = [sources, extractors, exporters]
    for package in packages:
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    exporters._exporters.cache_clear()
    yield path
    exporters._exporters.cache_clear()
    for package in packages:
        sys.modules.pop(f"{package.__name__}.contributed", None)
        vars(package).pop("contributed", None)


def test_source(new_file: Path, tmp_path: Path) -> None:
    new_file.write_text(_EXAMPLES["source"], encoding="utf-8")
    (tmp_path / "my.readinglist").write_text("https://example.org/a\nhttps://example.org/b\n")
    with SourceContext() as context:
        source = open_source(str(tmp_path / "my.readinglist"), context=context)
        assert [ref.location for ref in source.discover()] == ["https://example.org/a", "https://example.org/b"]
        assert {ref.source for ref in source.discover()} == {"reading_list"}


def test_extractor(new_file: Path, data_folder: Path) -> None:
    new_file.write_text(_EXAMPLES["extractor"], encoding="utf-8")
    import wenzhai.extractors.contributed  # type: ignore[import-not-found]  # noqa: F401

    nlp = build_pipeline(data_folder=data_folder)
    nlp.add_pipe("wenzhai_cellosaurus", after="wenzhai_accessions")
    now = datetime(2025, 1, 1, tzinfo=UTC)
    text = "实验使用HeLa细胞（CVCL_0030）。"
    article = Article(
        id="0" * 12,
        url="",
        title="细胞系",
        account="",
        author="",
        published_at=None,
        harvested_at=now,
        source="example",
        state=PageState.ARTICLE,
        blocks=(Block(BlockKind.PARAGRAPH, text),),
        aliases=(),
        snapshot_sha256="",
    )
    (accession,) = read_article(nlp, article).accessions
    (mention,) = accession.mentions
    assert (accession.kind, accession.value) == ("Cellosaurus", "CVCL_0030")
    assert text[mention.start : mention.end] == "CVCL_0030"


def test_export_format(new_file: Path) -> None:
    new_file.write_text(_EXAMPLES["export format"], encoding="utf-8")
    assert "pmids" in exporter_names()
    assert export("pmids", [], io.StringIO()) == 0
