from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from wenzhai.storage import Store, open_store

from .examples import NOW


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wenzhai.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path, create=True, now=lambda: NOW) as store:
        yield store
