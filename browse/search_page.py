"""What the search page shows: hits or sentences, how all that was found divides, and the links between."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..models import ArticleKind, QueryError
from ..storage import Facet, FindingHit, SearchHit, SearchQuery, Store
from .addresses import FILTERS, record_address, search_address
from .marking import Entity, Piece

PAGE_SIZE = 20
FACET_SIZE = 8
_FACETS: tuple[tuple[Facet, str], ...] = (
    ("journal", "Journal"),
    ("gene", "Gene"),
    ("method", "Method"),
    ("account", "Account"),
    ("month", "Month"),
    ("kind", "Kind"),
)
_FOUND = Entity("found", "")

Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Link:
    """Words, where they lead, how many articles are there, and whether one is there already."""

    text: str
    href: str
    count: int = 0
    chosen: bool = False


def search_query(parameters: Parameters) -> SearchQuery:
    """The search that the parameters of an address ask for; unknown ones are passed over.

    Raises:
        QueryError: a month, kind or page that is none.
    """
    since, until = _month(_first(parameters, "month"))
    return SearchQuery(
        text=_first(parameters, "q"),
        genes=tuple(gene for gene in parameters.get("gene", ()) if gene),
        pmid=_first(parameters, "pmid"),
        doi=_first(parameters, "doi"),
        journal=_first(parameters, "journal"),
        method=_first(parameters, "method"),
        tool=_first(parameters, "tool"),
        disease=_first(parameters, "disease"),
        accession=_first(parameters, "accession"),
        account=_first(parameters, "account"),
        kind=_kind(_first(parameters, "kind")),
        since=since,
        until=until,
        limit=PAGE_SIZE,
        offset=(_page(_first(parameters, "page")) - 1) * PAGE_SIZE,
        sort="date" if _first(parameters, "sort") == "date" else "relevance",
    )


def search_page(store: Store, parameters: Parameters) -> dict[str, Any]:
    """Everything the template needs. Raises QueryError."""
    query = search_query(parameters)
    in_sentences = _first(parameters, "view") == "findings"
    # One more than is shown tells whether there is a next page.
    wanted = replace(query, limit=PAGE_SIZE + 1)
    hits = [] if in_sentences else store.search(wanted)
    sentences = store.search_findings(wanted) if in_sentences else []
    chosen = _chosen(parameters)
    page = query.offset // PAGE_SIZE + 1
    return {
        "words": query.text,
        "count": store.count(query),
        "in_sentences": in_sentences,
        "hits": [_hit(hit) for hit in hits[:PAGE_SIZE]],
        "sentences": [_sentence(hit) for hit in sentences[:PAGE_SIZE]],
        "filters": [
            Link(f"{name}: {value}", search_address(_without(chosen, name, value)))
            for name, value in chosen
            if name in FILTERS
        ],
        "hidden": [(name, value) for name, value in chosen if name != "q"],
        "facets": _facets(store, query, chosen),
        "article_view": search_address(_with(chosen, "view", "")),
        "sentence_view": search_address(_with(chosen, "view", "findings")),
        "previous": search_address([*chosen, ("page", str(page - 1))]) if page > 1 else "",
        "next": search_address([*chosen, ("page", str(page + 1))]) if len(hits or sentences) > PAGE_SIZE else "",
    }


def highlighted(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The text in pieces, of which those in the spans are marked as found."""
    pieces: list[Piece] = []
    place = 0
    for start, end in spans:
        pieces += [Piece(text[place:start]), Piece(text[start:end], _FOUND)]
        place = end
    return (*pieces, Piece(text[place:]))


def _facets(store: Store, query: SearchQuery, chosen: list[tuple[str, str]]) -> list[tuple[str, list[Link]]]:
    counts = store.facet_counts(query, [facet for facet, _ in _FACETS], top=FACET_SIZE)
    return [
        (
            label,
            [
                Link(
                    each.value,
                    search_address(
                        _without(chosen, facet, each.value)
                        if (facet, each.value) in chosen
                        else _narrowed(chosen, facet, each.value)
                    ),
                    each.count,
                    (facet, each.value) in chosen,
                )
                for each in counts[facet]
            ],
        )
        for facet, label in _FACETS
    ]


def _chosen(parameters: Parameters) -> list[tuple[str, str]]:
    """The parameters that stay from page to page."""
    names = ("q", *FILTERS, "view", "sort")
    return [(name, value) for name in names for value in parameters.get(name, ()) if value]


def _with(chosen: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    return [*((each, other) for each, other in chosen if each != name), (name, value)]


def _narrowed(chosen: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    # Several genes may be asked for together; of the rest, a new value takes the place of the old.
    return [*chosen, (name, value)] if name == "gene" else _with(chosen, name, value)


def _without(chosen: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    return [pair for pair in chosen if pair != (name, value)]


def _hit(hit: SearchHit) -> dict[str, Any]:
    return {
        "title": highlighted(hit.title, hit.title_highlights),
        "href": record_address(hit.article_id),
        "account": hit.account,
        "date": f"{hit.published_at:%Y-%m-%d}" if hit.published_at else "",
        "kind": hit.kind.value,
        "journals": hit.journals[:3],
        "snippet": highlighted(hit.snippet.text, hit.snippet.highlights),
        "cut": hit.snippet.cut,
    }


def _sentence(hit: FindingHit) -> dict[str, Any]:
    return {
        "text": highlighted(hit.text, hit.highlights),
        "title": hit.title,
        "href": f"{record_address(hit.article_id)}#f{hit.start}",
        "account": hit.account,
        "date": f"{hit.published_at:%Y-%m-%d}" if hit.published_at else "",
        "role": hit.role.value,
        "key": hit.key,
    }


def _first(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, ())
    return values[0] if values else ""


def _kind(value: str) -> ArticleKind | None:
    try:
        return ArticleKind(value) if value else None
    except ValueError as error:
        raise QueryError(f"there is no kind of article called {value}", subject="kind") from error


def _month(value: str) -> tuple[date | None, date | None]:
    """First and last day of a month written 2024-05."""
    if not value:
        return None, None
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError as error:
        raise QueryError(f"{value} is not a month", subject="month", hint="write it as 2024-05") from error
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _page(value: str) -> int:
    if value and (not value.isascii() or not value.isdigit() or not 0 < int(value[:9]) < 10**6):
        raise QueryError(f"there is no page {value}", subject="page")
    return int(value[:9]) if value else 1
