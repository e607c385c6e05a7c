"""Finds the example pages in fixtures/ and makes RawPages of bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wenzhai.models import PageRef, RawPage

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def raw_page(
    content: bytes | str, *, location: str = "", media_type: str = "text/html", final_url: str = "", charset: str = ""
) -> RawPage:
    location = location or ("a.md" if media_type == "text/markdown" else "a.html")
    return RawPage(
        ref=PageRef(location, "test"),
        content=content.encode() if isinstance(content, str) else content,
        final_url=final_url or location,
        media_type=media_type,
        fetched_at=NOON,
        charset=charset,
    )


def case_folders() -> list[Path]:
    return sorted(path.parent for path in FIXTURES.glob("pages/*/expected.json"))


def read_case(folder: Path) -> tuple[bytes, dict[str, Any]]:
    return (folder / "page.html").read_bytes(), json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def archive_files() -> list[Path]:
    return sorted((FIXTURES / "archive").glob("*.md"))


def gold() -> list[dict[str, Any]]:
    lines = (FIXTURES / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
