"""Reads a saved mp.weixin.qq.com page: its state first, then its facts and its body.

Facts come from the page's scripts: ``<title>`` and ``#publish_time`` are empty in the source, and on
image posts and some reposts only the script holds the text.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html import unescape
from urllib.parse import parse_qs, urlsplit

from ..models import Article, Block, PageProblem, PageState, RawPage, article_id
from .addresses import WechatKey, aliases, canonical_url, wechat_key
from .block_builder import clean_line
from .body_blocks import read_blocks
from .meta_tags import meta
from .page_problems import problem
from .page_state import StateReading, read_state, urlsplit_path
from .promotion import mark_promotion
from .script_values import ScriptObject, find_object, find_value, unescape_script
from .wechat_origin import modified_at, original_aliases

_DATE_WORDS = str.maketrans({"年": "-", "月": "-", "日": None})
BEIJING = timezone(timedelta(hours=8))
# How far from the end </html> is looked for: analytics and blank lines may follow it.
_TAIL = 4096
_DIV = re.compile(rb"<(/?)div\b", re.IGNORECASE)
_BLOCK_HTML = re.compile(rb"<(?:p|section|div|h[1-6]|ul|ol|table|blockquote|figure)\b", re.IGNORECASE)
# Posts without markup end their lines with line breaks.
# An article has more; "加载" in its place is a page that failed.
_LEAST_LETTERS = 5
_LINE_BREAK = re.compile(rb"\r?\n")

_ADVICE = {
    PageState.DELETED: "the author deleted the article; it is not asked for again",
    PageState.VIOLATION: "WeChat took the article down; it is not asked for again",
    PageState.UNAVAILABLE: "WeChat does not show the article for now; it is tried again later",
    PageState.CAPTCHA: "WeChat asks for a captcha; leave the host alone for some hours, then harvest again",
    PageState.QUOTA: "too many pages were asked for; leave the host alone for some hours, then harvest again",
    PageState.EXPIRED: "a temporary link that no longer works; find the article's permanent address",
    PageState.MIGRATED: "the account moved; the article is at the new address if there is one",
    PageState.ACCOUNT_GONE: "the account no longer exists; its articles are not asked for again",
    PageState.NOT_AN_ARTICLE: "a page of WeChat that is not an article; check the address",
    PageState.UNKNOWN: "a page of WeChat that holds no article we can see; it is kept and tried again later",
}


def read_wechat_page(page: RawPage) -> Article | PageProblem:
    """The article on a page of WeChat, or what the page is instead.

    Args:
        page: a page of mp.weixin.qq.com, fetched or saved.
    """
    reading = read_state(page.content, page.final_url)
    if not reading.state.readable:
        return _problem(page, reading)
    if _is_cut_off(page.content):
        return _problem(
            page, StateReading(PageState.UNKNOWN, "no </html> at the end: the page is cut off", reading.script)
        )
    facts = _Facts(page, reading.script)
    blocks = _body(page.content, reading)
    if _says_nothing(blocks, reading.state):
        empty = StateReading(PageState.UNKNOWN, f"{reading.evidence} without text", reading.script)
        return _problem(page, empty)
    title, account = facts.title(reading), facts.account()
    if _is_garbled(title, blocks):
        return _problem(page, StateReading(PageState.UNKNOWN, "the bytes are not UTF-8", reading.script))
    keys = aliases(urls=facts.urls(), key=facts.key(), location=page.ref.location)
    return Article(
        id=article_id(keys[0]),
        url=facts.url(),
        title=title,
        account=account,
        author=facts.author(),
        published_at=facts.published_at(),
        harvested_at=page.fetched_at,
        source=page.ref.source,
        state=reading.state,
        blocks=mark_promotion(blocks, account=account, title=title),
        aliases=keys,
        snapshot_sha256=page.sha256,
        modified_at=modified_at(page.content, reading.script),
        original_aliases=original_aliases(page.content, reading.script),
    )


def _is_cut_off(content: bytes) -> bool:
    """Whether the end of the page is missing; half an article must not pass for a whole one."""
    return b"</html" not in content[-_TAIL:].lower()


def _says_nothing(blocks: tuple[Block, ...], state: PageState) -> bool:
    """Whether there is no text where this kind of page has one; posts may be a word long, articles are not."""
    if state is PageState.ARTICLE:
        return sum(each.isalnum() for block in blocks for each in block.text) < _LEAST_LETTERS
    return not blocks and state is not PageState.AUDIO_VIDEO


def _is_garbled(title: str, blocks: tuple[Block, ...]) -> bool:
    """Whether the bytes are of another character set than WeChat's: then every word is wrong."""
    told = [title, *(block.text for block in blocks)]
    return sum(text.count("\ufffd") for text in told) * 50 > sum(map(len, told))


