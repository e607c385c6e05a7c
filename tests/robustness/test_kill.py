"""A run that is killed at any moment: the next one goes on, nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest
from wenzhai.storage import open_store

from ..harvester.fault_server import FaultServer
from .plain_run import PassingTime
from .site import Site
from .test_campaign import check_store, passes_needed

# Ten databases with twenty kills each.
CAMPAIGN = [pytest.param(seed, marks=pytest.mark.campaign) for seed in range(1, 11)]
PROGRAM = Path(__file__).with_name("plain_run.py")


class Killer:
    """Kills the process that asks the server, some requests and some milliseconds from now."""

    def __init__(self, *, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311
        self._victim = 0
        self._left = 0

    def aim(self, victim: int) -> None:
        self._victim, self._left = victim, self._chance.randint(1, 30)

    def on_request(self, _: int) -> None:
        self._left -= 1
        if self._left == 0:
            # While it waits for the answer, reads it, or writes it down.
            threading.Timer(self._chance.random() * 0.03, self._kill, (self._victim,)).start()

    def _kill(self, victim: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


@contextmanager
def runner() -> Iterator[tuple[IO[str], IO[str]]]:
    with subprocess.Popen(
        [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout
        process.stdin.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("seed", [pytest.param(0, id="quick"), *CAMPAIGN])
def test_killed_runs_lose_and_double_nothing(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    kills = 20 if seed else 3
    path, killer, killed, runs, stored = tmp_path / "wenzhai.db", Killer(seed=seed), 0, 0, 0
    with FaultServer() as server, runner() as (say, hear):
        # A run asks for 16 pages on average before it is killed; with none left to ask for it never would be.
        site = Site(server, size=kills * 20, seed=5 + seed, on_request=killer.on_request)
        while killed < kills:
            runs += 1
            assert runs < kills * 10
            print(path, site.feed, runs, runs, file=say, flush=True)
            victim = int(hear.readline())
            killer.aim(victim)
            code = int(hear.readline().split()[0])
            assert code in (0, -signal.SIGKILL)
            killed += code != 0
            passing = PassingTime(day=runs, seed=0)
            with open_store(path, create=True, now=passing.now) as store:
                assert store.count() >= stored
                stored = store.count()
        killer.aim(0)
        site.on_request = lambda _: None
        passes_needed(path, site, day=runs + 1)
        with open_store(path) as store:
            check_store(store, site)
    if seed:
        with capsys.disabled():
            print(f"\n{killed} of {runs} runs killed: {len(site.reachable)} articles stored once each")  # noqa: T201
