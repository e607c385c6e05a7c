"""Whatever order chunks come back in, results come in the order of the items, and little is in flight."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from wenzhai.parallel import Killed, Limits, Ordered, SerialEngine

from .works import Squares


class ShuffledEngine:
    """Finishes chunks in any order, some of them only when it is waited for."""

    def __init__(self, *, workers: int, seed: int) -> None:
        self.workers, self.most = workers, 0
        self._chance = random.Random(seed)  # noqa: S311
        self._flying: list[tuple[int, Sequence[int]]] = []

    def start(self, number: int, items: Sequence[int]) -> None:
        self._flying.append((number, items))
        self.most = max(self.most, len(self._flying))

    def finished(self, *, wait: bool) -> list[tuple[int, list[int | Killed]]]:
        count = self._chance.randint(1 if wait and self._flying else 0, len(self._flying))
        self._chance.shuffle(self._flying)
        done, self._flying = self._flying[:count], self._flying[count:]
        return [(number, [item * item for item in items]) for number, items in done]

    def close(self) -> None:
        self._flying.clear()


@given(st.lists(st.integers()), st.integers(1, 4), st.integers(1, 5), st.integers(1, 3), st.integers())
def test_order_and_bound(items: list[int], workers: int, size: int, ahead: int, seed: int) -> None:
    engine = ShuffledEngine(workers=workers, seed=seed)
    with Ordered(engine, limits=Limits(items=size, ahead=ahead)) as ordered:
        assert list(ordered.map(items)) == [(item, item * item) for item in items]
    assert engine.most <= workers * ahead


@given(st.lists(st.integers(0, 50)), st.integers(1, 100))
def test_chunks_are_as_heavy_as_they_may_be(weights: list[int], limit: int) -> None:
    class Noting(ShuffledEngine):
        def start(self, number: int, items: Sequence[int]) -> None:
            assert sum(items[:-1]) < limit
            super().start(number, items)

    limits = Limits(items=1000, weight=limit)
    with Ordered(Noting(workers=2, seed=1), limits=limits, weigh=lambda item: item) as ordered:
        assert [item for item, _ in ordered.map(weights)] == weights


def test_serial_gives_each_result_at_once() -> None:
    ordered = Ordered(SerialEngine(Squares()), limits=Limits(items=1))
    ordered.submit(3)
    assert list(ordered.ready()) == [(3, 9)]
    assert list(ordered.drain()) == []


def test_what_is_submitted_while_draining_is_waited_for() -> None:
    with Ordered(ShuffledEngine(workers=1, seed=1), limits=Limits(items=2)) as ordered:
        ordered.submit(5)
        found = []
        for item, _ in ordered.drain():
            found.append(item)
            if item:
                ordered.submit(item - 1)
    assert found == [5, 4, 3, 2, 1, 0]
