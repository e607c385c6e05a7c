"""read_page on the example pages, one test per page and field, and on bytes that are no page at all."""

from __future__ import annotations

import codecs
import gzip
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, PageProblem, PageState, article_id

from .page_cases import FIXTURES, archive_files, case_folders, gold, raw_page, read_case

CASES = [pytest.param(folder, id=folder.name) for folder in case_folders()]
READABLE = [p for p in CASES if PageState(read_case(p.values[0])[1]["state"]).readable]
UNREADABLE = [p for p in CASES if p not in READABLE]


def article_of(folder: Path) -> Article:
    found = read_page(raw_page(read_case(folder)[0]))
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("folder", CASES)
def test_state(folder: Path) -> None:
    content, expected = read_case(folder)
    assert read_page(raw_page(content)).state == expected["state"]


@pytest.mark.parametrize("field", ["title", "account", "author", "url"])
@pytest.mark.parametrize("folder", READABLE)
def test_fact(folder: Path, field: str) -> None:
    assert getattr(article_of(folder), field) == (read_case(folder)[1][field] or "")


@pytest.mark.parametrize("folder", READABLE)
def test_published_at(folder: Path) -> None:
    published = article_of(folder).published_at
    assert (published and published.isoformat()) == read_case(folder)[1]["published_at"]


@pytest.mark.parametrize("folder", READABLE)
def test_text_contains_whole_blocks(folder: Path) -> None:
    lines = article_of(folder).text.split("\n")
    assert [words for words in read_case(folder)[1]["contains"] if words not in lines] == []


@pytest.mark.parametrize("folder", READABLE)
def test_text_excludes(folder: Path) -> None:
    text = article_of(folder).text
    assert [words for words in read_case(folder)[1]["excludes"] if words in text] == []


@pytest.mark.parametrize("folder", READABLE)
def test_identity_is_the_strongest_alias(folder: Path) -> None:
    article = article_of(folder)
    assert article.id == article_id(article.aliases[0])
    assert article.aliases[0].startswith("wx:")


@pytest.mark.parametrize("folder", UNREADABLE)
def test_problem(folder: Path) -> None:
    content, expected = read_case(folder)
    found = read_page(raw_page(content))
    assert isinstance(found, PageProblem)
    assert (found.follow or None) == expected["follow"]
    assert (found.account or None) == expected["account"]
    assert (expected["reason"] or "") in found.evidence
    assert found.detail
    assert not found.state.readable


