"""Commands that only read the database answer at once: they must not load what extracts and harvests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .command_line import ARCHIVE, CommandLine

RUN = """
import sys
from wenzhai.cli import app
app(sys.argv[1:], standalone_mode=False)
print(sorted({"spacy", "numpy", "httpx", "lxml", "trafilatura", "sqlite_utils", "apscheduler"} & set(sys.modules)))
"""


@pytest.mark.parametrize("arguments", [["search", "因子"], ["show", "{id}"], ["status"], ["export"], ["--help"]])
def test_reading_commands_import_nothing_heavy(wenzhai: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    wenzhai("harvest", ARCHIVE / "ipsc-factors.md")
    article_id = wenzhai("search").out.splitlines()[1].split(" · ")[-1]
    command = [sys.executable, "-c", RUN, *(each.format(id=article_id) for each in arguments)]
    child = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert child.stdout.splitlines()[-1] == "[]", child.stderr
