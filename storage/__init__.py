"""The database: one SQLite file with pages, articles, records and a search that works in Chinese."""

from typing import TYPE_CHECKING

from ..models.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .articles import StoredArticle
    from .attempts import Attempt
    from .database import connect, is_out_of_reach, open_database
    from .facets import Facet, FacetValue
    from .filters import SearchQuery
    from .hosts import HostPause, HostPauses
    from .pages import KnownPage
    from .related import RelatedArticle, SharedGene
    from .reposts import Repost
    from .runs import RunLog
    from .search import SearchHit
    from .search_findings import FindingHit
    from .searcher import Searcher, open_searcher
    from .snippets import Snippet
    from .status import FailedPage, StatusReport
    from .store import Store, open_store
    from .versions import ArticleVersion
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "articles": "StoredArticle",
            "attempts": "Attempt",
            "database": "connect is_out_of_reach open_database",
            "facets": "Facet FacetValue",
            "filters": "SearchQuery",
            "hosts": "HostPause HostPauses",
            "pages": "KnownPage",
            "related": "RelatedArticle SharedGene",
            "reposts": "Repost",
            "runs": "RunLog",
            "search": "SearchHit",
            "search_findings": "FindingHit",
            "searcher": "Searcher open_searcher",
            "snippets": "Snippet",
            "status": "FailedPage StatusReport",
            "store": "Store open_store",
            "versions": "ArticleVersion",
        },
    )

__all__ = [
    "ArticleVersion",
    "Attempt",
    "Facet",
    "FacetValue",
    "FailedPage",
    "FindingHit",
    "HostPause",
    "HostPauses",
    "KnownPage",
    "RelatedArticle",
    "Repost",
    "RunLog",
    "SearchHit",
    "SearchQuery",
    "Searcher",
    "SharedGene",
    "Snippet",
    "StatusReport",
    "Store",
    "StoredArticle",
    "connect",
    "is_out_of_reach",
    "open_database",
    "open_searcher",
    "open_store",
]
