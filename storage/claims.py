"""What a record claims, flat: one `Claim` a value with the first words it came from.

Field names are the ones a curator writes back: ``gene``, ``paper.doi``, ``finding``, … (docs/export.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..models import Accession, DigestRecord, Disease, Gene, Mention, Method, Paper, PaperRole, Part, Tool

PAPER_FIELDS = (
    "title",
    "title_zh",
    "journal",
    "impact_factor",
    "quartile",
    "published",
    "doi",
    "pmid",
    "pmcid",
    "other_id",
    "url",
)
Concept = Gene | Method | Tool | Disease | Accession


@dataclass(frozen=True, slots=True)
class Claim:
    """One value a record claims.

    Attributes:
        field: ``article.kind``, ``paper.`` and a field, ``gene``, ``method``, ``tool``, ``disease``,
            ``accession``, or a finding's role.
        value: the value as text.
        id: its identifier elsewhere (HGNC, OBI, DOID, ISSN, ``GEO:GSE113854``), or empty.
        quote: the first words it came from, None when it stands for the whole article.
        pmid: of the paper it is of; for what is not of a paper, of the only paper digested; or empty.
    """

    field: str
    value: str
    id: str
    quote: Mention | None
    pmid: str


@dataclass(frozen=True, slots=True)
class NamedMention:
    """One place where something is named: its kind, name, identifier, and for papers the field."""

    kind: str
    name: str
    id: str
    mention: Mention
    field: str | None = None


def claims(record: DigestRecord) -> Iterator[Claim]:
    """Every value of a record, in its order."""
    pmid = _digested_pmid(record)
    yield Claim("article.kind", record.article.kind.value, "", None, pmid)
    for paper in record.papers:
        yield from _paper_claims(paper)
    for kind, concept in concepts(record):
        yield Claim(kind, concept_name(concept), concept_id(concept), _first(concept.mentions), pmid)
    for finding in record.findings:
        quote = Mention(text=finding.text, start=finding.start, end=finding.end)
        yield Claim(finding.role.value, finding.text, "", quote, pmid)


def concepts(record: DigestRecord) -> Iterator[tuple[str, Concept]]:
    """Genes, methods, tools, diseases and accessions, each with the name of its kind."""
    yield from (("gene", gene) for gene in record.genes)
    yield from (("method", method) for method in record.methods)
    yield from (("tool", tool) for tool in record.tools)
    yield from (("disease", disease) for disease in record.diseases)
    yield from (("accession", accession) for accession in record.accessions)


def concept_name(concept: Concept) -> str:
    if isinstance(concept, Gene):
        return concept.symbol
    return concept.value if isinstance(concept, Accession) else concept.name


def concept_id(concept: Concept) -> str:
    """Its identifier elsewhere; empty when the lexicon has none."""
    if isinstance(concept, Gene):
        return concept.hgnc_id or ""
    if isinstance(concept, Accession):
        return f"{concept.kind}:{concept.value}"
    return "" if isinstance(concept, Tool) else concept.id or ""


def paper_name(paper: Paper) -> str:
    """What to call a paper: its strongest identifier, else its title."""
    return paper.doi or paper.pmid or paper.title or paper.title_zh or ""


def paper_value(paper: Paper, field: str) -> str | None:
    """A field of a paper as text, None when the article does not say."""
    if field == "journal":
        return paper.journal.name if paper.journal else None
    value = getattr(paper, field)
    return None if value is None else str(value)


def named_mentions(record: DigestRecord) -> Iterator[NamedMention]:
    """Every place where a record's papers and concepts are named, in the order of the record."""
    for paper in record.papers:
        for mention in paper.mentions:
            yield NamedMention("paper", paper_name(paper), paper.doi or "", mention, mention.field)
    for kind, concept in concepts(record):
        for each in concept.mentions:
            yield NamedMention(kind, concept_name(concept), concept_id(concept), each)


def _paper_claims(paper: Paper) -> Iterator[Claim]:
    for field in PAPER_FIELDS:
        value = paper_value(paper, field)
        if value is not None:
            quote = _first(mention for mention in paper.mentions if mention.field == field)
            issn = paper.journal.issn if field == "journal" and paper.journal else None
            yield Claim(f"paper.{field}", value, issn or "", quote, paper.pmid or "")


def _digested_pmid(record: DigestRecord) -> str:
    digested = [paper for paper in record.papers if paper.role is PaperRole.PRIMARY]
    return (digested[0].pmid or "") if len(digested) == 1 else ""


def _first(mentions: Iterable[Mention]) -> Mention | None:
    """The first in the text; the title comes before it."""
    return min(mentions, key=lambda mention: (mention.part is not Part.TITLE, mention.start), default=None)
