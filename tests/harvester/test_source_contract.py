"""Every source has fixtures and does what they say, against a real server; a source without any is refused.

A case is a folder ``fixtures/sources/SOURCE/CASE`` with ``expected.json`` (see fixtures/README.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from wenzhai.harvester.page_reader import read_page
from wenzhai.harvester.sources import Clock, FetchOptions, Source, SourceContext, open_source, source_names
from wenzhai.models import Article, PageProblem, PageRef, SourceError

from ..command_line import FIXTURES
from .listing_server import ListingServer

CASES = FIXTURES / "sources"
NOW = datetime(2025, 5, 1, tzinfo=UTC)


def cases() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/*/expected.json"))


@pytest.fixture
def server() -> Iterator[ListingServer]:
    with ListingServer() as server:
        yield server


def make_context() -> SourceContext:
    options = FetchOptions(allow_private_hosts=True, use_system_proxy=False, delay=0, delay_jitter=0, retries=0)
    return SourceContext(options=options, clock=Clock(now=lambda: NOW, sleep=lambda _: None))


def test_every_source_has_a_case() -> None:
    without = set(source_names()) - {case.parent.name for case in cases()}
    assert not without, f"no case in {CASES} for: {', '.join(sorted(without))}"


def test_every_case_has_a_source() -> None:
    assert {case.parent.name for case in cases()} <= set(source_names())


@pytest.fixture(params=cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def case(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def filled(value: Any, server: ListingServer, case: Path) -> Any:
    """A value of expected.json with the server's address and the case's folder put in."""
    text = json.dumps(value).replace("{base}", server.base)
    return json.loads(text.replace("{case}", case.as_posix()))


def prepared(case: Path, server: ListingServer, tmp_path: Path) -> dict[str, Any]:
    """What is expected; from here on the server serves the case. Lists on disk name the server, so they are copied."""
    told = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    server.answers = {path: (name, (case / name).read_text(encoding="utf-8")) for path, name in told["serves"].items()}
    server.headers = told.get("headers", {})
    folder = case
    for file in case.glob("*.txt"):
        folder = tmp_path
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8").replace("{base}", server.base))
    expected: dict[str, Any] = filled(told, server, folder)
    return expected


def test_case(case: Path, server: ListingServer, tmp_path: Path) -> None:
    expected = prepared(case, server, tmp_path)
    with make_context() as context, closing(open_source(expected["target"], context=context)) as source:
        assert source.name == case.parent.name
        found = []
        for ref in source.discover():
            assert ref.source == source.name
            found.append(ref)
            check_article(source, ref, expected["articles"][len(found) - 1], case)
    assert [ref.location for ref in found] == [article["location"] for article in expected["articles"]]
    assert server.asked == expected["asked"]


def check_article(source: Source, ref: PageRef, expected: dict[str, Any], case: Path) -> None:
    if "error" in expected:
        with pytest.raises(SourceError) as caught:
            source.fetch(ref)
        assert expected["error"] in str(caught.value)
        return
    page = source.fetch(ref)
    assert page.ref == ref
    if "file" in expected:
        assert page.content == (case / expected["file"]).read_bytes()
        return
    article = read_page(page)
    if "state" in expected:
        assert isinstance(article, PageProblem)
        assert (article.state, article.follow) == (expected["state"], expected.get("follow", article.follow))
        return
    assert isinstance(article, Article), article
    told = {name: value for name, value in expected.items() if name not in ("location", "contains", "published_at")}
    assert {name: list(value) if isinstance(value := getattr(article, name), tuple) else value for name in told} == told
    if "published_at" in expected:
        assert article.published_at is not None
        assert article.published_at.isoformat() == expected["published_at"]
    texts = [block.text for block in article.blocks]
    assert set(expected["contains"]) <= set(texts)


def test_every_location_is_a_target(case: Path, server: ListingServer, tmp_path: Path) -> None:
    """A page that failed is asked for again by its location alone; ``page+`` because it may look like a feed."""
    expected = prepared(case, server, tmp_path)
    for article in expected["articles"]:
        if "error" in article:
            continue
        named_page = article["location"].startswith(server.base)
        target = f"page+{article['location']}" if named_page else article["location"]
        with make_context() as context, closing(open_source(target, context=context)) as source:
            assert [ref.location for ref in source.discover()] == [article["location"]]


def test_listing_asks_once_when_all_is_known(case: Path, server: ListingServer, tmp_path: Path) -> None:
    expected = prepared(case, server, tmp_path)
    with make_context() as plain:
        context = SourceContext(
            options=plain.options, clock=plain.clock, known=lambda location: True, listed=lambda target: True
        )
        with context, closing(open_source(expected["target"], context=context)) as source:
            if not source.listing:
                pytest.skip("not a listing")
            assert list(source.discover()) == []
    # An album that is shown oldest first is asked a second time, the other way round.
    assert len(server.asked) == 1 + (case.name == "oldest_first")
