"""The database: one SQLite file with pages, articles, records and a search that works in Chinese."""

from .articles import StoredArticle
from .database import connect, is_out_of_reach, open_database
from .facets import Facet, FacetValue
from .filters import SearchQuery
from .pages import KnownPage
from .search import SearchHit
from .search_findings import FindingHit
from .snippets import Snippet
from .status import FailedPage, StatusReport
from .store import Store, open_store

__all__ = [
    "Facet",
    "FacetValue",
    "FailedPage",
    "FindingHit",
    "KnownPage",
    "SearchHit",
    "SearchQuery",
    "Snippet",
    "StatusReport",
    "Store",
    "StoredArticle",
    "connect",
    "is_out_of_reach",
    "open_database",
    "open_store",
]
