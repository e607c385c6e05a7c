"""Markdown (CommonMark): one card a record, to read: papers, what it names, findings. Nothing in it is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TextIO
from urllib.parse import quote

from ...models import DigestRecord, FindingRole, Paper
from ..references import one_line

NAME = "markdown"
SUFFIX = ".md"
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&!]")
_LIST_START = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    for number, record in enumerate(records, start=1):
        if number > 1:
            out.write("\n---\n\n")
        out.writelines(f"{line}\n" for line in _card(record))
    return number


def plain(text: str) -> str:
    """Text on one line in which no character is markup, at the beginning of a line neither."""
    escaped = _MARKUP.sub(lambda found: f"\\{found.group()}", one_line(text))
    return _LIST_START.sub(r"\1\\", escaped)


def _card(record: DigestRecord) -> Iterator[str]:
    article = record.article
    yield f"## {plain(article.title) or article.id}"
    yield ""
    date = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
    yield " · ".join(filter(None, (plain(article.account), date, plain(article.kind.value), article.id)))
    if article.url:
        yield ""
        yield _link(article.url)
    for paper in record.papers:
        yield ""
        yield from _paper(paper)
    named = [f"- **{label}**: {', '.join(map(plain, names))}" for label, names in _named(record) if names]
    yield from (("", *named) if named else ())
    findings = [f"- {_role(finding.role)}{plain(finding.text)}" for finding in record.findings if finding.key]
    findings = findings or [f"- {_role(finding.role)}{plain(finding.text)}" for finding in record.findings]
    yield from (("", "### Findings", "", *findings) if findings else ())


def _paper(paper: Paper) -> Iterator[str]:
    title = paper.title or paper.title_zh or "(no title)"
    yield f"**{plain(title)}** ({paper.role.value})"
    facts = (
        plain(paper.journal.name) if paper.journal else None,
        plain(paper.published) if paper.published else None,
        f"IF {paper.impact_factor:g}" if paper.impact_factor is not None else None,
        plain(paper.quartile) if paper.quartile else None,
        _link(f"https://doi.org/{paper.doi}") if paper.doi else None,
        f"PMID {paper.pmid}" if paper.pmid else None,
        paper.pmcid,
        plain(paper.other_id) if paper.other_id else None,
    )
    told = [fact for fact in facts if fact]
    yield from (("", " · ".join(told)) if told else ())


def _named(record: DigestRecord) -> Iterator[tuple[str, list[str]]]:
    yield "Central genes", [gene.symbol for gene in record.genes if gene.central]
    yield "Other genes", [gene.symbol for gene in record.genes if not gene.central]
    yield "Methods", [method.name for method in record.methods]
    yield "Tools", [tool.name for tool in record.tools]
    yield "Diseases", [disease.name for disease in record.diseases]
    yield "Data", [f"{accession.kind} {accession.value}" for accession in record.accessions]


def _role(role: FindingRole) -> str:
    return "" if role is FindingRole.FINDING else f"*{role.value}*: "


def _link(address: str) -> str:
    """An autolink, in which nothing can end it; one that is no web address stays text."""
    if not address.startswith(("https://", "http://")):
        return plain(address)
    return f"<{quote(address, safe=_URL_CHARACTERS)}>"


_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"
