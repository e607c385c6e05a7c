"""The command line: who runs a command, and what becomes of errors.

Exit codes: 0 all well; 1 some articles failed (they are listed and stay queued); 2 wrong use;
3 nothing could be done (no database, locked, damaged, another harvest at work, a broken lexicon); `harvest` that
was asked to stop ends as shells tell it: 143 after SIGTERM, 130 after Ctrl-C.
"""

from __future__ import annotations

import io
import os
import sys

from .commands.common import EXIT_NOTHING_DONE, EXIT_WRONG_USE
from .commands.quick_commands import run_quickly
from .models.errors import ConfigError, QueryError, WenzhaiError


def main() -> None:
    """The entry point: runs a command, and turns our errors into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to fail
    try:
        try:
            _run(sys.argv[1:])
        finally:
            sys.stdout.flush()  # here, where it can be dealt with, and not when Python ends
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; Python must not complain when flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (QueryError, ConfigError) as error:
        _complain(str(error))
        sys.exit(EXIT_WRONG_USE)
    except WenzhaiError as error:
        _complain(str(error))
        sys.exit(EXIT_NOTHING_DONE)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(arguments: list[str]) -> None:
    if not run_quickly(arguments):
        # Matrices of a few dozen columns: a second thread of OpenBLAS took a whole core, and made nothing faster.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from .command_tree import app  # here, because importing all commands takes longer than a search

        app(arguments)


def _complain(message: str) -> None:
    from .commands.screen import plain  # here: only errors need it

    print(f"wenzhai: {plain(message)}", file=sys.stderr)  # it may quote a file or an address
