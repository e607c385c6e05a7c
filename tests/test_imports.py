"""Commands that only read the database answer at once: they must not load what extracts and harvests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .command_line import ARCHIVE, CommandLine

RUN = """
import sys
from wenzhai.cli import main
try:
    main()
except SystemExit:
    pass
print(sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {"spacy", "numpy", "httpx", "lxml", "trafilatura", "sqlite_utils", "apscheduler"}
DEPENDENCIES = {"typer", "click", "rich", "pydantic", "pydantic_core", "platformdirs", "yaml", "zstandard", "bs4"}


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The packages that a command has loaded when it ends."""
    command = [sys.executable, "-c", RUN, *arguments]
    child = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    return set(ast.literal_eval(child.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [["search", "因子"], ["show", "{id}"], ["status"], ["export"], ["db", "check"], ["db", "stats"], ["--help"]],
)
def test_reading_commands_import_nothing_heavy(wenzhai: CommandLine, tmp_path: Path, arguments: list[str]) -> None:
    wenzhai("harvest", ARCHIVE / "ipsc-factors.md")
    article_id = wenzhai("search").out.splitlines()[1].split(" · ")[-1]
    assert not loaded(tmp_path, *(each.format(id=article_id) for each in arguments)) & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "因子"],
        ["search", "因子", "--json"],
        ["search", "--findings"],
        ["search", "--has", "pmid", "-n", "3"],
        ["search", "--facets", "kind"],
        ["search", "--count"],
        ["related", "{id}"],
        ["show", "{id}", "--json"],
    ],
    ids=" ".join,
)
def test_quick_commands_import_nothing_but_pythons_own(
    wenzhai: CommandLine, tmp_path: Path, arguments: list[str]
) -> None:
    wenzhai("harvest", ARCHIVE / "ipsc-factors.md")
    article_id = wenzhai("search").out.splitlines()[1].split(" · ")[-1]
    (tmp_path / "wenzhai.toml").write_text("database = 'wenzhai.db'\ndelay_seconds = 5\n")
    found = loaded(tmp_path, *(each.format(id=article_id) for each in arguments))
    assert "wenzhai" in found
    assert not found & (HEAVY | DEPENDENCIES)
