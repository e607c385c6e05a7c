"""Saved pages that cannot be published: a folder named by WENZHAI_PAGES, with an index.json.

Each entry of the index has ``file`` (.html or .html.gz), ``state``, and, where the page tells them,
``og_title``, ``account`` and ``published_unix``.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article

from .page_cases import raw_page

FOLDER = os.environ.get("WENZHAI_PAGES", "")
ENTRIES: list[dict[str, Any]] = json.loads((Path(FOLDER) / "index.json").read_text(encoding="utf-8")) if FOLDER else []


@pytest.mark.skipif(not ENTRIES, reason="WENZHAI_PAGES names no folder of saved pages")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in ENTRIES])
def test_saved_page(entry: dict[str, Any]) -> None:
    path = Path(FOLDER) / entry["file"]
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = read_page(raw_page(content, location=str(path)))
    assert found.state == entry["state"]
    assert found.account == (entry.get("account") or "")
    if isinstance(found, Article):
        assert entry.get("og_title") in (None, found.title)
        assert found.text
        assert found.published_at is not None
        assert entry.get("published_unix") in (None, found.published_at.timestamp())
        assert found.url.startswith("https://mp.weixin.qq.com/s")
        assert found.aliases[0].startswith("wx:")
        assert not any(mark in found.text for mark in ("JsDecode", "微信扫一扫", "\\x"))
