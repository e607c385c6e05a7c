"""`digest` and `load`: from files to partitions of records, and from partitions into the database."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from ..harvester.clock import utc_now
from ..models import Ending, Failed, RunCounts, Supply, WenzhaiError
from ..storage import Store, open_store
from ..storage.run_lock import run_lock
from .common import EXIT_SOME_FAILED, Config, Database, counted_noun, settings_from
from .progress import Screen
from .screen import plain
from .stopping import Signals
from .terminal import outcome_line
from .worker_options import DaskAddress, Workers, load_extractor, open_makers

if TYPE_CHECKING:
    from ..lake.digest_run import LakeRun


def digest(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="JSON lines, Parquet, pages or archives; a folder of them; s3://…")
    ],
    out: Annotated[str, typer.Argument(metavar="OUT", help="A folder for partitions of records; s3://…, hdfs://…")],
    workers: Workers = 1,
    dask: DaskAddress = None,
    config: Config = None,
) -> None:
    """Read articles from files and write their records as partitioned Parquet, straight from the workers.

    No database is involved. What is finished is skipped, so a run that was broken off is simply begun again.
    """
    from ..lake.digest_run import LakeRun, digest_lake, run_id_of
    from ..lake.files import need_pyarrow, open_files
    from ..lake.partitions import PartitionDigester
    from ..lake.planning import portions

    settings = settings_from(config)
    need_pyarrow()
    files, path = open_files(out)
    now = utc_now()
    work = PartitionDigester(
        extractor=load_extractor(settings),
        out=files.unstrip_protocol(path),
        now=now,
        max_page_bytes=settings.max_page_bytes,
    )
    run = LakeRun(run_id_of(now, random.random))
    with Signals() as signals, Screen() as screen, open_makers(work, workers=workers, dask=dask) as makers:
        with closing(digest_lake(portions(source), work=work, makers=makers, run=run)) as made:
            for name, found in made:
                if isinstance(found, WenzhaiError):
                    screen.line(plain(f"failed: {name}: {found}"))
                    continue
                for aside in found.aside:
                    screen.line(plain(f"set aside: {aside['location']}: {aside['state']}: {aside['reason']}"))
                if signals.stopped:
                    break
        _tell(run, stopped=signals.stopped)
        if signals.stopped_by is not None:
            raise typer.Exit(128 + signals.stopped_by)
        if run.failed or run.aside:
            raise typer.Exit(EXIT_SOME_FAILED)


def _tell(run: LakeRun, *, stopped: bool) -> None:
    told = [f"{counted_noun(run.made, 'partition')} made"]
    told += [f"{run.kept} finished before"] if run.kept else []
    told += [f"{len(run.failed)} failed"] if run.failed else []
    typer.echo(
        f"digested {counted_noun(run.taken, 'article')}: {', '.join(told)}" + ", then stopped as asked" * stopped
    )
    typer.echo(f"run {run.run_id}: {run.counts.as_balance()}")


def load(
    source: Annotated[str, typer.Argument(metavar="OUT", help="A folder that `wenzhai digest` wrote.")],
    db: Database = None,
    config: Config = None,
) -> None:
    """Bring the records of finished partitions into the database, with their pages."""
    settings = settings_from(config, database=db)
    with (
        Signals() as signals,
        Screen() as screen,
        run_lock(settings.database, now=utc_now()),
        open_store(settings.database, create=True) as store,
    ):
        run_id, counts, ended = _load(source, store, signals, screen)
        told = counts.as_text()
        stopped = ", then stopped as asked" if ended is Ending.STOPPED else ""
        typer.echo(f"loaded {counted_noun(counts.seen, 'article')}" + (f": {told}" if told else "") + stopped)
        typer.echo(f"run {run_id}: {counts.as_balance()}")
        if signals.stopped_by is not None:
            raise typer.Exit(128 + signals.stopped_by)
        if counts.failed:
            raise typer.Exit(EXIT_SOME_FAILED)


def _load(source: str, store: Store, signals: Signals, screen: Screen) -> tuple[int, RunCounts, Ending]:
    from ..lake.loading import load_lake

    counts, supply = RunCounts(), Supply()
    run_id = store.runs.begin("load", now=utc_now())
    ended = Ending.FAILED
    try:
        screen.begin()
        with closing(load_lake(source, store=store, supply=supply)) as outcomes:
            for outcome in outcomes:
                counts.count(outcome)
                screen.advance(outcome)
                if isinstance(outcome, Failed):
                    screen.line(outcome_line(outcome))
                if signals.stopped and not supply.untold:
                    ended = Ending.STOPPED
                    break
            else:
                counts.hold_against(supply, subject=f"run {run_id}")
                ended = Ending.DONE
    finally:
        screen.end()
        store.runs.finish(run_id, counts, ended=ended, now=utc_now())
    return run_id, counts, ended
