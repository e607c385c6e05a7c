"""An article whose every word tries to get out of its place in a page."""

from __future__ import annotations

from datetime import UTC, datetime

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
    Method,
    PageRef,
    PageState,
    Paper,
    PaperRole,
    Provenance,
    RawPage,
    article_id,
)

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=https://evil.invalid/x.png onerror=alert(2)>'
TEXT = f"本文发现TP53升高{SCRIPT}。{IMAGE}\n第二段 ${{7*7}} {{{{7*7}}}} $E=mc^2$。"
NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)


def hostile_article() -> tuple[Article, RawPage, DigestRecord]:
    """The article, the page it is from, and its record."""
    page = RawPage(
        ref=PageRef("https://example.org/a", "example"),
        content=b"<p>",
        final_url="https://example.org/a",
        media_type="text/html",
        fetched_at=NOW,
        charset="utf-8",
        headers={},
    )
    title = f"TP53{SCRIPT}"
    article = Article(
        id=article_id("url:hostile"),
        url="javascript:alert(3)",
        title=title,
        account=f"账号{IMAGE}",
        author=SCRIPT,
        published_at=NOW,
        harvested_at=NOW,
        source="example",
        state=PageState.ARTICLE,
        blocks=tuple(Block(BlockKind.PARAGRAPH, line) for line in TEXT.split("\n")),
        aliases=("url:hostile",),
        snapshot_sha256=page.sha256,
    )
    return article, page, _record(article)


def _record(article: Article) -> DigestRecord:
    sentence = TEXT[: TEXT.index("。") + 1]
    start = TEXT.index(SCRIPT)
    script = Mention(text=SCRIPT, start=start, end=start + len(SCRIPT))
    start = TEXT.index("TP53")
    named = Mention(text="TP53", start=start, end=start + 4)
    return DigestRecord(
        article=ArticleInfo(
            id=article.id,
            url=article.url,
            title=article.title,
            account=article.account,
            author=article.author,
            published_at=article.published_at,
            harvested_at=article.harvested_at,
            source=article.source,
            kind=ArticleKind.PAPER_DIGEST,
            text=article.text,
            text_sha256=article.text_sha256,
        ),
        papers=(Paper(role=PaperRole.PRIMARY, title=SCRIPT, title_zh=IMAGE, published=SCRIPT),),
        genes=(Gene(symbol="TP53", central=True, mentions=(named,)), Gene(symbol=SCRIPT, mentions=(script,))),
        methods=(Method(name=IMAGE, mentions=(script,)),),
        findings=(
            Finding(
                text=sentence,
                start=0,
                end=len(sentence),
                role=FindingRole.FINDING,
                key=True,
                genes=("TP53", SCRIPT),
            ),
        ),
        provenance=Provenance(wenzhai="1.0", extractors={}, lexicons={}, snapshot_sha256=article.snapshot_sha256),
    )
