"""`wenzhai db`: what it says, and what it ends with."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from wenzhai.commands import databases
from wenzhai.storage.search_schema import TABLES

from .command_line import ARCHIVE, CommandLine

ARTICLE = ARCHIVE / "ipsc-factors.md"


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


@pytest.fixture
def database(wenzhai: CommandLine, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one article, harvested by the first test that asks for it."""
    harvested = tmp_path_factory.getbasetemp() / "harvested.db"
    if not harvested.exists():
        wenzhai("harvest", ARTICLE, "--db", harvested)
    return Path(shutil.copyfile(harvested, tmp_path / "wenzhai.db"))


def test_a_sound_database(wenzhai: CommandLine, database: Path) -> None:
    result = wenzhai("db", "check")
    assert (result.code, result.out) == (0, "wenzhai.db: all well\n")


def test_problems_are_told_and_repaired(wenzhai: CommandLine, database: Path) -> None:
    change(database, "UPDATE mentions SET start = start + 1 WHERE id = 1")
    result = wenzhai("db", "check")
    assert result.code == 1
    assert "quote: mentions, row 1, article " in result.out
    assert "(`wenzhai db check --repair` puts it right)" in result.out
    assert result.out.splitlines()[-1].startswith("2 problems: ")
    result = wenzhai("db", "check", "--repair")
    assert (result.code, result.out) == (0, "wenzhai.db: all well\n")


def test_many_problems_of_a_kind_are_counted(wenzhai: CommandLine, database: Path) -> None:
    rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    change(database, f"INSERT INTO tools (article_id, name) {rows} SELECT 'none', 'Seurat' FROM n")  # noqa: S608
    result = wenzhai("db", "check")
    assert result.code == 1
    assert "reference: … and more" in result.out
    assert len(result.out.splitlines()) == 22
    assert result.out.splitlines()[-1] == "500 problems: 500 reference"


def test_a_damaged_file_is_told_without_a_traceback(wenzhai: CommandLine, database: Path) -> None:
    content = bytearray(database.read_bytes())
    for page in range(3, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    database.write_bytes(content)
    result = wenzhai("db", "check")
    assert result.code == 1
    assert "restore a copy" in result.out
    for command in (["db", "check", "--repair"], ["db", "backup", "copy.db"], ["db", "compact"], ["db", "stats"]):
        result = wenzhai(*command)
        assert result.code in (1, 3)
        assert "Traceback" not in result.err
    assert not (database.parent / "copy.db").exists()


@pytest.mark.parametrize("command", [["check"], ["check", "--repair"], ["backup", "x.db"], ["compact"], ["stats"]])
def test_a_missing_database_is_told(wenzhai: CommandLine, tmp_path: Path, command: list[str]) -> None:
    result = wenzhai("db", *command)
    assert result.code == 3
    assert "there is no database" in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_copy(wenzhai: CommandLine, database: Path) -> None:
    result = wenzhai("db", "backup", "copy.db")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("wrote copy.db: ")
    assert wenzhai("show", "ipsc-factors.md", "--db", "copy.db").out == wenzhai("show", "ipsc-factors.md").out
    result = wenzhai("db", "backup", "copy.db")
    assert (result.code, "there already" in result.err) == (3, True)


def test_compacting(wenzhai: CommandLine, database: Path) -> None:
    before = wenzhai("show", "ipsc-factors.md").out
    result = wenzhai("db", "compact")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("1 stored page compressed anew\n")
    assert wenzhai("show", "ipsc-factors.md").out == before
    assert wenzhai("db", "check").code == 0


def test_sizes(wenzhai: CommandLine, database: Path) -> None:
    result = wenzhai("db", "stats", "--json")
    sizes = json.loads(result.out)
    tables = {table["name"]: table for table in sizes["tables"]}
    assert tables["articles"]["rows"] == 1
    assert tables["search_index"]["rows"] == 1
    assert not any(name.endswith(("_docsize", "_idx")) for name in tables)
    assert sizes["file_bytes"] == database.stat().st_size
    assert sizes["snapshot_bytes"] == len(ARTICLE.read_bytes())
    assert sizes["search_bytes"] == sum(tables[name]["bytes"] for name in TABLES)
    accounted = sum(table["bytes"] + table["index_bytes"] for table in tables.values())
    assert 0 <= sizes["file_bytes"] - sizes["free_bytes"] - accounted < 100_000  # SQLite's own tables
    told = wenzhai("db", "stats").out.splitlines()
    assert told[0].split() == ["table", "rows", "data", "MB", "indexes", "MB"]
    assert len({len(line) for line in told[1 : len(tables) + 1]}) == 1
    assert told[-1].startswith("stored pages: ")


def test_a_bar_is_drawn_on_a_terminal(wenzhai: CommandLine, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "Console", lambda **options: Console(**options, force_terminal=True))
    result = wenzhai("db", "backup", "copy.db")
    assert "copying" in result.err
