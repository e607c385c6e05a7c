"""`export`: records into the formats of other programs."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..models import ConfigError
from ..storage import SearchQuery, Store, open_store
from ..storage.exporters import (
    BinaryExporter,
    Exporter,
    FolderExporter,
    TextExporter,
    export_binary,
    export_folder,
    exporter,
    exporter_names,
)
from ..storage.exporters import export as export_text
from .common import Config, Database, counted_noun, settings_from
from .filter_options import takes_filters
from .output_files import atomic_bytes, atomic_text, filled_folder, utf8_stdout
from .searching import pointing_into


@takes_filters
def export(
    filters: SearchQuery,
    format_name: Annotated[
        str, typer.Option("--format", "-f", help=f"One of: {', '.join(exporter_names())}.")
    ] = "jsonl",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="File to write; a folder for brat, and for pubannotation with one file a record. [default: stdout]",
        ),
    ] = None,
    since_last: Annotated[
        str,
        typer.Option(metavar="NAME", help="Only what is new or changed since the last export of this name."),
    ] = "",
    db: Database = None,
    config: Config = None,
) -> None:
    """Write validated records, all of them or those that a query and filters find.

    The first export with --since-last NAME contains everything, and the next ones what came since:

        wenzhai export --format atom --since-last feed --output new.atom
    """
    chosen = exporter(format_name)  # a wrong name must not cost an existing file
    to_folder = _check_destination(chosen, output)
    path = settings_from(config, database=db).database
    with open_store(path, read_only=not since_last) as store, pointing_into(filters.text):
        until = store.latest_change() if since_last else None
        if since_last:
            after = store.exported_until(since_last)
            filters = dataclasses.replace(filters, changed_after=after, changed_until=until)
        count = _write(chosen, store, filters, output, to_folder=to_folder)
        if until is not None:
            store.note_export(since_last, until=until, count=count)
    if output is not None:
        typer.echo(f"wrote {counted_noun(count, 'record')} to {output}", err=True)


def _check_destination(chosen: Exporter, output: Path | None) -> bool:
    """Whether the export goes into a folder; what cannot be is told before anything is written."""
    is_one_file = isinstance(chosen, TextExporter | BinaryExporter)
    if isinstance(chosen, FolderExporter) and output is not None and (output.is_dir() or not is_one_file):
        return True
    if not is_one_file:
        raise ConfigError("is written into a folder", subject=chosen.NAME, hint="name one with --output")
    if output is None and not isinstance(chosen, TextExporter) and sys.stdout.isatty():
        raise ConfigError("is not for a terminal", subject=chosen.NAME, hint="name a file with --output")
    return False


def _write(chosen: Exporter, store: Store, filters: SearchQuery, output: Path | None, *, to_folder: bool) -> int:
    records, name = store.iterate_record_json(filters), chosen.NAME
    if to_folder and output is not None:
        with filled_folder(output) as folder:
            return export_folder(name, records, folder)
    if isinstance(chosen, TextExporter):
        if output is None:
            count = export_text(name, records, out := utf8_stdout())
            out.flush()  # before it counts as exported
            return count
        with atomic_text(output) as text:
            return export_text(name, records, text)
    if output is None:
        count = export_binary(name, records, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return count
    with atomic_bytes(output) as binary:
        return export_binary(name, records, binary)
