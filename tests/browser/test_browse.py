"""`wenzhai browse` as a person meets it, in Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Visit

PICTURE_BYTES = 400_000  # what a README may weigh
DIGEST_ID = "fb7b436be3fd"


def assert_stayed_here(visit: Visit, site: str) -> None:
    """Nothing was asked of anyone else, and no script failed or ran that should not."""
    assert visit.requests
    assert [url for url in visit.requests if not url.startswith(site)] == []
    assert visit.errors == []


def test_search_facet_and_highlighted_finding(visit: Visit, archive_site: str, pictures: Path) -> None:
    page = visit.page
    page.goto(archive_site)
    page.get_by_role("searchbox").fill("单细胞")
    page.get_by_role("button", name="Search").click()
    assert page.locator("#count").inner_text() == "4"
    assert set(page.locator("mark").all_inner_texts()) == {"单细胞"}
    page.screenshot(path=pictures / "browse-search.png")

    page.locator("#facet-journal").get_by_role("link", name="Nature Communications").click()
    assert page.locator("#count").inner_text() == "2"
    page.locator(".hit h2 a", has_text="CellChat").click()
    assert page.url.endswith(DIGEST_ID)
    assert "CellChat：把配体受体表达翻译成细胞间的对话" in page.locator("h1").inner_text()
    keys = page.locator(".text .finding.key").all_inner_texts()
    assert "同一批数据还显示，不同通路的发送与接收模式可以归并成少数几类。" in keys
    finding = page.locator(".text .finding", has_text="特应性皮炎")
    assert finding.locator("a.mention.gene").all_inner_texts() == ["CCL19", "CCR7"]
    # A finding can be told from other text by its colour.
    assert finding.evaluate("element => getComputedStyle(element).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert_stayed_here(visit, archive_site)


def test_picture_of_a_record(visit: Visit, archive_site: str, pictures: Path) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 1250})  # down to the findings
    visit.page.goto(f"{archive_site}/-/wenzhai/record/{DIGEST_ID}")
    picture = pictures / "browse-record.png"
    visit.page.screenshot(path=picture)
    assert 20_000 < picture.stat().st_size < PICTURE_BYTES


def test_from_a_gene_to_every_record_that_names_it(visit: Visit, archive_site: str) -> None:
    page = visit.page
    page.goto(f"{archive_site}/-/wenzhai/record/f78435d5c688")
    page.locator(".text a.mention.gene", has_text=re.compile("^PD-L1$")).first.click()
    assert "gene=CD274" in page.url
    expected = page.locator("#count").inner_text()
    assert int(expected) >= 2
    assert page.locator(".hit").count() == int(expected)
    page.locator("#facet-gene li.chosen a").click()  # away again
    assert page.locator("#count").inner_text() == "13"


def test_sentences(visit: Visit, archive_site: str) -> None:
    visit.page.goto(f"{archive_site}/-/wenzhai?q=炎症")
    visit.page.get_by_role("link", name="Findings", exact=True).click()
    sentences = visit.page.locator(".hit .sentence")
    assert sentences.count() >= 1
    assert all("炎症" in sentence for sentence in sentences.all_inner_texts())


@pytest.mark.parametrize("view", ["digests", "gene_digests", "key_findings"])
def test_tables_facet_and_lead_to_records(visit: Visit, archive_site: str, view: str) -> None:
    page = visit.page
    page.goto(f"{archive_site}/wenzhai/{view}")
    assert page.locator(".facet-results .facet-info").count() >= 5
    page.locator("#facet-account a", has_text="细胞札记").first.click()
    assert "account=" in page.url
    page.locator("td.col-article_id a").first.click()
    assert "/-/wenzhai/record/" in page.url
    assert_stayed_here(visit, archive_site)


def test_articles_are_text_and_nothing_else(visit: Visit, hostile_site: str) -> None:
    paths = [
        "/-/wenzhai",
        "/-/wenzhai?q=TP53&view=findings",
        "/-/wenzhai?gene=%3Cscript%3Ealert(1)%3C/script%3E",
        "/-/wenzhai/record/%3Cscript%3Ealert(1)%3C",
        "/wenzhai/digests",
        "/wenzhai/gene_digests",
        "/wenzhai/key_findings",
        "/wenzhai/articles",
    ]
    for path in paths:
        visit.page.goto(hostile_site + path)
        assert visit.page.locator('[src*="evil"], [onerror], a[href^="javascript"]').count() == 0, path
    visit.page.goto(f"{hostile_site}/-/wenzhai")
    visit.page.locator(".hit h2 a").click()
    assert visit.page.locator("h1").inner_text() == "TP53<script>alert(1)</script>"
    assert "${7*7} {{7*7}} $E=mc^2$" in visit.page.locator(".text").inner_text()
    assert visit.page.locator('script, img, a[href^="javascript"]').count() == 0
    assert_stayed_here(visit, hostile_site)
