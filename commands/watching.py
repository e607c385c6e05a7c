"""`watch`: harvests whatever is due, whenever it is due, until it is asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ..config import Settings
from ..harvester.clock import Clock
from ..models import AlreadyRunningError, ConfigError, WenzhaiError
from ..storage import Store, open_store
from ..storage.run_lock import run_lock
from .common import Config, Database, settings_from
from .jobs import Job, histories, jobs_again, jobs_due, next_due
from .logs import LogFormat, LogFormatOption, Quiet, log_event, logging_to
from .progress import Screen
from .stopping import Signals
from .worker_options import load_extractor

if TYPE_CHECKING:
    from ..extractors.nlp import Extractor

# Sources without `every` and `cron` are read this often.
UNSCHEDULED = timedelta(hours=1)
# Waits are short, so that a clock that was set, a machine that slept, and a harvest by hand are all noticed.
LONGEST_WAIT = 60.0
WAIT_AFTER_ERROR = 300.0


def watch(
    log_format: LogFormatOption = None,
    quiet: Quiet = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Harvest what is due, whenever it is due, until stopped.

    Stops on SIGTERM and Ctrl-C after the article in hand. Reads the settings and the lexicons again on SIGHUP.
    """
    with (
        Signals() as signals,
        Screen(bar=not quiet and log_format is None) as screen,
        logging_to(screen.line, log_format=log_format or LogFormat.TEXT, quiet=quiet),
    ):
        Watcher(
            load_settings=lambda: settings_from(config, database=db),
            signals=signals,
            clock=Clock(sleep=signals.sleep),
            screen=screen,
        ).run()


class Requests(Protocol):
    """What a watcher is asked from outside: see `Signals`."""

    @property
    def stopped(self) -> bool: ...
    def take_reload(self) -> bool: ...
    def wait(self, seconds: float) -> None: ...


@dataclass
class Watcher:
    """The loop of `watch`.

    Attributes:
        load_settings: reads the settings; called at the start and when asked to reload.
        signals: requests from outside, and waiting for them.
        clock: time, sleep and chance.
        screen: where the bar is drawn.
        make_extractor: called before the first run, and before the next one after a reload.
    """

    load_settings: Callable[[], Settings]
    signals: Requests
    clock: Clock
    screen: Screen
    make_extractor: Callable[[Settings], Extractor] = load_extractor
    _extractor: Extractor | None = field(default=None, init=False)

    def run(self) -> None:
        """Goes on until asked to stop. Raises ConfigError if the settings cannot be read at the start."""
        settings = self.load_settings()
        if not settings.sources:
            raise ConfigError("there is nothing to watch", hint="set sources in the settings; `wenzhai init` shows how")
        log_event(logging.INFO, "watch_started", f"watching {len(settings.sources)} sources")
        while not self.signals.stopped:
            if self.signals.take_reload():
                settings = self._reloaded(settings)
            self.signals.wait(self._round(settings))
        log_event(logging.INFO, "watch_stopped", "stopped as asked")

    def _reloaded(self, settings: Settings) -> Settings:
        try:
            settings = self.load_settings()
        except WenzhaiError as error:
            log_event(logging.ERROR, "reload_failed", f"the settings stay as they were: {error}", error=str(error))
            return settings
        self._extractor = None
        log_event(logging.INFO, "reloaded", f"settings read again: {len(settings.sources)} sources")
        return settings

    def _round(self, settings: Settings) -> float:
        """Reads what is due; returns the seconds to wait before looking again. A failed round is not the end."""
        try:
            with open_store(settings.database, create=True) as store:
                if self._due(settings, store):
                    self._run(settings, store)
                return self._wait(settings, store)
        except AlreadyRunningError as error:
            log_event(logging.INFO, "run_put_off", str(error))
            return LONGEST_WAIT
        except WenzhaiError as error:
            log_event(logging.ERROR, "run_failed", str(error), error=str(error))
            return WAIT_AFTER_ERROR

    def _due(self, settings: Settings, store: Store) -> list[Job]:
        now = self.clock.now()
        jobs = jobs_due(settings, histories(settings, store), now, unscheduled=UNSCHEDULED)
        return jobs + jobs_again(store, now)

    def _run(self, settings: Settings, store: Store) -> None:
        from .harvest_runs import Means, run_jobs

        with run_lock(settings.database, now=self.clock.now()):
            # Asked again: before we held the lock, another process may have done it.
            jobs = self._due(settings, store)
            means = Means(
                settings=settings,
                store=store,
                extractor=lambda: self._current_extractor(settings),
                clock=self.clock,
                stopped=lambda: self.signals.stopped,
                screen=self.screen,
            )
            if jobs:
                run_jobs(jobs, means, command="watch")

    def _wait(self, settings: Settings, store: Store) -> float:
        now = self.clock.now()
        coming = next_due(settings, histories(settings, store), now, unscheduled=UNSCHEDULED)
        seconds = (coming[0] - now).total_seconds() if coming else LONGEST_WAIT
        # What is still due after a run was broken off, or could not be noted: not to be tried without a pause.
        return min(max(seconds, 1.0), LONGEST_WAIT) if seconds > 0 else LONGEST_WAIT

    def _current_extractor(self, settings: Settings) -> Extractor:
        if self._extractor is None:
            self._extractor = self.make_extractor(settings)
        return self._extractor
