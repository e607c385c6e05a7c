"""Articles exported as JSON: an array of them or one a line, as wechat-article-exporter writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from .addresses import canonical_url
from .containers import Member
from .entry_page import ENTRY_TYPE, Entry, paragraphs

BEIJING = timezone(timedelta(hours=8))
# A folder holds other JSON files too; only a list of objects with a title and an address or text is an export.
_FIRST_BYTES = 16_384
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")
_TITLE = b'"title"'
_BODY = re.compile(rb'"(?:content|link|url|html)"\s*:')
_TAG = re.compile(r"<(?:p|div|section|br|span|h[1-6]|img|ul|ol|table|blockquote)\b", re.IGNORECASE)


def is_export(start: bytes) -> bool:
    """Whether a JSON file that starts with these bytes is a list of articles."""
    start = start[:_FIRST_BYTES]
    return _LIST.match(start) is not None and _TITLE in start and _BODY.search(start) is not None


def export_members(location: str, content: bytes) -> Iterator[Member]:
    """The articles of an export, each a member ``export.json!/12`` with a packed entry as its content.

    Where the file is damaged, or an element is no article, that is a member that is refused: what was read
    before it stays good.

    Args:
        location: how the file is named to the user.
        content: all of it.
    """
    for number, value in enumerate(_values(content), start=1):
        place = f"{location}!/{number}"
        if isinstance(value, ValueError):
            yield Member(location=place, size=0, read=bytes, refusal=f"damaged or cut short: {value}")
        elif not isinstance(value, dict):
            yield Member(location=place, size=0, read=bytes, refusal="not an article: no JSON object")
        else:
            yield _member(place, value)


def _values(content: bytes) -> Iterator[Any]:
    """The elements of an array, or of a file with one JSON value after another; last a ValueError if it breaks."""
    text = content.decode("utf-8-sig", "replace")
    decoder = json.JSONDecoder()
    place = _next(text, 0)
    in_array = text.startswith("[", place)
    place = _next(text, place + in_array)
    while place < len(text):
        if in_array and text[place] == "]":
            return
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            yield ValueError(str(error))
            return
        yield value
        place = _next(text, place)
    if in_array:
        yield ValueError("the list has no end")


def _next(text: str, place: int) -> int:
    """Where the next value begins: after blanks and commas."""
    while place < len(text) and text[place] in " \t\r\n,":
        place += 1
    return place


def _member(location: str, item: dict[str, Any]) -> Member:
    content = entry_of(item).pack()
    return Member(location=location, size=len(content), read=lambda size: content[:size], media_type=ENTRY_TYPE)


def entry_of(item: Mapping[str, Any]) -> Entry:
    """An article that some program described: under any of the names that such programs use."""
    albums = item.get("appmsg_album_infos")
    body = _string(item, "html", "content_html", "content", "text")
    return Entry(
        url=canonical_url(_string(item, "link", "url")),
        title=_string(item, "title"),
        account=_string(item, "_accountName", "account", "nickname", "nick_name"),
        author=_string(item, "author_name", "author"),
        published=_time(item.get("create_time") or item.get("update_time") or item.get("published")),
        # The exporter's own is plain text, other tools write the page's HTML there.
        html=body if _TAG.search(body) else paragraphs(body),
        tags=tuple(_string(album, "title") for album in albums if isinstance(album, dict))
        if isinstance(albums, list)
        else (),
    )


def _time(value: object) -> str:
    """ISO 8601 of a unix time, or of what is such a time already."""
    text = str(value or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return datetime.fromtimestamp(int(text), BEIJING).isoformat()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return ""
    # The exporter's tables have Beijing's time without saying so.
    return (time if time.tzinfo else time.replace(tzinfo=BEIJING)).isoformat()


def _string(item: Mapping[str, Any], *names: str) -> str:
    """The first of these that is a text with words."""
    found = (item.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), "")
