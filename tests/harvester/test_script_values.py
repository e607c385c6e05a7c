"""Values from a page's scripts in both forms of cgiDataNew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.harvester.script_values import find_object, find_value, unescape_script

OLD = r"""
    window.cgiDataNew = window.cgiDataNew || {};
    window.cgiDataNew = {
        base_resp: {
            title: JsDecode('inner'),
        },
        title: JsDecode('甲\x26amp;乙'),
        content_noencode: JsDecode('\x3cp\x3e\x27q\x27\x5cn\x0a\x3c/p\x3e'),
        empty: JsDecode(''),
        ori_create_time: '1746840000' * 1,
        text_page_info: {
            content_noencode: JsDecode('deep'),
            is_user_title: '0' * 1,
        },
        last: JsDecode('z'),
    };
    window.after = { title: 'no' };
"""


@pytest.mark.parametrize("source", [OLD, OLD.replace("JsDecode(", "").replace("'),", "',")])
def test_both_forms(source: str) -> None:
    found = find_object(source.encode(), "window.cgiDataNew")
    assert found is not None
    assert found.get("title") == "甲&amp;乙"
    assert found.get("content_noencode") == "<p>'q'\\n\n</p>"
    assert found.get("ori_create_time") == "1746840000"
    assert (found.get("empty"), found.has("empty"), found.has("last")) == ("", False, True)
    assert found.get("is_user_title") == ""
    assert found.get("after") == ""
    inner = found.child("text_page_info")
    assert inner is not None
    assert (inner.get("content_noencode"), inner.get("is_user_title"), inner.get("last")) == ("deep", "0", "")
    assert found.child("title") is None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('var ct = "1762475508";', "1762475508"),
        ('var ct = "" || "" || "7";', "7"),
        ("var ct = '甲'.html(false);", "甲"),
        ('var ct = htmlDecode("甲 &amp; 乙");', "甲 &amp; 乙"),
        ("var ct = xml ? getXmlValue('ori_create_time.DATA') : '9';", "9"),
        ("var ct = (xml ? getXmlValue('a.DATA') : '甲').html(false);", "甲"),
        ('var ct="15"*1;', "15"),
        ("var ct == '1'; var ct = null;", ""),
        (r"var ct = 'it\'s';", "it's"),
        ("var ct", ""),
    ],
)
def test_statements(statement: str, expected: str) -> None:
    assert find_value(statement.encode(), "var ct") == expected


def test_names_in_order() -> None:
    page = b"window.ct = '2';\nvar ct = '';\nvar ct = '1';"
    assert find_value(page, "var ct", "window.ct") == "1"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (rb"\x3ca\x3e", "<a>"),
        (rb"\u4e2d\u6587", "中文"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\\x3c", "\\x3c"),
        (rb"\x5cx3c", "\\x3c"),
        (rb"\n\t\/\"", '\n\t/"'),
        (b"\\", "\\"),
        (rb"\xzz", "xzz"),
    ],
)
def test_unescape(raw: bytes, expected: str) -> None:
    assert unescape_script(raw).decode() == expected


def escape(text: str) -> bytes:
    table = {char: f"\\x{ord(char):02x}" for char in "\n\r\"&'<>\\"}
    return text.translate(str.maketrans(table)).encode()


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_unescape_undoes_wechats_escapes(text: str) -> None:
    assert unescape_script(escape(text)).decode() == text


@given(st.binary(max_size=200))
def test_never_raises(raw: bytes) -> None:
    unescape_script(raw)
    find_value(b"var ct = " + raw, "var ct")
    found = find_object(b"window.x = {\n  a: " + raw + b"\n}", "window.x")
    assert found is None or isinstance(found.get("a"), str)
