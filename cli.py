"""The command line: which commands there are, and what becomes of errors.

Exit codes: 0 all well; 1 some articles failed (they are listed and stay queued); 2 wrong use;
3 nothing could be done (no database, locked, damaged, another harvest at work, a broken lexicon); `harvest` that
was asked to stop ends as shells tell it: 143 after SIGTERM, 130 after Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from . import __version__
from .commands.browsing import browse, report
from .commands.common import EXIT_NOTHING_DONE, EXIT_WRONG_USE
from .commands.curating import curate_import
from .commands.doctoring import doctor
from .commands.exporting import export
from .commands.harvesting import extract, harvest
from .commands.housekeeping import init, status
from .commands.lexicons import lexicon_check, lexicon_status, lexicon_update
from .commands.resolving import resolve
from .commands.searching import search, show
from .commands.watching import watch
from .models import ConfigError, QueryError, WenzhaiError

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
for command in (
    init, harvest, watch, extract, search, show, export, resolve, browse, report, status, doctor,
):  # fmt: skip
    app.command()(command)
curate_app.command("import")(curate_import)
app.add_typer(curate_app, name="curate")
lexicon_app.command("status")(lexicon_status)
lexicon_app.command("check")(lexicon_check)
lexicon_app.command("update")(lexicon_update)
app.add_typer(lexicon_app, name="lexicon")


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"wenzhai {__version__}")
        raise typer.Exit


def main() -> None:
    """The entry point: runs a command, and turns our errors into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to fail
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where it can be dealt with, and not when Python ends
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; Python must not complain when flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (QueryError, ConfigError) as error:
        _complain(str(error))
        sys.exit(EXIT_WRONG_USE)
    except WenzhaiError as error:
        _complain(str(error))
        sys.exit(EXIT_NOTHING_DONE)


def _complain(message: str) -> None:
    typer.echo(f"wenzhai: {message}", err=True)
