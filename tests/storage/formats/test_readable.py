"""Markdown and Atom: markdown-it and feedparser find what was put in, and nothing that articles smuggle."""

from __future__ import annotations

import html
import io
import re

import feedparser
import pytest
from markdown_it import MarkdownIt
from wenzhai.storage.exporters import export
from wenzhai.storage.exporters.markdown import plain
from wenzhai.storage.references import one_line

from ..rich_examples import SENTENCE, control_record, empty_record, rich_record

RECORDS = [rich_record("a"), empty_record(), control_record(), rich_record("b")]


def exported(name: str) -> str:
    out = io.StringIO()
    assert export(name, (record.model_dump_json() for record in RECORDS), out) == len(RECORDS)
    return out.getvalue()


def test_markdown_cards() -> None:
    tokens = MarkdownIt("commonmark").parse(exported("markdown"))
    titles = [
        _text(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"
    ]
    assert titles == [one_line(record.article.title) or record.article.id for record in RECORDS]
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "link_open",
        "link_close",
    }
    assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "ordered_list_open"}
    assert any(_text(token) == SENTENCE for token in tokens)
    links = [child.attrs["href"] for token in tokens for child in token.children or () if child.type == "link_open"]
    assert "https://doi.org/10.1038/s41586_025(1)" in links


@pytest.mark.parametrize(
    "text",
    [
        *("1. 一", "1) x", "- x", "+ x", "= x", "=", "# x", "> x", "*a* _b_ `c`", "<b>x</b>", "&amp;", "[a](b)"),
        *("![a](b)", "a\\", "~~a~~", "| a |", "***", "---", "```"),
    ],
)
def test_nothing_an_article_says_is_markup(text: str) -> None:
    for before in ("", "- "):
        tokens = MarkdownIt("commonmark").parse(f"{before}{plain(text)}\n")
        assert [_text(token) for token in tokens if token.type == "inline"] == [text]
        assert sum(token.type == "list_item_open" for token in tokens) == len(before) // 2


def _text(token: object) -> str:
    return "".join(child.content for child in getattr(token, "children", None) or ())


def test_atom() -> None:
    feed = feedparser.parse(exported("atom").encode())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.updated == RECORDS[0].article.harvested_at.isoformat()
    assert len({entry.id for entry in feed.entries}) == len(RECORDS)
    first, bare, controls, _ = feed.entries
    assert html.unescape(first.title) == RECORDS[0].article.title
    assert first.link == RECORDS[0].article.url
    assert first.author == "@生信人"
    assert [tag.term for tag in first.tags] == ["CD274"]
    assert SENTENCE in first.content[0].value
    assert "<b>粗</b>" not in first.content[0].value
    assert "published" not in bare
    assert bare.title == RECORDS[1].article.id
    assert re.fullmatch(r"\W?铃\W?", controls.title)


def test_an_empty_feed() -> None:
    out = io.StringIO()
    assert export("atom", [], out) == 0
    feed = feedparser.parse(out.getvalue().encode())
    assert not feed.bozo
    assert feed.entries == []
