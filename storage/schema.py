"""The schema that the numbered steps of `migrations` began from: pages, articles, records, search index."""

from __future__ import annotations

import sqlite3


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
    create_indexes(
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
        create_indexes(connection, (table, "article_id"))
    create_indexes(
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


def create_indexes(connection: sqlite3.Connection, *indexes: tuple[str, str]) -> None:
    """Indexes named after their table and columns."""
    for table, columns in indexes:
        name = f"{table}_by_{columns.replace(', ', '_')}"
        connection.execute(f"CREATE INDEX {name} ON {table} ({columns})")
