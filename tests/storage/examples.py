"""Small articles and records to store, built by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from wenzhai.models import (
    Accession,
    Article,
    ArticleInfo,
    ArticleKind,
    Block,
    BlockKind,
    DigestRecord,
    Disease,
    Finding,
    FindingRole,
    Gene,
    Journal,
    Mention,
    Method,
    PageRef,
    PageState,
    Paper,
    PaperMention,
    PaperRole,
    Part,
    Provenance,
    RawPage,
    Tool,
    article_id,
)
from wenzhai.storage.store import Store

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2025, 6, 20, 12, 0, tzinfo=UTC)


def make_page(location: str = "https://example.org/a", *, content: bytes = b"<p>page</p>") -> RawPage:
    return RawPage(
        ref=PageRef(location, "example"),
        content=content,
        final_url=location,
        media_type="text/html",
        fetched_at=NOW,
        charset="utf-8",
        headers={"content-type": "text/html; charset=utf-8", "x-names": "中文"},
    )


def make_article(
    *,
    title: str = "单细胞测序揭示肿瘤微环境",
    text: str = "PD-L1在肿瘤微环境中高表达。",
    aliases: tuple[str, ...] = ("url:https://example.org/a",),
    account: str = "生信人",
    published_at: datetime | None = datetime(2025, 6, 18, 7, 30, tzinfo=CHINA),
    page: RawPage | None = None,
    source: str = "example",
) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, line) for line in text.split("\n"))
    return Article(
        id=article_id(aliases[0]),
        url=aliases[0].removeprefix("url:") if aliases[0].startswith("url:") else "",
        title=title,
        account=account,
        author="",
        published_at=published_at,
        harvested_at=NOW,
        source=source,
        state=PageState.ARTICLE,
        blocks=blocks,
        aliases=aliases,
        snapshot_sha256=(page or make_page()).sha256,
        tags=("测序",),
    )


def mention(article: Article, words: str, *, part: Part = Part.TEXT) -> Mention:
    """A mention of the first occurrence of these words."""
    start = (article.title if part is Part.TITLE else article.text).index(words)
    return Mention(text=words, start=start, end=start + len(words), part=part)


def gene(article: Article, symbol: str, *words: str) -> Gene:
    return Gene(symbol=symbol, hgnc_id="HGNC:1", mentions=tuple(mention(article, each) for each in words))


def finding(article: Article, words: str, *, genes: tuple[str, ...] = (), key: bool = False) -> Finding:
    start = article.text.index(words)
    return Finding(text=words, start=start, end=start + len(words), role=FindingRole.FINDING, key=key, genes=genes)


def make_record(
    article: Article,
    *,
    id: str = "",  # noqa: A002
    kind: ArticleKind = ArticleKind.PAPER_DIGEST,
    genes: tuple[Gene, ...] = (),
    findings: tuple[Finding, ...] = (),
    papers: tuple[Paper, ...] = (),
    methods: tuple[Method, ...] = (),
    tools: tuple[Tool, ...] = (),
    diseases: tuple[Disease, ...] = (),
    accessions: tuple[Accession, ...] = (),
    wenzhai: str = "1.0",
) -> DigestRecord:
    return DigestRecord(
        article=ArticleInfo(
            id=id or article.id,
            url=article.url,
            title=article.title,
            account=article.account,
            author=article.author,
            published_at=article.published_at,
            harvested_at=article.harvested_at,
            source=article.source,
            kind=kind,
            text=article.text,
            text_sha256=article.text_sha256,
            tags=article.tags,
        ),
        papers=papers,
        genes=genes,
        findings=findings,
        methods=methods,
        tools=tools,
        diseases=diseases,
        accessions=accessions,
        provenance=Provenance(
            wenzhai=wenzhai, extractors={"genes": "1"}, lexicons={}, snapshot_sha256=article.snapshot_sha256
        ),
    )


def make_paper(article: Article, words: str = "") -> Paper:
    mentions = ()
    if words:
        found = mention(article, words)
        mentions = (PaperMention(text=found.text, start=found.start, end=found.end, field="journal"),)
    return Paper(
        role=PaperRole.PRIMARY,
        title="Pan-cancer single-cell atlas",
        journal=Journal(
            name="Nature Communications",
            as_written="自然·通讯",
            abbreviation="Nat. Commun.",
            issn="2041-1723",
        ),
        impact_factor=16.6,
        doi="10.1038/s41467-025-00001-1",
        pmid="40000001",
        mentions=mentions,
    )


def put(store: Store, article: Article, record: DigestRecord | None = None) -> str:
    """Store an article under its first alias's address, and return its id."""
    location = article.aliases[0].split(":", 1)[1]
    page = make_page(location)
    store.put_article(article, page, record or make_record(article))
    return (record or make_record(article)).article.id


def put_text(store: Store, text: str, *, title: str = "题", name: str = "a") -> str:
    """Store an article that is just this text, and return its id."""
    return put(store, make_article(title=title, text=text, aliases=(f"url:https://example.org/{name}",)))
