"""A process that dies: what it was told is stored stays stored, the rest leaves no trace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

import pytest
from wenzhai.storage import SearchQuery, connect, open_store
from wenzhai.storage.check import check_database

from .killed_ingest import BATCH

DYING = """
import os, sys
from pathlib import Path
from tests_storage_examples import put_text
from wenzhai.storage import open_store

store = open_store(Path(sys.argv[1]), create=True)
for number in range(3):
    with store.batch():
        put_text(store, f"第{number}批甲", name=f"{number}a")
        put_text(store, f"第{number}批乙", name=f"{number}b")
        if number == 2:
            os._exit(9)
    print(number, flush=True)
"""


def test_death_within_a_batch_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "wenzhai.db"
    # The child cannot import by the names pytest gives modules, so it gets the examples as one of its own.
    examples = (Path(__file__).parent / "examples.py").read_text(encoding="utf-8")
    (tmp_path / "tests_storage_examples.py").write_text(examples, encoding="utf-8")
    child = subprocess.run(
        [sys.executable, "-c", DYING, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (child.returncode, child.stdout.split()) == (9, ["0", "1"]), child.stderr
    with open_store(path) as store:
        assert store.count() == 4
        assert store.count(SearchQuery(text="第2批甲")) == 0
        assert store.count(SearchQuery(text="第1批")) == 2
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")


class Ingest:
    """Processes that store articles, each killed at a moment that chance chooses."""

    def __init__(self, say: IO[str], hear: IO[str], path: Path, *, seed: int) -> None:
        self._say, self._hear, self._path = say, hear, path
        self._chance = random.Random(seed)  # noqa: S311

    def run_until_killed(self, first: int) -> int | None:
        """The number of the last article that was said to be safe, None when none was."""
        print(self._path, first, file=self._say, flush=True)
        victim, safe, killer = int(self._hear.readline()), None, None
        # While it opens the file or writes the first batch, or some batches later; every eighth compacts.
        batches = self._chance.choice((0, 1, 2, 4, 8))
        while True:
            if batches == 0:
                killer = threading.Timer(self._chance.random() * 0.05, _kill, (victim,))
                killer.start()
            word = self._hear.readline().strip()
            if word == "ended":
                break
            safe, batches = int(word), batches - 1
        assert killer is not None
        killer.join()
        return safe


def _kill(victim: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
@pytest.mark.parametrize("kills", [pytest.param(6, id="quick"), pytest.param(100, marks=pytest.mark.campaign)])
def test_death_at_any_moment_loses_nothing_acknowledged(
    tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path, safe = tmp_path / "wenzhai.db", 0
    command = [sys.executable, str(Path(__file__).with_name("killed_ingest.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ingest = Ingest(process.stdin, process.stdout, path, seed=kills)
        for _ in range(kills):
            safe = ingest.run_until_killed(safe + 1) or safe
            if not path.exists():  # it was killed before it could make one
                continue
            with open_store(path, create=True) as store:
                wanted = {number // 2 if number % 7 == 0 else number for number in range(1, safe + 1)}
                found = {int(record.article.title[1:-1]) for record in store.iterate_records()}
                assert wanted <= found
                # Of what was not acknowledged a batch may be there, whole.
                assert len(found - wanted) <= BATCH
            assert list(check_database(path)) == []
        process.stdin.close()
    assert safe > 0
    if kills > 6:
        with capsys.disabled():
            print(f"\n{kills} processes killed, {safe} articles acknowledged, none lost")  # noqa: T201
