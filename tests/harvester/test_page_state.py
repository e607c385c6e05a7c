"""Structure decides before words do."""

from __future__ import annotations

from importlib import resources

import pytest
from wenzhai.harvester import page_state
from wenzhai.harvester.page_state import is_wechat_page, page_phrases, read_state
from wenzhai.models import PageState

BODY = '<body class="mm_appmsg"><div class="x" id="js_content"><p>正文</p></div></body>'
CAPTCHA = "<body><script>var PAGE_MID='mmbizwap:secitptpage/verify.html'; poc_token: 'x'</script></body>"


def state(html: str, url: str = "a.html") -> PageState:
    return read_state(html.encode(), url).state


@pytest.mark.parametrize("phrase", [phrase for phrase, _ in page_phrases()])
def test_an_article_may_quote_every_phrase(phrase: str) -> None:
    assert state(BODY.replace("正文", phrase)) is PageState.ARTICLE


@pytest.mark.parametrize(("phrase", "expected"), page_phrases())
def test_every_phrase_decides_a_page_without_container(phrase: str, expected: PageState) -> None:
    reading = read_state(f"<body><script>'x'</script><h2> {phrase} </h2></body>".encode(), "a.html")
    assert reading.state is expected
    assert not expected.readable
    assert reading.evidence == phrase


def test_phrases_in_scripts_do_not_count() -> None:
    assert state("<body><script>var tip = '该内容已被发布者删除'</script></body>") is PageState.UNKNOWN


def test_captcha_marks_outrank_words() -> None:
    assert state(CAPTCHA.replace("<body>", "<body><p>该内容已被发布者删除</p>")) is PageState.CAPTCHA
    assert state(BODY, "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x") is PageState.CAPTCHA


def test_captcha_marks_quoted_in_an_article_do_not_count() -> None:
    assert state(BODY.replace("正文", "secitptpage/verify.html 与 poc_token")) is PageState.ARTICLE


def test_a_shell_without_anything_is_unknown_and_not_permanent() -> None:
    found = state('<body><div id="app"></div><script src="//res.wx.qq.com/a.js"></script></body>')
    assert found is PageState.UNKNOWN
    assert not found.permanent


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", PageState.ARTICLE),
        ("5", PageState.AUDIO_VIDEO),
        ("7", PageState.AUDIO_VIDEO),
        ("8", PageState.IMAGE_POST),
        ("10", PageState.TEXT_POST),
        ("11", PageState.ARTICLE),
        ("17", PageState.ARTICLE),
    ],
)
def test_kinds_of_posts(number: str, expected: PageState) -> None:
    assert state(f"{BODY}<script>window.item_show_type = '{number}' || '';</script>") is expected


def test_paywall() -> None:
    assert state(BODY.replace("正文", "<mp-pay-preview-filter>")) is PageState.PAID_TEASER


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        ("<p>x</p>", "https://mp.weixin.qq.com/s/AbCdEfGh", True),
        ("<link href='//res.wx.qq.com/a.css'>", "saved.html", True),
        ("<link href='//res.wx.qq.com/a.css'>", "https://example.org/", False),
        ("<p>x</p>", "saved.html", False),
        ("<p>x</p>", "https://[bad", False),
    ],
)
def test_is_wechat_page(html: str, url: str, expected: bool) -> None:  # noqa: FBT001
    assert is_wechat_page(html.encode(), url) is expected


def test_phrase_table_is_tidy() -> None:
    name = "page_phrases.tsv"
    text = resources.files(page_state.__package__).joinpath(name).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert [line.startswith("# ") for line in lines[:3]] == [True, True, False]
    assert lines[2] == "phrase\tstate"
    rows = lines[3:]
    assert rows == sorted(set(rows))
    assert len({row.split("\t")[0] for row in rows}) == len(rows)
    assert text.endswith("\n")
