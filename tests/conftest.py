"""What all tests share: surroundings of their own, one spaCy pipeline, and the command line in this process."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from wenzhai.cli import main
from wenzhai.config import Settings
from wenzhai.config_file import ENVIRONMENT_PREFIX
from wenzhai.extractors.nlp import Extractor

from .command_line import CommandLine, Result

_connect = socket.socket.connect


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--campaign", action="store_true", help="also run what takes minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--campaign"):
        for item in items:
            if "campaign" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes minutes; run with --campaign"))


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty one, the same for all tests: the lexicons are read once for each."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def extractor(data_folder: Path) -> Extractor:
    return Extractor(version="1.0", data_folder=data_folder)


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    """No setting or lexicon of whoever runs the tests counts, and nothing but this machine is asked."""
    for key in Settings.model_fields:
        monkeypatch.delenv(ENVIRONMENT_PREFIX + key.upper(), raising=False)
    monkeypatch.setenv("WENZHAI_DATA_FOLDER", str(data_folder))
    monkeypatch.setattr(socket.socket, "connect", _connect_nearby)


def _connect_nearby(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test wants to connect to {address}")
    _connect(self, address)


@pytest.fixture
def wenzhai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Runs a command as a shell in a folder of its own would, but in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str | os.PathLike[str]) -> Result:
        monkeypatch.setattr(sys, "argv", ["wenzhai", *map(os.fspath, arguments)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return run
