"""`wenzhai report` and `wenzhai browse` from the command line."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from wenzhai.commands import browsing
from wenzhai.storage import open_store

from ..browser.examples import hostile_article
from ..command_line import CommandLine

PERIOD = ("--since", "2025-06-01", "--until", "2025-06-30")


@pytest.fixture
def stocked(wenzhai: CommandLine) -> CommandLine:
    with open_store(Path("wenzhai.db"), create=True) as store:
        store.put_article(*hostile_article())
    return wenzhai


@pytest.mark.parametrize(
    ("options", "beginning"),
    [
        (("-o", "report.html"), "<!DOCTYPE html>"),
        (("-o", "report.md"), "# wenzhai"),
        (("-o", "report.md", "--format", "html"), "<!DOCTYPE html>"),
    ],
)
def test_report_is_written(stocked: CommandLine, options: tuple[str, ...], beginning: str) -> None:
    result = stocked("report", *PERIOD, *options)
    assert result.code == 0, result
    assert "wrote 1 article of 2025-06-01" in result.err
    assert Path(options[1]).read_text(encoding="utf-8").startswith(beginning)


def test_report_to_stdout(stocked: CommandLine) -> None:
    result = stocked("report", *PERIOD, "--format", "md")
    assert result.out.startswith("# wenzhai 文摘: 2025-06-01 – 2025-06-30\n")


def test_period_the_wrong_way_round(stocked: CommandLine) -> None:
    result = stocked("report", "--since", "2025-06-30", "--until", "2025-06-01")
    assert (result.code, "is before" in result.err) == (2, True)


@pytest.mark.parametrize(("command", "module"), [("browse", "datasette"), ("report", "matplotlib")])
def test_extra_that_is_not_installed(
    stocked: CommandLine, command: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(browsing, "find_spec", lambda name: None if name == module else find(name))
    result = stocked(command)
    assert result.code == 2
    assert f"pip install 'wenzhai[{command}]'" in result.err


def test_browse_without_a_database(wenzhai: CommandLine) -> None:
    result = wenzhai("browse", "--port", "0")
    assert (result.code, "there is no database" in result.err) == (3, True)
