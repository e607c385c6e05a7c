"""Processes that are killed, that crash, that never begin: nothing is lost, nothing doubled, nobody wrongly blamed."""

from __future__ import annotations

import gc
import os
import pickle
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from wenzhai.models import LexiconError, WorkerError
from wenzhai.parallel import Killed, Limits, Ordered
from wenzhai.parallel.process_pool import ProcessPool, unpickled

from .works import Squares

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


def squares(work: Squares, items: range, *, workers: int = 2, size: int = 4) -> dict[int, int | Killed]:
    with Ordered(ProcessPool(work, workers=workers), limits=Limits(items=size)) as ordered:
        found = list(ordered.map(items))
    assert [item for item, _ in found] == list(items)
    return dict(found)


def test_the_item_that_kills_is_set_aside_and_its_neighbours_are_not(tmp_path: Path) -> None:
    work = Squares(deadly=frozenset({5}), fleeting=frozenset({9, 10}), folder=tmp_path)
    found = squares(work, range(14))
    killed = found.pop(5)
    assert isinstance(killed, Killed)
    assert killed.reason == "the process that worked on it died 2 times (SIGKILL, often for want of memory)"
    assert found == {item: item * item for item in range(14) if item != 5}
    assert len(list(tmp_path.iterdir())) == 2  # those were killed once, and done the second time


def test_what_makes_the_run_pointless_is_raised() -> None:
    with pytest.raises(LexiconError, match=r"genes\.tsv: cannot be read"):
        squares(Squares(broken=frozenset({3})), range(8), workers=1)


def test_workers_that_never_begin_are_not_started_for_ever() -> None:
    with pytest.raises(WorkerError, match="died 5 times before they had begun"):
        squares(Squares(stillborn=True), range(4), workers=1)


def test_closing_ends_the_workers_with_work_left() -> None:
    pool = ProcessPool[int, int](Squares(seconds=30), workers=2)
    ordered = Ordered(pool, limits=Limits(items=1))
    for item in range(4):
        ordered.submit(item)
    ordered.close()
    assert pool.process_ids
    for process_id in pool.process_ids:
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


@pytest.mark.parametrize(
    ("kills", "count"), [pytest.param(3, 400, id="quick"), pytest.param(60, 8000, marks=pytest.mark.campaign)]
)
def test_workers_killed_at_random_lose_and_double_nothing(kills: int, count: int) -> None:
    chance = random.Random(kills)  # noqa: S311
    pool = ProcessPool[int, int](Squares(seconds=0.005), workers=2)
    moments = set(chance.sample(range(count // 10, count), kills))

    def strike() -> None:
        with suppress(ProcessLookupError, IndexError):
            os.kill(chance.choice(pool.process_ids), signal.SIGKILL)

    found: list[tuple[int, int | Killed]] = []
    with Ordered(pool, limits=Limits(items=16)) as ordered:
        for each in ordered.map(range(count)):
            found.append(each)
            if each[0] in moments:
                threading.Timer(chance.random() * 0.02, strike).start()
    assert found == [(item, item * item) for item in range(count)]


def test_unpickling_leaves_the_garbage_collector_as_it_was() -> None:
    packed = pickle.dumps([{"records": list(range(20))} for _ in range(50)])
    with ThreadPoolExecutor(8) as threads:
        assert all(len(found) == 50 for found in threads.map(unpickled, [packed] * 400))
    assert gc.isenabled()
    gc.disable()
    try:
        unpickled(packed)
        assert not gc.isenabled()
    finally:
        gc.enable()
