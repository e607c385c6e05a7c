"""JSON exports within folders, zips and tars, and checkouts with all that lies about in them."""

from __future__ import annotations

import gzip
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wenzhai.harvester.page_reader import read_page
from wenzhai.harvester.sources import FetchOptions, SourceContext, open_source
from wenzhai.models import Article, FetchError, SourceError

ITEM = {
    "title": "整合",
    "link": "http://mp.weixin.qq.com/s/ExportFixture00000001#rd",
    "content": "先看批次。\n再看类型。",
    "update_time": "2025-04-14 08:30",
}


@pytest.fixture
def context() -> Iterator[SourceContext]:
    with SourceContext(options=FetchOptions(max_page_bytes=2000)) as context:
        yield context


def articles(target: Path | str, context: SourceContext) -> dict[str, Any]:
    """What each location gave: the article's title, or the error."""
    source = open_source(str(target), context=context)
    found: dict[str, Any] = {}
    for ref in source.discover():
        try:
            article = read_page(source.fetch(ref))
            found[ref.location] = article.title if isinstance(article, Article) else article.state
        except (SourceError, FetchError) as error:
            found[ref.location] = error.message
    source.close()
    return found


def test_exports_within_archives(tmp_path: Path, context: SourceContext) -> None:
    content = json.dumps([ITEM, ITEM])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("2024/export.json", content)
        archive.writestr("2024/export.jsonl.gz", gzip.compress(f"{json.dumps(ITEM)}\n\n{json.dumps(ITEM)}".encode()))
        archive.writestr("package.json", '{"name": "x", "link": "y"}')
    base = (tmp_path / "a.zip").as_posix() + "!/2024/"
    found = articles(tmp_path / "a.zip", context)
    assert found == {f"{base}{name}!/{n}": "整合" for name in ("export.json", "export.jsonl.gz") for n in (1, 2)}
    assert articles(f"{base}export.json!/2", context) == {f"{base}export.json!/2": "整合"}


def test_an_article_of_an_export(tmp_path: Path, context: SourceContext) -> None:
    (tmp_path / "export.json").write_text(json.dumps([ITEM]), encoding="utf-8-sig")
    source = open_source(str(tmp_path), context=context)
    article = read_page(source.fetch(next(source.discover())))
    assert isinstance(article, Article)
    assert article.text == "先看批次。\n再看类型。"
    assert article.url == "https://mp.weixin.qq.com/s/ExportFixture00000001"
    assert article.aliases == ("wx:s/ExportFixture00000001",)
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2025-04-14T08:30:00+08:00"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("[]", {}),
        ("", {}),
        ("{", {}),
        ('"title"', {}),
        ('[{"title": "x", "size": 1}]', {}),
        (json.dumps([ITEM])[:-1], {"1": "整合", "2": "damaged or cut short: the list has no end"}),
        (json.dumps([ITEM, 7]), {"1": "整合", "2": "not an article: no JSON object"}),
        (json.dumps([{**ITEM, "content": "字" * 3000}]), {"1": "the limit is 2,000"}),
        (json.dumps([{**ITEM, "content": None, "title": 7, "appmsg_album_infos": 3}]), {"1": "not_an_article"}),
        (json.dumps([{**ITEM, "create_time": "999999999999999999999", "author": ["x"]}]), {"1": "整合"}),
    ],
)
def test_odd_exports(tmp_path: Path, context: SourceContext, content: str, found: dict[str, str]) -> None:
    path = tmp_path / "export.json"
    path.write_text(content, encoding="utf-8")
    told = articles(path, context)
    assert set(told) == {f"{path.as_posix()}!/{number}" for number in found}
    for number, words in found.items():
        assert words in told[f"{path.as_posix()}!/{number}"]


def test_an_export_that_is_too_large_is_told(tmp_path: Path, context: SourceContext) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps([ITEM] * 500), encoding="utf-8")
    ((location, message),) = articles(tmp_path, context).items()
    assert location == path.as_posix()
    assert "limit" in message


def test_a_git_checkout(tmp_path: Path, context: SourceContext) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text("# 整合\n\n先看批次。\n", encoding="utf-8")
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "issue.md").write_text("# no article")
    (tmp_path / "package.json").write_text('{"title": "site", "version": 1}')
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a.md"],
    ):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    (tmp_path / ".git" / "a.md").write_text("# no article")
    assert articles(tmp_path, context) == {(tmp_path / "content" / "a.md").as_posix(): "整合"}
