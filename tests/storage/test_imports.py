"""Searching must not wait for what it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wenzhai.storage import Store

from .examples import put_text

SEARCH = """
import sys
from pathlib import Path
from wenzhai.storage import SearchQuery, open_store
with open_store(Path(sys.argv[1]), read_only=True) as store:
    assert len(store.search(SearchQuery(text="肿瘤", genes=()))) == 1
    store.status()
print(sorted({"spacy", "numpy", "sqlite_utils", "httpx", "lxml", "typer"} & set(sys.modules)))
"""


def test_searching_imports_nothing_heavy(path: Path, store: Store) -> None:
    put_text(store, "肿瘤")
    child = subprocess.run([sys.executable, "-c", SEARCH, str(path)], capture_output=True, text=True, check=False)
    assert child.stdout.strip() == "[]", child.stderr
