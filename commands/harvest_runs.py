"""A run: the sources that are due, one after the other, each noted in the database as soon as it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace

from ..config import Settings
from ..digesting import Digesters
from ..extractors.nlp import Extractor
from ..harvester.clock import Clock
from ..harvester.schedule import back_off
from ..harvester.sources import SourceContext, open_source
from ..models import (
    Change,
    Ending,
    Failed,
    Outcome,
    PageProblem,
    RunCounts,
    Skipped,
    SourceError,
    SourceHistory,
    SourceRun,
    Stored,
    Supply,
)
from ..pipeline import fetch_options, harvest
from ..storage import Store
from .common import counted_noun
from .jobs import Job, addresses_due, histories
from .logs import log_event
from .notices import Notices
from .progress import Screen, outcome_state
from .stopping import Interrupted
from .terminal import outcome_line
from .worker_options import open_digesters


@dataclass(frozen=True)
class Means:
    """What a run works with.

    Attributes:
        settings: in force for this run.
        store: open for writing, by the holder of the run lock.
        extractor: makes the one that makes records; called when there is something to do.
        clock: time, sleep and chance; its sleep may raise Interrupted.
        stopped: whether to stop after the article in hand.
        screen: where the bar is drawn.
        digesters: opens what reads and extracts.
    """

    settings: Settings
    store: Store
    extractor: Callable[[], Extractor]
    clock: Clock
    stopped: Callable[[], bool]
    screen: Screen
    digesters: Callable[[Extractor], AbstractContextManager[Digesters]] = open_digesters


@dataclass
class RunResult:
    """What a run came to; `sources` in the order they were read."""

    run_id: int
    ended: Ending = Ending.DONE
    counts: RunCounts = field(default_factory=RunCounts)
    sources: list[SourceRun] = field(default_factory=list)


def run_jobs(jobs: Sequence[Job], means: Means, *, command: str) -> RunResult:
    """Reads everything the jobs list and stores it; how each fared is noted as soon as it is known.

    Args:
        jobs: in this order.
        means: what to work with.
        command: who wants it, for the database: ``harvest`` or ``watch``.

    Raises:
        StorageError: the database cannot be written; what was noted before stays.
        LexiconError: a lexicon cannot be read.
    """
    store, now = means.store, means.clock.now
    known = histories(means.settings, store)
    result = RunResult(store.runs.begin(command, now=now()))
    log_event(
        logging.INFO,
        "run_started",
        counted_noun(len(jobs), "source"),
        run=result.run_id,
        sources=[j.name for j in jobs],
    )
    result.ended = Ending.FAILED  # unless we come to the end
    try:
        means.screen.begin(expected=_expected(jobs, known))
        result.ended = _run_all(jobs, means, result, known)
    finally:
        means.screen.end()
        store.runs.finish(result.run_id, result.counts, ended=result.ended, now=now())
        told = f"{result.ended}: {result.counts.as_text() or 'nothing came'}"
        log_event(
            logging.INFO, "run_finished", told, run=result.run_id, ended=result.ended.value, **_told(result.counts)
        )
    return result


def _expected(jobs: Sequence[Job], known: Mapping[str, SourceHistory]) -> int | None:
    """How many articles the last runs saw, when that is known of every source."""
    if not all(job.name in known if job.named else job.again for job in jobs):
        return None
    return sum(known[job.name].last_counts.seen for job in jobs if job.named) or None


def _run_all(jobs: Sequence[Job], means: Means, result: RunResult, known: Mapping[str, SourceHistory]) -> Ending:
    notices = Notices(means.settings.webhook_url, means.settings.webhook_after_failures)
    new: list[str] = []
    extractor = means.extractor()
    with (
        SourceContext(options=fetch_options(means.settings), clock=means.clock) as context,
        means.digesters(extractor) as digesters,
    ):
        for number, job in enumerate(jobs, 1):
            if means.stopped():
                break
            means.screen.source(number, len(jobs))
            reading = _Reading(job, means, result.run_id)
            fared = reading.read(extractor, context, digesters)
            history = _history_after(job, fared, known.get(job.name)) if job.named else None
            means.store.runs.note_source(result.run_id, fared, history=history)
            result.sources.append(fared)
            result.counts.add(fared.counts)
            new += reading.new
            _log_source(result.run_id, job, fared, history)
            if history is not None and history.failures:
                notices.source_failed(result.run_id, history)
    notices.new_articles(result.run_id, new, store=means.store)
    stopped = len(result.sources) < len(jobs) or any(each.ended is Ending.STOPPED for each in result.sources)
    return Ending.STOPPED if stopped else Ending.DONE


class _Reading:
    """Reads one source."""

    def __init__(self, job: Job, means: Means, run_id: int) -> None:
        self._job, self._means, self._run_id = job, means, run_id
        self._counts = RunCounts()
        self._listing_error = ""
        self._passing_error = ""
        self._is_list = False
        self.new: list[str] = []

    def read(self, extractor: Extractor, context: SourceContext, digesters: Digesters) -> SourceRun:
        """Reads it to its end, or to the end of the article in hand when the program is to stop.

        Raises:
            SupplyError: what came in is not what is accounted for.
        """
        started_at = self._means.clock.now()
        ended = Ending.DONE
        self._is_list = _is_list(self._job, context)
        supply = Supply()
        with closing(self._outcomes(extractor, context, digesters, supply)) as outcomes:
            try:
                for outcome in outcomes:
                    self._take(outcome)
                    if self._means.stopped() and not supply.untold:
                        ended = Ending.STOPPED
                        break
            except Interrupted:
                ended = Ending.STOPPED
        if ended is Ending.DONE:
            self._counts.hold_against(supply, subject=self._job.name)
        error = self._listing_error or (self._passing_error if not self._counts.stored else "")
        if error and ended is Ending.DONE:
            ended = Ending.FAILED
        return SourceRun(self._job.name, started_at, self._means.clock.now(), self._counts, ended, error)

    def _outcomes(
        self, extractor: Extractor, context: SourceContext, digesters: Digesters, supply: Supply
    ) -> Generator[Outcome, None, None]:
        store = self._means.store
        targets = addresses_due(store, self._means.clock.now()) if self._job.again else [self._job.target]
        return harvest(targets, store=store, extractor=extractor, context=context, digesters=digesters, supply=supply)

    def _take(self, outcome: Outcome) -> None:
        self._counts.count(outcome)
        self._means.screen.advance(outcome)
        if isinstance(outcome, Stored) and outcome.change is Change.NEW:
            self.new.append(outcome.article_id)
        if isinstance(outcome, Failed) and not _is_permanent(outcome):
            if outcome.ref.location == self._job.target:
                self._listing_error = outcome.reason
            self._passing_error = self._passing_error or outcome.reason
        if isinstance(outcome, Skipped) and self._is_list and outcome.ref.location == self._job.target:
            # The list was not asked for, because its host is left alone: that is to be made up for, not forgotten.
            self._listing_error = outcome.reason
        self._log(outcome)

    def _log(self, outcome: Outcome) -> None:
        if isinstance(outcome, Failed):
            level = logging.WARNING
        elif isinstance(outcome, Skipped):
            # Whoever names an address wants to know why it was not asked for.
            level = logging.DEBUG if self._job.named or self._job.again else logging.WARNING
        else:
            level = logging.DEBUG if outcome.change is Change.UNCHANGED else logging.INFO
        fields = {"run": self._run_id, "source": self._job.name, "location": outcome.ref.location}
        fields["state"] = outcome_state(outcome)
        if isinstance(outcome, Stored):
            fields["article"] = outcome.article_id
        else:
            fields["reason"] = outcome.reason
        log_event(level, "article", outcome_line(outcome), **fields)


def _is_list(job: Job, context: SourceContext) -> bool:
    """Whether the target is a list at an address, which its host may refuse."""
    try:
        return not job.again and open_source(job.target, context=context).listing
    except SourceError:
        return False


def _is_permanent(outcome: Failed) -> bool:
    return isinstance(outcome.problem, PageProblem) and outcome.problem.state.permanent


def _history_after(job: Job, fared: SourceRun, before: SourceHistory | None) -> SourceHistory | None:
    """What to remember of a source after a run; nothing new when the run was broken off, so it stays due."""
    if fared.ended is Ending.STOPPED:
        return None
    history = SourceHistory(job.name, job.target, last_run_at=fared.started_at, last_counts=fared.counts)
    if fared.ended is Ending.DONE:
        return history
    failures = (before.failures if before else 0) + 1
    return replace(
        history,
        failing_since=(before and before.failing_since) or fared.started_at,
        failures=failures,
        next_try_at=back_off(job.name, failures=failures, now=fared.finished_at),
        error=fared.error,
    )


def _log_source(run_id: int, job: Job, fared: SourceRun, history: SourceHistory | None) -> None:
    fields = {"run": run_id, "source": job.name, "ended": fared.ended.value, **_told(fared.counts)}
    if fared.error and job.named:
        failures = history.failures if history else 0
        told = f"source {job.name} failed: {fared.error}"
        log_event(logging.ERROR, "source_failed", told, error=fared.error, failures=failures, **fields)
    else:
        told = f"source {job.name} {fared.ended}: {fared.counts.as_text() or 'nothing came'}"
        log_event(logging.INFO, "source_finished", told, **fields)


def _told(counts: RunCounts) -> dict[str, object]:
    return {
        "in": counts.seen,
        "stored": counts.stored,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "skipped": counts.skipped,
        "failed": counts.failed,
    }
