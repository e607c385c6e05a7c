"""`lexicon status`, `lexicon check` and `lexicon update`: what the program knows, and newer knowledge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..models import ConfigError
from .common import EXIT_NOTHING_DONE, EXIT_SOME_FAILED, Config, settings_from
from .screen import plain

if TYPE_CHECKING:
    from ..extractors.lexicon_updates import Installed


def lexicon_status(config: Config = None) -> None:
    """List the lexicons in force: file, entries, version (with its date where it was updated), origin."""
    from ..extractors.knowledge import lexicon_summary

    for summary in lexicon_summary(settings_from(config).data_folder):
        origin = f"  from {summary.note.origin}" if summary.note else ""
        typer.echo(
            f"{summary.name:<28} {summary.entries:>6} entries  version {summary.version:<23}  {summary.path}{origin}"
        )


def lexicon_check(config: Config = None) -> None:
    """Read every lexicon and tell whether it is well-formed."""
    from ..extractors.knowledge import load_knowledge

    knowledge = load_knowledge(settings_from(config).data_folder)
    typer.echo(f"all well: {len(knowledge.entries)} entries")


def lexicon_update(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[genes|journals|diseases|assays]…", help="Which. [default: all]")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A downloaded file, plain or gzipped, instead of the network."),
    ] = None,
    config: Config = None,
) -> None:
    """Put published lexicons beside the built-in ones, from their official addresses or from a file.

    HGNC's complete set of genes, NLM's list of journals, the Disease Ontology, and the assays of OBI. Each is
    checked before it replaces anything: its size, its header, how many entries it has. Records made from now on
    use it and name its version; `wenzhai extract` remakes the older ones.
    """
    from ..extractors.lexicon_updates import install
    from ..lexicon_updating import FailedUpdate, update_lexicons, wanted_kinds

    settings = settings_from(config)
    today = datetime.now(UTC).date()
    kinds = wanted_kinds(names or ())
    if source is not None:
        if names and len(kinds) > 1:
            raise ConfigError("one file is one lexicon", subject=" ".join(names), hint="name one with --from")
        kind = kinds[0] if names else None
        _tell(install(source, data_folder=settings.data_folder, origin=source.name, today=today, kind=kind))
        return
    failed = 0
    for outcome in update_lexicons(kinds, settings=settings, today=today):
        if isinstance(outcome, FailedUpdate):
            failed += 1
            typer.echo(f"failed: {outcome.kind.title} stays as it was: {plain(str(outcome.problem))}", err=True)
        else:
            _tell(outcome)
    if failed:
        raise typer.Exit(EXIT_SOME_FAILED if failed < len(kinds) else EXIT_NOTHING_DONE)


def _tell(installed: Installed) -> None:
    told = "in force now; `wenzhai extract` remakes older records" if installed.changed else "in force already"
    released = plain(installed.note.released)  # the file says so itself
    typer.echo(f"{installed.kind.title}: {installed.entries} entries of {released} are {told}")
