"""Whether a page is asked for, and what its host has to do with it: what is known, in; a decision, out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .harvester.addresses import aliases
from .harvester.host_pause import blames_the_host, blames_the_network, host_of, pause_after
from .harvester.recheck import LONGEST_WAIT, next_look, next_try
from .models import PageProblem, PageRef, RawPage, Skipped, SourceError, WenzhaiError
from .storage import HostPause, KnownPage, Store


def is_settled(location: str, *, store: Store, now: datetime, look_again: timedelta = timedelta()) -> bool:
    """Whether nothing is to be done about a listed address: it gave an article, or is not to be asked (yet).

    Args:
        location: as the list has it; another address of a stored article is as good.
        store: what is known.
        now: the time.
        look_again: after how long a stored article is looked at for edits, at first; nothing for never.
    """
    known = store.known_page(location)
    if known is None:
        return store.find_article_id(aliases(urls=(location,))) is not None
    if known.state is not None and known.state.readable:
        look = next_look(first_seen=known.first_seen, last_seen=known.last_seen, every=look_again)
        return look is None or look > now
    if known.state is None and known.next_try_at is None:
        # Time does not mend it, but a changed setting may.
        return known.last_seen + LONGEST_WAIT > now
    return why_not(PageRef(location, known.source), known, now=now) is not None


def why_not(ref: PageRef, known: KnownPage | None, *, now: datetime) -> Skipped | None:
    """Why a page is not asked for this time; files are always looked at, they cost nothing."""
    if known is None or not ref.is_web_address or (known.state is not None and known.state.readable):
        return None
    told = known.state or "error"
    if known.state is not None and known.next_try_at is None:
        return Skipped(ref, f"{told}: never asked for again ({known.reason})")
    if known.next_try_at is not None and known.next_try_at > now:
        return Skipped(ref, f"{told}: next try {_local(known.next_try_at)} ({known.reason})")
    # What is left are errors that time does not mend, but a changed setting may: a page too large, a private host.
    return None


@dataclass
class Hosts:
    """The circuit breaker of one run: leaves a host alone that had enough of us, whatever page it was asked for.

    Attributes:
        store: keeps the pauses beyond the run.
        failures: pages in a row that never came, by host.
    """

    store: Store
    failures: Counter[str] = field(default_factory=Counter)

    def left_alone(self, ref: PageRef, *, now: datetime) -> Skipped | None:
        """Why a page's host is not asked at all; the page is kept in mind for later."""
        pause = self._pause(ref, now=now)
        if pause is None:
            return None
        reason = f"{pause.host} is left alone until {_local(pause.until)} ({pause.reason})"
        self.store.put_waiting(ref, reason=reason, next_try_at=pause.until)
        return Skipped(ref, reason)

    def list_left_alone(self, ref: PageRef, *, now: datetime) -> Skipped | None:
        """Why a list is not asked for: its host is left alone."""
        pause = self.store.hosts.current(host_of(ref.location), now=now)
        return (
            Skipped(ref, f"{pause.host} is left alone until {_local(pause.until)} ({pause.reason})") if pause else None
        )

    def answered(self, ref: PageRef) -> None:
        """Notes that a host sent an article."""
        host = _asked_host(ref)
        if host:
            del self.failures[host]
            self.store.hosts.answered(host)

    def note(self, ref: PageRef, problem: PageProblem | WenzhaiError, page: RawPage | None, *, now: datetime) -> None:
        """Stores what came instead of an article, and draws the conclusions: for the page, or for its host."""
        host = _asked_host(ref)
        if host and blames_the_network(problem):
            self.failures[host] += 1
        elif host and page is not None and not blames_the_host(problem):
            self.answered(ref)
        known, before = self.store.known_page(ref.location), self.store.hosts.get(host)
        attempts = known.attempts if known else 0
        strikes = before.strikes if before else 0
        until = pause_after(problem, strikes=strikes, failures=self.failures[host], now=now) if host else None
        counts = not (host and blames_the_host(problem))
        when = next_try(problem, attempts=attempts, now=now) if counts else until
        self.store.put_problem(ref, problem, page, when, counts=counts)
        if until is not None:
            self.store.hosts.pause(host, until=until, reason=_told(problem), now=now)
            del self.failures[host]

    def note_list(self, error: SourceError, *, now: datetime) -> None:
        """Draws the conclusions for a host that sent no list; the list itself is asked for when its source is due."""
        problem = error.problem
        if problem is None:
            return
        host = host_of(problem.ref.location if isinstance(problem, PageProblem) else problem.subject)
        before = self.store.hosts.get(host)
        until = pause_after(problem, strikes=before.strikes if before else 0, failures=0, now=now)
        if until is not None:
            self.store.hosts.pause(host, until=until, reason=_told(problem), now=now)

    def _pause(self, ref: PageRef, *, now: datetime) -> HostPause | None:
        host = _asked_host(ref)
        return self.store.hosts.current(host, now=now) if host else None


def _asked_host(ref: PageRef) -> str:
    """The host that is asked for a page; none for a file, nor for what its source has already."""
    return host_of(ref.location) if ref.is_web_address and not ref.held else ""


def _told(problem: PageProblem | WenzhaiError) -> str:
    if isinstance(problem, PageProblem):
        return f"{problem.state}: {problem.evidence}"
    return problem.message


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
