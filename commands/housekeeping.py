"""`init` and `status`: settings, and the state of things."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..config import commented_config
from ..config_file import CONFIG_FILE
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
        for run_id, ended, counts in store.runs.last_runs(limit=1):
            typer.echo(f"run {run_id}, {ended}: {counts.as_balance()}")
        show_status(console(), store.status())
