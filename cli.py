"""The command line: arguments, progress, exit codes. What is done is in `pipeline` and `storage`.

Exit codes: 0 all well; 1 some articles failed (they are listed and stay queued); 2 wrong use;
3 nothing could be done (no database, locked, damaged, a broken lexicon).
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.cells import cell_len
from rich.console import Console

from . import __version__
from .config import CONFIG_FILE, Settings, commented_config, load_settings
from .filter_options import takes_filters
from .models import ConfigError, Failed, Outcome, QueryError, Skipped, StorageError, WenzhaiError
from .storage import SearchQuery, open_store
from .storage.exporters import export as write_records
from .storage.exporters import exporter, exporter_names
from .terminal import outcome_line, show_finding_hits, show_hits, show_record, show_status

EXIT_SOME_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_NOTHING_DONE = 3
_COUNTED = ("new", "changed", "unchanged", "skipped", "failed")

app = typer.Typer(
    name="wenzhai",
    help="Reads Chinese digests of biomedical papers and turns each into a checked, searchable record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # it would take the brackets of "[default: …]" for markup
)
lexicon_app = typer.Typer(
    help="The lexicons: what is in force, and putting a newer one in.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(lexicon_app, name="lexicon")

Database = Annotated[Path | None, typer.Option("--db", metavar="FILE", help="The database. [default: wenzhai.db]")]
Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help=f"Settings. [default: {CONFIG_FILE} if there is one]")
]


def main() -> None:
    """The entry point: runs a command, and turns our errors into a message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to fail
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where it can be dealt with, and not when Python ends
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; Python must not complain when flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except QueryError as error:
        _complain(str(error))
        sys.exit(EXIT_WRONG_USE)
    except ConfigError as error:
        _complain(str(error))
        sys.exit(EXIT_WRONG_USE)
    except WenzhaiError as error:
        _complain(str(error))
        sys.exit(EXIT_NOTHING_DONE)


def _complain(message: str) -> None:
    typer.echo(f"wenzhai: {message}", err=True)


def _console() -> Console:
    return Console(highlight=False, emoji=False, markup=False, soft_wrap=True)


def _counted_noun(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _settings(config: Path | None, **flags: Any) -> Settings:
    return load_settings(config=config, environment=os.environ, flags=flags)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"wenzhai {__version__}")
        raise typer.Exit


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path(CONFIG_FILE),
) -> None:
    """Write a wenzhai.toml in which every setting stands with its default and an explanation."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(commented_config())
    except FileExistsError as error:
        raise ConfigError("is there already", subject=str(path), hint="remove it, or name another file") from error
    except OSError as error:
        raise ConfigError("cannot be written", subject=str(path), hint=str(error.strerror)) from error
    typer.echo(f"wrote {path}")


@app.command()
def harvest(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]…", help="Folders, archives, files, addresses. [default: `sources`]"),
    ] = None,
    db: Database = None,
    config: Config = None,
) -> None:
    """Read articles, extract their records and store them: one pass, fit for cron.

    What is already stored and has not changed is left alone, so running it again is cheap. A page that fails
    is listed with its reason and kept; the rest goes on.
    """
    from .extractors.nlp import Extractor
    from .harvester.sources import SourceContext
    from .pipeline import fetch_options
    from .pipeline import harvest as run

    settings = _settings(config, database=db)
    named = tuple(targets or settings.sources)
    if not named:
        raise ConfigError(
            "nothing to harvest", hint=f"name a folder, an archive or an address, or set sources in {CONFIG_FILE}"
        )
    extractor = Extractor(version=__version__, data_folder=settings.data_folder)
    with (
        open_store(settings.database, create=True) as store,
        SourceContext(options=fetch_options(settings)) as context,
    ):
        outcomes = run(named, store=store, extractor=extractor, context=context)
        _report(outcomes, verb="harvested")


@app.command()
def extract(
    db: Database = None,
    config: Config = None,
    everything: Annotated[
        bool, typer.Option("--all/--stale", help="Every record, or only those an older extractor or lexicon made.")
    ] = False,
) -> None:
    """Make records anew from the stored pages, without fetching anything."""
    from .extractors.nlp import Extractor
    from .pipeline import extract_again

    settings = _settings(config, database=db)
    extractor = Extractor(version=__version__, data_folder=settings.data_folder)
    with open_store(settings.database) as store:
        _report(extract_again(store=store, extractor=extractor, everything=everything), verb="extracted")


def _report(outcomes: Iterable[Outcome], *, verb: str) -> None:
    """Draws progress on a terminal, prints failures as they come, a summary at the end; exits 1 if any failed."""
    counts: Counter[str] = Counter()
    with _progress() as advance:
        for outcome in outcomes:
            counts[_counted(outcome)] += 1
            advance(outcome_line(outcome) if isinstance(outcome, Failed | Skipped) else "", counts)
    told = ", ".join(f"{counts[name]} {name}" for name in _COUNTED if counts[name])
    typer.echo(f"{verb} {_counted_noun(counts.total(), 'article')}" + (f": {told}" if told else ""))
    if counts["failed"]:
        raise typer.Exit(EXIT_SOME_FAILED)


def _counted(outcome: Outcome) -> str:
    if isinstance(outcome, Failed):
        return "failed"
    return "skipped" if isinstance(outcome, Skipped) else outcome.change.value


@contextmanager
def _progress() -> Iterator[Any]:
    """A function that takes a line to print (or nothing) and the counts so far."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda line, _counts: typer.echo(line, err=True) if line else None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} articles"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(line: str, counts: Counter[str]) -> None:
            if line:
                bar.console.print(line)
            told = "  ".join(f"{count} {name}" for name, count in counts.items())
            bar.update(task, advance=1, description=told)

        yield advance