class _Facts:
    """The facts of one page, each from the best place that has it."""

    def __init__(self, page: RawPage, script: ScriptObject | None) -> None:
        self.page = page
        self.script = script
        self.content = page.content

    def title(self, reading: StateReading) -> str:
        info = self.script.child("text_page_info") if self.script else None
        if reading.state is PageState.TEXT_POST and info is not None and info.get("is_user_title") == "0":
            return ""  # Such a post has no title: WeChat repeats the whole text there.
        return (
            self._text("title", "var msg_title", "window.msg_title", "d.title")
            or meta(self.content, "og:title")
            or _element_text(self.content, "activity-name")
        )

    def account(self) -> str:
        return self._text("nick_name", "var nickname", "d.nick_name", "window.nickname") or _element_text(
            self.content, "js_name"
        )

    def author(self) -> str:
        return (
            (self._text("author") if self.script else "")
            or meta(self.content, "author")
            or meta(self.content, "og:article:author")
        )

    def published_at(self) -> datetime | None:
        """The unix time on the page, else its Beijing time to the minute."""
        told = (
            self._script_value("ori_create_time")
            or self._script_value("create_timestamp")
            or find_value(self.content, "var ct", "d.ct", "window.ct", "var oriCreateTime")
        )
        if told.isascii() and told.isdigit() and 0 < int(told[:12]) < 1 << 34:
            return datetime.fromtimestamp(int(told[:12]), BEIJING)
        text = self._script_value("create_time") or find_value(self.content, "var createTime")
        # Only a page that was saved after its scripts ran has it in the text: 2025年4月15日 08:00.
        text = text or _element_text(self.content, "publish_time").translate(_DATE_WORDS)
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BEIJING)
        except ValueError:
            return None

    def key(self) -> WechatKey | None:
        biz = self._script_value("bizuin") or find_value(self.content, "var biz", "d.biz", "window.biz")
        mid = self._script_value("mid") or find_value(self.content, "var mid", "d.mid", "window.mid")
        idx = self._script_value("idx") or find_value(self.content, "var idx", "d.idx", "window.idx")
        key = WechatKey(biz=biz, mid=mid, idx=idx)
        return key if key.complete and mid.isdigit() and idx.isdigit() else None

    def urls(self) -> tuple[str, ...]:
        """Addresses of the article: what the page says of itself, then where it was fetched."""
        told = [meta(self.content, "og:url"), self._script_value("link")]
        if not any(told):
            told.append(find_value(self.content, "var msg_link"))
        told += [self.page.final_url, self.page.ref.location]
        return tuple(url for url in map(unescape, told) if wechat_key(url) is not None)

    def url(self) -> str:
        urls = self.urls()
        short = next((url for url in urls if (key := wechat_key(url)) and key.token), "")
        return canonical_url(short or next(iter(urls), "")) or canonical_url(self.page.final_url)

    def _script_value(self, key: str) -> str:
        return self.script.get(key) if self.script is not None else ""

    def _text(self, key: str, *names: str) -> str:
        return clean_line(unescape(self._script_value(key) or find_value(self.content, *names)))


def _element_text(content: bytes, element_id: str) -> str:
    """The text at the start of the element with this id: ``#js_name`` has a hidden card after the name."""
    place = content.find(b'id="%s"' % element_id.encode())
    if place < 0:
        return ""
    inner = re.sub(rb"^[^>]*>\s*(?:<span[^>]*>)?", b"", content[place : place + 2000])
    return clean_line(unescape(inner.partition(b"<")[0].decode("utf-8", "replace")))


def _body(content: bytes, reading: StateReading) -> tuple[Block, ...]:
    """The blocks of the page's body, from wherever this kind of page keeps it."""
    script = reading.script
    match reading.state:
        case PageState.AUDIO_VIDEO:
            told = meta(content, "og:description")
            return _script_body(script) or read_blocks(_LINE_BREAK.sub(b"<br>", told.encode()))
        case PageState.TEXT_POST:
            info = script.child("text_page_info") if script else None
            post = info.raw("content_noencode") or info.raw("content") if info else b""
            return read_blocks(_as_html(post)) or _script_body(script)
        case PageState.IMAGE_POST:
            return _script_body(script)
        case PageState.PAID_TEASER:
            info = script.child("pay_subscribe_info") if script else None
            teaser = read_blocks(_as_html(info.raw("desc"))) if info else ()
            return (read_blocks(_container(content, reading.container)) or _script_body(script)) + teaser
        case _:
            return read_blocks(_container(content, reading.container)) or _script_body(script)


def _script_body(script: ScriptObject | None) -> tuple[Block, ...]:
    return read_blocks(_as_html(script.raw("content_noencode"))) if script else ()


def _as_html(text: bytes) -> bytes:
    return text if _BLOCK_HTML.search(text) else _LINE_BREAK.sub(b"<br>", text)


def _container(content: bytes, start: int) -> bytes:
    """The bytes of the body's <div>, cut out before parsing: 40 kB instead of 3 MB.

    Its own tag is left out, because WeChat hides it by style until the scripts have run.
    """
    if start < 0:
        return b""
    depth = 0
    for tag in _DIV.finditer(content, start):
        depth += -1 if tag.group(1) else 1
        if depth == 0:
            return content[content.find(b">", start) + 1 : tag.start()]
    return content[content.find(b">", start) + 1 :]


def _problem(page: RawPage, reading: StateReading) -> PageProblem:
    content = page.content
    data = find_object(content, "window.cgiData")
    detail = _ADVICE[reading.state]
    follow = account = ""
    if reading.state is PageState.CAPTCHA:
        follow = _captcha_target(page)
    elif reading.state is PageState.MIGRATED:
        follow = canonical_url(find_value(content, "transferTargetLink"))
    if data is not None and reading.state is PageState.VIOLATION:
        account = data.get("nick_name")
        reason = clean_line(data.get("del_reason"))
        detail = f"{detail} ({reason})" if reason else detail
    return problem(page, reading.state, reading.evidence, detail, follow=follow, account=account)


def _captcha_target(page: RawPage) -> str:
    """The article's own address, which the captcha page carries in its query or its script."""
    if urlsplit_path(page.final_url):
        for target in parse_qs(urlsplit(page.final_url).query).get("target_url", ()):
            if url := canonical_url(target):
                return url
    place = page.content.find(b"target_url")
    found = re.compile(rb"target_url\s*:\s*[\"']([^\"']*)[\"']").match(page.content, max(place, 0))
    return canonical_url(unescape_script(found.group(1)).decode("utf-8", "replace")) if found else ""
