"""What is noted of runs and sources, and the lock that keeps runs apart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wenzhai.models import AlreadyRunningError, Ending, RunCounts, SourceHistory, SourceRun, StorageError
from wenzhai.storage import Store, open_store
from wenzhai.storage.run_lock import run_lock

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
COUNTS = RunCounts(seen=6, new=1, changed=1, unchanged=1, skipped=1, failed=2)
HISTORY = SourceHistory(
    "cell-notes",
    "https://feeds.example.org/a.xml",
    last_run_at=NOW,
    last_counts=COUNTS,
    failing_since=NOW - timedelta(days=2),
    failures=4,
    next_try_at=NOW + timedelta(hours=4),
    error="did not answer",
)
RUN = SourceRun("cell-notes", NOW, NOW + timedelta(minutes=1), COUNTS, Ending.FAILED, "did not answer")


def test_histories_survive_a_restart(store: Store, path: Path) -> None:
    run_id = store.runs.begin("harvest", now=NOW)
    store.runs.note_source(run_id, RUN, history=HISTORY)
    store.close()
    with open_store(path, read_only=True) as again:
        assert again.runs.histories() == {"cell-notes": HISTORY}


def test_source_without_news_keeps_its_history(store: Store) -> None:
    run_id = store.runs.begin("harvest", now=NOW)
    store.runs.note_source(run_id, RUN, history=HISTORY)
    store.runs.note_source(run_id, RUN, history=None)
    assert store.runs.histories() == {"cell-notes": HISTORY}


def test_runs_are_numbered_and_counted(store: Store) -> None:
    first = store.runs.begin("harvest", now=NOW)
    store.runs.finish(first, COUNTS, ended=Ending.DONE, now=NOW)
    second = store.runs.begin("watch", now=NOW)
    assert second == first + 1
    assert store.runs.last_runs(limit=5) == [(second, "running", RunCounts()), (first, "done", COUNTS)]


def test_run_that_never_ended_has_crashed(store: Store) -> None:
    crashed = store.runs.begin("harvest", now=NOW)
    store.runs.begin("harvest", now=NOW)
    assert store.runs.last_runs(limit=2)[1] == (crashed, "crashed", RunCounts())


def test_counts_that_do_not_add_up_are_refused(store: Store) -> None:
    run_id = store.runs.begin("harvest", now=NOW)
    with pytest.raises(StorageError):
        store.runs.finish(run_id, RunCounts(seen=2, new=1), ended=Ending.DONE, now=NOW)


def test_old_runs_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenzhai.storage.runs._KEPT_RUNS", 2)
    ids = [store.runs.begin("harvest", now=NOW) for _ in range(5)]
    assert [run_id for run_id, *_ in store.runs.last_runs(limit=9)] == [ids[4], ids[3]]


def test_lock_is_held_by_one(tmp_path: Path) -> None:
    database = tmp_path / "wenzhai.db"
    with run_lock(database, now=NOW):
        told = f"process {os.getpid()} since 2026-03-05T12:00"
        with pytest.raises(AlreadyRunningError, match=told), run_lock(database, now=NOW):
            pass
        with run_lock(tmp_path / "another.db", now=NOW):
            pass
    with run_lock(database, now=NOW):
        pass


HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from wenzhai.storage.run_lock import run_lock
with run_lock(Path(sys.argv[1]), now=datetime.now(UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_crash_leaves_no_lock_behind(tmp_path: Path) -> None:
    database = tmp_path / "wenzhai.db"
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError), run_lock(database, now=NOW):
            pass
        child.send_signal(signal.SIGKILL)
        child.wait()
    with run_lock(database, now=NOW):
        pass


def test_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for database in (tmp_path / "file" / "wenzhai.db", tmp_path):
        with pytest.raises(StorageError), run_lock(database, now=NOW):
            pass
