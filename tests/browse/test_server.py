"""Answers of `wenzhai browse`, without a browser."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import httpx
import pytest

pytest.importorskip("datasette")

from wenzhai.browse.server import build_application, serve
from wenzhai.models import ConfigError, DatabaseMissingError
from wenzhai.storage import open_store

from ..browser.examples import hostile_article


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browse") / "wenzhai.db"
    with open_store(path, create=True) as store:
        store.put_article(*hostile_article())
    return path


@pytest.fixture
def article_id() -> str:
    return hostile_article()[0].id


def get(database: Path, address: str, *, host: str = "127.0.0.1", name: str = "127.0.0.1:8001") -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(build_application(database, host=host))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{name}") as client:
            return await client.get(address)

    return asyncio.run(ask())


def test_begins_with_the_search(database: Path) -> None:
    answer = get(database, "/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/-/wenzhai")


@pytest.mark.parametrize(
    "address", ["/-/wenzhai", "/-/wenzhai?q=TP53", "/-/wenzhai?q=TP53&view=findings", "/-/wenzhai/record/{id}"]
)
def test_articles_are_escaped(database: Path, article_id: str, address: str) -> None:
    answer = get(database, address.format(id=article_id))
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "javascript:" not in answer.text
    assert "TP53" in answer.text


def test_nothing_may_be_loaded_from_elsewhere(database: Path) -> None:
    for address in ("/-/wenzhai", "/wenzhai", "/nowhere"):
        policy = get(database, address).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy


@pytest.mark.parametrize("address", ["/-/wenzhai/record/000000000000", "/-/wenzhai/record/x%22%3E%3Cb%3E"])
def test_unknown_record(database: Path, address: str) -> None:
    answer = get(database, address)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


def test_beginning_of_an_id(database: Path, article_id: str) -> None:
    answer = get(database, f"/-/wenzhai/record/{article_id[:6]}")
    assert answer.headers["location"] == f"/-/wenzhai/record/{article_id}"


@pytest.mark.parametrize("parameters", ["q=(", "month=2024-13", "kind=poem", "page=0", "page=x", "pmid=x"])
def test_wrong_use_is_told(database: Path, parameters: str) -> None:
    assert get(database, f"/-/wenzhai?{parameters}").status_code == 400


@pytest.mark.parametrize(
    ("parameters", "count"),
    [("month=2025-06", 1), ("month=2025-05", 0), ("gene=TP53", 1), ("gene=EGFR", 0), ("kind=tutorial", 0)],
)
def test_filters(database: Path, parameters: str, count: int) -> None:
    assert f'<strong id="count">{count}</strong>' in get(database, f"/-/wenzhai?{parameters}").text


def test_another_name_for_this_machine_is_refused(database: Path) -> None:
    assert get(database, "/-/wenzhai", name="evil.example").status_code == 421
    assert get(database, "/-/wenzhai", name="localhost:8001").status_code == 200
    assert get(database, "/-/wenzhai", host="0.0.0.0", name="lab.example").status_code == 200  # noqa: S104


def test_read_only(database: Path) -> None:
    before = database.read_bytes()
    assert get(database, "/wenzhai?sql=delete+from+articles").status_code == 400
    assert get(database, "/wenzhai.db").status_code == 403
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "query", ["genes_by_month", "genes_together", "methods_by_journal", "papers_digested_twice", "accounts"]
)
def test_canned_queries(database: Path, query: str) -> None:
    answer = get(database, f"/wenzhai/{query}.json?gene=TP53")
    assert answer.status_code == 200, answer.text
    assert answer.json()["ok"] is not False


def test_every_described_column_is_there(database: Path) -> None:
    import yaml
    from wenzhai.browse import server

    tables = yaml.safe_load((Path(server.__file__).parent / "metadata.yaml").read_text(encoding="utf-8"))
    connection = sqlite3.connect(database)
    for table, told in tables["databases"]["wenzhai"]["tables"].items():
        columns = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})")}
        facets = {next(iter(each.values())) if isinstance(each, dict) else each for each in told.get("facets", ())}
        assert set(told.get("columns", ())) | facets <= columns, table
    connection.close()


def test_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError):
        build_application(tmp_path / "none.db", host="127.0.0.1")


def test_address_of_another_machine(database: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be served"):
        serve(database, host="192.0.2.1", port=0, announce=print)
