"""What a report counts, compares and writes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from wenzhai.models import QueryError
from wenzhai.report.markdown import escaped, markdown_page
from wenzhai.report.period import Period, counted_parts
from wenzhai.report.summary import Change, Summary, rising, summarise
from wenzhai.storage import open_store

from ..browser.examples import hostile_article

DAY = date(2025, 6, 20)
MADE = datetime(2025, 7, 1, 8, 0, tzinfo=UTC)


class Loads(HTMLParser):
    """What a page would load: addresses anywhere but in links to follow."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [
            (tag, name, value)
            for name, value in attrs
            if (name in ("src", "srcset", "data", "poster", "background", "action"))
            or (name in ("href", "xlink:href") and tag != "a" and not (value or "").startswith("#"))
            or name.startswith("on")
        ]


@pytest.fixture
def hostile(tmp_path: Path) -> Summary:
    with open_store(tmp_path / "wenzhai.db", create=True) as store:
        store.put_article(*hostile_article())
        return summarise(store, Period(DAY, DAY), most_articles=5)


def test_period_before() -> None:
    assert Period(date(2024, 3, 1), date(2024, 3, 31)).before == Period(date(2024, 1, 30), date(2024, 2, 29))
    assert Period(date.min, date.max).days == 3652059
    with pytest.raises(QueryError, match="is before"):
        Period(DAY, date(2025, 6, 19))
    with pytest.raises(QueryError, match="no days before"):
        _ = Period(date.min, DAY).before


@pytest.mark.parametrize(
    ("until", "labels"),
    [
        (date(2024, 1, 31), [f"01-{day:02}" for day in range(1, 32)]),
        (date(2024, 2, 10), ["01-01", "01-08", "01-15", "01-22", "01-29", "02-05"]),
        (date(2024, 8, 1), [f"2024-{month:02}" for month in range(1, 9)]),
    ],
)
def test_parts_of_a_period(until: date, labels: list[str]) -> None:
    parts = counted_parts(Period(date(2024, 1, 1), until), [(date(2024, 1, 1), 2), (until, 3)])
    assert [part.label for part in parts] == labels
    assert (parts[0].count, parts[-1].count, sum(part.count for part in parts)) == (2, 3, 5)


def test_rising_is_more_than_the_growth_of_all() -> None:
    steady = Change("gene", "TP53", 20, 10)  # as many more as there are articles more
    new = Change("gene", "ACKR3", 6, 0)
    grown = Change("gene", "CD8A", 12, 3)
    once = Change("gene", "EGFR", 1, 0)
    assert rising([steady, once, grown, new], articles=200, articles_before=100) == (new, grown)
    assert rising([new], articles=200, articles_before=0) == ()


def test_summary(hostile: Summary) -> None:
    assert (hostile.articles, hostile.articles_before, hostile.untold) == (1, 0, 0)
    assert [(change.value, change.now, change.before) for change in hostile.genes][1] == ("TP53", 1, 0)
    (article,) = hostile.findings
    assert article.published_on == DAY
    assert article.sentences[0].text.startswith("本文发现TP53升高")


def test_markdown_is_escaped(hostile: Summary) -> None:
    text = markdown_page(hostile, made_at=MADE)
    assert "<script" not in text
    assert "javascript:" not in text
    assert r"TP53&lt;script&gt;alert\(1\)&lt;/script&gt;" in text
    assert text == markdown_page(hostile, made_at=MADE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a|b", r"a\|b"), ("1. 首先\n二", r"1\. 首先 二"), ("- x", r"\- x"), ("PD-L1", "PD-L1"), ("CD8+ T", r"CD8\+ T")],
)
def test_escaping(text: str, expected: str) -> None:
    assert escaped(text) == expected


def test_html_stands_alone(hostile: Summary) -> None:
    pytest.importorskip("matplotlib")
    from wenzhai.report.html_page import html_page

    page = html_page(hostile, made_at=MADE)
    assert page == html_page(hostile, made_at=MADE)
    seen = Loads()
    seen.feed(page)
    assert seen.tags.isdisjoint({"script", "img", "image", "link", "iframe", "object", "embed", "base", "audio"})
    assert seen.loaded == []
    assert "url(http" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_in_the_period(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from wenzhai.report.html_page import html_page

    with open_store(tmp_path / "wenzhai.db", create=True) as store:
        summary = summarise(store, Period(DAY, DAY), most_articles=5)
    assert "nothing before it" in html_page(summary, made_at=MADE)
    assert "0 articles" in markdown_page(summary, made_at=MADE)


def test_chart_labels_are_cut_by_their_width() -> None:
    pytest.importorskip("matplotlib")
    from wenzhai.report.charts import shortened

    assert shortened("Cell", cells=10) == "Cell"
    assert shortened("自然通讯杂志", cells=10) == "自然通讯…"
    assert shortened("Nature Communications", cells=10) == "Nature Co…"
