"""`db check`, `db backup`, `db compact` and `db stats`: looking after the one file that holds everything."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..harvester.clock import utc_now
from ..storage import connect, open_store
from ..storage.backup import back_up, refuse_existing
from ..storage.check import check_database
from ..storage.compaction import compact
from ..storage.database import translated_errors
from ..storage.problems import Problem, ProblemKind
from ..storage.repair import repair
from ..storage.sizes import DatabaseSizes, database_sizes
from .common import EXIT_SOME_FAILED, Config, Database, console, counted_noun, settings_from
from .screen import plain

_MOST_SHOWN = 20  # problems of one kind: a lost article leaves a row for each of its claims
Progress = Callable[[int, int], None]


def db_check(
    repairs: Annotated[
        bool, typer.Option("--repair", help="Put right what the file itself can tell, then check again.")
    ] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Check the whole database: pages of the file, references, quotes, records, stored pages, search index.

    Changes nothing, and may run beside a harvest. Tells of each problem what, where and the way out. Ends with 1
    when there is one.
    """
    path = settings_from(config, database=db).database
    if repairs:
        with open_store(path) as store, translated_errors(path):
            repair(store.database)
    counts = _show_problems(check_database(path))
    if counts:
        told = ", ".join(f"{count} {kind.value}" for kind, count in counts.items())
        typer.echo(f"{counted_noun(counts.total(), 'problem')}: {told}")
        raise typer.Exit(EXIT_SOME_FAILED)
    typer.echo(f"{path}: all well")


def _show_problems(problems: Iterable[Problem]) -> Counter[ProblemKind]:
    counts: Counter[ProblemKind] = Counter()
    for problem in problems:
        counts[problem.kind] += 1
        if counts[problem.kind] <= _MOST_SHOWN:
            typer.echo(plain(f"{problem.kind.value}: {problem.where}: {problem.what} ({problem.way_out})"))
        elif counts[problem.kind] == _MOST_SHOWN + 1:
            typer.echo(f"{problem.kind.value}: … and more")
    return counts


def db_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make; it must not be there yet.")],
    db: Database = None,
    config: Config = None,
) -> None:
    """Copy the database into a new file, as it is now, also beside a harvest; the copy is checked."""
    path = settings_from(config, database=db).database
    refuse_existing(file)
    with closing(connect(path, read_only=True)) as connection, translated_errors(path), _bar("copying") as progress:
        size = back_up(connection, file, progress=progress)
    typer.echo(f"wrote {file}: {size / 1e6:.1f} MB")


def db_compact(db: Database = None, config: Config = None) -> None:
    """Make the file small: stored pages compressed with a dictionary, indexes merged, free space given back.

    Nothing that is stored changes. Needs twice the room of the file while it runs.
    """
    path = settings_from(config, database=db).database
    with closing(connect(path)) as connection, translated_errors(path), _bar("compressing") as progress:
        done = compact(connection, path, now=utc_now(), progress=progress)
    dictionary = " with a new dictionary" if done.trained else ""
    typer.echo(
        f"{path}: {done.bytes_before / 1e6:.1f} MB before, {done.bytes_after / 1e6:.1f} MB now; "
        f"{counted_noun(done.recompressed, 'stored page')} compressed anew{dictionary}"
    )


def db_stats(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, sizes in bytes.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Tell what is in the database and what takes its room."""
    path = settings_from(config, database=db).database
    with closing(connect(path, read_only=True)) as connection, translated_errors(path):
        sizes = database_sizes(connection)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(sizes), indent=2))
        return
    _show_sizes(console(), sizes)


def _show_sizes(out: Console, sizes: DatabaseSizes) -> None:
    width = max(len(table.name) for table in sizes.tables)
    out.print(f"{'table':<{width}} {'rows':>10} {'data MB':>9} {'indexes MB':>11}")
    for table in sizes.tables:
        out.print(f"{table.name:<{width}} {table.rows:>10,} {_mb(table.bytes):>9} {_mb(table.index_bytes):>11}")
    out.print("")
    for line in _summary(sizes):
        out.print(line)


def _summary(sizes: DatabaseSizes) -> Iterator[str]:
    yield f"file: {_mb(sizes.file_bytes)} MB, of which {_mb(sizes.free_bytes)} MB are free; schema {sizes.schema}"
    yield f"texts of articles: {_mb(sizes.text_bytes)} MB"
    yield f"search index: {_mb(sizes.search_bytes)} MB"
    share = f", {sizes.snapshot_stored_bytes / sizes.snapshot_bytes:.0%}" if sizes.snapshot_bytes else ""
    yield f"stored pages: {_mb(sizes.snapshot_bytes)} MB, kept in {_mb(sizes.snapshot_stored_bytes)} MB{share}"


def _mb(size: int | None) -> str:
    return "?" if size is None else f"{size / 1e6:.2f}"


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield _nothing
        return
    from rich.progress import Progress as Bar

    with Bar(console=screen, transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _nothing(_done: int, _total: int) -> None:
    """Where no bar is drawn."""
