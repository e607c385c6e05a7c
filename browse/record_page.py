"""What the page of a record shows."""

from __future__ import annotations

from typing import Any

from ..models import DigestRecord, Paper
from ..models.addresses import web_address
from .addresses import entity_address, search_address
from .marking import marked_text, marked_title
from .search_page import Link


def record_page(record: DigestRecord) -> dict[str, Any]:
    """Everything the template needs."""
    article = record.article
    return {
        "article": article,
        "date": f"{article.published_at:%Y-%m-%d}" if article.published_at else "",
        "original": web_address(article.url),
        "account_href": search_address([("account", article.account)]),
        "title": marked_title(record),
        "lines": marked_text(record),
        "papers": [_paper(paper) for paper in record.papers],
        "groups": [(label, kind, links) for label, kind, links in _groups(record) if links],
        "key_findings": [finding for finding in record.findings if finding.key],
        "finding_count": len(record.findings),
        "provenance": record.provenance,
    }


def _paper(paper: Paper) -> dict[str, Any]:
    journal = paper.journal.name if paper.journal else ""
    links = (
        Link(f"DOI {paper.doi}", f"https://doi.org/{paper.doi}") if paper.doi else None,
        Link(f"PMID {paper.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/") if paper.pmid else None,
        Link(paper.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{paper.pmcid}/") if paper.pmcid else None,
    )
    return {
        "role": paper.role.value,
        "title": paper.title or paper.title_zh or journal or "(no title)",
        "title_zh": paper.title_zh if paper.title else None,
        "journal": Link(journal, entity_address("journal", journal)) if journal else None,
        "facts": [
            fact
            for fact in (
                paper.published,
                f"IF {paper.impact_factor:g}" if paper.impact_factor is not None else None,
                paper.quartile,
            )
            if fact
        ],
        "links": [link for link in links if link],
    }


def _groups(record: DigestRecord) -> list[tuple[str, str, list[Link]]]:
    genes = sorted(record.genes, key=lambda gene: not gene.central)
    return [
        ("Genes", "gene", [_entity("gene", gene.symbol, len(gene.mentions), chosen=gene.central) for gene in genes]),
        ("Methods", "method", [_entity("method", each.name, len(each.mentions)) for each in record.methods]),
        ("Tools", "tool", [_entity("tool", each.name, len(each.mentions)) for each in record.tools]),
        ("Diseases", "disease", [_entity("disease", each.name, len(each.mentions)) for each in record.diseases]),
        ("Data", "accession", [_entity("accession", each.value, len(each.mentions)) for each in record.accessions]),
    ]


def _entity(kind: str, name: str, count: int, *, chosen: bool = False) -> Link:
    return Link(name, entity_address(kind, name), count, chosen)
