"""Visits to a server that misbehaves, with the clock in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import Outcome
from wenzhai.pipeline import harvest
from wenzhai.storage import Store, open_store

from ..harvester.fault_server import FaultServer
from .plain_run import OPTIONS, PassingTime, PlainExtractor
from .site import HOST


@dataclass
class Visits:
    """Harvests from the server; every visit is a run of its own, only the database stays."""

    server: FaultServer
    store: Store
    passing: PassingTime
    look_again_days: float = 0.0

    def url(self, path: str, *, host: str = HOST) -> str:
        return self.server.url(path, host=host)

    def later(self, *, days: float = 0.0, hours: float = 0.0) -> None:
        self.passing.passed += days * 86400 + hours * 3600

    def __call__(self, *targets: str) -> list[Outcome]:
        context = SourceContext(
            options=replace(OPTIONS, look_again_days=self.look_again_days),
            clock=self.passing.clock,
            resolve=lambda host: ("127.0.0.1",),
        )
        extractor = PlainExtractor(version="1.0")
        with context, closing(harvest(targets, store=self.store, extractor=extractor, context=context)) as outcomes:
            return list(outcomes)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


@pytest.fixture
def visit(server: FaultServer, tmp_path: Path) -> Iterator[Visits]:
    passing = PassingTime(day=0, seed=1)
    with open_store(tmp_path / "wenzhai.db", create=True, now=passing.now) as store:
        yield Visits(server, store, passing)
