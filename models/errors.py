"""Every error wenzhai raises on purpose.

    WenzhaiError                  the root: catch this one to catch them all
    ├── ConfigError               a setting is unknown, malformed or contradictory
    ├── SourceError               a source (folder, archive, list) cannot be opened or listed
    ├── FetchError                an address did not answer with a page; may be worth another try
    ├── ExtractionError           an article could not be turned into a record
    ├── LexiconError              a lexicon or weights file is missing, malformed or too small to be true
    ├── SupplyError               what came in is not what is accounted for
    ├── WorkerError               worker processes or machines cannot be used
    ├── QueryError                a search query cannot be understood
    └── StorageError              the database cannot be opened, read or written
        ├── DatabaseLockedError   another process is writing
        ├── AlreadyRunningError   another process is harvesting into it
        ├── DatabaseMissingError  there is no such file
        ├── SchemaTooNewError     the file was written by a newer wenzhai
        └── ArticleNotFoundError  no article has this id, address or prefix

A page that was fetched but holds no article (deleted, captcha, …) is not an error: it is a
`PageProblem`, a value. Errors carry the thing they are about (`subject`) and a way out (`hint`),
and survive pickling, because workers send them home.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .page import PageProblem


class WenzhaiError(Exception):
    """Root of all errors raised on purpose.

    Args:
        message: what went wrong, one sentence without a full stop.
        subject: the url, path, row or setting it is about.
        hint: what the user can do about it.
    """

    def __init__(self, message: str, *, subject: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{head} ({self.hint})" if self.hint else head

    def __reduce__(self) -> tuple[Callable[..., WenzhaiError], tuple[object, ...]]:
        return _rebuild, (type(self), self.message, self.subject, self.hint, self.__dict__)


def _rebuild(kind: type[WenzhaiError], message: str, subject: str, hint: str, state: dict[str, object]) -> WenzhaiError:
    error = kind(message, subject=subject, hint=hint)
    error.__dict__.update(state)
    return error


class ConfigError(WenzhaiError):
    """A setting is unknown, malformed or contradictory."""


class SourceError(WenzhaiError):
    """A source cannot be opened or listed.

    Attributes:
        problem: what came in place of a list that was asked for, or why nothing did; None when nobody was asked.
    """

    def __init__(
        self, message: str, *, subject: str = "", hint: str = "", problem: PageProblem | FetchError | None = None
    ) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.problem = problem


class FetchError(WenzhaiError):
    """An address did not answer with a page.

    Attributes:
        retryable: whether asking again later can help.
        status: the HTTP status, when there was an answer at all.
        wait: the seconds for which the host asked to be left alone, None when it did not ask.
    """

    def __init__(
        self,
        message: str,
        *,
        subject: str = "",
        hint: str = "",
        retryable: bool = True,
        status: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.retryable = retryable
        self.status = status
        self.wait = wait


class ExtractionError(WenzhaiError):
    """An article could not be turned into a record."""


class LexiconError(WenzhaiError):
    """A lexicon or weights file is missing, malformed or too small to be true."""


class SupplyError(WenzhaiError):
    """At the end of a run, what came in is not what is accounted for."""


class WorkerError(WenzhaiError):
    """Workers cannot be started, keep dying, or are not what they must be."""


class QueryError(WenzhaiError):
    """A search query cannot be understood.

    Attributes:
        position: code-point offset into the query where understanding stopped, for a caret.
    """

    def __init__(self, message: str, *, subject: str = "", hint: str = "", position: int | None = None) -> None:
        super().__init__(message, subject=subject, hint=hint)
        self.position = position


class StorageError(WenzhaiError):
    """The database cannot be opened, read or written."""


class DatabaseLockedError(StorageError):
    """Another process is writing to the database."""


class AlreadyRunningError(StorageError):
    """Another process is harvesting into the database."""


class DatabaseMissingError(StorageError):
    """There is no database file at this path."""


class SchemaTooNewError(StorageError):
    """The database was written by a newer wenzhai."""


class ArticleNotFoundError(StorageError):
    """No article has this id, address or prefix."""
