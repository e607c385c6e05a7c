"""What is remembered of runs: how a source fared, and what a run counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from .errors import SupplyError
from .outcome import Outcome, Skipped, Stored


class Ending(StrEnum):
    """How a run, or its part that concerns one source, ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(slots=True)
class Supply:
    """Counts what comes in, where it comes in, so that what became of it can be held against it.

    Attributes:
        taken: pages that sources listed, pages that were due, stored articles to extract anew; and each list or
            target that could not be read, because that is told as one failure.
        untold: outcomes that are in the database but were not handed out yet. Whoever stops a run stops when there
            are none, or what is stored would be in no count.
    """

    taken: int = 0
    untold: int = 0

    def take(self) -> None:
        """One more came in."""
        self.taken += 1

    def telling(self, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
        """Hands out what one transaction stored."""
        for place, outcome in enumerate(outcomes, 1):
            self.untold = len(outcomes) - place
            yield outcome


@dataclass(slots=True)
class RunCounts:
    """How many articles came in, and what became of them: ``seen`` is the sum of the others.

    Attributes:
        seen: articles a source listed, counted as they come.
        new, changed, unchanged: stored, by what storing changed.
        skipped: known to be gone, or not due yet.
        failed: gave no article or no record; stays on record.
    """

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def stored(self) -> int:
        """Articles that are in the database with today's content."""
        return self.new + self.changed + self.unchanged

    def count(self, outcome: Outcome) -> None:
        """Takes one more article into account."""
        self.seen += 1
        if isinstance(outcome, Stored):
            name = outcome.change.value
            setattr(self, name, getattr(self, name) + 1)
        elif isinstance(outcome, Skipped):
            self.skipped += 1
        else:
            self.failed += 1

    def add(self, other: RunCounts) -> None:
        """Takes all that another has counted into account."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def hold_against(self, supply: Supply, *, subject: str) -> None:
        """Checks that everything that came in is accounted for. Raises SupplyError."""
        if self.seen != supply.taken:
            raise SupplyError(
                f"{supply.taken} articles came in, but {self.seen} are accounted for ({self.as_balance()})",
                subject=subject,
                hint="this is an error in wenzhai: please report it; what is stored is good",
            )

    def as_balance(self) -> str:
        """The supply line: ``5 in = 3 stored + 1 unchanged + 1 set aside``."""
        stored, aside = self.new + self.changed, self.skipped + self.failed
        return f"{self.seen} in = {stored} stored + {self.unchanged} unchanged + {aside} set aside"

    def as_text(self) -> str:
        """What is not zero, without the sum: ``3 new, 1 failed``."""
        told = ((each.name, getattr(self, each.name)) for each in fields(self) if each.name != "seen")
        return ", ".join(f"{number} {name}" for name, number in told if number)


@dataclass(frozen=True, slots=True)
class SourceRun:
    """How one source fared in one run.

    Attributes:
        name: of the source, or the target given on the command line.
        started_at, finished_at: when it was begun and ended.
        counts: of its articles.
        ended: STOPPED when it was broken off on request.
        error: why it failed, one sentence; empty when it did not.
    """

    name: str
    started_at: datetime
    finished_at: datetime
    counts: RunCounts
    ended: Ending
    error: str = ""


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """What the database remembers of a named source.

    Attributes:
        name: as in the settings.
        target: what it read last time; another target makes the rest meaningless.
        last_run_at: when its last run to the end began; None before the first.
        last_counts: what that run counted.
        failing_since: when the first of the failed runs in a row began; None when the last one went well.
        failures: failed runs in a row.
        next_try_at: not to be tried before, after a failure.
        error: why the last run failed, one sentence; empty when it went well.
    """

    name: str
    target: str
    last_run_at: datetime | None = None
    last_counts: RunCounts = field(default_factory=RunCounts)
    failing_since: datetime | None = None
    failures: int = 0
    next_try_at: datetime | None = None
    error: str = ""
