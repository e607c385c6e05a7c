"""`init`, `status` and `lexicon …`: settings, the state of things, and what the program knows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..config import CONFIG_FILE, commented_config
from ..harvester.clock import utc_now
from ..models import ConfigError
from ..storage import open_store
from .common import Config, Database, console, settings_from
from .source_status import source_lines
from .terminal import show_status


def init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path(CONFIG_FILE),
) -> None:
    """Write a wenzhai.toml: every setting with its default and an explanation, and sources as examples."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(commented_config())
    except FileExistsError as error:
        raise ConfigError("is there already", subject=str(path), hint="remove it, or name another file") from error
    except OSError as error:
        raise ConfigError("cannot be written", subject=str(path), hint=str(error.strerror)) from error
    typer.echo(f"wrote {path}")


def status(db: Database = None, config: Config = None) -> None:
    """Tell how the sources fare, what is in the database, what failed, and when it is tried again."""
    settings = settings_from(config, database=db)
    with open_store(settings.database, read_only=True) as store:
        for line in source_lines(settings, store, now=utc_now()):
            typer.echo(line)
        show_status(console(), store.status())


def lexicon_status(config: Config = None) -> None:
    """List the lexicons in force: file, entries, version."""
    from ..extractors.knowledge import lexicon_summary

    for summary in lexicon_summary(settings_from(config).data_folder):
        typer.echo(f"{summary.name:<28} {summary.entries:>6} entries  version {summary.version}  {summary.path}")


def lexicon_check(config: Config = None) -> None:
    """Read every lexicon and tell whether it is well-formed."""
    from ..extractors.knowledge import load_knowledge

    knowledge = load_knowledge(settings_from(config).data_folder)
    typer.echo(f"all well: {len(knowledge.entries)} entries")


def lexicon_update(
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="HGNC's complete set, plain or gzipped.")],
    config: Config = None,
) -> None:
    """Put HGNC's complete set (genenames.org, hgnc_complete_set.txt) beside the built-in genes.

    The file is checked before it replaces anything. Records made from now on use it; `wenzhai extract` remakes the
    older ones.
    """
    from ..extractors.knowledge import install_complete_set

    count, path = install_complete_set(source, data_folder=settings_from(config).data_folder)
    typer.echo(f"{count} genes from {source} are in force now ({path}); `wenzhai extract` remakes older records")
