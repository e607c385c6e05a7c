"""Decides what a WeChat page is before anything is read from it.

Nearly every failure comes with HTTP status 200, so the page itself must tell. Structure outranks words:
articles quote 该内容已被发布者删除, and the captcha page shows no word of its own in the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib import resources
from urllib.parse import urlsplit

from ..models import PageState
from .script_values import ScriptObject, find_object, find_value

_BODY_CLASS = re.compile(rb"<body\b[^<>]*?\bclass=[\"']([^\"']*)[\"']")
_PAGE_MID = re.compile(rb"\bPAGE_MID\s*=\s*[\"']([^\"']*)[\"']")
_SCRIPT = re.compile(rb"<(script|style)\b.*?(?:</\1\s*+>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*+>")
_TITLE = re.compile(rb"<title[^<>]*+>([^<]*+)", re.IGNORECASE)
_WECHAT_MARKS = (b"res.wx.qq.com", b"mmbiz", b"mp.weixin.qq.com", b"weui-", b'class="mesg-block"', b"js_content")
_WECHAT_HOST = "mp.weixin.qq.com"
_CAPTCHA_PATH = "appmsgcaptcha"
_CAPTCHA_MARKS = (b"secitptpage/verify", b"poc_token", b"cap_sid")
_PAYWALLS = (b"<mp-pay-preview-filter", b"\\x3cmp-pay-preview-filter")
_KINDS = {
    "5": PageState.AUDIO_VIDEO,
    "6": PageState.AUDIO_VIDEO,
    "7": PageState.AUDIO_VIDEO,
    "8": PageState.IMAGE_POST,
    "10": PageState.TEXT_POST,
}
_BODY_CLASSES = {
    "page_share_img": PageState.IMAGE_POST,
    "page_share_text": PageState.TEXT_POST,
    "video_share_page": PageState.AUDIO_VIDEO,
}
# A failure page is 1-40 kB; the captcha page also comes with 2 MB of scripts around its three sentences.
_LONGEST_SCAN = 4_000_000


@dataclass(frozen=True, slots=True)
class StateReading:
    """What a page is, and the marker or words that decided it.

    Attributes:
        script: the page's ``cgiDataNew`` where it has one, so that nobody looks for it twice.
        container: where the body's ``<div id="js_content">`` begins, -1 without one.
    """

    state: PageState
    evidence: str
    script: ScriptObject | None = None
    container: int = -1


def is_wechat_page(content: bytes, url: str) -> bool:
    """Whether a page came from WeChat, by its address or, for a saved file, by what it loads."""
    host = _host(url)
    if host:
        return host == _WECHAT_HOST
    head = content[:400_000]
    return any(mark in head for mark in _WECHAT_MARKS)


def read_state(content: bytes, final_url: str) -> StateReading:
    """What this WeChat page is.

    Args:
        content: the page, undecoded.
        final_url: the address after redirects.
    """
    if _CAPTCHA_PATH in urlsplit_path(final_url):
        return StateReading(PageState.CAPTCHA, _CAPTCHA_PATH)
    script = find_object(content, "window.cgiDataNew")
    container = _find_container(content)
    body_in_script = script is not None and (
        script.has("content_noencode") or script.child("text_page_info") is not None
    )
    if container < 0 and not body_in_script and (mark := _captcha_mark(content)):
        return StateReading(PageState.CAPTCHA, mark)
    state, evidence = _kind_of_post(content, script)
    if state is PageState.AUDIO_VIDEO or (state is not None and (container >= 0 or body_in_script)):
        return StateReading(state, evidence, script, container)
    if container >= 0 or body_in_script:
        state, evidence = _article_or_teaser(content, container)
        return StateReading(state, evidence, script, container)
    return _failure(content, script)


def visible_text(content: bytes) -> str:
    """The words of a page without scripts and tags, on one line; for short pages."""
    text = _TAG.sub(b" ", _SCRIPT.sub(b" ", content[:_LONGEST_SCAN])).decode("utf-8", "replace")
    return " ".join(unescape(text).split())


@cache
def page_phrases() -> tuple[tuple[str, PageState], ...]:
    """The phrases of ``page_phrases.tsv``, the longest first."""
    lines = resources.files(__package__).joinpath("page_phrases.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines[3:]]
    return tuple(sorted(((phrase, PageState(state)) for phrase, state in rows), key=lambda row: -len(row[0])))


def urlsplit_path(url: str) -> str:
    """The path of an address, an empty string where it has none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _find_container(content: bytes) -> int:
    """Where ``<div … id="js_content"`` begins, -1 without one; scripts name it too, but in no tag."""
    place = content.find(b'id="js_content"')
    while place >= 0:
        start = content.rfind(b"<", 0, place)
        if content.startswith(b"<div", start) and b">" not in content[start:place]:
            return start
        place = content.find(b'id="js_content"', place + 1)
    return -1


def _captcha_mark(content: bytes) -> str:
    found = _PAGE_MID.search(content)
    if found and b"secitptpage/verify" in found.group(1):
        return found.group(1).decode("utf-8", "replace")
    return next((mark.decode() for mark in _CAPTCHA_MARKS if mark in content), "")


def _kind_of_post(content: bytes, script: ScriptObject | None) -> tuple[PageState | None, str]:
    """The kind of a post that is no article, from its number or the class of its body element."""
    number = ""
    if script is not None:
        number = script.get("item_show_type") or script.get("real_item_show_type")
    number = number or find_value(content, "window.item_show_type", "var item_show_type")
    if number in _KINDS:
        return _KINDS[number], f"item_show_type = '{number}'"
    found = _BODY_CLASS.search(content)
    for name in found.group(1).decode("utf-8", "replace").split() if found else ():
        if name in _BODY_CLASSES:
            return _BODY_CLASSES[name], name
    return None, ""


def _article_or_teaser(content: bytes, container: int) -> tuple[PageState, str]:
    """An article shown to its paywall carries the wall's tag; one that was bought does not."""
    if any(wall in content for wall in _PAYWALLS):
        return PageState.PAID_TEASER, "mp-pay-preview-filter"
    return PageState.ARTICLE, "js_content" if container >= 0 else "cgiDataNew.content_noencode"


def _failure(content: bytes, script: ScriptObject | None) -> StateReading:
    found = _PAGE_MID.search(content)
    page_mid = found.group(1).decode("utf-8", "replace") if found else ""
    if "wxverify" in page_mid:
        return StateReading(PageState.NOT_AN_ARTICLE, page_mid, script)
    text = visible_text(content)
    for phrase, state in page_phrases():
        if phrase in text:
            return StateReading(state, phrase, script)
    if b"global_error_msg" in content:
        return StateReading(PageState.UNKNOWN, "global_error_msg", script)
    title = _TITLE.search(content)
    words = unescape(title.group(1).decode("utf-8", "replace")).strip() if title else ""
    return StateReading(PageState.UNKNOWN, words or text[:80] or "no words on the page", script)
