"""A cleaned article: typed blocks in reading order, and the text made of the ones that are content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from .page import PageState


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    CAPTION = "caption"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One visible block of an article.

    Attributes:
        kind: what it is.
        text: its words; lines only within code; cells of a table row joined by tabs.
        level: 1-6 for headings, 0 otherwise.
        promotion: why it is not content (``follow_prompt``, ``link_list``, …), empty for content.
        links: the addresses it links to, in order.
        bold: all of its words are bold.
    """

    kind: BlockKind
    text: str
    level: int = 0
    promotion: str = ""
    links: tuple[str, ...] = ()
    bold: bool = False

    @property
    def in_text(self) -> bool:
        """Whether the block is part of `Article.text`: content, and prose rather than code."""
        return not self.promotion and self.kind is not BlockKind.CODE


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block of `Article.text` with its place there: code points, end exclusive."""

    block: Block
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """One article, cleaned.

    Attributes:
        id: short stable identity, 12 hex digits (`article_id`).
        url: canonical address, empty when the page does not tell.
        title, account, author: as on the page; author may be empty.
        published_at: with its UTC offset (WeChat pages: +08:00), None when the page does not tell.
        harvested_at: when the bytes came.
        source: the source that found it.
        state: which kind of page it was; always readable.
        blocks: everything visible, promotion and code included, in reading order.
        aliases: every key this article is known by, the strongest first
            (``wx:BIZ/MID/IDX``, ``wx:s/TOKEN``, ``url:…``, ``file:…``).
        categories, tags: what the archive or feed said.
        snapshot_sha256: digest of the raw bytes it was read from.
        modified_at: when the page says it was edited, None when it does not tell.
        original_aliases: keys of the article that this one says it is a repost of, the strongest first.
    """

    id: str
    url: str
    title: str
    account: str
    author: str
    published_at: datetime | None
    harvested_at: datetime
    source: str
    state: PageState
    blocks: tuple[Block, ...]
    aliases: tuple[str, ...]
    snapshot_sha256: str
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    modified_at: datetime | None = None
    original_aliases: tuple[str, ...] = ()

    @cached_property
    def placed_blocks(self) -> tuple[PlacedBlock, ...]:
        """The blocks that make up `text`, each with its offsets."""
        return tuple(_place(self.blocks))

    @cached_property
    def text(self) -> str:
        """The content blocks, one a line: no promotion, no code."""
        return "\n".join(placed.block.text for placed in self.placed_blocks)

    @cached_property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def _place(blocks: tuple[Block, ...]) -> Iterator[PlacedBlock]:
    start = 0
    for block in blocks:
        if block.in_text:
            end = start + len(block.text)
            yield PlacedBlock(block=block, start=start, end=end)
            start = end + 1


def article_id(alias: str) -> str:
    """The 12 hex digits under which an article first known by this alias is kept."""
    return hashlib.sha256(alias.encode()).hexdigest()[:12]
