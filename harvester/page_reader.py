"""Reads any page that was harvested: an article, or the reason why there is none."""

from __future__ import annotations

import codecs
import re

from ..models import Article, PageProblem, PageState, RawPage
from .entry_page import ENTRY_TYPE, read_entry_page
from .hugo_page import read_hugo_page
from .page_problems import problem
from .page_state import is_wechat_page
from .web_page import read_web_page
from .wechat_page import read_wechat_page

_HTML_START = re.compile(
    rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"RIFF")
_MARKDOWN = frozenset({"text/markdown", "text/plain", "text/x-markdown"})
_HTML = frozenset({"text/html", "application/xhtml+xml", ""})


def read_page(page: RawPage) -> Article | PageProblem:
    """The article on a page, or what the page is instead. Never raises, whatever the bytes.

    Args:
        page: the bytes as they came. `media_type` says how to read them, but a file called .md that holds
            a saved web page is read as that.
    """
    content = page.content.removeprefix(codecs.BOM_UTF8)
    if not content.strip(b" \t\r\n\0"):
        return problem(
            page, PageState.UNKNOWN, "empty", "nothing came; ask for the page again or check the file's size"
        )
    if content.startswith(_BINARY) or page.media_type not in _MARKDOWN | _HTML | {ENTRY_TYPE}:
        return problem(
            page,
            PageState.NOT_AN_ARTICLE,
            evidence=f"{page.media_type} {content[:8]!r}",
            detail="not a text; only HTML pages and markdown files can be read",
        )
    try:
        return _read_text(page, content)
    except Exception as error:  # noqa: BLE001 - one page must never end a run, and this one is kept to be read again
        return problem(
            page,
            PageState.UNKNOWN,
            evidence=f"{type(error).__name__}: {error}"[:200],
            detail="the page could not be read, which is an error in wenzhai; please report it with the saved page",
        )


def _read_text(page: RawPage, content: bytes) -> Article | PageProblem:
    if page.media_type == ENTRY_TYPE:
        return read_entry_page(page)
    is_html = page.media_type in _HTML or _HTML_START.match(content[:2000]) is not None
    if is_html and is_wechat_page(content, page.final_url):
        return read_wechat_page(page)
    text = decode(content, page.charset)
    if text is None:
        return problem(
            page,
            PageState.UNKNOWN,
            evidence=repr(content[:40]),
            detail="the bytes are no text in any character set we know; save the file as UTF-8",
        )
    return read_web_page(page, text) if is_html else read_hugo_page(page, text)


def decode(content: bytes, declared: str = "") -> str | None:
    """The text, by the declared character set, the page's own, UTF-8 or GB18030; None when it is none of them."""
    told = _META_CHARSET.search(content[:4000])
    named = told.group(1).decode("ascii", "replace") if told else ""
    for charset in (declared, named, "utf-8", "gb18030"):
        try:
            text = content.decode(charset) if charset else None
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
        if text is not None and _is_text(text):
            return text
    # A truncated download ends within a character: most of it is still good.
    text = content.decode("utf-8", "replace")
    return text if _is_text(text) and text.count("\ufffd") * 50 <= len(text) else None


def _is_text(text: str) -> bool:
    """Control characters are for machines: text has next to none."""
    return len(_CONTROL.findall(text, 0, 20_000)) * 100 <= min(len(text), 20_000)
