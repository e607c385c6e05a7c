"""The schema, as numbered steps. Append only: a step that was released is never edited.

Every step runs in its own transaction together with the new ``PRAGMA user_version``, so a crash
leaves the file at the step before. Timestamps are ISO 8601 text; offsets are code points, end
exclusive; tables are STRICT and named for people who open the file in Datasette.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

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


def m001_pages_and_articles(connection: sqlite3.Connection) -> None:
    """What was fetched, what is known of every location, the articles and the keys they go by."""
    connection.execute(
        """CREATE TABLE snapshots (
            sha256 TEXT PRIMARY KEY,
            content BLOB NOT NULL,          -- zstd
            media_type TEXT NOT NULL,
            charset TEXT NOT NULL,
            status INTEGER NOT NULL,
            headers TEXT NOT NULL,          -- JSON object
            final_url TEXT NOT NULL,
            bytes INTEGER NOT NULL,         -- before compression
            fetched_at TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE articles (
            rowid INTEGER PRIMARY KEY,      -- spelled out, so that VACUUM keeps it: the search index uses it
            id TEXT NOT NULL UNIQUE,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            account TEXT NOT NULL COLLATE NOCASE,
            author TEXT NOT NULL,
            published_at TEXT,              -- with the page's own UTC offset
            published_on TEXT AS (substr(published_at, 1, 10)),
            published_utc TEXT AS (strftime('%Y-%m-%dT%H:%M:%SZ', published_at)),
            harvested_at TEXT NOT NULL,
            source TEXT NOT NULL,
            location TEXT NOT NULL,         -- of the page it was read from
            state TEXT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            text_sha256 TEXT NOT NULL,
            categories TEXT NOT NULL,       -- JSON list
            tags TEXT NOT NULL,             -- JSON list
            snapshot_sha256 TEXT NOT NULL REFERENCES snapshots (sha256),
            stored_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE pages (
            location TEXT PRIMARY KEY,
            source TEXT NOT NULL,
            state TEXT NOT NULL,            -- a PageState, or 'error'
            evidence TEXT NOT NULL,
            detail TEXT NOT NULL,
            snapshot_sha256 TEXT REFERENCES snapshots (sha256),
            article_id TEXT REFERENCES articles (id) ON DELETE SET NULL,
            first_seen TEXT NOT NULL,
            last_seen TEXT NOT NULL,
            attempts INTEGER NOT NULL,      -- failed ones since the last success
            next_try_at TEXT
        ) STRICT"""
    )
    connection.execute(
        """CREATE TABLE aliases (
            alias TEXT PRIMARY KEY,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE
        ) STRICT"""
    )
    _create_indexes(
        connection,
        ("articles", "url"),
        ("articles", "published_utc, id"),
        ("articles", "published_on"),
        ("articles", "account"),
        ("articles", "kind"),
        ("articles", "snapshot_sha256"),
        ("pages", "state, next_try_at"),
        ("pages", "article_id"),
        ("pages", "snapshot_sha256"),
        ("aliases", "article_id"),
    )


def m002_records(connection: sqlite3.Connection) -> None:
    """The records as JSON, which is what counts, and their claims as rows, to query and browse."""
    connection.execute(
        """CREATE TABLE records (
            article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            schema_version TEXT NOT NULL,
            json TEXT NOT NULL,
            wenzhai_version TEXT NOT NULL,
            provenance TEXT NOT NULL,       -- JSON object
            extracted_at TEXT NOT NULL
        ) STRICT"""
    )
    claims = {
        "papers": """role TEXT NOT NULL, title TEXT, title_zh TEXT, journal TEXT COLLATE NOCASE,
            journal_as_written TEXT COLLATE NOCASE, journal_abbreviation TEXT COLLATE NOCASE, issn TEXT,
            impact_factor REAL, quartile TEXT, published TEXT, doi TEXT, pmid TEXT, pmcid TEXT,
            other_id TEXT, url TEXT""",
        "genes": """symbol TEXT NOT NULL COLLATE NOCASE, hgnc_id TEXT, name TEXT,
            family INTEGER NOT NULL, central INTEGER NOT NULL, score REAL NOT NULL""",
        "methods": "name TEXT NOT NULL COLLATE NOCASE, ontology_id TEXT COLLATE NOCASE",
        "tools": "name TEXT NOT NULL COLLATE NOCASE",
        "diseases": "name TEXT NOT NULL COLLATE NOCASE, ontology_id TEXT COLLATE NOCASE",
        "accessions": "kind TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE",
        "findings": """text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            role TEXT NOT NULL, key INTEGER NOT NULL, section TEXT, genes TEXT NOT NULL""",
        "mentions": """entity_kind TEXT NOT NULL, entity_name TEXT NOT NULL COLLATE NOCASE, field TEXT,
            text TEXT NOT NULL, folded TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            part TEXT NOT NULL""",
    }
    for table, columns in claims.items():
        connection.execute(
            f"""CREATE TABLE {table} (
                id INTEGER PRIMARY KEY,
                article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
                {columns}
            ) STRICT"""
        )
        _create_indexes(connection, (table, "article_id"))
    _create_indexes(
        connection,
        ("papers", "doi"),
        ("papers", "pmid"),
        ("papers", "journal"),
        ("genes", "symbol"),
        ("genes", "hgnc_id"),
        ("methods", "name"),
        ("methods", "ontology_id"),
        ("tools", "name"),
        ("diseases", "name"),
        ("diseases", "ontology_id"),
        ("accessions", "value"),
        ("mentions", "entity_kind, folded"),
    )


def m003_search(connection: sqlite3.Connection) -> None:
    """The search index, fed with tokens by `search_index`, and what it was built with.

    Contentless: the text is in ``articles`` already. ``tokenize='ascii'`` only splits at spaces
    here, and every character beyond ASCII is part of a token.
    """
    connection.execute(
        """CREATE VIRTUAL TABLE search_index USING fts5(
            title, findings, text, title_symbols, symbols, characters, content='', tokenize='ascii')"""
    )
    connection.execute(
        "CREATE VIRTUAL TABLE title_index USING fts5(title, title_symbols, content='', tokenize='ascii')"
    )
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


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
    _create_indexes(connection, ("source_runs", "run_id"), ("source_runs", "source"))


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
    _create_indexes(
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
    _create_indexes(connection, ("articles", "updated_at"))


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
    _create_indexes(connection, ("paper_checks", "article_id"), ("paper_checks", "verdict, field"))


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


def _create_indexes(connection: sqlite3.Connection, *indexes: tuple[str, str]) -> None:
    for table, columns in indexes:
        name = f"{table}_by_{columns.replace(', ', '_')}"
        connection.execute(f"CREATE INDEX {name} ON {table} ({columns})")


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
)
