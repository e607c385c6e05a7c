"""Stores articles one after the other, in batches as a harvest does, and says of each when it is safe.

Run as a program it waits for lines ``DATABASE FIRST``, forks a child for each that stores articles from number
FIRST on until it is killed, and answers with the child's process id: children need not load everything anew.
What the child has said is what it may not lose. It also compacts now and then.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils  # noqa: F401 - so that no child need load it
from wenzhai.models import (
    Article,
    ArticleInfo,
    ArticleKind,
    Block,
    BlockKind,
    DigestRecord,
    Finding,
    FindingRole,
    Gene,
    Mention,
    PageRef,
    PageState,
    Provenance,
    RawPage,
    article_id,
)
from wenzhai.storage import Store, connect, open_store
from wenzhai.storage.compaction import compact

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 3
ROUNDS_BEFORE_COMPACTING = 8


def article_text(number: int) -> str:
    return f"第{number}篇说TP53在肿瘤中升高。" + "其余的话每篇都差不多。" * (number % 50)


def put_number(store: Store, number: int) -> None:
    """Stores an article with a page, a gene and a finding; every seventh time an edit of an earlier one."""
    if number % 7 == 0:
        number //= 2
    location = f"https://example.org/{number}"
    content = f"<p>{article_text(number)}</p>".encode() * 20
    page = RawPage(PageRef(location, "example"), content, location, "text/html", NOW, charset="utf-8")
    text = article_text(number)
    article = Article(
        id=article_id(f"url:{location}"),
        url=location,
        title=f"第{number}篇",
        account="生信人",
        author="",
        published_at=NOW,
        harvested_at=NOW,
        source="example",
        state=PageState.ARTICLE,
        blocks=(Block(BlockKind.PARAGRAPH, text),),
        aliases=(f"url:{location}",),
        snapshot_sha256=page.sha256,
    )
    start, end = text.index("TP53"), text.index("。") + 1
    fields = ("id", "url", "title", "account", "author", "published_at", "harvested_at", "source", "text_sha256")
    record = DigestRecord(
        article=ArticleInfo(
            **{name: getattr(article, name) for name in fields}, kind=ArticleKind.PAPER_DIGEST, text=text
        ),
        genes=(Gene(symbol="TP53", mentions=(Mention(text="TP53", start=start, end=start + 4),)),),
        findings=(Finding(text=text[:end], start=0, end=end, role=FindingRole.FINDING),),
        provenance=Provenance(wenzhai="1.0", extractors={}, lexicons={}, snapshot_sha256=page.sha256),
    )
    store.put_article(article, page, record)


def ingest(path: Path, first: int) -> None:
    """Stores articles for ever."""
    with open_store(path, create=True) as store:
        number, rounds = first, 0
        while True:
            with store.batch():
                for _ in range(BATCH):
                    put_number(store, number)
                    number += 1
            os.write(1, f"{number - 1}\n".encode())  # in one go, whenever death comes
            rounds += 1
            if rounds % ROUNDS_BEFORE_COMPACTING == 0:
                with closing(connect(path)) as connection:
                    compact(connection, path, now=NOW, progress=lambda done, total: None)


def serve() -> None:
    for line in sys.stdin:
        path, first = line.rsplit(maxsplit=1)
        child = os.fork()
        if child == 0:
            ingest(Path(path), int(first))
        print(child, flush=True)  # noqa: T201 - to whoever started us
        os.waitpid(child, 0)
        print("ended", flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
