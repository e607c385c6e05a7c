"""What the doctor finds, and that every finding comes with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from wenzhai.commands import checkup
from wenzhai.commands.checkup import CheckResult, Verdict, check_clock, check_network, check_space, web_hosts
from wenzhai.config import Settings, SourceSettings
from wenzhai.models import Ending, RunCounts, SourceHistory, SourceRun
from wenzhai.storage import open_store

from .command_line import CommandLine
from .page_server import PageServer

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


def lines(out: str) -> list[tuple[str, str]]:
    return [(line[:4].strip(), line[6:]) for line in out.splitlines()]


def settings_for(*targets: str) -> Settings:
    return Settings(sources={target: SourceSettings(target=target) for target in targets})


def test_all_well(wenzhai: CommandLine, tmp_path: Path, server: PageServer) -> None:
    with open_store(tmp_path / "wenzhai.db", create=True):
        pass
    (tmp_path / "notes").mkdir()
    config = tmp_path / "wenzhai.toml"
    config.write_text(f'allow_private_hosts = true\nsources = ["notes", "{server.url("/feed.xml")}"]')
    result = wenzhai("doctor")
    assert result.code == 0
    told = lines(result.out)
    assert {verdict for verdict, _ in told} <= {"ok", "warn"}  # the disk of whoever runs this may be rather full
    assert [line.split()[0] for _, line in told] == ["disk", "database", "lexicons", "network", "clock"]
    assert server.asked == ["/"]


def test_offline_asks_nobody(wenzhai: CommandLine, tmp_path: Path, server: PageServer) -> None:
    (tmp_path / "wenzhai.toml").write_text(f'sources = ["{server.url()}"]')
    result = wenzhai("doctor", "--offline")
    assert result.code == 0
    assert "not there yet: `wenzhai harvest` makes it" in result.out
    assert server.asked == []


def test_private_host_is_not_asked(wenzhai: CommandLine, tmp_path: Path, server: PageServer) -> None:
    (tmp_path / "wenzhai.toml").write_text(f'sources = ["{server.url()}"]')
    result = wenzhai("doctor")
    assert result.code == 1
    assert "allow_private_hosts permits it" in result.out
    assert server.asked == []


def test_what_is_wrong_is_told_with_a_way_out(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "wenzhai.db").write_text("no database" * 100)
    (tmp_path / "wenzhai.toml").write_text('data_folder = "data"\nsources = ["gone/"]')
    (tmp_path / "data" / "lexicons").mkdir(parents=True)
    (tmp_path / "data" / "lexicons" / "genes.tsv").write_text("nonsense\n")
    result = wenzhai("doctor", "--offline", "--config", "wenzhai.toml")
    assert result.code == 1
    wrong = [line for verdict, line in lines(result.out) if verdict == "fail"]
    assert [line.split()[0] for line in wrong] == ["database", "source"]
    assert "gone/ is not there" in wrong[1]


def test_broken_lexicon_fails(wenzhai: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHAI_DATA_FOLDER", str(tmp_path / "data"))
    (tmp_path / "data" / "lexicons").mkdir(parents=True)
    (tmp_path / "data" / "lexicons" / "genes.tsv").write_text("nonsense\n")
    result = wenzhai("doctor", "--offline")
    assert result.code == 1
    assert any(verdict == "fail" and line.startswith("lexicons") for verdict, line in lines(result.out))


def test_failing_source_and_time_travel_are_told(wenzhai: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "wenzhai.toml").write_text('sources = ["notes"]')
    ahead = datetime.now(UTC) + timedelta(days=400)
    with open_store(tmp_path / "wenzhai.db", create=True) as store:
        history = SourceHistory("notes", "notes", last_run_at=ahead, failures=3, error="did not answer")
        run = SourceRun("notes", ahead, ahead, RunCounts(), Ending.FAILED)
        store.runs.note_source(store.runs.begin("harvest", now=ahead), run, history=history)
    out = wenzhai("doctor", "--offline").out
    assert "notes: failed 3 times in a row: did not answer" in out
    assert "in the future: set the clock" in out


def test_little_space(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, verdict in ((10**8, Verdict.FAIL), (10**9, Verdict.WARN), (10**12, Verdict.OK)):
        monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
        (found,) = check_space(Settings(database=Path("no/such/folder/wenzhai.db")))
        assert found.verdict is verdict
        assert bool(found.way_out) == (verdict is not Verdict.OK)


def test_only_configured_hosts_are_asked() -> None:
    targets = ["https://a.example/x", "https://a.example/y", "http://u:p@b.example:81/", "folder", "a.zip", "@list"]
    assert web_hosts(settings_for(*targets, "feed+https://c.example/x", "github:someone/digests")) == {
        "a.example": "https://a.example/",
        "b.example:81": "http://b.example:81/",
        "c.example": "https://c.example/",
        "api.github.com": "https://api.github.com/",
    }


def test_host_that_does_not_answer_fails() -> None:
    def ask(address: str) -> str:
        raise OSError("no route to host")

    (found,) = check_network(settings_for("https://a.example/x"), now=lambda: NOW, ask=ask)
    assert found.verdict is Verdict.FAIL
    assert "a.example: no route to host" in found.told


@pytest.mark.parametrize(
    ("header", "verdicts"),
    [
        (format_datetime(NOW + timedelta(seconds=30)), [Verdict.OK]),
        (format_datetime(NOW + timedelta(hours=8)), [Verdict.WARN]),
        ("Thu, 05 Mar 2026 12:00:00 -0000", []),
        ("", []),
        ("yesterday", []),
    ],
)
def test_clock_is_compared(header: str, verdicts: list[Verdict]) -> None:
    found: list[CheckResult] = list(check_clock({"a.example": (header, NOW)}))
    assert [each.verdict for each in found] == verdicts
