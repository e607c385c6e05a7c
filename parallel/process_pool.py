"""A pool of processes on this machine that survives the death of its workers.

One thread a worker hands it chunks and takes the answers, so the parent's own thread is free to write. The pool of
the standard library is not used because it ends when a worker dies, without a word on which item it died of.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Generic

from ..models import WorkerError
from .contract import Killed, R, T, Work
from .pool_worker import IN_HAND, NOTHING, PIPELINED, serve

TRIES = 2
# Workers that die before they have begun tell that something is wrong with the machine, not with an article.
_MOST_STILLBORN = 5
# Linear algebra of a worker: there is one for every core already.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_starting = threading.Lock()
_unpickling = threading.Lock()


@dataclass(eq=False)
class _Chunk:
    """A chunk, or the rest of one.

    Attributes:
        number: of the chunk.
        items: all of it.
        places: which of them are to be worked on in this go.
        losses: workers that died with it before they began on its first item.
    """

    number: int
    items: Sequence[Any]
    places: list[int]
    losses: int = 0


@dataclass(eq=False)
class _State:
    """What is known of a chunk until all of it is done."""

    items: Sequence[Any]
    results: dict[int, Any] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)


class ProcessPool(Generic[T, R]):
    """Works in processes of this machine, each with its own pipeline.

    Args:
        work: sent to each worker once.
        workers: how many processes; they are begun with the first chunk.
    """

    def __init__(self, work: Work[T, R], *, workers: int) -> None:
        self.workers = workers
        self._payload = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._todo: queue.SimpleQueue[_Chunk | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[int, list[R | Killed]] | Exception] = queue.SimpleQueue()
        self._states: dict[int, _State] = {}
        self._lock = threading.Lock()  # of the states
        self._closing = False
        self._lines: list[_Line[T, R]] = []

    @property
    def process_ids(self) -> list[int]:
        """Of the workers that are alive."""
        return [line.process.pid for line in self._lines if line.process is not None and line.process.pid]

    def start(self, number: int, items: Sequence[T]) -> None:
        if not self._lines:  # nobody waits for workers where there turns out to be nothing to do
            self._lines = [_Line(self, number) for number in range(self.workers)]
            for line in self._lines:
                line.thread.start()
        self._states[number] = _State(items)
        self._todo.put(_Chunk(number, items, list(range(len(items)))))

    def finished(self, *, wait: bool) -> list[tuple[int, list[R | Killed]]]:
        found: list[tuple[int, list[R | Killed]]] = []
        with suppress(queue.Empty):
            while True:
                answer = self._done.get(block=wait and not found)
                if isinstance(answer, Exception):
                    raise answer
                found.append(answer)
        return found

    def close(self) -> None:
        self._closing = True
        for _ in self._lines:
            self._todo.put(None)
        for line in self._lines:
            line.kill()
        for line in self._lines:
            line.thread.join()

    # For the lines.

    def take(self, *, wait: bool) -> _Chunk | None:
        """A chunk to work on; None when there is none, or none any more."""
        try:
            return None if self._closing else self._todo.get(block=wait)
        except queue.Empty:
            return None

    @property
    def closing(self) -> bool:
        return self._closing

    @property
    def payload(self) -> bytes:
        return self._payload

    def fail(self, error: Exception) -> None:
        self._done.put(error)

    def keep(self, chunk: _Chunk, results: Sequence[R | Killed]) -> None:
        """Notes results; hands the chunk over when it is whole."""
        with self._lock:
            state = self._states[chunk.number]
            state.results.update(zip(chunk.places, results, strict=True))
            if len(state.results) < len(state.items):
                return
            del self._states[chunk.number]
        self._done.put((chunk.number, [state.results[place] for place in range(len(state.items))]))

    def put_back(self, chunk: _Chunk) -> None:
        """Has a chunk done by another worker."""
        self._todo.put(chunk)

    def suspect(self, chunk: _Chunk, *, place: int | None, how: str) -> None:
        """Puts back what a worker had in hand when it died.

        The item is tried once more, alone, then given up; where nobody knows which it was, halves tell.
        """
        if place is None:
            chunk.losses += 1
            if chunk.losses < TRIES or (len(chunk.places) == 1 and chunk.losses == TRIES):
                self.put_back(chunk)
            elif len(chunk.places) > 1:
                middle = len(chunk.places) // 2
                for half in (chunk.places[:middle], chunk.places[middle:]):
                    self.put_back(_Chunk(chunk.number, chunk.items, half, losses=TRIES - 1))
            else:
                self._give_up(chunk, how)
            return
        culprit = chunk.places[place]
        with self._lock:
            deaths = self._states[chunk.number].deaths
            deaths[culprit] = deaths.get(culprit, 0) + 1
            again = deaths[culprit] < TRIES
        rest = [each for each in chunk.places if each != culprit]
        if rest:
            self.put_back(_Chunk(chunk.number, chunk.items, rest))
        alone = _Chunk(chunk.number, chunk.items, [culprit])
        if again:
            self.put_back(alone)
        else:
            self._give_up(alone, how)

    def _give_up(self, chunk: _Chunk, how: str) -> None:
        self.keep(chunk, [Killed(f"the process that worked on it died {TRIES} times ({how})")])


class _Line(Generic[T, R]):
    """One worker process after the other, and the thread that deals with them."""

    def __init__(self, pool: ProcessPool[T, R], number: int) -> None:
        self.process: multiprocessing.process.BaseProcess | None = None
        self.thread = threading.Thread(target=self._run, name=f"wenzhai-worker-{number}", daemon=True)
        self._pool = pool

    def kill(self) -> None:
        process = self.process
        if process is not None:
            process.kill()

    def _run(self) -> None:
        stillborn = 0
        try:
            while not self._pool.closing and stillborn < _MOST_STILLBORN:
                stillborn = 0 if self._one_life() else stillborn + 1
        except _Told as told:
            self._pool.fail(told.error)
        except Exception as error:  # noqa: BLE001 - raised by whoever waits for results
            self._pool.fail(error)
        else:
            if not self._pool.closing:
                self._pool.fail(
                    WorkerError(
                        f"worker processes died {stillborn} times before they had begun",
                        hint="is there enough memory? try fewer workers",
                    )
                )

    def _one_life(self) -> bool:
        """Serves one process until it dies or there is nothing more to do; whether it ever was ready."""
        context = multiprocessing.get_context("spawn")
        in_hand = context.RawArray("q", IN_HAND)
        in_hand[1] = NOTHING
        pipe, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, in_hand, self._pool.payload), daemon=True)
        with _quiet_start():
            process.start()
        theirs.close()
        self.process = process
        given: deque[tuple[int, _Chunk]] = deque()
        ready = False
        try:
            with pipe:
                if not self._pool.closing:
                    _hear(pipe)  # that it is ready
                    ready = True
                    self._serve(pipe, given)
        except (EOFError, OSError):
            process.join()
            if not self._pool.closing:
                self._mourn(given, in_hand, _how(process.exitcode))
        finally:
            process.kill()
            process.join()
        return ready

    def _serve(self, pipe: Connection, given: deque[tuple[int, _Chunk]]) -> None:
        turn = 0
        while not self._pool.closing:
            while len(given) < PIPELINED and (chunk := self._pool.take(wait=not given)) is not None:
                turn += 1
                given.append((turn, chunk))
                message = (turn, [chunk.items[place] for place in chunk.places])
                try:
                    pipe.send_bytes(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))
                except OSError:
                    break  # it is dead: what it answered before is still in the pipe
            if given:
                results = _hear(pipe)
                self._pool.keep(given.popleft()[1], results)

    def _mourn(self, given: deque[tuple[int, _Chunk]], in_hand: Any, how: str) -> None:
        """Puts back what a dead worker had; the first of its chunks is the one it worked on."""
        for position, (turn, chunk) in enumerate(given):
            if position == 0:
                known = in_hand[0] == turn and in_hand[1] != NOTHING
                self._pool.suspect(chunk, place=in_hand[1] if known else None, how=how)
            else:
                self._pool.put_back(chunk)


class _Told(Exception):  # noqa: N818 - it carries the error
    """What a worker raised."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def _hear(pipe: Connection) -> list[Any]:
    _, results, error = unpickled(pipe.recv_bytes())
    if error is not None:
        raise _Told(error)
    found: list[Any] = results
    return found


def unpickled(packed: bytes) -> Any:
    """What our own workers pickled, made without looking for garbage, of which there is none yet.

    Records are thousands of small objects, and half of the time went into collections that found nothing.
    """
    with _unpickling:  # else one thread would switch on, or leave off, what another has switched
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            return pickle.loads(packed)  # noqa: S301 (our own child's)
        finally:
            if was_enabled:
                gc.enable()


@contextmanager
def _quiet_start() -> Iterator[None]:
    """A new process begins with one thread for linear algebra, and deaf to Ctrl-C from its first moment on."""
    with _starting:
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        blocked = (
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
        )
        try:
            yield
        finally:
            if blocked is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _how(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"{name}, often for want of memory" if name == "SIGKILL" else name
