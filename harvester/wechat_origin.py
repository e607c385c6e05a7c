"""What a WeChat page says of its edits and of the article it is a repost of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from .addresses import WechatKey, aliases, wechat_key
from .script_values import ScriptObject, find_value

_REPOST = "2"  # copyright_stat: 0 nothing said, 1 original, 2 repost
_SHARE_SOURCE = re.compile(rb"<[^<>]*?\bid=\"js_share_source\"[^<>]*+>")
_DATA_URL = re.compile(rb"\bdata-url=\"([^\"]*)\"")


def modified_at(content: bytes, script: ScriptObject | None) -> datetime | None:
    """When the article was last edited, None when the page does not tell of an edit."""
    told = (script.get("modify_time") if script else "") or find_value(content, "var modify_time")
    if not (told.isascii() and told.isdigit() and 0 < int(told[:12]) < 1 << 34):
        return None
    return datetime.fromtimestamp(int(told[:12]), UTC)


def original_aliases(content: bytes, script: ScriptObject | None) -> tuple[str, ...]:
    """The keys of the article this one copies, as far as the page names it; none for an article of its own."""
    info = script.child("copyright_info") if script else None
    stat = (info.get("copyright_stat") if info else "") or find_value(content, "var copyright_stat")
    if stat != _REPOST:
        return ()
    urls = [info.get("reprint_url") if info else "", _share_source(content)]
    key = WechatKey(
        biz=_value(content, info, "source_encode_biz"),
        mid=_value(content, info, "source_mid"),
        idx=_value(content, info, "source_idx"),
    )
    found = tuple(url for url in map(unescape, urls) if wechat_key(url) is not None)
    return aliases(urls=found, key=key if key.complete else None)


def _value(content: bytes, info: ScriptObject | None, name: str) -> str:
    return (info.get(name) if info else "") or find_value(content, f"var {name}")


def _share_source(content: bytes) -> str:
    """The address behind 阅读全文, which a page that shows only a part of its original has."""
    tag = _SHARE_SOURCE.search(content)
    # The attribute stands before or after the id.
    found = _DATA_URL.search(tag.group()) if tag else None
    return found.group(1).decode("utf-8", "replace") if found else ""