@app.command()
@takes_filters
def search(
    filters: SearchQuery,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many to show.")] = 10,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    findings: Annotated[bool, typer.Option("--findings", help="Show sentences that state results.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Newest first instead of best first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Find articles by their words and by what they say.

    Chinese terms of any length, and Latin ones with their punctuation, are found inside Chinese text:

        wenzhai search '单细胞 PD-L1' --journal Nature --since 2024-01-01
    """
    wanted = dataclasses.replace(filters, limit=limit, offset=offset, sort="date" if newest else "relevance")
    console = _console()
    with open_store(_settings(config, database=db).database, read_only=True) as store, _pointing_into(wanted.text):
        if findings:
            sentences = store.search_findings(wanted)
            _show(sentences, as_json=as_json, show=lambda: show_finding_hits(console, sentences, first=offset + 1))
            told = _counted_noun(len(sentences), "sentence") if sentences else "nothing found"
        else:
            hits = store.search(wanted)
            _show(hits, as_json=as_json, show=lambda: show_hits(console, hits, first=offset + 1))
            count = store.count(wanted)
            told = f"{len(hits)} of {_counted_noun(count, 'article')}" if count else "nothing found"
    if not as_json:
        typer.echo(told)


@contextmanager
def _pointing_into(query: str) -> Iterator[None]:
    """Shows where in the query a QueryError stopped, before it goes on its way."""
    try:
        yield
    except QueryError as error:
        if error.position is not None:
            # A Chinese character is two cells wide.
            typer.echo(f"  {query}\n  {' ' * cell_len(query[: error.position])}^", err=True)
        raise


def _show(hits: Sequence[Any], *, as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        for hit in hits:
            typer.echo(json.dumps(dataclasses.asdict(hit), ensure_ascii=False, default=_as_json))
    else:
        show()


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@app.command()
def show(
    key: Annotated[str, typer.Argument(metavar="ID", help="An article's id, the beginning of one, or its address.")],
    as_json: Annotated[bool, typer.Option("--json", help="The record as it is exported.")] = False,
    db: Database = None,
    config: Config = None,
) -> None:
    """Show one record: its papers, what it names, and its findings with their evidence marked."""
    with open_store(_settings(config, database=db).database, read_only=True) as store:
        article_id = store.locate_article(key)
        if as_json:
            typer.echo(store.read_record_json(article_id))
        else:
            show_record(_console(), store.read_record(article_id))


@app.command()
@takes_filters
def export(
    filters: SearchQuery,
    format_name: Annotated[
        str, typer.Option("--format", "-f", help=f"One of: {', '.join(exporter_names())}.")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to. [default: stdout]")
    ] = None,
    db: Database = None,
    config: Config = None,
) -> None:
    """Write validated records, all of them or those that a query and filters find."""
    exporter(format_name)  # a wrong name must not cost an existing file
    with open_store(_settings(config, database=db).database, read_only=True) as store, _pointing_into(filters.text):
        records = store.iterate_record_json(filters)
        if output is None:
            write_records(format_name, records, _utf8_stdout())
            return
        with atomic_text(output) as out:
            count = write_records(format_name, records, out)
    typer.echo(f"wrote {_counted_noun(count, 'record')} to {output}", err=True)


def _utf8_stdout() -> TextIO:
    """The standard output, in the encoding of a file whatever the terminal's is: an export is data."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    return sys.stdout


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """A file that takes the place of `path` only when all of it is written."""
    if path.is_dir():
        raise StorageError("is a folder", subject=str(path), hint="name a file in it")
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        partial.replace(path)
    except OSError as error:
        raise StorageError("cannot be written", subject=str(path), hint=str(error.strerror)) from error
    finally:
        with suppress(OSError):
            partial.unlink()


@app.command()
def status(db: Database = None, config: Config = None) -> None:
    """Tell what is in the database, what failed, and when it is tried again."""
    with open_store(_settings(config, database=db).database, read_only=True) as store:
        show_status(_console(), store.status())


@lexicon_app.command("status")
def lexicon_status(config: Config = None) -> None:
    """List the lexicons in force: file, entries, version."""
    from .extractors.knowledge import lexicon_summary

    for summary in lexicon_summary(_settings(config).data_folder):
        typer.echo(f"{summary.name:<28} {summary.entries:>6} entries  version {summary.version}  {summary.path}")


@lexicon_app.command("check")
def lexicon_check(config: Config = None) -> None:
    """Read every lexicon and tell whether it is well-formed."""
    from .extractors.knowledge import load_knowledge

    knowledge = load_knowledge(_settings(config).data_folder)
    typer.echo(f"all well: {len(knowledge.entries)} entries")


@lexicon_app.command("update")
def lexicon_update(
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="HGNC's complete set, plain or gzipped.")],
    config: Config = None,
) -> None:
    """Put HGNC's complete set (genenames.org, hgnc_complete_set.txt) beside the built-in genes.

    The file is checked before it replaces anything. Records made from now on use it; `wenzhai extract` remakes the
    older ones.
    """
    from .extractors.knowledge import install_complete_set

    count, path = install_complete_set(source, data_folder=_settings(config).data_folder)
    typer.echo(f"{count} genes from {source} are in force now ({path}); `wenzhai extract` remakes older records")
