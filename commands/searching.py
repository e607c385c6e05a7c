"""`search` and `show`: what is in the database, for people and for programs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.cells import cell_len

from ..models import QueryError
from ..storage import SearchQuery, open_store
from .common import Config, Database, console, counted_noun, settings_from
from .filter_options import takes_filters
from .terminal import show_corrections, show_finding_hits, show_hits, show_record


@takes_filters
def search(
    filters: SearchQuery,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many to show.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    findings: Annotated[bool, typer.Option("--findings", help="Show sentences that state results.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Find articles by their words and by what they say.

    Chinese terms of any length, and Latin ones with their punctuation, are found inside Chinese text:

        wenzhai search '单细胞 PD-L1' --journal Nature --since 2024-01-01
    """
    wanted = dataclasses.replace(filters, limit=limit, offset=offset, sort="date" if newest else "relevance")
    screen = console()
    with open_store(settings_from(config, database=db).database, read_only=True) as store, pointing_into(wanted.text):
        if findings:
            sentences = store.search_findings(wanted)
            _show(sentences, as_json=as_json, show=lambda: show_finding_hits(screen, sentences, first=offset + 1))
            told = counted_noun(len(sentences), "sentence") if sentences else "nothing found"
        else:
            hits = store.search(wanted)
            _show(hits, as_json=as_json, show=lambda: show_hits(screen, hits, first=offset + 1))
            count = store.count(wanted)
            told = f"{len(hits)} of {counted_noun(count, 'article')}" if count else "nothing found"
    if not as_json:
        typer.echo(told)


@contextmanager
def pointing_into(query: str) -> Iterator[None]:
    """Shows where in the query a QueryError stopped, before it goes on its way."""
    try:
        yield
    except QueryError as error:
        if error.position is not None:
            # A Chinese character is two cells wide.
            typer.echo(f"  {query}\n  {' ' * cell_len(query[: error.position])}^", err=True)
        raise


def _show(hits: Sequence[Any], *, as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        for hit in hits:
            typer.echo(json.dumps(dataclasses.asdict(hit), ensure_ascii=False, default=_as_json))
    else:
        show()


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def show(
    key: Annotated[str, typer.Argument(metavar="ID", help="An article's id, the beginning of one, or its address.")],
    as_json: Annotated[bool, typer.Option("--json", help="The record as it is exported.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Show one record: its papers, what it names, and its findings with their evidence marked."""
    with open_store(settings_from(config, database=db).database, read_only=True) as store:
        article_id = store.locate_article(key)
        if as_json:
            typer.echo(store.read_record_json(article_id))
        else:
            record, checked = store.read_record(article_id), store.read_resolution(article_id)
            show_record(console(), record, checked if checked and checked.is_about(record) else None)
            show_corrections(console(), store.corrections_of(article_id))
