"""One canonical address and one set of keys for every way to write a link."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wenzhai.harvester.addresses import WechatKey, aliases, canonical_url, wechat_key

LONG = "https://mp.weixin.qq.com/s?__biz=MzU0/a+b==&mid=2651&idx=2&sn=ab12"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://mp.weixin.qq.com/s/AbC-d_9xYz?scene=21&key=1#rd", "https://mp.weixin.qq.com/s/AbC-d_9xYz"),
        ("//mp.weixin.qq.com/s/AbC-d_9xYz", "https://mp.weixin.qq.com/s/AbC-d_9xYz"),
        (
            "http://mp.weixin.qq.com/s?__biz=MzU0MA==&amp;mid=26&amp;idx=1&amp;sn=ab&amp;chksm=f0#wechat_redirect",
            "https://mp.weixin.qq.com/s?__biz=MzU0MA==&mid=26&idx=1&sn=ab",
        ),
        (
            "https://mp.weixin.qq.com/s?__biz=MzU0MA==\\x26amp;mid=26\\x26amp;idx=1",
            "https://mp.weixin.qq.com/s?__biz=MzU0MA==&mid=26&idx=1",
        ),
        (
            "https://mp.weixin.qq.com/mp/appmsg/show?__biz=MzU0MA==&appmsgid=26&itemidx=1&sign=ab",
            "https://mp.weixin.qq.com/s?__biz=MzU0MA==&mid=26&idx=1&sn=ab",
        ),
        ("HTTP://Example.org:80/a?utm_source=x&b=1#c", "https://example.org/a?b=1"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https:\\/\\/example.org\\/a", "https://example.org/a"),
        ("https://\\", ""),
        ("folder/a.md", ""),
        ("ftp://example.org/a", ""),
        ("https://[bad", ""),
        ("https://example.org:99999/", ""),
        ("", ""),
    ],
)
def test_canonical_url(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


def test_biz_is_base64_and_keeps_its_slash_and_plus() -> None:
    assert wechat_key(LONG) == WechatKey(biz="MzU0/a+b==", mid="2651", idx="2", sn="ab12")
    assert wechat_key(canonical_url(LONG)) == wechat_key(LONG)


@pytest.mark.parametrize(
    "url",
    [
        "https://mp.weixin.qq.com/s",
        "https://mp.weixin.qq.com/s?__biz=MzU0MA==",
        "https://mp.weixin.qq.com/s?__biz=MzU0MA==&mid=x&idx=1",
        "https://mp.weixin.qq.com/mp/homepage?__biz=MzU0MA==&mid=1&idx=1",
        "https://example.org/s/AbCdEfGhIj",
    ],
)
def test_no_key(url: str) -> None:
    assert wechat_key(url) is None


def test_aliases_strongest_first() -> None:
    found = aliases(
        urls=("https://mp.weixin.qq.com/s/AbCdEfGhIj", LONG, "https://example.org/a"),
        key=WechatKey(biz="Mz==", mid="1", idx="1"),
        location="archive/a.md",
    )
    assert found == (
        "wx:Mz==/1/1",
        "wx:MzU0/a+b==/2651/2",
        "wx:s/AbCdEfGhIj",
        "url:https://example.org/a",
    )


def test_a_bare_path_is_no_identity() -> None:
    assert aliases(urls=("https://mp.weixin.qq.com/s",), location="a.html") == ("file:a.html",)


def test_a_file_is_known_by_its_place_when_nothing_else_is_known() -> None:
    assert aliases(location="digests.zip!/2024/a.md") == ("file:digests.zip!/2024/a.md",)
    assert aliases(location="https://example.org/a#b") == ("url:https://example.org/a",)


@given(st.text(st.sampled_from("ab.:/?&=#%\\;+ []@甲") | st.characters(), max_size=40))
@settings(max_examples=300)
def test_canonical_url_is_stable(url: str) -> None:
    for made in (url, f"https://{url}", f"https://mp.weixin.qq.com/{url}"):
        once = canonical_url(made)
        assert canonical_url(once) == once
