"""Reads web pages that are not WeChat's, with trafilatura: it knows the wide web, and nothing of WeChat."""

from __future__ import annotations

from datetime import UTC, datetime

from ..models import Article, PageProblem, PageState, RawPage, article_id
from .addresses import aliases, canonical_url
from .body_blocks import read_blocks
from .meta_tags import meta
from .page_problems import problem
from .promotion import mark_promotion

# Fewer are a notice ("502 Bad Gateway", 系统繁忙，请稍后再试), not an article.
_LEAST_LETTERS = 50


def read_web_page(page: RawPage, html: str) -> Article | PageProblem:
    """The main article of any web page; when it has none, UNKNOWN for one that was fetched, else NOT_AN_ARTICLE.

    Args:
        page: where the page came from.
        html: its decoded content.
    """
    # Imported here: it costs 0.4 s, and most harvests never need it.
    import trafilatura

    try:
        body = trafilatura.extract(html, output_format="html", favor_recall=True, include_links=True)
        found = trafilatura.extract_metadata(html)
    except Exception as error:  # noqa: BLE001 - parsers of arbitrary pages fail in arbitrary ways
        return _nothing(page, f"{type(error).__name__}: {error}"[:200])
    blocks = read_blocks(body or "")
    if (letters := sum(each.isalnum() for block in blocks for each in block.text)) < _LEAST_LETTERS:
        return _nothing(page, f"only {letters} letters" if letters else "no running text")
    if page.ref.is_web_address and _is_cut_off(html):
        return _nothing(page, "no </html> at the end: the page is cut off")
    # A saved file has no address of its own, but the page may tell the one it came from.
    url = canonical_url(page.final_url) or canonical_url((found and found.url) or "")
    title = (found and found.title) or ""
    account = (found and (found.sitename or found.hostname)) or ""
    keys = aliases(urls=(url,) if url else (), location=page.ref.location)
    return Article(
        id=article_id(keys[0]),
        url=url,
        title=title,
        account=account,
        author=(found and found.author) or "",
        published_at=_date(meta(page.content, "article:published_time")) or _date((found and found.date) or ""),
        harvested_at=page.fetched_at,
        source=page.ref.source,
        state=PageState.ARTICLE,
        blocks=mark_promotion(blocks, account=account, title=title),
        aliases=keys,
        snapshot_sha256=page.sha256,
    )


def _nothing(page: RawPage, evidence: str) -> PageProblem:
    if page.ref.is_web_address:
        # "Loading…" and "busy, try again" come with HTTP 200: another day there may be an article.
        return problem(
            page,
            PageState.UNKNOWN,
            evidence=evidence,
            detail="no article could be found on this web page; it is tried again ever more rarely",
        )
    return problem(
        page,
        PageState.NOT_AN_ARTICLE,
        evidence=evidence,
        detail="no article could be found on this web page; check that the file holds an article",
    )


def _is_cut_off(html: str) -> bool:
    """Whether a page that was begun as a whole one has no end."""
    return "<html" in html[:2000].lower() and "</html" not in html[-4096:].lower() and "</body" not in html[-4096:]


def _date(text: str) -> datetime | None:
    """A time with its offset, or a day alone, which trafilatura tells without a zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
