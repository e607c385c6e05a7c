"""An Atom feed (RFC 4287) of records, an entry each: for feed readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import TextIO

from ...models import DigestRecord
from ..annotated_text import xml_text
from ..references import one_line
from .webannotation import record_urn

NAME = "atom"
SUFFIX = ".atom"
_NO_ENTRIES = datetime(1970, 1, 1, tzinfo=UTC)


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    out.write('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n')
    out.write(f"<id>{record_urn('feed')}</id>\n<title>wenzhai</title>\n<author><name>wenzhai</name></author>\n")
    number, latest = 0, _NO_ENTRIES
    for number, record in enumerate(records, start=1):  # noqa: B007
        latest = max(latest, record.article.harvested_at)
        out.writelines(f"{line}\n" for line in _entry(record))
    # Atom's elements may come in any order, and only now is it known.
    out.write(f"<updated>{latest.isoformat()}</updated>\n</feed>\n")
    return number


def _entry(record: DigestRecord) -> Iterator[str]:
    article = record.article
    yield f"<entry>\n<id>{record_urn(article.id)}</id>"
    yield f"<title>{_text(one_line(article.title) or article.id)}</title>"
    yield f"<updated>{article.harvested_at.isoformat()}</updated>"
    if article.published_at:
        yield f"<published>{article.published_at.isoformat()}</published>"
    if article.account:
        yield f"<author><name>{_text(one_line(article.account))}</name></author>"
    if article.url:
        yield f'<link rel="alternate" href="{_text(article.url)}"/>'
    for gene in record.genes:
        if gene.central:
            yield f'<category term="{_text(gene.symbol)}"/>'
    yield f'<content type="html">{_text("".join(_html(record)))}</content>\n</entry>'


def _html(record: DigestRecord) -> Iterator[str]:
    for paper in record.papers:
        title = paper.title or paper.title_zh or "(no title)"
        journal = paper.journal.name if paper.journal else None
        facts = (journal, paper.published, paper.doi, paper.pmid and f"PMID {paper.pmid}")
        yield f"<p><b>{escape(title)}</b> {escape(' · '.join(filter(None, facts)))}</p>"
    names = [gene.symbol for gene in record.genes] + [method.name for method in record.methods]
    if names:
        yield f"<p>{escape(', '.join(names))}</p>"
    findings = [finding.text for finding in record.findings if finding.key]
    if findings:
        yield f"<ul>{''.join(f'<li>{escape(finding)}</li>' for finding in findings)}</ul>"


def _text(text: str) -> str:
    return escape(xml_text(text))
