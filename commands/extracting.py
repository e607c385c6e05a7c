"""`extract`: from stored pages to records, here, on all cores, or on a cluster."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ..config import Settings
from ..harvester.clock import utc_now
from ..models import Ending, Failed, RunCounts, Supply
from ..storage import Store, open_store
from ..storage.run_lock import run_lock
from .common import EXIT_SOME_FAILED, Config, Database, counted_noun, settings_from
from .progress import Screen
from .stopping import Signals
from .terminal import outcome_line
from .worker_options import DaskAddress, Workers, load_extractor, open_digesters

if TYPE_CHECKING:
    from ..digesting import Digesters
    from ..extractors.nlp import Extractor


def extract(
    db: Database = None,
    config: Config = None,
    everything: Annotated[
        bool, typer.Option("--all/--stale", help="Every record, or only those an older extractor or lexicon made.")
    ] = False,
    workers: Workers = 1,
    dask: DaskAddress = None,
) -> None:
    """Make records anew from the stored pages, without fetching anything.

    Asked to stop, it keeps what is stored and leaves the rest for the next time.
    """
    settings = settings_from(config, database=db)
    with (
        Signals() as signals,
        Screen() as screen,
        run_lock(settings.database, now=utc_now()),
        open_store(settings.database) as store,
    ):
        extractor = load_extractor(settings)
        with open_digesters(extractor, workers=workers, dask=dask) as digesters:
            run = _Run(settings, store, extractor, digesters)
            ended = run.go(everything=everything, signals=signals, screen=screen)
        told = run.counts.as_text()
        stopped = ", then stopped as asked" if ended is Ending.STOPPED else ""
        typer.echo(f"extracted {counted_noun(run.counts.seen, 'article')}" + (f": {told}" if told else "") + stopped)
        typer.echo(f"run {run.run_id}: {run.counts.as_balance()}")
        if signals.stopped_by is not None:
            raise typer.Exit(128 + signals.stopped_by)
        if run.counts.failed:
            raise typer.Exit(EXIT_SOME_FAILED)


class _Run:
    """One run over the stored pages, noted in the database."""

    def __init__(self, settings: Settings, store: Store, extractor: Extractor, digesters: Digesters) -> None:
        self._settings, self._store, self._extractor, self._digesters = settings, store, extractor, digesters
        self.counts, self._supply = RunCounts(), Supply()
        self.run_id = store.runs.begin("extract", now=utc_now())

    def go(self, *, everything: bool, signals: Signals, screen: Screen) -> Ending:
        """Runs to the end, or until asked to stop. Raises SupplyError when the counts do not add up."""
        ended = Ending.FAILED  # unless we come to the end
        try:
            screen.begin()
            ended = self._extract(everything=everything, signals=signals, screen=screen)
            if ended is Ending.DONE:
                self.counts.hold_against(self._supply, subject=f"run {self.run_id}")
        except BaseException:
            ended = Ending.FAILED
            raise
        finally:
            screen.end()
            self._store.runs.finish(self.run_id, self.counts, ended=ended, now=utc_now())
        return ended

    def _extract(self, *, everything: bool, signals: Signals, screen: Screen) -> Ending:
        from ..extracting import extract_again

        outcomes = extract_again(
            store=self._store,
            extractor=self._extractor,
            everything=everything,
            digesters=self._digesters,
            supply=self._supply,
        )
        with closing(outcomes):
            for outcome in outcomes:
                self.counts.count(outcome)
                screen.advance(outcome)
                if isinstance(outcome, Failed):
                    screen.line(outcome_line(outcome))
                if signals.stopped and not self._supply.untold:
                    return Ending.STOPPED
        return Ending.DONE
