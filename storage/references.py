"""Papers as reference managers want them: one `Reference` a paper that has a title or an identifier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import DigestRecord, Paper

# "2021年2月16日", "2021-02-16", "2021/2", "2021.02.16": year, then month and day where they follow.
_DATE = re.compile(r"((?:19|20)\d\d)(?!\d)(?:\s*[年./-]\s*(\d{1,2})(?!\d)(?:\s*[月./-]\s*(\d{1,2})(?!\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper, and the article it is named in.

    Attributes:
        key: unique among all references: the article's id and the paper's number in it.
        paper: as the article names it.
        title: in the original language if the article gives it, else in Chinese, else empty.
        date: year, month, day: as much of it as the article gives, possibly nothing.
        keywords: central genes, methods and diseases of an article on this one paper.
        note: which article named it, in one line.
    """

    key: str
    paper: Paper
    title: str
    date: tuple[int, ...]
    keywords: tuple[str, ...]
    note: str


def references(record: DigestRecord) -> Iterator[Reference]:
    """The papers of a record that can be looked up: those with a title or an identifier."""
    keywords = _keywords(record) if len(record.papers) == 1 else ()
    for number, paper in enumerate(record.papers, start=1):
        if paper.title or paper.title_zh or paper.doi or paper.pmid or paper.pmcid:
            yield Reference(
                key=f"{record.article.id}-{number}",
                paper=paper,
                title=one_line(paper.title or paper.title_zh or ""),
                date=publication_date(paper.published or ""),
                keywords=keywords,
                note=_note(record, paper),
            )


def publication_date(written: str) -> tuple[int, ...]:
    """Year, month and day of a date as an article writes it; what is missing or impossible is left out."""
    match = _DATE.search(written)
    if match is None:
        return ()
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if not 1 <= month <= 12:
        return (year,)
    return (year, month, day) if 1 <= day <= 31 else (year, month)


def one_line(text: str) -> str:
    """Text with every run of white space and control characters made one space."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _keywords(record: DigestRecord) -> tuple[str, ...]:
    genes = [gene.symbol for gene in record.genes if gene.central]
    return tuple(
        dict.fromkeys((*genes, *(each.name for each in record.methods), *(each.name for each in record.diseases)))
    )


def _note(record: DigestRecord, paper: Paper) -> str:
    article = record.article
    date = f", {article.published_at:%Y-%m-%d}" if article.published_at else ""
    verb = "Digested" if paper.role == "primary" else "Cited"
    return one_line(f"{verb} in: {article.title} ({article.account}{date}) {article.url}")
