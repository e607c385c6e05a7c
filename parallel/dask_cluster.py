"""A Dask cluster: chunks go to its scheduler, results come back in any order. Needs dask's distributed.

Everything is sent as pickles, which may contain any program: scheduler and workers must be trusted, and whoever can
reach the scheduler's port owns the workers. See docs/scale.md.
"""

from __future__ import annotations

import logging
import pickle
import queue
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic

from ..models import ConfigError, WorkerError
from .contract import Killed, R, T, Work
from .pool_worker import settle
from .process_pool import ONE_THREAD, unpickled

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
TRIES = 2
_PATIENCE = "60s"
_OF_A_CLUSTER_OF_OUR_OWN = {
    # A second death of a worker with one task is enough to look at its items one by one.
    "distributed.scheduler.allowed-failures": 1,
    # A dead worker is begun again by its nanny; a cluster that is tired of waiting for that would lose its place.
    "distributed.deploy.lost-worker-timeout": "1h",
    # Workers look at their stacks and clocks a hundred times a second, for a dashboard that is not there.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    # Dask has workers give back every freed 64 kB at once, which took a fifth of their time: an article's arrays are
    # as large, and come again with the next one.
    "distributed.nanny.pre-spawn-environ": {
        **dict.fromkeys(ONE_THREAD, 1),
        "MALLOC_TRIM_THRESHOLD_": 256 * 1024 * 1024,
        "MALLOC_MMAP_THRESHOLD_": 64 * 1024 * 1024,
    },
}
# Of a worker with several threads: spaCy's pipeline is for one of them at a time.
_one_at_a_time = threading.Lock()


