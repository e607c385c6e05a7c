"""`harvest`: from sources to records."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..config import Settings
from ..config_file import CONFIG_FILE
from ..harvester.clock import Clock
from ..models import ConfigError, Ending, WenzhaiError
from ..storage import open_store
from ..storage.run_lock import run_lock
from .common import EXIT_NOTHING_DONE, EXIT_SOME_FAILED, EXIT_WRONG_USE, Config, Database, counted_noun, settings_from
from .jobs import histories, jobs_again, jobs_due, jobs_named, next_due
from .logs import LogFormatOption, Quiet, log_event, logging_to
from .progress import Screen
from .screen import plain
from .stopping import Signals
from .terminal import local_time
from .worker_options import Workers, load_extractor, open_digesters

if TYPE_CHECKING:
    from .harvest_runs import RunResult


def harvest(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME|PATH|URL]…",
            help="Sources by name, folders, archives, files, addresses. [default: sources that are due]",
        ),
    ] = None,
    run_all: Annotated[bool, typer.Option("--now", help="All enabled sources, whether they are due or not.")] = False,
    log_format: LogFormatOption = None,
    quiet: Quiet = False,
    workers: Workers = 1,
    db: Database = None,
    config: Config = None,
) -> None:
    """Read articles, extract their records and store them: one pass over what is due, fit for cron.

    What is already stored and has not changed is left alone, so running it again is cheap. A page that fails
    is listed with its reason and kept; the rest goes on. Asked to stop, it finishes the article in hand.
    """
    settings = settings_from(config, database=db)
    if not targets and not settings.sources:
        raise ConfigError(
            "nothing to harvest", hint=f"name a folder, an archive or an address, or set sources in {CONFIG_FILE}"
        )
    with Signals() as signals, Screen(bar=not quiet and log_format is None) as screen:
        with logging_to(screen.line, log_format=log_format, quiet=quiet), _errors_logged(wanted=log_format is not None):
            result = _harvest(
                settings, targets or [], run_all=run_all, signals=signals, screen=screen, quiet=quiet, workers=workers
            )
        if result is None:
            return
        if not quiet:
            _tell(result, settings)
        if result.ended is Ending.STOPPED and signals.stopped_by is not None:
            raise typer.Exit(128 + signals.stopped_by)  # as shells tell it
        if result.counts.failed:
            raise typer.Exit(EXIT_SOME_FAILED)


@contextmanager
def _errors_logged(*, wanted: bool) -> Iterator[None]:
    """Whoever reads the log is told there why nothing could be done, in the log's form."""
    try:
        yield
    except WenzhaiError as error:
        if not wanted:
            raise
        log_event(logging.ERROR, "run_failed", str(error), error=str(error))
        raise typer.Exit(EXIT_WRONG_USE if isinstance(error, ConfigError) else EXIT_NOTHING_DONE) from error


def _harvest(
    settings: Settings,
    targets: list[str],
    *,
    run_all: bool,
    signals: Signals,
    screen: Screen,
    quiet: bool,
    workers: int,
) -> RunResult | None:
    """One run under the lock; None when there is nothing to do."""
    clock = Clock(sleep=signals.sleep)
    # The lock first: whoever is turned away is to know at once.
    with run_lock(settings.database, now=clock.now()), open_store(settings.database, create=True) as store:
        known, now = histories(settings, store), clock.now()
        enabled = [name for name, source in settings.sources.items() if source.enabled]
        named = targets or (enabled if run_all else [])
        jobs = jobs_named(settings, named) if named else jobs_due(settings, known, now)
        if not targets:
            jobs += jobs_again(store, now)
        if not jobs:
            coming = next_due(settings, known, now)
            if not quiet:
                told = f"; next: {plain(coming[1])} at {local_time(coming[0])}" if coming else ""
                typer.echo(f"nothing is due{told}")
            return None
        from .harvest_runs import Means, run_jobs

        means = Means(
            settings=settings,
            store=store,
            extractor=lambda: load_extractor(settings),
            clock=clock,
            stopped=lambda: signals.stopped,
            screen=screen,
            digesters=lambda extractor: open_digesters(extractor, workers=workers),
        )
        return run_jobs(jobs, means, command="harvest")


def _tell(result: RunResult, settings: Settings) -> None:
    """The summary of a run: one line, and one more a source when several sources of the settings were read."""
    told = result.counts.as_text()
    stopped = ", then stopped as asked" if result.ended is Ending.STOPPED else ""
    typer.echo(f"harvested {counted_noun(result.counts.seen, 'article')}" + (f": {told}" if told else "") + stopped)
    named = [source for source in result.sources if source.name in settings.sources]
    if len(named) > 1:
        for source in named:
            typer.echo(f"  {plain(source.name)}: {source.error and 'failed; '}{source.counts.as_text() or 'nothing'}")
