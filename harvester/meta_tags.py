"""Reads the ``<meta>`` tags at the head of a page, without parsing the page."""

from __future__ import annotations

import re
from html import unescape

from .script_values import unescape_script

# They stand within the first 26 kB of WeChat's pages; others load styles before them.
_HEAD = 400_000


def meta(content: bytes, name: str) -> str:
    """The content of a ``<meta>`` of this name or property; WeChat writes ``\\x26`` and ``\\n`` literally there."""
    found = re.search(
        rb"<meta\s+(?:property|name)=[\"']%s[\"']\s+content=(?:\"([^\"]*)\"|'([^']*)')" % re.escape(name.encode()),
        content[:_HEAD],
    )
    if found is None:
        return ""
    raw = found.group(1) if found.group(1) is not None else found.group(2)
    return unescape(unescape_script(raw).decode("utf-8", "replace")).strip()