def norm(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


@pytest.mark.parametrize("label", [pytest.param(label, id=label["id"]) for label in gold()])
def test_archived_article(label: dict[str, object]) -> None:
    path = FIXTURES / "archive" / f"{str(label['id']).removeprefix('fixture-')}.md"
    article = read_page(raw_page(path.read_bytes(), media_type="text/markdown", location=str(path)))
    assert isinstance(article, Article)
    assert (article.title, article.account, article.url) == (label["title"], label["account"], label["url"])
    assert article.aliases[0].startswith("wx:s/")
    assert "fetched" not in article.tags
    assert article.published_at is not None
    text, boilerplate = norm(article.text), set(label["boilerplate"])  # type: ignore[call-overload]
    sentences = [(n, s) for n, s in enumerate(label["sentences"], 1) if len(norm(s)) >= 4]  # type: ignore[arg-type]
    assert [s for n, s in sentences if n not in boilerplate and norm(s) not in text] == []
    assert [s for n, s in sentences if n in boilerplate and norm(s) in text] == []


def test_page_from_elsewhere() -> None:
    expected = json.loads((FIXTURES / "web" / "expected.json").read_text(encoding="utf-8"))
    article = read_page(raw_page((FIXTURES / "web" / "journal_page.html").read_bytes()))
    assert isinstance(article, Article)
    assert article.published_at is not None
    for field in ("title", "account", "author", "url"):
        assert getattr(article, field) == expected[field]
    assert article.published_at.isoformat() == expected["published_at"]
    lines = article.text.split("\n")
    assert [words for words in expected["contains"] if words not in lines] == []
    assert [words for words in expected["excludes"] if words in article.text] == []


@pytest.mark.parametrize(
    ("content", "media_type", "state"),
    [
        (b"", "text/html", PageState.UNKNOWN),
        (b" \n\t\0", "text/markdown", PageState.UNKNOWN),
        (b"%PDF-1.7 \x00\x01", "text/html", PageState.NOT_AN_ARTICLE),
        (gzip.compress(b"<html>", mtime=0), "text/html", PageState.NOT_AN_ARTICLE),
        (b"{}", "application/json", PageState.NOT_AN_ARTICLE),
        (bytes(range(256)) * 20, "text/markdown", PageState.UNKNOWN),
        (b"---\ntitle: [unclosed\n---\nwords", "text/markdown", PageState.UNKNOWN),
        (b"---\ntitle: A\n---\n", "text/markdown", PageState.NOT_AN_ARTICLE),
        (b"<html><body></body></html>", "text/html", PageState.NOT_AN_ARTICLE),
    ],
)
def test_no_article_in_these_bytes(content: bytes, media_type: str, state: PageState) -> None:
    found = read_page(raw_page(content, media_type=media_type))
    assert isinstance(found, PageProblem)
    assert found.state is state
    assert found.detail


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "big5"])
def test_declared_charset_is_used(charset: str) -> None:
    text = "---\ntitle: 單細胞\n---\n細胞核裡的基因。\n"
    found = read_page(raw_page(text.encode(charset), media_type="text/markdown", charset=charset))
    assert isinstance(found, Article)
    assert (found.title, found.text) == ("單細胞", "細胞核裡的基因。")


def test_undeclared_gb18030_and_byte_order_mark() -> None:
    text = "---\ntitle: 甲\n---\n这是用国标编码写成的一段话。\n"
    for content in (text.encode("gb18030"), codecs.BOM_UTF8 + text.encode()):
        found = read_page(raw_page(content, media_type="text/markdown"))
        assert isinstance(found, Article)
        assert found.title == "甲"


def test_markdown_name_with_a_saved_page_inside() -> None:
    folder = next(p for p in case_folders() if p.name == "article")
    found = read_page(raw_page(read_case(folder)[0], media_type="text/markdown"))
    assert isinstance(found, Article)
    assert found.account == read_case(folder)[1]["account"]


def no_promotion_in_text(article: Article) -> bool:
    kept = {placed.block for placed in article.placed_blocks}
    return not any(block.promotion for block in kept) and all(
        article.text[placed.start : placed.end] == placed.block.text for placed in article.placed_blocks
    )


@given(st.binary(max_size=400), st.sampled_from(["text/html", "text/markdown", "", "text/plain"]))
@settings(max_examples=150, deadline=None)
def test_never_raises_on_bytes(content: bytes, media_type: str) -> None:
    found = read_page(raw_page(content, media_type=media_type))
    assert isinstance(found, PageProblem) or no_promotion_in_text(found)


PAGES = [read_case(folder)[0] for folder in case_folders()] + [path.read_bytes() for path in archive_files()]


@given(
    st.sampled_from(PAGES),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.2), st.binary(max_size=12)), max_size=4),
    st.sampled_from(["text/html", "text/markdown"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_never_raises_on_mutated_pages(
    content: bytes, edits: list[tuple[float, float, bytes]], media_type: str
) -> None:
    for place, length, replacement in edits:
        start = int(place * len(content))
        content = content[:start] + replacement + content[start + int(length * len(content)) :]
    found = read_page(raw_page(content, media_type=media_type))
    assert "error in wenzhai" not in getattr(found, "detail", "")
    assert isinstance(found, PageProblem) or no_promotion_in_text(found)


def test_trafilatura_is_loaded_only_when_needed() -> None:
    code = "import sys, wenzhai.harvester.page_reader; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
