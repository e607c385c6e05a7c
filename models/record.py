"""The record wenzhai makes of an article: the contract with everyone who reads its output.

Offsets are code points into ``article.text``, or into ``article.title`` for a mention whose
``part`` is ``title``; the end is exclusive. ``text[start:end] == mention.text`` always holds:
`DigestRecord` refuses to exist otherwise. The JSON Schema in ``docs/record.schema.json`` is generated
from these classes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .identifier_types import Curie, Doi, Pmcid, Pmid
from .kinds import ArticleKind, FindingRole, PaperRole, Part

SCHEMA_VERSION: Literal["1"] = "1"
Score = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """Immutable, and closed to fields that are not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mention(Strict):
    """The exact words a value came from."""

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    part: Part = Part.TEXT


class PaperMention(Mention):
    """The exact words one field of a paper came from."""

    field: str


class ArticleInfo(Strict):
    id: str
    url: str
    title: str
    account: str
    author: str
    published_at: datetime | None
    harvested_at: datetime
    source: str
    kind: ArticleKind
    text: str
    text_sha256: str
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Journal(Strict):
    """A journal: its standard name where the lexicon knows it, and what the article wrote."""

    name: str
    as_written: str
    abbreviation: str | None = None
    issn: str | None = None


class Paper(Strict):
    """A paper as the article names it: digested (primary) or cited."""

    role: PaperRole
    title: str | None = None
    title_zh: str | None = None
    journal: Journal | None = None
    impact_factor: float | None = None
    quartile: str | None = None
    published: str | None = None
    doi: Doi | None = None
    pmid: Pmid | None = None
    pmcid: Pmcid | None = None
    other_id: str | None = None
    url: str | None = None
    mentions: tuple[PaperMention, ...] = ()


class Gene(Strict):
    """A gene or protein; with ``family`` a family or complex (ERK1/2, NF-κB), which has no HGNC id."""

    symbol: str
    hgnc_id: Annotated[str, Field(pattern=r"^HGNC:\d+$")] | None = None
    name: str | None = None
    family: bool = False
    central: bool = False
    score: Score = 1.0
    mentions: tuple[Mention, ...]


class Method(Strict):
    name: str
    id: Curie | None = None
    mentions: tuple[Mention, ...]


class Tool(Strict):
    name: str
    mentions: tuple[Mention, ...]


class Disease(Strict):
    name: str
    id: Curie | None = None
    mentions: tuple[Mention, ...]


class Accession(Strict):
    """An identifier of data, a trial or code: kind is ``GEO``, ``SRA``, ``NCT``, ``GitHub``, …"""

    kind: str
    value: str
    mentions: tuple[Mention, ...]


class Finding(Strict):
    """A sentence of the text that states a result, a conclusion or a limitation."""

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    role: FindingRole
    key: bool = False
    section: str | None = None
    genes: tuple[str, ...] = ()


class Provenance(Strict):
    """What made the record, so that an outdated one can be told from a current one."""

    wenzhai: str
    extractors: dict[str, str]
    lexicons: dict[str, str]
    snapshot_sha256: str


class DigestRecord(Strict):
    schema_version: Literal["1"] = SCHEMA_VERSION
    article: ArticleInfo
    papers: tuple[Paper, ...] = ()
    genes: tuple[Gene, ...] = ()
    methods: tuple[Method, ...] = ()
    tools: tuple[Tool, ...] = ()
    diseases: tuple[Disease, ...] = ()
    accessions: tuple[Accession, ...] = ()
    findings: tuple[Finding, ...] = ()
    provenance: Provenance

    @model_validator(mode="after")
    def _quotes_are_exact(self) -> Self:
        parts = {Part.TITLE: self.article.title, Part.TEXT: self.article.text}
        entries: tuple[Paper | Gene | Method | Tool | Disease | Accession, ...] = (
            *self.papers,
            *self.genes,
            *self.methods,
            *self.tools,
            *self.diseases,
            *self.accessions,
        )
        for entry in entries:
            for mention in entry.mentions:
                found = parts[mention.part][mention.start : mention.end]
                if found != mention.text:
                    raise ValueError(f"mention {mention.text!r} is not at its offsets: {found!r}")
        for finding in self.findings:
            found = self.article.text[finding.start : finding.end]
            if found != finding.text:
                raise ValueError(f"finding {finding.text!r} is not at its offsets: {found!r}")
        return self
