"""`harvest` and `extract`: from sources, or from stored pages, to records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from .. import __version__
from ..config import CONFIG_FILE
from ..models import ConfigError, Failed, Outcome, Skipped
from ..storage import open_store
from .common import EXIT_SOME_FAILED, Config, Database, counted_noun, settings_from
from .terminal import outcome_line

_COUNTED = ("new", "changed", "unchanged", "skipped", "failed")


def harvest(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]…", help="Folders, archives, files, addresses. [default: `sources`]"),
    ] = None,
    db: Database = None,
    config: Config = None,
) -> None:
    """Read articles, extract their records and store them: one pass, fit for cron.

    What is already stored and has not changed is left alone, so running it again is cheap. A page that fails
    is listed with its reason and kept; the rest goes on.
    """
    from ..extractors.nlp import Extractor
    from ..harvester.sources import SourceContext
    from ..pipeline import fetch_options
    from ..pipeline import harvest as run

    settings = settings_from(config, database=db)
    named = tuple(targets or settings.sources)
    if not named:
        raise ConfigError(
            "nothing to harvest", hint=f"name a folder, an archive or an address, or set sources in {CONFIG_FILE}"
        )
    extractor = Extractor(version=__version__, data_folder=settings.data_folder)
    with (
        open_store(settings.database, create=True) as store,
        SourceContext(options=fetch_options(settings)) as context,
    ):
        outcomes = run(named, store=store, extractor=extractor, context=context)
        _report(outcomes, verb="harvested")


def extract(
    db: Database = None,
    config: Config = None,
    everything: Annotated[
        bool, typer.Option("--all/--stale", help="Every record, or only those an older extractor or lexicon made.")
    ] = False,
) -> None:
    """Make records anew from the stored pages, without fetching anything."""
    from ..extractors.nlp import Extractor
    from ..pipeline import extract_again

    settings = settings_from(config, database=db)
    extractor = Extractor(version=__version__, data_folder=settings.data_folder)
    with open_store(settings.database) as store:
        _report(extract_again(store=store, extractor=extractor, everything=everything), verb="extracted")


def _report(outcomes: Iterable[Outcome], *, verb: str) -> None:
    """Draws progress on a terminal, prints failures as they come, a summary at the end; exits 1 if any failed."""
    counts: Counter[str] = Counter()
    with _progress() as advance:
        for outcome in outcomes:
            counts[_counted(outcome)] += 1
            advance(outcome_line(outcome) if isinstance(outcome, Failed | Skipped) else "", counts)
    told = ", ".join(f"{counts[name]} {name}" for name in _COUNTED if counts[name])
    typer.echo(f"{verb} {counted_noun(counts.total(), 'article')}" + (f": {told}" if told else ""))
    if counts["failed"]:
        raise typer.Exit(EXIT_SOME_FAILED)


def _counted(outcome: Outcome) -> str:
    if isinstance(outcome, Failed):
        return "failed"
    return "skipped" if isinstance(outcome, Skipped) else outcome.change.value


@contextmanager
def _progress() -> Iterator[Any]:
    """A function that takes a line to print (or nothing) and the counts so far."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda line, _counts: typer.echo(line, err=True) if line else None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} articles"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(line: str, counts: Counter[str]) -> None:
            if line:
                bar.console.print(line)
            told = "  ".join(f"{count} {name}" for name, count in counts.items())
            bar.update(task, advance=1, description=told)

        yield advance
