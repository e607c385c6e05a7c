"""Archived articles, whole and with pieces missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from wenzhai.harvester.hugo_page import read_header
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, BlockKind, PageProblem, PageState

from .page_cases import raw_page

LINK = '\n<hr>\n<a href="https://mp.weixin.qq.com/s/AbCdEfGhIj",target="_blank" rel="noopener noreferrer">原文链接</a>'
HEAD = """---
title: "{title}"
date: 2025-06-18T11:38:16Z
tags: [
  "fetched",
  "{account}"
]
categories: ["Acdemic"]
---
"""
BODY = "<div><p>正文第一段。</p></div>  "


def read(text: str, location: str = "a.md") -> Article | PageProblem:
    return read_page(raw_page(text, media_type="text/markdown", location=location))


def article(text: str, location: str = "a.md") -> Article:
    found = read(text, location)
    assert isinstance(found, Article), found
    return found


def archived(title: str = "标题", account: str = "账号", byline: str | None = None, body: str = BODY) -> str:
    byline = f"{title} by {account}" if byline is None else byline
    return HEAD.format(title=title, account=account) + f"{byline}\n------\n{body}{LINK}"


def test_all_the_pieces() -> None:
    found = article(archived())
    assert (found.title, found.account, found.url) == ("标题", "账号", "https://mp.weixin.qq.com/s/AbCdEfGhIj")
    assert found.aliases == ("wx:s/AbCdEfGhIj",)
    assert found.published_at == datetime(2025, 6, 18, 11, 38, 16, tzinfo=UTC)
    assert (found.categories, found.tags) == (("Acdemic",), ("账号",))
    assert (found.text, found.state) == ("正文第一段。", PageState.ARTICLE)


@pytest.mark.parametrize(
    ("title", "account", "byline", "expected"),
    [
        ("Step by step", "学 by 用", None, "学 by 用"),
        ("全名", "账号", "[账号]全名 by 账号", "账号"),
        ("标题", "标签", "别的标题 by 真账号", "真账号"),
        ("标题", "作者未找到", None, ""),
    ],
)
def test_account(title: str, account: str, byline: str | None, expected: str) -> None:
    assert article(archived(title, account, byline)).account == expected


@pytest.mark.parametrize(
    "title", ['从"找新突变"整体漂移', '"甲" OR "乙"：指南', "助理教授\\副教授", "问：答 | 甲 # 乙"]
)
def test_titles_that_break_yaml_are_mended(title: str) -> None:
    assert article(archived(title)).title == title


def test_windows_line_ends() -> None:
    assert article(archived().replace("\n", "\r\n")).account == "账号"


def test_a_remark_is_no_article() -> None:
    found = read(HEAD.format(title="标题", account="账号") + f"看看就好  {LINK}")
    assert isinstance(found, PageProblem)
    assert (found.state, found.evidence) == (PageState.NOT_AN_ARTICLE, "看看就好")
    assert found.follow == "https://mp.weixin.qq.com/s/AbCdEfGhIj"


def test_an_empty_body_is_no_article() -> None:
    assert read(archived(body="<div><p><br></p></div>")).state is PageState.NOT_AN_ARTICLE


def test_pictures_alone_are_no_article() -> None:
    found = read(archived(body='<div><p><img src="a.png"></p></div>'))
    assert isinstance(found, PageProblem)
    assert (found.state, found.evidence) == (PageState.NOT_AN_ARTICLE, "pictures without words")


def test_without_header() -> None:
    found = article("# 笔记\n\n第一段\n换行接着写。\n", location="notes/a.md")
    assert (found.title, found.account, found.url, found.published_at) == ("笔记", "", "", None)
    assert found.aliases == ("file:notes/a.md",)
    assert found.text == "笔记\n第一段换行接着写。"


def test_dates() -> None:
    def date(value: str) -> datetime | None:
        return article(f"---\ndate: {value}\n---\n正文").published_at

    assert date("2024-05-01") == datetime(2024, 5, 1, tzinfo=UTC)
    assert date("2024-05-01T08:00:00+08:00") == datetime(2024, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert date('"2024-05-01T08:00:00"') == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert date("soon") is None


def test_markdown_body() -> None:
    body = """
## 方法 ##

用 **Seurat** 读入 `obj`，见[教程](https://example.org/a "t")与 <https://example.org/b>。

- 第一项
2. 第二项
> 引文

| 指标 | 值 |
|------|---:|
| PFS  | 10.3 |

```r
x <- 1
  y
```

![图](a.png)

**只有粗体**

<p>嵌入的<b>网页</b></p>

---
最后一段
"""
    found = article(f"---\ntitle: 甲\n---\n{body}")
    assert [(block.kind, block.text) for block in found.blocks] == [
        (BlockKind.HEADING, "方法"),
        (BlockKind.PARAGRAPH, "用 Seurat 读入 obj，见教程与 https://example.org/b。"),
        (BlockKind.LIST_ITEM, "第一项"),
        (BlockKind.LIST_ITEM, "第二项"),
        (BlockKind.QUOTE, "引文"),
        (BlockKind.TABLE_ROW, "指标\t值"),
        (BlockKind.TABLE_ROW, "PFS\t10.3"),
        (BlockKind.CODE, "x <- 1\n  y"),
        (BlockKind.PARAGRAPH, "只有粗体"),
        (BlockKind.PARAGRAPH, "嵌入的网页"),
        (BlockKind.PARAGRAPH, "最后一段"),
    ]
    assert found.blocks[0].level == 2
    assert found.blocks[1].links == ("https://example.org/a",)
    assert found.blocks[8].bold


@pytest.mark.parametrize("tag", ["python/object/apply:os.mkdir", "python/object/new:os.mkdir", "python/name:os.mkdir"])
def test_header_makes_no_objects(tmp_path: Path, tag: str) -> None:
    made = tmp_path / "made"
    assert read_header(f'title: !!{tag} ["{made.as_posix()}"]') is None
    assert not made.exists()


def test_header_that_is_too_deep_is_none() -> None:
    assert read_header(f"title: {'[' * 100_000}") is None
    assert read_header(f"title: 题\nx: {'[' * 20}1{']' * 20}") is not None
