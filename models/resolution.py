"""What the bibliographic services say of the papers a record claims; stored beside the claims, never over them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from .record import DigestRecord, Strict


class Verdict(StrEnum):
    """How a field compares with what the services know; `RESOLVED` is one that only they gave.

    A paper as a whole is a mismatch when one of its fields is, a match when it was found, or unverifiable.
    """

    MATCH = "match"
    MISMATCH = "mismatch"
    UNVERIFIABLE = "unverifiable"
    RESOLVED = "resolved"


class PaperField(StrEnum):
    TITLE = "title"
    JOURNAL = "journal"
    YEAR = "year"
    DOI = "doi"
    PMID = "pmid"


class NoticeKind(StrEnum):
    RETRACTION = "retraction"
    CONCERN = "expression of concern"
    ERRATUM = "erratum"


class Notice(Strict):
    """Something published about a paper: its retraction, a correction.

    Attributes:
        reference: where it stands: a citation, a DOI or a PMID; empty when the service does not say.
    """

    kind: NoticeKind
    reference: str = ""


class PublishedPaper(Strict):
    """A paper as one service, or several together, describe it.

    Attributes:
        services: who says so.
        titles: as printed, the first one the best; the others are of other services or languages.
        journals: full names and abbreviations, all of the same journal.
        years: of the print and the electronic edition.
        abstract: plain text, empty when there is none.
    """

    services: tuple[str, ...]
    titles: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    abstract: str = ""
    notices: tuple[Notice, ...] = ()


class FieldCheck(Strict):
    """One field: what the article says, what the services say, and whether it is the same.

    Attributes:
        claimed: None for a resolved field: the article does not say.
        found: None when no service knows; for a mismatch, that there is no such PMID.
    """

    field: PaperField
    verdict: Verdict
    claimed: str | None = None
    found: str | None = None


class PaperResolution(Strict):
    """A claimed paper, checked.

    Attributes:
        position: which of the record's papers, from 0.
        fields: one check for every field that the article or a service knows.
        found_by: which claim led to the paper: ``pmid``, ``doi`` or ``title``; None when nothing did.
        services: who described the paper.
        pmcid: as the services know it.
        notices: retractions first.
        confirmed_genes: symbols of the record's genes that the paper's abstract names too.
        unanswered: services that could not be asked this time, each with the reason.
    """

    position: int
    verdict: Verdict
    fields: tuple[FieldCheck, ...]
    found_by: str | None = None
    services: tuple[str, ...] = ()
    pmcid: str | None = None
    notices: tuple[Notice, ...] = ()
    confirmed_genes: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def retracted(self) -> bool:
        return any(notice.kind is NoticeKind.RETRACTION for notice in self.notices)

    def check(self, field: PaperField) -> FieldCheck | None:
        """The check of one field; None when neither the article nor a service knows it."""
        return next((check for check in self.fields if check.field is field), None)


class RecordResolution(Strict):
    """All papers of a record, checked.

    Attributes:
        claims_sha256: of the claims that were checked: other claims need another check.
    """

    article_id: str
    claims_sha256: str
    checked_at: datetime
    papers: tuple[PaperResolution, ...]

    def is_about(self, record: DigestRecord) -> bool:
        """Whether it is about what the record claims now."""
        return self.claims_sha256 == claims_sha256(record)

    @property
    def complete(self) -> bool:
        """Whether every service that was needed answered."""
        return not any(paper.unanswered for paper in self.papers)

    @property
    def confirmed_genes(self) -> tuple[str, ...]:
        """Genes that the abstract of any of the papers names."""
        return tuple(dict.fromkeys(symbol for paper in self.papers for symbol in paper.confirmed_genes))


def claims_sha256(record: DigestRecord) -> str:
    """Tells whether a record claims the same papers and genes as when it was checked."""
    claims = [paper.model_dump_json(exclude={"mentions"}) for paper in record.papers]
    genes = sorted(gene.symbol for gene in record.genes)
    return hashlib.sha256("\n".join((*claims, *genes)).encode()).hexdigest()
