"""A process that dies: what it was told is stored stays stored, the rest leaves no trace."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from wenzhai.storage import SearchQuery, connect, open_store

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
