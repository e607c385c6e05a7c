"""Asks one bibliographic service: at its pace, through a cache of answers, failures as values.

An answer is kept as the service gave it, under the question it answers. One that has grown old is asked
for again, and serves on when that fails.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from ...models import FetchError, PageRef, PublishedPaper
from ..clock import Clock
from ..fetch import HttpFetcher
from ..fetch_options import FetchOptions
from ..hosts import Resolve, resolve_host

# After so many failures on end a service counts as out of reach for this run.
PATIENCE = 3
_NO_SUCH_THING = frozenset({400, 404, 410, 414})
_T = TypeVar("_T")

# What became of one question: the papers it led to (none is an answer, too), or why there is no answer.
Answer = tuple[PublishedPaper, ...] | FetchError


class AnswerCache(Protocol):
    """Where answers are kept; the store is one."""

    def read_answer(self, service: str, question: str) -> tuple[str, datetime] | None:
        """The answer and when it came."""

    def write_answers(self, service: str, answers: Mapping[str, str]) -> None:
        """Keeps answers, each under its question; an empty one says that there is no such paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContext:
    """What all services share.

    Attributes:
        options: limits and manners; each service has a delay of its own.
        cache: keeps the answers.
        max_age: an older answer is asked for again.
        offline: answer from the cache alone.
    """

    options: FetchOptions
    cache: AnswerCache
    clock: Clock
    max_age: timedelta = timedelta(days=30)
    offline: bool = False
    resolve: Resolve = resolve_host


class ServiceClient:
    """One service; close it when done.

    Args:
        name: for messages and the cache.
        address: the base address, without a slash at its end.
        delay: least seconds between two requests.
        parameters: sent with every request (an API key, a mail address); never shown in messages.
    """

    def __init__(
        self, name: str, *, address: str, delay: float, parameters: Mapping[str, str], context: ServiceContext
    ) -> None:
        self.name = name
        self._address = address.rstrip("/")
        self._parameters = parameters
        self._context = context
        self._failures = 0
        options = dataclasses.replace(
            context.options,
            delay=delay,
            delay_jitter=0.0,
            headers={**context.options.headers, "accept": "application/json, text/xml;q=0.9, */*;q=0.5"},
        )
        self._backoff = options.backoff
        self._fetcher = HttpFetcher(options=options, clock=context.clock, resolve=context.resolve)

    def close(self) -> None:
        """Closes the connections."""
        self._fetcher.close()

    def get(self, path: str, parameters: Mapping[str, str], *, parse: Callable[[bytes], _T]) -> _T:
        """What an address of the service answers, read by `parse`, which raises ValueError at anything else.

        Raises:
            FetchError: no such answer; its subject is the service and the path, never a key.
        """
        self._check_reach(path)
        given = {name: value for name, value in (*parameters.items(), *self._parameters.items()) if value}
        ref = PageRef(f"{self._address}{path}?{urlencode(given)}", self.name)
        try:
            try:
                answer = parse(self._fetcher.fetch(ref).content)
            except ValueError:  # services under load send an error page and call it a success
                self._context.clock.sleep(self._backoff)
                answer = parse(self._fetcher.fetch(ref).content)
        except ValueError as error:
            self._failures += 1
            raise FetchError(f"answered something else: {error}", subject=self._subject(path)) from error
        except FetchError as error:
            self._failures = 0 if error.status in _NO_SUCH_THING else self._failures + 1
            raise FetchError(
                error.message,
                subject=self._subject(path),
                hint=error.hint,
                retryable=error.retryable,
                status=error.status,
            ) from None  # the cause names the address with its key
        self._failures = 0
        return answer

    def _check_reach(self, path: str) -> None:
        if self._context.offline:
            raise FetchError("not asked: offline", subject=self._subject(path))
        if self._failures >= PATIENCE:
            raise FetchError(f"not asked: failed {self._failures} times on end", subject=self._subject(path))

    def _subject(self, path: str) -> str:
        return f"{self.name}{path}"

    def answers(
        self,
        questions: Sequence[str],
        *,
        ask: Callable[[Sequence[str]], Mapping[str, str]],
        batch: int = 1,
    ) -> dict[str, str | FetchError]:
        """The answer to each question, from the cache or by asking; empty when the service knows no such thing.

        Args:
            ask: takes up to `batch` questions and gives the answers there are; raises FetchError.
        """
        given: dict[str, str | FetchError] = {}
        old: dict[str, str] = {}
        for question in dict.fromkeys(questions):
            kept = self._context.cache.read_answer(self.name, question)
            if kept is not None and self._is_fresh(kept[1]):
                given[question] = kept[0]
            else:
                old[question] = kept[0] if kept else ""
                given[question] = FetchError("not asked", subject=self.name)
        for questions_at_once in _portions(tuple(old), batch):
            for question, answer in self._ask(questions_at_once, ask).items():
                failed = isinstance(answer, FetchError)
                given[question] = old[question] if failed and old[question] else answer
        return given

    def _is_fresh(self, came_at: datetime) -> bool:
        return self._context.offline or self._context.clock.now() - came_at <= self._context.max_age

    def _ask(
        self, questions: Sequence[str], ask: Callable[[Sequence[str]], Mapping[str, str]]
    ) -> dict[str, str | FetchError]:
        try:
            found = ask(questions)
        except FetchError as error:
            if error.status not in _NO_SUCH_THING:
                return dict.fromkeys(questions, error)
            if len(questions) > 1:  # one of them is refused, and the others with it
                return {each: answer for one in questions for each, answer in self._ask((one,), ask).items()}
            found = {}
        answers = {question: found.get(question, "") for question in questions}
        self._context.cache.write_answers(self.name, answers)
        return dict(answers)


def _portions(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
