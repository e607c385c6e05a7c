"""From what was read of an article to its record. Pure: the same reading gives the same record."""

from __future__ import annotations

from ..models import ArticleInfo, DigestRecord, Provenance
from .reading import Reading


def assemble(reading: Reading, *, provenance: Provenance) -> DigestRecord:
    """The record of one article.

    Raises:
        pydantic.ValidationError: a component produced a mention that is not at its offsets.
    """
    article = reading.article
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
            kind=reading.kind,
            text=article.text,
            text_sha256=article.text_sha256,
            categories=article.categories,
            tags=article.tags,
        ),
        papers=reading.papers,
        genes=reading.genes,
        methods=reading.methods,
        tools=reading.tools,
        diseases=reading.diseases,
        accessions=reading.accessions,
        findings=reading.findings,
        provenance=provenance,
    )
