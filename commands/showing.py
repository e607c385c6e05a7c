"""`show`: one record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ..storage import open_searcher
from .common import Config, Database, console, database_from
from .options import Argument, Option
from .screen import harmless_json


def show(
    key: Annotated[str, Argument("An article's id, the beginning of one, or its address.", metavar="ID")],
    as_json: Annotated[bool, Option("The record as it is exported.", "--json")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Show one record: its papers, what it names, and its findings with their evidence marked."""
    path = database_from(config, db)
    if as_json:
        with open_searcher(path) as store:
            print(harmless_json(store.read_record_json(store.locate_article(key))))
    else:
        _show_record(path, key)


def _show_record(path: Path, key: str) -> None:
    from ..storage import open_store  # here, because this and rich cost 0.3 s, and JSON does without them
    from .terminal import show_corrections, show_record

    with open_store(path, read_only=True) as store:
        article_id = store.locate_article(key)
        record, checked = store.read_record(article_id), store.read_resolution(article_id)
        show_record(console(), record, checked if checked and checked.is_about(record) else None)
        show_corrections(console(), store.corrections_of(article_id))
