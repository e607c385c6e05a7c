"""Plain values and records: the ground floor, which imports nothing else of wenzhai."""

from typing import TYPE_CHECKING

from .lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .article import Article, Block, BlockKind, PlacedBlock, article_id
    from .errors import (
        AlreadyRunningError,
        ArticleNotFoundError,
        ConfigError,
        DatabaseLockedError,
        DatabaseMissingError,
        ExtractionError,
        FetchError,
        LexiconError,
        QueryError,
        SchemaTooNewError,
        SourceError,
        StorageError,
        SupplyError,
        WenzhaiError,
        WorkerError,
    )
    from .identifier_types import Doi, Pmcid, Pmid
    from .identifiers import normalise_doi, normalise_pmcid, normalise_pmid
    from .kinds import ArticleKind, FindingRole, PaperRole, Part
    from .outcome import Change, Failed, Outcome, Skipped, Stored
    from .page import PageProblem, PageRef, PageState, RawPage, Validators
    from .record import (
        SCHEMA_VERSION,
        Accession,
        ArticleInfo,
        DigestRecord,
        Disease,
        Finding,
        Gene,
        Journal,
        Mention,
        Method,
        Paper,
        PaperMention,
        Provenance,
        Tool,
    )
    from .resolution import (
        FieldCheck,
        Notice,
        NoticeKind,
        PaperField,
        PaperResolution,
        PublishedPaper,
        RecordResolution,
        Verdict,
        claims_sha256,
    )
    from .runs import Ending, RunCounts, SourceHistory, SourceRun, Supply
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "article": "Article Block BlockKind PlacedBlock article_id",
            "errors": (
                "AlreadyRunningError ArticleNotFoundError ConfigError DatabaseLockedError "
                "DatabaseMissingError ExtractionError FetchError LexiconError QueryError SchemaTooNewError "
                "SourceError StorageError SupplyError WenzhaiError WorkerError"
            ),
            "identifier_types": "Doi Pmcid Pmid",
            "identifiers": "normalise_doi normalise_pmcid normalise_pmid",
            "kinds": "ArticleKind FindingRole PaperRole Part",
            "outcome": "Change Failed Outcome Skipped Stored",
            "page": "PageProblem PageRef PageState RawPage Validators",
            "record": (
                "SCHEMA_VERSION Accession ArticleInfo DigestRecord Disease Finding Gene Journal Mention "
                "Method Paper PaperMention Provenance Tool"
            ),
            "resolution": (
                "FieldCheck Notice NoticeKind PaperField PaperResolution PublishedPaper RecordResolution "
                "Verdict claims_sha256"
            ),
            "runs": "Ending RunCounts SourceHistory SourceRun Supply",
        },
    )

__all__ = [
    "SCHEMA_VERSION",
    "Accession",
    "AlreadyRunningError",
    "Article",
    "ArticleInfo",
    "ArticleKind",
    "ArticleNotFoundError",
    "Block",
    "BlockKind",
    "Change",
    "ConfigError",
    "DatabaseLockedError",
    "DatabaseMissingError",
    "DigestRecord",
    "Disease",
    "Doi",
    "Ending",
    "ExtractionError",
    "Failed",
    "FetchError",
    "FieldCheck",
    "Finding",
    "FindingRole",
    "Gene",
    "Journal",
    "LexiconError",
    "Mention",
    "Method",
    "Notice",
    "NoticeKind",
    "Outcome",
    "PageProblem",
    "PageRef",
    "PageState",
    "Paper",
    "PaperField",
    "PaperMention",
    "PaperResolution",
    "PaperRole",
    "Part",
    "PlacedBlock",
    "Pmcid",
    "Pmid",
    "Provenance",
    "PublishedPaper",
    "QueryError",
    "RawPage",
    "RecordResolution",
    "RunCounts",
    "SchemaTooNewError",
    "Skipped",
    "SourceError",
    "SourceHistory",
    "SourceRun",
    "StorageError",
    "Stored",
    "Supply",
    "SupplyError",
    "Tool",
    "Validators",
    "Verdict",
    "WenzhaiError",
    "WorkerError",
    "article_id",
    "claims_sha256",
    "normalise_doi",
    "normalise_pmcid",
    "normalise_pmid",
]
