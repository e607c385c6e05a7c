"""`harvest` with sources of its own: what is due, what is named, what is told of it, and only one at a time."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wenzhai.harvester.host_pause import host_of
from wenzhai.storage import open_store
from wenzhai.storage.run_lock import run_lock

from .command_line import ARCHIVE, CommandLine, Result
from .page_server import PageServer

RUN = [sys.executable, "-c", "from wenzhai.cli import main; main()"]
SOURCES = """
[sources.notes]
target = "notes"
every = "6h"

[sources.album]
target = "album"
cron = "15 */2 * * *"

[sources.old]
target = "old"
enabled = false
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sources with an article each, and one that is not enabled."""
    (tmp_path / "wenzhai.toml").write_text(SOURCES)
    for name, article in (
        ("notes", "cellchat-labelled-block.md"),
        ("album", "lab-recruitment.md"),
        ("old", "harmony-code.md"),
    ):
        (tmp_path / name).mkdir()
        found = next(ARCHIVE.glob(f"{article.removesuffix('.md')}*"))
        shutil.copy(found, tmp_path / name / article)
    return tmp_path


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer() as server:
        yield server


def age(folder: Path, name: str, by: timedelta) -> None:
    """Makes the last run of a source, and its next try, so much earlier."""
    with sqlite3.connect(folder / "wenzhai.db") as connection:
        query = "SELECT last_run_at, next_try_at FROM sources WHERE name = ?"
        times = connection.execute(query, (name,)).fetchone()
        earlier = [each and (datetime.fromisoformat(each) - by).isoformat() for each in times]
        connection.execute("UPDATE sources SET last_run_at = ?, next_try_at = ? WHERE name = ?", (*earlier, name))
    connection.close()


# What is due


def test_what_is_due_is_harvested_once(wenzhai: CommandLine, folder: Path) -> None:
    first = wenzhai("harvest")
    assert first.code == 0
    assert first.out == "harvested 2 articles: 2 new\n  album: 1 new\n  notes: 1 new\n"
    again = wenzhai("harvest")
    assert again.code == 0
    assert re.fullmatch(r"nothing is due; next: (album|notes) at \d{4}-\d\d-\d\d \d\d:\d\d\n", again.out)
    age(folder, "notes", timedelta(hours=7))
    assert wenzhai("harvest").out == "harvested 1 article: 1 unchanged\n"


def test_now_reads_all_that_are_enabled(wenzhai: CommandLine, folder: Path) -> None:
    wenzhai("harvest")
    assert wenzhai("harvest", "--now").out.startswith("harvested 2 articles: 2 unchanged\n")


def test_named_source_is_read_whether_due_or_not(wenzhai: CommandLine, folder: Path) -> None:
    assert wenzhai("harvest", "old").out == "harvested 1 article: 1 new\n"
    assert wenzhai("harvest", "notes", "notes", "album/lab-recruitment.md").out.startswith("harvested 2 articles")
    with open_store(folder / "wenzhai.db", read_only=True) as store:
        assert set(store.runs.histories()) == {"notes", "old"}


def test_another_target_is_another_source(wenzhai: CommandLine, folder: Path) -> None:
    wenzhai("harvest")
    (folder / "wenzhai.toml").write_text(SOURCES.replace('"notes"', '"old"'))
    assert wenzhai("harvest").out == "harvested 1 article: 1 new\n"


def test_nothing_is_ever_due(wenzhai: CommandLine, folder: Path) -> None:
    (folder / "wenzhai.toml").write_text('[sources.old]\ntarget = "old"\nenabled = false')
    result = wenzhai("harvest")
    assert (result.code, result.out) == (0, "nothing is due\n")


def test_plain_list_is_read_every_time(wenzhai: CommandLine, folder: Path) -> None:
    (folder / "wenzhai.toml").write_text('sources = ["notes", "album"]')
    for state in ("new", "unchanged"):
        assert wenzhai("harvest").out.startswith(f"harvested 2 articles: 2 {state}\n")
    assert "notes: last run" in wenzhai("status").out


# Failing sources


def test_failing_source_is_put_off_and_told(wenzhai: CommandLine, folder: Path) -> None:
    shutil.rmtree(folder / "notes")
    result = wenzhai("harvest")
    assert result.code == 1
    assert "source notes failed: " in result.err
    assert "  notes: failed; 1 failed\n" in result.out
    assert wenzhai("harvest").out.startswith("nothing is due")
    age(folder, "notes", timedelta(minutes=40))
    assert wenzhai("harvest", "--quiet").code == 1
    told = wenzhai("status").out
    assert re.search(r"^  failing since [-\d: ]+, 2 times in a row, next try [-\d: ]+: notes: ", told, re.MULTILINE)
    assert "album: last run" in told
    assert "old: never read, not enabled" in told
    (folder / "notes").mkdir()
    shutil.copy(ARCHIVE / "cellchat-labelled-block.md", folder / "notes")
    assert wenzhai("harvest", "notes").code == 0
    assert "failing" not in wenzhai("status").out


def test_one_bad_article_is_no_failing_source(wenzhai: CommandLine, folder: Path) -> None:
    (folder / "notes" / "bad.md").write_bytes(b"")
    assert wenzhai("harvest").code == 1
    with open_store(folder / "wenzhai.db", read_only=True) as store:
        history = store.runs.histories()["notes"]
    assert (history.failures, history.error) == (0, "")
    counts = history.last_counts
    assert (counts.seen, counts.stored, counts.failed) == (2, 1, 1)


# Logs


def events(err: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in err.splitlines()]


def test_json_logs(wenzhai: CommandLine, folder: Path) -> None:
    (folder / "notes" / "bad\u202e.md").write_bytes(b"")
    found = events(wenzhai("harvest", "--log-format", "json").err)
    assert [each["event"] for each in found[:2]] == ["run_started", "article"]
    assert found[-1]["event"] == "run_finished"
    assert len({each["run"] for each in found}) == 1
    for each in found:
        datetime.fromisoformat(str(each["time"]))
    counts = found[-1]
    assert counts["in"] == 3
    assert counts["in"] == sum(int(str(counts[name])) for name in ("stored", "skipped", "failed"))
    failed = next(each for each in found if each.get("state") == "failed" or each["level"] == "warning")
    assert failed["source"] == "notes"
    assert "\u202e" not in str(failed)


def test_text_logs(wenzhai: CommandLine, folder: Path) -> None:
    lines = wenzhai("harvest", "--log-format", "text").err.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00 INFO    run 1: ", line) for line in lines)


def test_quiet_says_nothing(wenzhai: CommandLine, folder: Path) -> None:
    (folder / "notes" / "bad.md").write_bytes(b"")
    for _ in range(2):
        result = wenzhai("harvest", "--quiet")
        assert (result.out, result.err) == ("", "")


# One at a time


def test_second_harvest_is_turned_away_at_once(folder: Path) -> None:
    command = [*RUN, "harvest", "--log-format", "json"]
    with run_lock(folder / "wenzhai.db", now=datetime.now(UTC)):
        begun = time.monotonic()
        second = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert time.monotonic() - begun < 5
    assert second.returncode == 3
    (event,) = events(second.stderr)
    assert event["event"] == "run_failed"
    assert "another harvest is at work" in str(event["message"])


def test_two_harvests_at_once(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    """The first is held in the middle of a request; then it goes on as if nothing had been."""
    seconds = []

    def harvest_too(path: str) -> None:
        command = [*RUN, "harvest", "notes"]
        seconds.append(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False))

    server.before_answer = harvest_too
    (folder / "wenzhai.toml").write_text("allow_private_hosts = true")
    assert wenzhai("harvest", server.url("/s/a")) == Result(0, "harvested 1 article: 1 new\n", "")
    (second,) = seconds
    assert second.returncode == 3
    assert f"process {os.getpid()} since" in second.stderr


# Asked to stop


def web_sources(server: PageServer, count: int, *, delay: int) -> str:
    tables = (f'[sources.s{n}]\ntarget = "{server.url(f"/s/{n}")}"\nevery = "1d"\n' for n in range(count))
    return f"allow_private_hosts = true\ndelay_seconds = {delay}\n{''.join(tables)}"


def test_sigterm_finishes_the_article_in_hand(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    (folder / "wenzhai.toml").write_text(web_sources(server, 9, delay=0))

    def stop_at_the_second(path: str) -> None:
        if len(server.asked) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    server.before_answer = stop_at_the_second
    # The delay has a jitter of up to two seconds, which a stop does not wait for.
    result = wenzhai("harvest", "--log-format", "json")
    assert result.code == 128 + signal.SIGTERM
    assert result.out.startswith("harvested 2 articles: ")
    assert "then stopped as asked" in result.out
    assert events(result.err)[-1]["ended"] == "stopped"
    with open_store(folder / "wenzhai.db", read_only=True) as store:
        assert sum(store.status().pages_by_state.values()) == len(server.asked) == 2
        assert store.runs.last_runs(limit=1)[0][1] == "stopped"
        assert len(store.runs.histories()) == 1  # the one that was broken off stays due


def test_sigterm_ends_a_wait(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    """Between two requests there may be minutes."""
    (folder / "wenzhai.toml").write_text(web_sources(server, 2, delay=600))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))

    class StopInTheNextWait(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if getattr(record, "event", "") == "source_finished" and not timer.ident:
                timer.start()

    handler = StopInTheNextWait()
    logging.getLogger("wenzhai").addHandler(handler)
    try:
        assert wenzhai("harvest", "--log-format", "json").code == 128 + signal.SIGTERM
    finally:
        logging.getLogger("wenzhai").removeHandler(handler)
        timer.join()
    assert len(server.asked) == 1


# The webhook


def test_webhook_is_told_of_digests_and_failing_sources(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    settings = f'webhook_url = "{server.url("/hook?key=secret")}"\nwebhook_after_failures = 2\n'
    missing = '[sources.gone]\ntarget = "gone"\n'
    (folder / "wenzhai.toml").write_text(settings + SOURCES + missing)
    assert wenzhai("harvest").code == 1
    (told,) = server.posted
    assert (told["event"], told["count"]) == ("new_digests", 1)
    assert told["digests"][0]["papers"][0]["title"]
    for _ in range(3):
        wenzhai("harvest", "gone")
    (_, failing) = server.posted
    assert (failing["event"], failing["source"], failing["failures"]) == ("source_failing", "gone", 2)


def test_webhook_that_fails_does_no_harm(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    (folder / "wenzhai.toml").write_text(f'webhook_url = "{server.url("/hook?key=secret")}"\n{SOURCES}')
    server.status = 500
    result = wenzhai("harvest")
    assert result.code == 0
    assert result.err == "webhook: 127.0.0.1 answered 500\n"


# What failed before


def test_addresses_are_tried_again_when_it_is_time(wenzhai: CommandLine, folder: Path, server: PageServer) -> None:
    (folder / "wenzhai.toml").write_text(f"allow_private_hosts = true\nretries = 0\ndelay_seconds = 0\n{SOURCES}")
    wenzhai("harvest")
    server.status = 500
    assert wenzhai("harvest", server.url("/s/a")).code == 1
    assert wenzhai("harvest").out.startswith("nothing is due")
    server.status = 200
    with sqlite3.connect(folder / "wenzhai.db") as connection:
        early = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
        connection.execute("UPDATE pages SET next_try_at = ? WHERE next_try_at IS NOT NULL", (early,))
    connection.close()
    assert wenzhai("harvest").out == "harvested 1 article: 1 new\n"
    assert wenzhai("harvest").out.startswith("nothing is due")


def test_list_of_a_host_that_is_left_alone_is_made_up_for(
    wenzhai: CommandLine, folder: Path, server: PageServer
) -> None:
    target = server.url("/feed.xml")
    (folder / "wenzhai.toml").write_text(
        f'allow_private_hosts = true\n[sources.feed]\ntarget = "{target}"\nevery = "1d"'
    )
    now = datetime.now(UTC)
    with open_store(folder / "wenzhai.db", create=True) as store:
        host = host_of(target)
        store.hosts.pause(host, until=now + timedelta(hours=3), reason="captcha", now=now)
    result = wenzhai("harvest")
    assert result.code == 0
    assert "source feed failed: 127.0.0.1" in result.err
    assert server.asked == []
    age(folder, "feed", timedelta(minutes=31))  # long before a day has passed
    assert wenzhai("harvest").out == "harvested 1 article: 1 skipped\n"
