"""`show`: one record."""

from __future__ import annotations

from typing import Annotated

from ..storage import open_store
from .common import Config, Database, console, database_from
from .options import Argument, Option


def show(
    key: Annotated[str, Argument("An article's id, the beginning of one, or its address.", metavar="ID")],
    as_json: Annotated[bool, Option("The record as it is exported.", "--json")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Show one record: its papers, what it names, and its findings with their evidence marked."""
    from .terminal import show_corrections, show_record  # here, because rich costs 0.1 s, and JSON does without

    with open_store(database_from(config, db), read_only=True) as store:
        article_id = store.locate_article(key)
        if as_json:
            print(store.read_record_json(article_id))
        else:
            record, checked = store.read_record(article_id), store.read_resolution(article_id)
            show_record(console(), record, checked if checked and checked.is_about(record) else None)
            show_corrections(console(), store.corrections_of(article_id))
