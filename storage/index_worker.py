"""Making index entries in a second process, while the first one writes them: for indexing very many articles.

The worker is `python -m wenzhai.storage.index_worker`, fed with pickles over its standard input and output. It is no
`multiprocessing` pool, because that would run the main module of whoever opened the database once more.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import BinaryIO

from ..models import WorkerError
from .index_entry import IndexedText, IndexEntry, index_entry

_CHUNK = 100  # articles a pickle
_IN_FLIGHT = 10  # pickles: some megabytes


def entries_by_worker(articles: Iterable[IndexedText]) -> Iterator[IndexEntry]:
    """The entries of articles, in order; reads only so far ahead as keeps the worker busy.

    Raises:
        WorkerError: the worker died.
    """
    source = iter(articles)
    root = str(Path(__file__).parents[2])
    # The package may be imported from a folder that a new interpreter would not look into.
    start = f"import sys; sys.path.append({root!r}); from {__package__}.index_worker import work; work()"
    worker = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    stdin, stdout = worker.stdin, worker.stdout
    if stdin is None or stdout is None:  # not with PIPE
        raise RuntimeError("no pipes to the indexing process")
    waiting: Queue[list[IndexedText] | None] = Queue()
    made: Queue[list[IndexEntry] | None] = Queue()
    # A pipe holds a few articles: without a thread at each end of the worker it would wait while articles are written.
    threads = (
        Thread(target=_feed, args=(waiting, stdin), daemon=True),
        Thread(target=_collect, args=(stdout, made), daemon=True),
    )
    for thread in threads:
        thread.start()
    try:
        in_flight = 0
        while True:
            while in_flight < _IN_FLIGHT and (chunk := list(islice(source, _CHUNK))):
                waiting.put(chunk)
                in_flight += 1
            if not in_flight:
                break
            entries = made.get()
            if entries is None:
                raise WorkerError(
                    "the process that cuts articles into words has ended",
                    subject="search index",
                    hint="if memory was short, free some and run it again: what is indexed already stays",
                )
            in_flight -= 1
            yield from entries
    finally:
        waiting.put(None)
        worker.kill()
        worker.wait()
        for thread in threads:
            thread.join()
        stdout.close()


def _feed(waiting: Queue[list[IndexedText] | None], stdin: BinaryIO) -> None:
    try:
        with stdin:
            while (chunk := waiting.get()) is not None:
                pickle.dump(chunk, stdin)
                stdin.flush()
    except BrokenPipeError:
        pass  # the worker died: reading its answer says so


def _collect(stdout: BinaryIO, made: Queue[list[IndexEntry] | None]) -> None:
    try:
        while True:
            made.put(pickle.load(stdout))  # noqa: S301 - from our own process
    except (EOFError, pickle.UnpicklingError):
        made.put(None)


def work() -> None:
    """The worker: answers each list of articles with the list of their entries, until there are no more."""
    while True:
        try:
            chunk: list[IndexedText] = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started us
        except EOFError:
            return
        pickle.dump([index_entry(article) for article in chunk], sys.stdout.buffer)
        sys.stdout.buffer.flush()
