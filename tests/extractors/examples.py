"""Articles made of lines, and the archived ones of fixtures/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from wenzhai.extractors.reading import Reading
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, Block, BlockKind, Mention, PageRef, PageState, RawPage

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
ARCHIVE = FIXTURES / "archive"
GOLD = FIXTURES / "gold.jsonl"
NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)

# What stands around the one line a test is about: no gene, journal or identifier in it.
# What makes an article a digest, whatever its paper is about.
RESULTS = (
    "该研究由多家单位的研究人员共同完成，作者首先建立了小鼠模型。",
    "结果显示，敲除该基因后小鼠的肿瘤体积显著缩小（P<0.01），生存期延长。",
    "进一步的单细胞测序发现，巨噬细胞的比例明显升高，提示其参与了免疫逃逸。",
    "总之，这项研究揭示了一种新的调控机制，为治疗提供了潜在靶点。",
)
PROSE = (
    "早晨的河边有雾，几位老人沿着石阶慢慢走下去。",
    "雾散之后，对岸的屋顶一片一片亮起来，像刚洗过的瓷碗。",
)


class Read(Protocol):
    def __call__(self, *lines: str | Block, title: str = ...) -> Reading: ...


def make_article(*lines: str | Block, title: str = "读书笔记一则") -> Article:
    """An article whose text is these lines; a plain line is a paragraph."""
    blocks = tuple(line if isinstance(line, Block) else Block(BlockKind.PARAGRAPH, line) for line in lines)
    return Article(
        id="0123456789ab",
        url="https://mp.weixin.qq.com/s/Fixture0000000000000AA",
        title=title,
        account="青石读书",
        author="",
        published_at=NOW,
        harvested_at=NOW,
        source="folder",
        state=PageState.ARTICLE,
        blocks=blocks,
        aliases=("file:a.md",),
        snapshot_sha256="0" * 64,
    )


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, text, level=2)


def archived_article(path: Path) -> Article:
    page = RawPage(
        ref=PageRef(str(path), "archive"),
        content=path.read_bytes(),
        final_url=str(path),
        media_type="text/markdown",
        fetched_at=NOW,
    )
    article = read_page(page)
    assert isinstance(article, Article), path
    return article


def gold_rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def texts(mentions: tuple[Mention, ...]) -> list[str]:
    return [mention.text for mention in mentions]
