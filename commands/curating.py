"""`curate import`: what curators say of claims, back into the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..models.correction import Correction, Curated, NotCurated
from ..storage import open_store
from ..storage.correction_file import read_corrections
from .common import EXIT_SOME_FAILED, Config, Database, counted_noun, settings_from
from .screen import plain


def curate_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Corrections: .jsonl, .tsv or .csv.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who made them, where the file does not say.")] = "",
    overrule: Annotated[bool, typer.Option("--overrule", help="They win over what other curators said.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Take corrections in: accepted, rejected and changed values, which win over the extraction.

    Begin with `wenzhai export --format tsv`, add a column action (accept, reject, change) and for changes
    new_value, and import the file. What cannot be applied is listed, and the rest is applied.
    """
    rows = list(read_corrections(file, curator=by, now=datetime.now(UTC)))
    with open_store(settings_from(config, database=db).database) as store:
        outcomes = store.import_corrections((row for row in rows if isinstance(row, Correction)), overrule=overrule)
    failed = [each for each in (*rows, *outcomes) if isinstance(each, NotCurated)]
    for each in failed:
        typer.echo(f"failed: {plain(each.subject)}: {plain(each.reason)}", err=True)
    taken = [each for each in outcomes if isinstance(each, Curated)]
    new = sum(each.is_new for each in taken)
    counts = {"new": new, "already known": len(taken) - new, "failed": len(failed)}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    typer.echo(f"imported {counted_noun(len(taken) + len(failed), 'correction')}" + (f": {told}" if told else ""))
    if failed:
        raise typer.Exit(EXIT_SOME_FAILED)