@contextmanager
def connected(address: str, *, workers: int = 2) -> Iterator[Client]:
    """A client of the cluster while the block lasts.

    Args:
        address: of a scheduler, or ``local`` for a cluster of processes of this machine, which ends with the block.
        workers: how many processes a local one has.

    Raises:
        ConfigError: distributed is not installed.
        WorkerError: there is no scheduler at this address.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ConfigError("needs Dask", subject="--dask", hint="pip install 'wenzhai[dask]'") from error
    with dask.config.set(_OF_A_CLUSTER_OF_OUR_OWN):
        if address == LOCAL:
            with (
                LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                ) as cluster,
                Client(cluster, set_as_default=False) as client,
            ):
                yield client
            return
        try:
            client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise WorkerError(
                f"no Dask scheduler answers: {error}", subject=address, hint="an address is tcp://HOST:8786 or tls://…"
            ) from error
        with client:
            yield client


@dataclass(eq=False)
class _Chunk:
    """A chunk on its way, and what is known of it so far."""

    items: Sequence[Any]
    results: dict[int, Any] = field(default_factory=dict)
    tries: int = 0  # of the item that is looked at alone


class DaskEngine(Generic[T, R]):
    """Works on a cluster.

    A worker that dies takes nothing with it: the scheduler gives its chunks to another one. A chunk whose workers
    keep dying is worked on again item by item, one at a time, until the item that kills them is alone.

    Args:
        work: sent along with every chunk; a worker loads it once.
        client: connected to the cluster.

    Raises:
        WorkerError: there is no worker, wenzhai is not installed on one, or it differs from this process.
    """

    def __init__(self, work: Work[T, R], *, client: Client) -> None:
        self._client = client
        self._payload = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        self._ours = dict(work.prepare())
        self._chunks: dict[int, _Chunk] = {}
        self._suspects: deque[tuple[int, int]] = deque()
        self._alone: tuple[int, int] | None = None
        self._futures: set[Future] = set()
        self._heard: queue.SimpleQueue[tuple[Future, int, tuple[int, ...]]] = queue.SimpleQueue()
        self._check()

    @property
    def workers(self) -> int:
        return len(self._client.nthreads())

    @property
    def process_ids(self) -> list[int]:
        """Of the workers of a local cluster that are alive; of another one nothing is known."""
        return [
            process.pid
            for nanny in getattr(self._client.cluster, "workers", {}).values()
            if (process := nanny.process) is not None and process.pid
        ]

    def start(self, number: int, items: Sequence[T]) -> None:
        self._chunks[number] = _Chunk(items)
        self._submit(number, tuple(range(len(items))))

    def finished(self, *, wait: bool) -> list[tuple[int, list[R | Killed]]]:
        whole: list[tuple[int, list[R | Killed]]] = []
        while not (self._heard.empty() and (whole or not wait)):
            future, number, places = self._heard.get()
            self._futures.discard(future)
            self._take(future, number, places)
            chunk = self._chunks[number]
            if len(chunk.results) == len(chunk.items):
                del self._chunks[number]
                whole.append((number, [chunk.results[place] for place in range(len(chunk.items))]))
        return whole

    def close(self) -> None:
        futures, self._futures = list(self._futures), set()
        if futures and self._client.status == "running":
            self._client.cancel(futures, force=True)

    def _check(self) -> None:
        """Compares every worker with this process, before any work is given away."""
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise WorkerError(
                f"the cluster has no workers after {_PATIENCE}",
                subject=_address(self._client),
                hint="start some: dask worker ADDRESS --nthreads 1 --nworkers auto",
            ) from error
        told = self._client.run(_prepare, self._payload, on_error="return")
        for address, theirs in told.items():
            self._compare(address, theirs)

    def _compare(self, address: str, theirs: object) -> None:
        if isinstance(theirs, BaseException):
            raise WorkerError(
                f"this worker cannot do the work: {type(theirs).__name__}: {theirs}",
                subject=address,
                hint="install the same wenzhai there, and put the same lexicons into its data folder",
            ) from theirs
        if isinstance(theirs, Mapping) and dict(theirs) != self._ours:
            raise WorkerError(
                f"this worker differs: {_difference(self._ours, theirs)}",
                subject=address,
                hint="install the same wenzhai there, and put the same lexicons into its data folder",
            )

    def _submit(self, number: int, places: tuple[int, ...]) -> None:
        items = self._chunks[number].items
        # Bytes, so that the scheduler passes them on without a look into them.
        packed = pickle.dumps([items[place] for place in places], protocol=pickle.HIGHEST_PROTOCOL)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of "large" tasks: a chunk is some hundred kilobytes
            future = self._client.submit(_work_on, self._payload, packed, pure=False)
        self._futures.add(future)
        future.add_done_callback(lambda done: self._heard.put((done, number, places)))

    def _take(self, future: Future, number: int, places: tuple[int, ...]) -> None:
        chunk = self._chunks[number]
        if self._alone == (number, places[0]) and len(places) == 1:
            self._alone = None
        if future.status == "finished":
            address, theirs, packed = future.result()
            self._compare(address, theirs)  # it may have joined after the check
            chunk.results.update(zip(places, unpickled(packed), strict=True))  # trusted: see above
        elif len(places) > 1 and _is_death(future):
            self._suspects.extend((number, place) for place in places)
        elif _is_death(future):
            self._died_alone(chunk, number, places[0], future)
        else:
            raise future.exception() or WorkerError("the cluster gave up a chunk", subject=_address(self._client))
        self._look_at_one()

    def _died_alone(self, chunk: _Chunk, number: int, place: int, future: Future) -> None:
        chunk.tries += 1
        if chunk.tries < TRIES:
            self._suspects.appendleft((number, place))
            return
        chunk.tries = 0
        chunk.results[place] = Killed(f"the workers that worked on it died ({_last_words(future)})")

    def _look_at_one(self) -> None:
        """One suspect at a time: with two of them on one worker, the innocent one would be blamed as well."""
        if self._alone is None and self._suspects:
            self._alone = self._suspects.popleft()
            self._submit(self._alone[0], (self._alone[1],))


@lru_cache(maxsize=2)
def _loaded(payload: bytes) -> tuple[Any, dict[str, str]]:
    """The work, loaded once a worker, and what it is by versions."""
    work = pickle.loads(payload)  # noqa: S301 (whoever runs a Dask worker trusts its scheduler)
    versions = dict(work.prepare())
    settle()
    return work, versions


def _prepare(payload: bytes) -> dict[str, str]:
    return _loaded(payload)[1]


def _work_on(payload: bytes, packed: bytes) -> tuple[str, dict[str, str], bytes]:
    """On a worker: its address, its versions, its results."""
    from distributed import get_worker

    work, versions = _loaded(payload)
    with _one_at_a_time:
        results = [work(item) for item in pickle.loads(packed)]  # noqa: S301
    return get_worker().address, versions, pickle.dumps(results, protocol=pickle.HIGHEST_PROTOCOL)


def _is_death(future: Future) -> bool:
    from distributed import KilledWorker

    return isinstance(future.exception(), KilledWorker)


def _last_words(future: Future) -> str:
    killed = future.exception()
    last = getattr(killed, "last_worker", None)
    return f"{TRIES} times, last {last.address}" if last is not None else f"{TRIES} times"


def _difference(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    names = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
    told = [f"{name} is {theirs.get(name, 'missing')} there and {ours.get(name, 'missing')} here" for name in names]
    return "; ".join(told[:3]) + ("; …" if len(told) > 3 else "")


def _address(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler is not None else ""
