"""The kinds that records tell apart: of articles, papers and findings, and the part a mention is in."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    TITLE = "title"
    TEXT = "text"


class ArticleKind(StrEnum):
    PAPER_DIGEST = "paper_digest"
    MULTI_PAPER_DIGEST = "multi_paper_digest"
    TUTORIAL = "tutorial"
    OTHER = "other"


class PaperRole(StrEnum):
    PRIMARY = "primary"
    CITED = "cited"


class FindingRole(StrEnum):
    FINDING = "finding"
    CONCLUSION = "conclusion"
    LIMITATION = "limitation"
