"""`search`: what is in the database, for people and for programs.

Loads neither Typer nor rich nor pydantic, nor anything else that is not Python's own: see `quick_commands`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

from ..models import QueryError
from ..storage import SearchQuery, open_searcher
from .common import Config, Database, counted_noun, database_from
from .filter_options import takes_filters
from .hit_lines import show_finding_hits, show_hits
from .json_lines import print_json
from .options import Option
from .screen import cell_width, screen


@takes_filters
def search(
    filters: SearchQuery,
    limit: Annotated[int, Option("How many to show.", "--limit", "-n", minimum=1)] = 10,
    offset: Annotated[int, Option("How many to pass over.", minimum=0)] = 0,
    findings: Annotated[bool, Option("Show sentences that state results.")] = False,
    newest: Annotated[bool, Option("Newest first instead of best first.")] = False,
    as_json: Annotated[bool, Option("One JSON object a line.", "--json")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Find articles by their words and by what they say.

    Chinese terms of any length, and Latin ones with their punctuation, are found inside Chinese text:

        wenzhai search '单细胞 PD-L1' --journal Nature --since 2024-01-01
    """
    wanted = replace(filters, limit=limit, offset=offset, sort="date" if newest else "relevance")
    with open_searcher(database_from(config, db)) as store, pointing_into(wanted.text):
        if findings:
            sentences = store.search_findings(wanted)
            if as_json:
                print_json(sentences)
                return
            show_finding_hits(screen(), sentences, first=offset + 1)
            told = counted_noun(len(sentences), "sentence") if sentences else "nothing found"
        else:
            hits = store.search(wanted)
            if as_json:
                print_json(hits)
                return
            show_hits(screen(), hits, first=offset + 1)
            count = store.count(wanted)
            told = f"{len(hits)} of {counted_noun(count, 'article')}" if count else "nothing found"
    print(told)


@contextmanager
def pointing_into(query: str) -> Iterator[None]:
    """Shows where in the query a QueryError stopped, before it goes on its way."""
    try:
        yield
    except QueryError as error:
        if error.position is not None:
            print(f"  {query}\n  {' ' * cell_width(query[: error.position])}^", file=sys.stderr)
        raise
