from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from wenzhai.storage import Store, open_store

from .examples import NOW
from .rich_examples import fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "wenzhai.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path, create=True, now=lambda: NOW) as store:
        yield store


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "wenzhai.db"
    with open_store(path, create=True, now=lambda: NOW) as store:
        fill(store)
    return path


@pytest.fixture
def sound(path: Path, filled: Path) -> Path:
    """A database with everything there can be in one, in a file of its own."""
    shutil.copyfile(filled, path)
    return path
