"""Log lines on the standard error output: bare, as text with a time, or as JSON. Handlers are set up only here."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from .screen import plain

LOG = logging.getLogger("wenzhai.run")


class LogFormat(StrEnum):
    """How log lines look."""

    TEXT = "text"
    JSON = "json"


LogFormatOption = Annotated[
    LogFormat | None,
    typer.Option("--log-format", help="Log every step: as text, or one JSON object a line. [default: failures only]"),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing but errors; the exit code tells what happened.")
]


def log_event(level: int, event: str, message: str, **fields: object) -> None:
    """One line of the log.

    Args:
        level: of `logging`.
        event: what happened, for programs: ``run_started``, ``article``, ``source_failed``, …
        message: the same for people.
        fields: its particulars, for programs.
    """
    LOG.log(level, "%s", message, extra={"event": event, "particulars": fields})


@contextmanager
def logging_to(write: Callable[[str], None], *, log_format: LogFormat | None, quiet: bool) -> Iterator[None]:
    """Sends the log to a function that takes lines, while the block lasts.

    Without a format: warnings and errors, nothing but their words.
    """
    logger = logging.getLogger("wenzhai")
    before = (logger.level, logger.propagate)
    handler = _LineHandler(write)
    handler.setFormatter(_formatter(log_format))
    logger.setLevel(logging.ERROR if quiet else logging.INFO if log_format else logging.WARNING)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before


def _formatter(log_format: LogFormat | None) -> logging.Formatter:
    if log_format is None:
        return _Bare()
    return _JsonFormatter() if log_format is LogFormat.JSON else _TextFormatter()


class _LineHandler(logging.Handler):
    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        self._write(self.format(record))


class _Bare(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return plain(record.getMessage())


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        run = _particulars(record).get("run")
        origin = f" run {run}:" if run is not None else ""
        return f"{_time(record)} {record.levelname:<7}{origin} {plain(record.getMessage())}"


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            "message": plain(record.getMessage()),
            **{name: plain(value) if isinstance(value, str) else value for name, value in _particulars(record).items()},
        }
        return json.dumps(line, ensure_ascii=False, default=str)


def _particulars(record: logging.LogRecord) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(record, "particulars", {})
    return found


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
