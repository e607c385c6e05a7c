"""`search`, `show` and `export`: what is in the database, for people and for programs."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.cells import cell_len

from ..models import QueryError, StorageError
from ..storage import SearchQuery, open_store
from ..storage.exporters import export as write_records
from ..storage.exporters import exporter, exporter_names
from .common import Config, Database, console, counted_noun, settings_from
from .filter_options import takes_filters
from .terminal import show_finding_hits, show_hits, show_record


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
    with open_store(settings_from(config, database=db).database, read_only=True) as store, _pointing_into(wanted.text):
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
def _pointing_into(query: str) -> Iterator[None]:
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
            show_record(console(), store.read_record(article_id))


@takes_filters
def export(
    filters: SearchQuery,
    format_name: Annotated[
        str, typer.Option("--format", "-f", help=f"One of: {', '.join(exporter_names())}.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. [default: stdout]")
    ] = None,
    db: Database = None,
    config: Config = None,
) -> None:
    """Write validated records, all of them or those that a query and filters find."""
    exporter(format_name)  # a wrong name must not cost an existing file
    with open_store(settings_from(config, database=db).database, read_only=True) as store, _pointing_into(filters.text):
        records = store.iterate_record_json(filters)
        if output is None:
            write_records(format_name, records, _utf8_stdout())
            return
        with atomic_text(output) as out:
            count = write_records(format_name, records, out)
    typer.echo(f"wrote {counted_noun(count, 'record')} to {output}", err=True)


def _utf8_stdout() -> TextIO:
    """The standard output, in the encoding of a file whatever the terminal's is: an export is data."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    return sys.stdout


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """A file that takes the place of `path` only when all of it is written."""
    if path.is_dir():
        raise StorageError("is a folder", subject=str(path), hint="name a file in it")
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        partial.replace(path)
    except OSError as error:
        raise StorageError("cannot be written", subject=str(path), hint=str(error.strerror)) from error
    finally:
        with suppress(OSError):
            partial.unlink()
