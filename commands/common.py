"""What commands share: the options of every one, settings, console, and the way of counting things."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from ..config_file import CONFIG_FILE, DATABASE_FILE, database_setting
from .options import Option

if TYPE_CHECKING:
    from rich.console import Console

    from ..config import Settings

EXIT_SOME_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_NOTHING_DONE = 3

Database = Annotated[Path | None, Option(f"The database. [default: {DATABASE_FILE}]", "--db", metavar="FILE")]
Config = Annotated[
    Path | None, Option(f"Settings. [default: {CONFIG_FILE} if there is one]", "--config", metavar="FILE")
]


def settings_from(config: Path | None, **flags: Any) -> Settings:
    """The settings in force for a command; a flag that is None was not given."""
    from ..config import load_settings  # here and below, because a search needs none of it, and it costs 0.3 s

    return load_settings(config=config, environment=os.environ, flags=flags)


def database_from(config: Path | None, db: Path | None) -> Path:
    """Where the database is: for commands that need no other setting, and leave the others unjudged."""
    found = database_setting(config=config, environment=os.environ, flag=db)
    return found or settings_from(config, database=db).database


def console() -> Console:
    """The standard output, lines as long as they are."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False, soft_wrap=True)


def counted_noun(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
