"""The addresses of our pages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

SEARCH = "/-/wenzhai"
RECORD = "/-/wenzhai/record"
FILTERS = ("gene", "journal", "method", "tool", "disease", "accession", "account", "kind", "doi", "pmid", "month")


def search_address(parameters: Iterable[tuple[str, str]]) -> str:
    """The search page with these parameters; empty ones are left out."""
    query = urlencode([(name, value) for name, value in parameters if value])
    return f"{SEARCH}?{query}" if query else SEARCH


def entity_address(kind: str, name: str) -> str:
    """Every record that names this entity; empty for kinds that cannot be searched for."""
    return search_address([(kind, name)]) if kind in FILTERS else ""


def record_address(article_id: str) -> str:
    """The page of a record."""
    return f"{RECORD}/{article_id}"
