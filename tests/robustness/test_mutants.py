"""Thousands of inputs that are nearly right: each gives a value or an error of ours, soon, whatever it is."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.fetch_options import FetchOptions
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import WenzhaiError
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store

from ..command_line import ARCHIVE
from .limits import TookTooLong, needs_timer, seconds_taken, within
from .mutation import mutants
from .mutation_targets import TARGETS, Bench

QUICK = 12
# The processor's time; tracing tools and other programs make a second of it last longer by the clock.
SECONDS = 1.0


@pytest.fixture(scope="module")
def bench(extractor: Extractor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("mutants")
    context = SourceContext(options=FetchOptions(max_page_bytes=2_000_000))
    with context, open_store(folder / "wenzhai.db", create=True) as store:
        for _ in harvest((str(ARCHIVE),), store=store, extractor=extractor, context=context):
            pass
        yield Bench(extractor, folder, store, context)


@needs_timer
@pytest.mark.parametrize("campaign", [pytest.param(False, id="quick"), pytest.param(True, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("name", TARGETS)
def test_mutants(bench: Bench, name: str, campaign: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001
    target = TARGETS[name]
    seeds = target.seeds() or [_database(bench)]
    for seed in seeds:
        _fate(bench, name, seed)  # what is right is taken, and everything that is read once is read
    fates: Counter[str] = Counter()
    found: dict[str, bytes] = {}
    longest = 0.0
    for mutant in mutants(seeds, target.count if campaign else QUICK, seed=name, mutate=target.mutate):
        with seconds_taken() as taken:
            fate = _fate(bench, name, mutant)
        longest = max(longest, *taken)
        fates[fate.partition(":")[0]] += 1
        if fate.startswith(("crash", "too slow")):
            found.setdefault(fate, mutant)
    if campaign:
        with capsys.disabled():
            print(f"\n{name}: {fates.total()} mutants: {dict(fates)}; the slowest took {longest:.2f} s")  # noqa: T201
    assert not found, "\n".join(f"{fate}\n{mutant[:300]!r}" for fate, mutant in found.items())


def _fate(bench: Bench, name: str, mutant: bytes) -> str:
    try:
        with within(SECONDS):
            TARGETS[name].take(bench, mutant)
    except WenzhaiError:
        return "refused"
    except TookTooLong as error:
        return f"too slow: {_where(error)}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"crash: {type(error).__name__}: {str(error)[:120]} at {_where(error)}"
    return "taken"


def _where(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/tests/" not in f.filename]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-4:]))


def _database(bench: Bench) -> bytes:
    """The stocked database, in one file."""
    bench.store.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return bench.store.path.read_bytes()
