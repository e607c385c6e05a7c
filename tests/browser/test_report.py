"""The report in Chromium: it stands alone, and Chinese is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from wenzhai.report.html_page import html_page
from wenzhai.report.period import Period
from wenzhai.report.summary import summarise
from wenzhai.storage import open_store

from .conftest import Visit

MADE = datetime(2023, 1, 1, 8, 0, tzinfo=UTC)


def write_report(database: Path, path: Path, *, since: date, until: date) -> str:
    """Writes it, and returns the address of the file."""
    with open_store(database, read_only=True) as store:
        summary = summarise(store, Period(since, until), most_articles=20)
    path.write_text(html_page(summary, made_at=MADE), encoding="utf-8")
    return path.as_uri()


def test_report_stands_alone(visit: Visit, archive_database: Path, tmp_path: Path, pictures: Path) -> None:
    address = write_report(archive_database, tmp_path / "report.html", since=date(2021, 1, 1), until=date(2022, 12, 31))
    page = visit.page
    page.goto(address)
    assert page.locator("svg").count() == 4
    assert "Nature Methods" in page.locator("svg").nth(1).text_content()
    font = page.locator("svg text").first.evaluate("element => getComputedStyle(element).fontFamily")
    assert "Noto Sans CJK SC" in font
    assert page.locator(".article a").first.get_attribute("href").startswith("https://mp.weixin.qq.com/")
    picture = pictures / "report.png"
    page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 1280, "height": 1500}, full_page=True)
    assert 20_000 < picture.stat().st_size < 400_000
    assert visit.requests == [address]
    assert visit.errors == []


def test_hostile_report(visit: Visit, hostile_database: Path, tmp_path: Path) -> None:
    day = date(2025, 6, 20)
    address = write_report(hostile_database, tmp_path / "report.html", since=day, until=day)
    visit.page.goto(address)
    assert "<script>alert(1)</script>" in visit.page.locator(".article h3").inner_text()
    assert visit.page.locator("script, img, a[href^='javascript'], [onerror]").count() == 0
    assert "<script>alert(1)</script>" in visit.page.locator("svg").nth(1).text_content()
    assert visit.requests == [address]
    assert visit.errors == []


@pytest.fixture(autouse=True)
def _needs_charts() -> None:
    pytest.importorskip("matplotlib")
