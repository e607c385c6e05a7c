"""A cluster of real processes: what is done with a worker that dies, differs, or is not there."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from wenzhai.models import ConfigError, LexiconError, WorkerError
from wenzhai.parallel import Killed, Limits, Ordered
from wenzhai.parallel.dask_cluster import DaskEngine, connected

from .works import Squares

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with connected("local", workers=2) as client:
        yield client


def squares(client: Any, work: Squares, items: range, *, size: int = 4) -> dict[int, int | Killed]:
    with Ordered(DaskEngine[int, int](work, client=client), limits=Limits(items=size)) as ordered:
        found = list(ordered.map(items))
    assert [item for item, _ in found] == list(items)
    return dict(found)


def test_results_and_errors_come_home(client: Any) -> None:
    assert squares(client, Squares(), range(30)) == {item: item * item for item in range(30)}
    with pytest.raises(LexiconError, match=r"genes\.tsv: cannot be read"):
        squares(client, Squares(broken=frozenset({3})), range(8))


def test_the_item_that_kills_is_set_aside_and_its_neighbours_are_not(client: Any) -> None:
    found = squares(client, Squares(deadly=frozenset({5})), range(9), size=3)
    killed = found.pop(5)
    assert isinstance(killed, Killed)
    assert killed.reason.startswith("the workers that worked on it died (2 times, last tcp://127.0.0.1:")
    assert found == {item: item * item for item in range(9) if item != 5}


def test_a_worker_that_differs_is_named_before_work_starts(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Squares, "prepare", lambda self: {"squares": "2", "cubes": "1"})
    with pytest.raises(
        WorkerError,
        match=r"^tcp://127\.0\.0\.1:\d+: this worker differs: cubes is missing there and 1 here; "
        r"squares is 1 there and 2 here \(install the same wenzhai there",
    ):
        DaskEngine(Squares(), client=client)


def test_a_worker_without_the_program_is_named(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stranger(Squares):
        pass

    Stranger.__qualname__ = "Stranger"
    monkeypatch.setattr(sys.modules[Squares.__module__], "Stranger", Stranger, raising=False)
    Stranger.__module__ = Squares.__module__
    with pytest.raises(WorkerError, match=r"^tcp://127\.0\.0\.1:\d+: this worker cannot do the work: AttributeError"):
        DaskEngine(Stranger(), client=client)


def test_no_scheduler() -> None:
    with pytest.raises(WorkerError, match="no Dask scheduler answers"), connected("nonsense://127.0.0.1:1"):
        pass


def test_without_dask_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"--dask: needs Dask \(pip install 'wenzhai\[dask\]'\)"), connected("local"):
        pass


@pytest.mark.parametrize(
    ("kills", "count"), [pytest.param(1, 300, id="quick"), pytest.param(30, 12000, marks=pytest.mark.campaign)]
)
def test_workers_killed_at_random_lose_and_double_nothing(client: Any, kills: int, count: int, tmp_path: Path) -> None:
    chance = random.Random(kills)  # noqa: S311
    moments = set(chance.sample(range(count // 10, count // 2), kills))

    def strike() -> None:
        with suppress(ProcessLookupError, IndexError):
            victim = chance.choice(list(client.cluster.workers.values()))
            os.kill(victim.pid, signal.SIGKILL)

    found: list[tuple[int, int | Killed]] = []
    with Ordered(DaskEngine[int, int](Squares(seconds=0.005), client=client), limits=Limits(items=32)) as ordered:
        for each in ordered.map(range(count)):
            found.append(each)
            if each[0] in moments:
                threading.Timer(chance.random() * 0.02, strike).start()
    assert found == [(item, item * item) for item in range(count)]
