"""`browse` and `report`: the database in a web browser, and a period of it on one page."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..models import ConfigError
from ..storage import open_store
from .common import Config, Database, counted_noun, settings_from
from .output_files import atomic_text, utf8_stdout

if TYPE_CHECKING:
    from ..report.summary import Summary

_DAY = ["%Y-%m-%d"]
_A_WEEK = 7


def browse(
    host: Annotated[str, typer.Option(help="The address to serve at; this machine's own, unless given.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 8001,
    db: Database = None,
    config: Config = None,
) -> None:
    """Serve the database to a web browser, read only, until interrupted.

    A search page, a page for every record with its evidence marked, and Datasette's tables, facets and queries.
    """
    _require("datasette", extra="browse")
    from ..browse.server import serve

    path = settings_from(config, database=db).database
    serve(path, host=host, port=port, announce=lambda address: typer.echo(f"{path} is at {address} (Ctrl-C ends)"))


class ReportFormat(StrEnum):
    HTML = "html"
    MD = "md"


def report(
    since: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="First day. [default: a week up to the last day]")
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day. [default: today]")] = None,
    format_name: Annotated[
        ReportFormat | None, typer.Option("--format", "-f", help="[default: what FILE ends in, or html]")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. [default: stdout]")
    ] = None,
    articles: Annotated[int, typer.Option(min=0, help="Show the key findings of so many articles.")] = 50,
    db: Database = None,
    config: Config = None,
) -> None:
    """Write what was digested in a period, and what is rising, as one page that needs nothing else."""
    from ..report.period import Period
    from ..report.summary import summarise

    is_markdown = format_name is ReportFormat.MD or (
        format_name is None and output is not None and output.suffix.lower() in (".md", ".markdown")
    )
    if not is_markdown:
        _require("matplotlib", extra="report")
    now = datetime.now().astimezone()
    last = until.date() if until else now.date()
    period = Period(since.date() if since else last - timedelta(_A_WEEK - 1), last)
    with open_store(settings_from(config, database=db).database, read_only=True) as store:
        summary = summarise(store, period, most_articles=articles)
    text = _rendered(summary, made_at=now, is_markdown=is_markdown)
    if output is None:
        utf8_stdout().write(text)
        return
    with atomic_text(output) as out:
        out.write(text)
    typer.echo(f"wrote {counted_noun(summary.articles, 'article')} of {period} to {output}", err=True)


def _rendered(summary: Summary, *, made_at: datetime, is_markdown: bool) -> str:
    if is_markdown:
        from ..report.markdown import markdown_page

        return markdown_page(summary, made_at=made_at)
    from ..report.html_page import html_page  # draws charts, which takes a second to load

    return html_page(summary, made_at=made_at)


def _require(module: str, *, extra: str) -> None:
    if find_spec(module) is None:
        raise ConfigError(f"needs {module}", subject=f"wenzhai {extra}", hint=f"pip install 'wenzhai[{extra}]'")
