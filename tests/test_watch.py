"""`watch`, with a clock that the test moves, and with signals."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wenzhai.commands.progress import Screen
from wenzhai.commands.stopping import Interrupted, Signals
from wenzhai.commands.watching import LONGEST_WAIT, WAIT_AFTER_ERROR, Watcher
from wenzhai.config import Settings, SourceSettings
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.clock import Clock
from wenzhai.models import ConfigError
from wenzhai.storage import open_store
from wenzhai.storage.run_lock import run_lock

from .command_line import ARCHIVE, CommandLine

START = datetime(2026, 3, 5, 12, 3, tzinfo=UTC)


class World:
    """Time and requests: each wait moves the clock, until the hours are over."""

    def __init__(self, *, hours: float) -> None:
        self.now = START
        self.end = START + timedelta(hours=hours)
        self.waits: list[float] = []
        self.reloads: list[datetime] = []
        self.meanwhile: Callable[[], None] = lambda: None

    @property
    def stopped(self) -> bool:
        return self.now >= self.end

    def take_reload(self) -> bool:
        return bool(self.reloads and self.reloads[0] <= self.now and self.reloads.pop(0))

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)
        self.meanwhile()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "notes").mkdir()
    shutil.copy(ARCHIVE / "ipsc-factors.md", tmp_path / "notes")
    source = SourceSettings(target=str(tmp_path / "notes"), every=timedelta(hours=2), jitter=timedelta())
    return Settings(database=tmp_path / "wenzhai.db", sources={"notes": source})


def watch(world: World, extractor: Extractor, load: Callable[[], Settings]) -> None:
    clock = Clock(now=lambda: world.now, sleep=lambda _: pytest.fail("slept"))
    with Screen(bar=False) as screen:
        Watcher(load_settings=load, signals=world, clock=clock, screen=screen, make_extractor=lambda _: extractor).run()


def runs_of(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        found = [
            f"{row[0]} {row[1][11:16]}" for row in connection.execute("SELECT source, started_at FROM source_runs")
        ]
    connection.close()
    return found


def test_runs_at_the_aligned_times(settings: Settings, extractor: Extractor) -> None:
    world = World(hours=6)
    watch(world, extractor, lambda: settings)
    assert runs_of(settings.database) == ["notes 12:03", "notes 14:00", "notes 16:00", "notes 18:00"]
    assert max(world.waits) <= LONGEST_WAIT


def test_goes_on_after_a_restart(settings: Settings, extractor: Extractor) -> None:
    for _ in range(2):
        watch(World(hours=1), extractor, lambda: settings)
    assert runs_of(settings.database) == ["notes 12:03"]


def test_source_without_schedule_is_read_hourly(settings: Settings, extractor: Extractor) -> None:
    plain = settings.model_copy(update={"sources": {"notes": SourceSettings(target=settings.sources["notes"].target)}})
    watch(World(hours=3), extractor, lambda: plain)
    assert len(runs_of(settings.database)) in (3, 4)  # the name's jitter decides


def test_reload(settings: Settings, extractor: Extractor, caplog: pytest.LogCaptureFixture) -> None:
    daily = SourceSettings(target=settings.sources["notes"].target, every=timedelta(hours=1), jitter=timedelta())
    answers: list[Settings | None] = [settings, None, settings.model_copy(update={"sources": {"daily": daily}})]

    def load() -> Settings:
        answer = answers.pop(0)
        if answer is None:
            raise ConfigError("does not fit", subject="wenzhai.toml: retries")
        return answer

    world = World(hours=4)
    world.reloads = [START + timedelta(minutes=30), START + timedelta(hours=2.5)]
    watch(world, extractor, load)
    assert runs_of(settings.database) == ["notes 12:03", "notes 14:00", "daily 14:33", "daily 15:00", "daily 16:00"]
    assert "the settings stay as they were: wenzhai.toml: retries: does not fit" in caplog.text


def test_harvest_by_hand_is_waited_for(settings: Settings, extractor: Extractor) -> None:
    """A harvest by hand holds the lock for half an hour."""
    world = World(hours=1)
    lock = run_lock(settings.database, now=START)
    lock.__enter__()

    def let_go() -> None:
        if world.now == START + timedelta(minutes=30):
            lock.__exit__(None, None, None)

    world.meanwhile = let_go
    watch(world, extractor, lambda: settings)
    assert runs_of(settings.database) == ["notes 12:33"]


def test_database_in_trouble_is_tried_again(
    settings: Settings, extractor: Extractor, caplog: pytest.LogCaptureFixture
) -> None:
    settings.database.mkdir()
    world = World(hours=1)

    def mend() -> None:
        if settings.database.is_dir():
            settings.database.rmdir()

    world.meanwhile = mend
    watch(world, extractor, lambda: settings)
    assert world.waits[0] == WAIT_AFTER_ERROR
    assert "is a folder" in caplog.text
    assert runs_of(settings.database) == ["notes 12:08"]


def test_nothing_to_watch_is_wrong_use(wenzhai: CommandLine) -> None:
    result = wenzhai("watch")
    assert result.code == 2
    assert "nothing to watch" in result.err


# Signals


def test_first_signal_asks_second_insists() -> None:
    with Signals() as signals:
        signal.raise_signal(signal.SIGINT)
        assert signals.stopped_by == signal.SIGINT
        signals.wait(60)  # does not
        with pytest.raises(Interrupted):
            signals.sleep(60)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with Signals():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_reload_is_asked_for_once() -> None:
    with Signals() as signals:
        signal.raise_signal(signal.SIGHUP)
        signals.wait(60)  # does not
        assert signals.take_reload()
        assert not signals.take_reload()
        assert not signals.stopped


def test_sighup_and_sigterm_reach_the_program(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    shutil.copy(ARCHIVE / "ipsc-factors.md", tmp_path / "notes")
    config = tmp_path / "wenzhai.toml"
    config.write_text('[sources.notes]\ntarget = "notes"\nevery = "1d"')
    command = [sys.executable, "-c", "from wenzhai.cli import main; main()", "watch", "--log-format", "json"]
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    seen = []
    with child:
        for line in child.stderr:
            event = json.loads(line)
            seen.append((event["event"], event.get("run")))
            if seen[-1] == ("run_finished", 1):
                config.write_text('[sources.more]\ntarget = "notes"\nevery = "1d"')
                child.send_signal(signal.SIGHUP)
            if seen[-1] == ("run_finished", 2):
                child.send_signal(signal.SIGTERM)
    assert child.returncode == 0
    assert ("reloaded", None) in seen
    assert seen[-1] == ("watch_stopped", None)
    with open_store(tmp_path / "wenzhai.db", read_only=True) as store:
        assert set(store.runs.histories()) == {"notes", "more"}
