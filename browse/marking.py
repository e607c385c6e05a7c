"""A record's text in pieces: which words name what, which sentence is a finding. Pure; knows no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..models import DigestRecord, Finding, Mention, Paper, Part


@dataclass(frozen=True, slots=True)
class Entity:
    """What words name. ``kind`` is the filter of a search that finds it, or ``paper`` where there is none."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together: a mention of an entity, or what is between two."""

    text: str
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Pieces in a row, all within one finding or all outside any."""

    pieces: tuple[Piece, ...]
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An entity and its place: code points, end exclusive."""

    start: int
    end: int
    entity: Entity


def marked_title(record: DigestRecord) -> Passage:
    """The title in pieces."""
    title = record.article.title
    return Passage(tuple(_pieces(title, 0, _owners(len(title), _marks(record, Part.TITLE)))))


def marked_text(record: DigestRecord) -> tuple[tuple[Passage, ...], ...]:
    """The text as lines, each in passages. Where mentions overlap, the shorter one lies on top."""
    text = record.article.text
    owners = _owners(len(text), _marks(record, Part.TEXT))
    findings: list[Finding | None] = [None] * len(text)
    for finding in record.findings:
        findings[finding.start : finding.end] = [finding] * (finding.end - finding.start)
    return tuple(_lines(text, owners, findings))


def _lines(
    text: str, owners: Sequence[Mark | None], findings: Sequence[Finding | None]
) -> Iterator[tuple[Passage, ...]]:
    begin = 0
    for line in text.split("\n"):
        places = range(begin, begin + len(line))
        yield tuple(
            Passage(tuple(_pieces(text[run[0] : run[-1] + 1], run[0], owners)), findings[run[0]])
            for run in (list(group) for _, group in groupby(places, key=lambda place: id(findings[place])))
        )
        begin += len(line) + 1


def _owners(length: int, marks: Iterable[Mark]) -> list[Mark | None]:
    """For every code point the mark that is on top there."""
    owners: list[Mark | None] = [None] * length
    for mark in sorted(marks, key=lambda mark: mark.start - mark.end):
        owners[mark.start : mark.end] = [mark] * (mark.end - mark.start)
    return owners


def _pieces(text: str, begin: int, owners: Sequence[Mark | None]) -> Iterator[Piece]:
    # By identity: two mentions of one gene that touch are two pieces.
    for _, group in groupby(range(len(text)), key=lambda place: id(owners[begin + place])):
        run = list(group)
        owner = owners[begin + run[0]]
        yield Piece(text[run[0] : run[-1] + 1], owner.entity if owner else None)


def _marks(record: DigestRecord, part: Part) -> Iterator[Mark]:
    for entity, mention in _mentions(record):
        if mention.part is part:
            yield Mark(mention.start, mention.end, entity)


def _mentions(record: DigestRecord) -> Iterator[tuple[Entity, Mention]]:
    for paper in record.papers:
        for paper_mention in paper.mentions:
            yield _paper_entity(paper, paper_mention.field), paper_mention
    for accession in record.accessions:
        yield from ((Entity("accession", accession.value), mention) for mention in accession.mentions)
    for disease in record.diseases:
        yield from ((Entity("disease", disease.name), mention) for mention in disease.mentions)
    for method in record.methods:
        yield from ((Entity("method", method.name), mention) for mention in method.mentions)
    for tool in record.tools:
        yield from ((Entity("tool", tool.name), mention) for mention in tool.mentions)
    for gene in record.genes:
        yield from ((Entity("gene", gene.symbol), mention) for mention in gene.mentions)


def _paper_entity(paper: Paper, field: str) -> Entity:
    if field == "journal" and paper.journal is not None:
        return Entity("journal", paper.journal.name)
    if field == "doi" and paper.doi is not None:
        return Entity("doi", paper.doi)
    if field == "pmid" and paper.pmid is not None:
        return Entity("pmid", paper.pmid)
    return Entity("paper", field)
