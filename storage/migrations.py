"""The schema, as numbered steps. Append only: a step that was released is never edited.

Every step runs in its own transaction together with the new ``PRAGMA user_version``, so a crash
leaves the file at the step before. Timestamps are ISO 8601 text; offsets are code points, end
exclusive; tables are STRICT and named for people who open the file in Datasette.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from .migration_steps import m011_snapshot_dictionaries, m012_quicker_sketches
from .schema import create_indexes, m001_pages_and_articles, m002_records, m003_search
from .search_schema import m010_layered_search

Migration = Callable[[sqlite3.Connection], None]


def migrate(connection: sqlite3.Connection, *, migrations: Sequence[Migration] | None = None) -> None:
    """Run the steps the file has not seen; ``migrations`` is every step there is, oldest first."""
    steps = MIGRATIONS if migrations is None else migrations
    for number, step in enumerate(steps, start=1):
        if _version(connection) < number:
            _run(connection, step, number=number)


def _run(connection: sqlite3.Connection, step: Migration, *, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have run the step while we waited for the lock.
        if _version(connection) < number:
            step(connection)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def m004_runs(connection: sqlite3.Connection) -> None:
    """Which runs there were and what they counted, and how each named source fares: what due-ness is made of."""
    counts = """seen INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
            changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
            skipped INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
            CHECK (seen = new + changed + unchanged + skipped + failed)"""
    connection.execute(
        f"""CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            command TEXT NOT NULL,          -- harvest or watch
            started_at TEXT NOT NULL,
            finished_at TEXT,
            ended TEXT NOT NULL,            -- running, done, stopped, failed, or crashed
            {counts}
        ) STRICT"""
    )
    connection.execute(
        f"""CREATE TABLE source_runs (
            id INTEGER PRIMARY KEY,
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            source TEXT NOT NULL,           -- the name in the settings, or the target of the command line
            started_at TEXT NOT NULL,
            finished_at TEXT NOT NULL,
            ended TEXT NOT NULL,            -- done, stopped or failed
            error TEXT NOT NULL,
            {counts}
        ) STRICT"""
    )
    connection.execute(
        f"""CREATE TABLE sources (
            name TEXT PRIMARY KEY,
            target TEXT NOT NULL,
            last_run_at TEXT,               -- when the last run that came to an end began
            failing_since TEXT,
            failures INTEGER NOT NULL,      -- in a row
            next_try_at TEXT,
            error TEXT NOT NULL,
            {counts}                        -- of the last run
        ) STRICT"""
    )
    create_indexes(connection, ("source_runs", "run_id"), ("source_runs", "source"))


def m005_attempts_and_identity(connection: sqlite3.Connection) -> None:
    """What asking again needs to know, what each attempt brought, what articles said before, who copies whom."""
    for column in ("etag", "last_modified"):  # what the server said of the last bytes, to ask whether they changed
        connection.execute(f"ALTER TABLE pages ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    connection.execute(
        """CREATE TABLE host_pauses (
            host TEXT PRIMARY KEY,
            until TEXT NOT NULL,
            strikes INTEGER NOT NULL,       -- pauses since the last answer
            reason TEXT NOT NULL,
            paused_at TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            location TEXT NOT NULL,
            at TEXT NOT NULL,
            outcome TEXT NOT NULL,          -- a PageState, 'unchanged', or 'error'
            status INTEGER,                 -- HTTP; NULL without an answer
            evidence TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE article_versions (
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            text_sha256 TEXT NOT NULL,
            title TEXT NOT NULL,
            snapshot_sha256 TEXT NOT NULL REFERENCES snapshots (sha256),
            seen_at TEXT NOT NULL,
            modified_at TEXT                -- as the page says
        ) STRICT"""
    )
    connection.execute(
        """INSERT INTO article_versions (article_id, text_sha256, title, snapshot_sha256, seen_at)
            SELECT id, text_sha256, title, snapshot_sha256, updated_at FROM articles"""
    )
    connection.execute(
        """CREATE TABLE reposts (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            of_article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            "by" TEXT NOT NULL,             -- 'copyright' or 'text'
            score REAL NOT NULL,
            PRIMARY KEY (article_id, of_article_id)
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE named_originals (   -- keys of the articles that pages say they copy
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            alias TEXT NOT NULL,
            PRIMARY KEY (article_id, alias)
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE sketches (          -- MinHash of each text, see `near_copies`
            article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            hashes TEXT NOT NULL            -- JSON list
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE sketch_hashes (     -- the smallest of them, to find texts that may be alike
            hash INTEGER NOT NULL,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE
        ) STRICT"""
    )
    create_indexes(
        connection,
        ("attempts", "location"),
        ("article_versions", "article_id"),
        ("article_versions", "snapshot_sha256"),
        ("reposts", "of_article_id"),
        ("named_originals", "alias"),
        ("sketch_hashes", "hash"),
        ("sketch_hashes", "article_id"),
        ("pages", "next_try_at"),
    )


def m006_named_exports(connection: sqlite3.Connection) -> None:
    """Which named export has contained which changes."""
    connection.execute(
        """CREATE TABLE exports (
            name TEXT PRIMARY KEY,
            until TEXT NOT NULL,            -- the latest articles.updated_at it contained
            records INTEGER NOT NULL,
            exported_at TEXT NOT NULL
        ) STRICT"""
    )
    create_indexes(connection, ("articles", "updated_at"))


def m007_corrections(connection: sqlite3.Connection) -> None:
    """What curators say of claims, and of corrected records what the extraction said."""
    connection.execute(
        """CREATE TABLE corrections (
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            value TEXT NOT NULL,            -- as extracted
            pmid TEXT NOT NULL,             -- of the paper meant, empty when only one has the value
            verdict TEXT NOT NULL,          -- accept, reject or change
            new_value TEXT NOT NULL,
            new_id TEXT NOT NULL,
            curator TEXT NOT NULL,
            curated_at TEXT NOT NULL,
            imported_at TEXT NOT NULL,
            UNIQUE (article_id, field, value, pmid)
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE extracted_records (
            article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            json TEXT NOT NULL
        ) STRICT"""
    )


def m008_resolutions(connection: sqlite3.Connection) -> None:
    """What bibliographic services say of claimed papers, and their answers; claims are never changed."""
    connection.execute(
        """CREATE TABLE resolutions (
            article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            claims_sha256 TEXT NOT NULL,    -- of the claims that were checked
            json TEXT NOT NULL,
            complete INTEGER NOT NULL,      -- whether every service that was needed answered
            checked_at TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE paper_checks (
            id INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES resolutions (article_id) ON DELETE CASCADE,
            position INTEGER NOT NULL,      -- of the paper in its record, from 0
            field TEXT NOT NULL,            -- title, journal, year, doi or pmid
            verdict TEXT NOT NULL,          -- match, mismatch, unverifiable or resolved
            claimed TEXT,
            found TEXT,
            retracted INTEGER NOT NULL      -- the paper
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE service_answers (
            service TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,           -- as it came; empty when there is no such paper
            answered_at TEXT NOT NULL,
            PRIMARY KEY (service, question)
        ) STRICT"""
    )
    create_indexes(connection, ("paper_checks", "article_id"), ("paper_checks", "verdict, field"))


def m009_views_to_browse(connection: sqlite3.Connection) -> None:
    """What people want to see of an article in one row, for Datasette and other readers of the file."""
    # The journal of the paper that is digested, else of the first cited one.
    journal = """(SELECT papers.journal FROM papers
        WHERE papers.article_id = articles.id AND papers.journal IS NOT NULL
        ORDER BY papers.role <> 'primary', papers.id LIMIT 1)"""
    article = f"""articles.published_on, substr(articles.published_on, 1, 7) AS month, articles.account,
        articles.kind, articles.title, {journal} AS journal"""
    lists = ", ".join(
        f"(SELECT json_group_array({column}) FROM {table} WHERE article_id = articles.id) AS {table}"  # noqa: S608
        for table, column in (("genes", "symbol"), ("methods", "name"), ("tools", "name"), ("diseases", "name"))
    )
    primary = "FROM papers WHERE article_id = articles.id AND role = 'primary' ORDER BY id LIMIT 1"
    connection.execute(
        f"""CREATE VIEW digests AS SELECT articles.id AS article_id, {article}, {lists},
            (SELECT impact_factor {primary}) AS impact_factor,
            (SELECT doi {primary}) AS doi, (SELECT pmid {primary}) AS pmid,
            (SELECT count(*) FROM findings WHERE article_id = articles.id) AS findings, articles.url
            FROM articles"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE VIEW gene_digests AS SELECT genes.symbol, genes.hgnc_id, genes.name, genes.central,
            articles.id AS article_id, {article}
            FROM genes JOIN articles ON articles.id = genes.article_id"""  # noqa: S608
    )
    connection.execute(
        f"""CREATE VIEW key_findings AS SELECT findings.text AS finding, findings.role, findings.genes,
            articles.id AS article_id, {article}
            FROM findings JOIN articles ON articles.id = findings.article_id WHERE findings.key"""  # noqa: S608
    )


MIGRATIONS: tuple[Migration, ...] = (
    m001_pages_and_articles,
    m002_records,
    m003_search,
    m004_runs,
    m005_attempts_and_identity,
    m006_named_exports,
    m007_corrections,
    m008_resolutions,
    m009_views_to_browse,
    m010_layered_search,
    m011_snapshot_dictionaries,
    m012_quicker_sketches,
)
