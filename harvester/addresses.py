"""Addresses of articles: one canonical form each, and the keys an article is known by.

A WeChat article has a short link (``/s/TOKEN``; several tokens may lead to one article) and a long one
(``/s?__biz=…&mid=…&idx=…&sn=…``) full of parameters that name the reader rather than the article.
Fetch an address as it came; use these functions for identity only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_WECHAT = "mp.weixin.qq.com"
_TOKEN = re.compile(r"[\w-]{8,64}", re.ASCII)
_HOST = re.compile(r"[.-]*+\w[\w.-]*+|[0-9a-f.]*+:[0-9a-f:.]*+")
_MOST_ESCAPES = 8
_BIZ = re.compile(r"[A-Za-z0-9+/]{4,40}={0,2}")
# Says who shared or counted, never what is meant.
_NOISE = re.compile(r"utm_\w+|spm|from|isappinstalled|share\w*|fbclid|gclid|ref|ref_src")


@dataclass(frozen=True, slots=True)
class WechatKey:
    """What names a WeChat article: account, message, position in it; or the token of a short link."""

    biz: str = ""
    mid: str = ""
    idx: str = ""
    sn: str = ""
    token: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.biz and self.mid and self.idx)


def wechat_key(url: str) -> WechatKey | None:
    """The key in an address of a WeChat article, None for any other address."""
    parts = _split(url)
    if parts is None or (parts.hostname or "") != _WECHAT:
        return None
    path = parts.path.rstrip("/")
    if path.startswith("/s/") and _TOKEN.fullmatch(path[3:]):
        return WechatKey(token=path[3:])
    # `+` in base64 must not become a space, so the query is not read as a form.
    query = {name: unquote(value) for name, _, value in (pair.partition("=") for pair in parts.query.split("&"))}
    biz = query.get("__biz", "").replace(" ", "+")
    mid = query.get("mid") or query.get("appmsgid", "")
    idx = query.get("idx") or query.get("itemidx", "")
    if path != "/s" and not path.startswith("/mp/appmsg/show"):
        return None
    if not (_BIZ.fullmatch(biz) and _is_number(mid) and _is_number(idx)):
        return None
    return WechatKey(biz=biz, mid=mid, idx=idx, sn=query.get("sn") or query.get("sign", ""))


def canonical_url(url: str) -> str:
    """The shortest address of the same page: https, no fragment, no parameters about the reader.

    Returns an empty string for what is no http(s) address.
    """
    key = wechat_key(url)
    if key is not None:
        if key.token:
            return f"https://{_WECHAT}/s/{key.token}"
        long = f"https://{_WECHAT}/s?__biz={quote(key.biz, safe='=')}&mid={key.mid}&idx={key.idx}"
        return f"{long}&sn={key.sn}" if key.sn else long
    parts = _split(url)
    if parts is None:
        return ""
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    try:
        port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    except ValueError:
        return ""
    if host == _WECHAT:
        return urlunsplit(("https", host, _quote(parts.path), _quote(parts.query), ""))
    query = urlencode([(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.fullmatch(n)])
    return urlunsplit(("https", f"{host}{port}", _quote(parts.path) or "/", query, ""))


def aliases(*, urls: tuple[str, ...] = (), key: WechatKey | None = None, location: str = "") -> tuple[str, ...]:
    """Every key of an article, the strongest first, without repetition.

    Args:
        urls: addresses known to lead to it, the most trusted first.
        key: biz, mid and idx as the page itself tells them, which outrank any address.
        location: where it was read; used when nothing else is known.
    """
    keys = [found for found in (key, *map(wechat_key, urls)) if found is not None]
    found = [f"wx:{k.biz}/{k.mid}/{k.idx}" for k in keys if k.complete]
    found += [f"wx:s/{k.token}" for k in keys if k.token]
    # The bare path /s names no article: an address without a key of its own is no identity there.
    found += [
        f"url:{canonical}"
        for url in urls
        if wechat_key(url) is None and (canonical := canonical_url(url)) and not _names_nothing(canonical)
    ]
    # A path names what lies there now, not an article: an edited file must not join two articles.
    if location and not found:
        web = canonical_url(location)
        found.append(f"url:{web}" if web else f"file:{location}")
    return tuple(dict.fromkeys(found))


def _names_nothing(canonical: str) -> bool:
    parts = urlsplit(canonical)
    return parts.hostname == _WECHAT and not (parts.path.rstrip("/") == "/s" and "signature" in parts.query)


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address with a sound host, None for anything else."""
    text = _unescape(url)
    try:
        parts = urlsplit(f"https:{text}" if text.startswith("//") else text)
        host = parts.hostname or ""
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and _HOST.fullmatch(host) else None


def _quote(part: str) -> str:
    """A path or query with its blanks and letters encoded; what is encoded already stays."""
    return quote(part, safe="%/:@!$&'()*+,;=~?-._")


def _unescape(url: str) -> str:
    """Undoes the escapes of HTML, JavaScript and JSON, which pages put on top of one another (``\\x26amp;``)."""
    # Half a surrogate pair has no bytes to quote.
    text = url.encode("utf-8", "ignore").decode().strip()
    for _ in range(_MOST_ESCAPES):
        plain = unescape(text.replace("\\x26", "&").replace("\\/", "/")).strip()
        if plain == text:
            break
        text = plain
    return text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
