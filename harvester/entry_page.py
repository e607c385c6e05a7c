"""Articles that came inside of something else, a feed or an export: packed as a page of their own, and read again.

What is kept as the page's bytes is a JSON object with what the feed said of this one article, so that it can
be read anew later like any page.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape

from ..models import Article, PageProblem, PageState, RawPage, article_id
from .addresses import aliases, canonical_url
from .body_blocks import read_blocks
from .page_problems import problem
from .page_state import page_phrases
from .promotion import mark_promotion

ENTRY_TYPE = "application/vnd.wenzhai.entry+json"
# A bridge that was refused passes the refusal on as the article's text; those have one or two sentences.
_LONGEST_REFUSAL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as a feed or an export tells it.

    Attributes:
        url: its address, empty when not told.
        title, account, author: as told; any may be empty.
        published: ISO 8601, empty when not told.
        html: its body.
        tags: as told.
    """

    url: str = ""
    title: str = ""
    account: str = ""
    author: str = ""
    published: str = ""
    html: str = ""
    tags: tuple[str, ...] = ()

    def pack(self) -> bytes:
        """The bytes of a page of `ENTRY_TYPE`; the same entry gives the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def paragraphs(text: str) -> str:
    """Plain text as HTML, one paragraph a line."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def read_entry_page(page: RawPage) -> Article | PageProblem:
    """The article in a packed entry, or why there is none.

    Raises:
        ValueError, TypeError: the bytes are no packed entry.
    """
    entry = Entry(**json.loads(page.content))
    blocks = read_blocks(entry.html)
    url = canonical_url(entry.url)
    text = " ".join(block.text for block in blocks)
    refusal = _refusal(text)
    if refusal is not None:
        phrase, state = refusal
        return problem(page, state, phrase, "the bridge passed on a failure page in place of the article", follow=url)
    if not blocks:
        return problem(
            page,
            PageState.NOT_AN_ARTICLE,
            evidence="no text",
            detail="only a link, no article; harvest the address it links to",
            follow=url,
            account=entry.account,
        )
    keys = aliases(urls=(url,) if url else (), location=page.ref.location)
    return Article(
        id=article_id(keys[0]),
        url=url,
        title=entry.title,
        account=entry.account,
        author=entry.author,
        published_at=_time(entry.published),
        harvested_at=page.fetched_at,
        source=page.ref.source,
        state=PageState.ARTICLE,
        blocks=mark_promotion(blocks, account=entry.account, title=entry.title),
        aliases=keys,
        snapshot_sha256=page.sha256,
        tags=tuple(entry.tags),
    )


def _refusal(text: str) -> tuple[str, PageState] | None:
    """The phrase of a failure page that a short text is, and the state it stands for."""
    if len(text) > _LONGEST_REFUSAL:
        return None
    return next(((phrase, state) for phrase, state in page_phrases() if phrase in text), None)


def _time(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None
