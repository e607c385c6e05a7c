"""All commands, as Typer's: what explains them, and understands whatever is asked of them."""

from __future__ import annotations

from typing import Annotated

import typer

from . import __version__
from .commands.browsing import browse, report
from .commands.curating import curate_import
from .commands.databases import db_backup, db_check, db_compact, db_stats
from .commands.doctoring import doctor
from .commands.exporting import export
from .commands.extracting import extract
from .commands.harvesting import harvest
from .commands.housekeeping import init, status
from .commands.lake import digest, load
from .commands.lexicons import lexicon_check, lexicon_status, lexicon_update
from .commands.resolving import resolve
from .commands.searching import related, search
from .commands.showing import show
from .commands.typer_commands import for_typer
from .commands.watching import watch

app = typer.Typer(
    name="wenzhai",
    help="Reads Chinese digests of biomedical papers and turns each into a checked, searchable record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would take the brackets of "[default: …]" for markup
)
curate_app = typer.Typer(
    help="Curation: corrections of records, which win over the extraction.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
lexicon_app = typer.Typer(
    help="The lexicons: what is in force, and putting a newer one in.", no_args_is_help=True, rich_markup_mode=None
)
db_app = typer.Typer(
    help="The database file: checked, copied, made small, counted.", no_args_is_help=True, rich_markup_mode=None
)
for command in (
    init, harvest, watch, extract, digest, load, search, show, related, export, resolve, browse, report, status, doctor,
):  # fmt: skip
    app.command()(for_typer(command))
curate_app.command("import")(for_typer(curate_import))
app.add_typer(curate_app, name="curate")
lexicon_app.command("status")(for_typer(lexicon_status))
lexicon_app.command("check")(for_typer(lexicon_check))
lexicon_app.command("update")(for_typer(lexicon_update))
app.add_typer(lexicon_app, name="lexicon")
db_app.command("check")(for_typer(db_check))
db_app.command("backup")(for_typer(db_backup))
db_app.command("compact")(for_typer(db_compact))
db_app.command("stats")(for_typer(db_stats))
app.add_typer(db_app, name="db")


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"wenzhai {__version__}")
        raise typer.Exit
