"""The filters that `search` and `export` share, declared once and given to both commands."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, get_type_hints

from ..models import ArticleKind
from ..storage import SearchQuery
from .options import Argument, Option


def _filters(
    query: Annotated[
        str, Argument('Words that must all occur; OR, NOT or -word, "a phrase", prefix*, title:word.')
    ] = "",
    gene: Annotated[list[str] | None, Option("A gene under any of its names; repeatable.")] = None,
    pmid: Annotated[str, Option("A paper's PMID.")] = "",
    doi: Annotated[str, Option("A paper's DOI.")] = "",
    journal: Annotated[str, Option("A journal: name, abbreviation or ISSN.")] = "",
    method: Annotated[str, Option("A method.")] = "",
    tool: Annotated[str, Option("A software, package or database.")] = "",
    disease: Annotated[str, Option("A disease.")] = "",
    accession: Annotated[str, Option("GSE…, NCT…, a GitHub repository …")] = "",
    account: Annotated[str, Option("The public account.")] = "",
    kind: Annotated[ArticleKind | None, Option("Kind of article.")] = None,
    has: Annotated[
        list[str] | None, Option("What the record must have, as in pmid,findings; repeatable.", metavar="NAMES")
    ] = None,
    since: Annotated[datetime | None, Option("Published on this day or later.")] = None,
    until: Annotated[datetime | None, Option("Published on this day or earlier.")] = None,
) -> SearchQuery:
    return SearchQuery(
        text=query,
        genes=tuple(gene or ()),
        pmid=pmid,
        doi=doi,
        journal=journal,
        method=method,
        tool=tool,
        disease=disease,
        accession=accession,
        account=account,
        kind=kind,
        has=comma_separated(has),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )


def comma_separated(values: Iterable[str] | None) -> tuple[str, ...]:
    """The names that an option was given, once or several times, several of them joined by commas."""
    names = (name.strip() for value in values or () for name in value.split(","))
    return tuple(name for name in names if name)


def takes_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the filter options; it receives them as one `SearchQuery` called ``filters``."""
    hints = get_type_hints(_filters, include_extras=True)
    shared = [
        parameter.replace(annotation=hints[name]) for name, parameter in inspect.signature(_filters).parameters.items()
    ]
    own_hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=own_hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "filters"
    ]

    @functools.wraps(command)
    def wrapped(**values: Any) -> None:
        filters = _filters(**{parameter.name: values.pop(parameter.name) for parameter in shared})
        command(filters=filters, **values)

    wrapped.__signature__ = inspect.Signature([*shared, *own])  # type: ignore[attr-defined]  # inspect reads it
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in (*shared, *own)}
    return wrapped
