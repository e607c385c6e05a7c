"""What commands share: the options of every one, settings, console, and the way of counting things."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..config import CONFIG_FILE, Settings, load_settings

EXIT_SOME_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_NOTHING_DONE = 3

Database = Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database. [default: wenzhai.db]")]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help=f"Settings. [default: {CONFIG_FILE} if there is one]")
]


def settings_from(config: Path | None, **flags: Any) -> Settings:
    """The settings in force for a command; a flag that is None was not given."""
    return load_settings(config=config, environment=os.environ, flags=flags)


def console() -> Console:
    """The standard output, lines as long as they are."""
    return Console(highlight=False, emoji=False, markup=False, soft_wrap=True)


def counted_noun(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
