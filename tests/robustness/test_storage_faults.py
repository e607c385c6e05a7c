"""What goes wrong below the database: a full disk, a second writer, a damaged file, a clock that leaps."""

from __future__ import annotations

import multiprocessing
import random
import shutil
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from wenzhai.harvester.schedule import Schedule, next_run
from wenzhai.models import SourceHistory, StorageError
from wenzhai.storage import SearchQuery, Store, connect, open_store
from wenzhai.storage.check import check_database

from ..harvester.fault_server import FaultServer
from .conftest import Visits
from .plain_run import START, PassingTime, make_pass, one_pass
from .site import Site
from .test_campaign import check_store, passes_needed


@pytest.fixture
def site(server: FaultServer) -> Site:
    return Site(server, size=15, rate=0.0, seed=9)


def _stocked(path: Path, site: Site) -> None:
    passes_needed(path, site)
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")


@pytest.mark.parametrize("fillings", [pytest.param(2, id="quick"), pytest.param(60, marks=pytest.mark.campaign)])
def test_disk_that_fills_up_at_any_moment(tmp_path: Path, site: Site, fillings: int) -> None:
    """The run ends with the reason, the file stays sound, and the next run with room goes on."""
    chance, told = random.Random(fillings), 0  # noqa: S311
    for filling in range(fillings):
        path = tmp_path / f"{filling}.db"
        passing = PassingTime(day=0, seed=filling)
        with open_store(path, create=True, now=passing.now) as store:
            pages = store.database.execute("PRAGMA page_count").fetchone()[0]
            store.database.execute(f"PRAGMA max_page_count = {pages + chance.randint(0, 8)}")
            told += _is_told(store, site, passing)
            kept = store.count()
        with open_store(path) as store:
            assert store.count() == kept
        passes_needed(path, site, day=1)
        with open_store(path) as store:
            check_store(store, site)
    assert told


def _is_told(store: Store, site: Site, passing: PassingTime) -> bool:
    try:
        for _ in one_pass(store, site.feed, passing=passing):
            pass
    except StorageError as error:
        return "full" in str(error) or pytest.fail(str(error))
    return False


@pytest.mark.parametrize("rounds", [pytest.param(1, id="quick"), pytest.param(20, marks=pytest.mark.campaign)])
def test_two_writers_lose_and_double_nothing(tmp_path: Path, site: Site, rounds: int) -> None:
    """Two processes that pass over the same feed at once, as from two crontabs without the run lock."""
    spawning = multiprocessing.get_context("spawn" if rounds > 1 else "fork")
    for number in range(rounds):
        path = tmp_path / f"{number}.db"
        writers = [
            spawning.Process(target=make_pass, args=(str(path), site.feed), kwargs={"day": 0.0, "seed": seed})
            for seed in (1, 2)
        ]
        with open_store(path, create=True):
            pass
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
        assert [writer.exitcode for writer in writers] == [0, 0]
        passes_needed(path, site, day=1)
        with open_store(path) as store:
            check_store(store, site)


