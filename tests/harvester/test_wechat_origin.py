"""What pages say of their edits and of the articles they copy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from wenzhai.harvester.page_reader import read_page
from wenzhai.harvester.wechat_origin import modified_at, original_aliases
from wenzhai.models import Article

from .page_cases import FIXTURES, raw_page

CGI = b"""window.cgiDataNew = {
        copyright_info: {
            copyright_stat: '2' * 1,
            reprint_url: JsDecode('http://mp.weixin.qq.com/s?__biz=MzA4MDA4MDA4MA%3D%3D\\x26amp;mid=7\\x26amp;idx=2#rd'),
        },
        modify_time: '1750000000' * 1,
    };"""
VARIABLES = b"""
  var copyright_stat = "2" * 1;
  var source_encode_biz = "MzA4MDA4MDA4MA==";
  var source_mid = "7";
  var source_idx = "2";
  var modify_time = "1750000000" * 1;
"""
KEY = "wx:MzA4MDA4MDA4MA==/7/2"


def test_page_of_a_repost_names_its_original() -> None:
    article = read_page(raw_page((FIXTURES / "pages/repost_empty_dom/page.html").read_bytes()))
    assert isinstance(article, Article)
    assert article.original_aliases == ("wx:MzU1MDAyMjkzNw==/2655677735/1",)
    assert not set(article.original_aliases) & set(article.aliases)


def test_page_of_its_own_names_none() -> None:
    article = read_page(raw_page((FIXTURES / "pages/article/page.html").read_bytes()))
    assert isinstance(article, Article)
    assert article.original_aliases == ()


def test_original_in_the_script_object() -> None:
    from wenzhai.harvester.script_values import find_object

    assert original_aliases(CGI, find_object(CGI, "window.cgiDataNew")) == (KEY,)
    assert modified_at(CGI, find_object(CGI, "window.cgiDataNew")) == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)


def test_original_in_variables() -> None:
    assert original_aliases(VARIABLES, None) == (KEY,)
    assert modified_at(VARIABLES, None) == datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize("stat", [b"0", b"1", b""])
def test_what_is_no_repost_has_no_original(stat: bytes) -> None:
    content = VARIABLES.replace(b'copyright_stat = "2"', b'copyright_stat = "%s"' % stat)
    assert original_aliases(content, None) == ()


@pytest.mark.parametrize("told", [b'""', b'"0"', b'"soon"', b'"99999999999999"'])
def test_page_that_tells_of_no_edit(told: bytes) -> None:
    assert modified_at(b"\n  var modify_time = %s * 1;\n" % told, None) is None