@pytest.mark.parametrize("share", [pytest.param(40, id="quick"), pytest.param(1, marks=pytest.mark.campaign)])
def test_every_page_of_the_file_that_is_overwritten_is_found_out(
    tmp_path: Path, site: Site, share: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `check_database`, which reads every page; what is read meanwhile is right or an error of ours."""
    path, damaged = tmp_path / "wenzhai.db", tmp_path / "damaged.db"
    _stocked(path, site)
    with closing(connect(path)) as connection:
        size, count = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count"))
    chance, fates = random.Random(share), Counter[str]()  # noqa: S311
    assert _check(path) == "unnoticed"
    pages = range(0, count, share)
    for page in pages:
        shutil.copy(path, damaged)
        with damaged.open("r+b") as file:
            file.seek(page * size)
            file.write(chance.randbytes(size))
        fates[_check(damaged)] += 1
        for leftover in tmp_path.glob("damaged.db*"):
            leftover.unlink()
    if share == 1:
        with capsys.disabled():
            print(f"\n{len(pages)} pages of {count} overwritten, one at a time: {dict(fates)}")  # noqa: T201
    assert fates["unnoticed"] == 0


def _check(path: Path) -> str:
    """What tells of the damage: opening the file, reading it, the check, or nobody."""
    try:
        found = list(check_database(path))
    except StorageError:
        return "refused by the check"
    try:
        with open_store(path, read_only=True) as store:
            store.search(SearchQuery(text="细胞"))
            list(store.iterate_record_json())
    except StorageError:
        return "found and told" if found else "told when read"
    return "found by the check" if found else "unnoticed"


@pytest.mark.parametrize("flips", [pytest.param(4, id="quick"), pytest.param(400, marks=pytest.mark.campaign)])
def test_a_bit_that_flips_within_a_text_is_found(
    tmp_path: Path, site: Site, flips: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite has no sums over its pages and takes such a file for sound; the digests of the texts tell."""
    path, damaged = tmp_path / "wenzhai.db", tmp_path / "damaged.db"
    _stocked(path, site)
    content, chance, sound_for_sqlite = path.read_bytes(), random.Random(flips), 0  # noqa: S311
    with closing(connect(path, read_only=True)) as connection:
        texts = [text for (text,) in connection.execute("SELECT text FROM articles ORDER BY id")]
    for _ in range(flips):
        text = chance.choice(texts)
        assert content.count(text.encode()) == 1
        letter = chance.choice([place for place, char in enumerate(text) if char >= "一"])
        # The last of its three bytes: another character, and still UTF-8.
        byte = content.index(text.encode()) + len(text[:letter].encode()) + 2
        damaged.write_bytes(content[:byte] + bytes([content[byte] ^ 1]) + content[byte + 1 :])
        with closing(connect(damaged, read_only=True)) as connection:
            sound_for_sqlite += connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = [problem.what for problem in check_database(damaged)]
        assert "the text is not what its digest says" in found
        for leftover in tmp_path.glob("damaged.db*"):
            leftover.unlink()
    if flips > 4:
        with capsys.disabled():
            print(f"\n{flips} bits of texts flipped, all found; {sound_for_sqlite} sound for SQLite")  # noqa: T201


LEAPS = {
    "back by a day": timedelta(days=-1),
    "back to 1970": timedelta(days=-20_454),
    "on by 30 years": timedelta(days=11_000),
    "on to the year 9998": timedelta(days=2_911_000),
}


@pytest.mark.parametrize("leap", LEAPS.values(), ids=LEAPS)
def test_clock_that_leaps_between_runs(visit: Visits, site: Site, leap: timedelta) -> None:
    visit(site.feed)
    visit.passing.passed += leap.total_seconds()
    visit(site.feed, site.feed)
    visit.store.status()
    visit.passing.passed -= leap.total_seconds()
    visit.later(days=40)
    visit(site.feed)
    check_store(visit.store, site)


@pytest.fixture(params=["Asia/Shanghai", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "UTC"])
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    return ZoneInfo(request.param)


def test_every_source_comes_round_in_every_zone(zone: ZoneInfo) -> None:
    """Through two years of days that have 23, 24 and 25 hours, and one that Apia left out."""
    every = Schedule("feed", every=timedelta(hours=6))
    daily = Schedule("album", cron="30 2 * * *")
    for schedule, most in ((every, 8), (daily, 49)):
        now = datetime(2011, 6, 1, tzinfo=UTC)
        while now.year < 2013:
            history = SourceHistory(schedule.name, "x", last_run_at=now)
            following = next_run(schedule, history, now, zone=zone)
            assert following is not None
            waited = (following - now).total_seconds() / 3600
            assert 0 < waited <= most, (now, following)
            now = following.astimezone(UTC)


def test_leap_leaves_no_source_waiting_for_ever() -> None:
    """A run that was noted in the future, before the clock was put right, must not keep a source asleep."""
    schedule = Schedule("feed", every=timedelta(hours=6))
    history = SourceHistory("feed", "x", last_run_at=START + timedelta(days=3650))
    following = next_run(schedule, history, START, zone=ZoneInfo("UTC"))
    assert following is not None
    assert following <= START + timedelta(hours=8)
