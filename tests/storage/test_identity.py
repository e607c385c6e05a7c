"""What an article said before, and whose copy it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.storage import Repost, Store
from wenzhai.storage.near_copies import SHORTEST_TEXT, likeness, sketch
from wenzhai.storage.versions import MOST_KEPT

from .examples import CHINA, NOW, make_article, make_page, make_record

SENTENCES = [
    f"第{number}个结论：第{number * 7}号样本里的成纤维细胞把信号传给了第{number * 3}类巨噬细胞。"
    for number in range(40)
]
TEXT = "\n".join(SENTENCES)


def put(
    store: Store,
    name: str,
    text: str,
    *,
    account: str = "甲",
    title: str = "一个结论",
    day: int = 1,
    originals: tuple[str, ...] = (),
    content: bytes = b"",
    aliases: tuple[str, ...] = (),
) -> str:
    location = f"https://example.org/{name}"
    page = make_page(location, content=content or f"{title}{text}{name}".encode())
    keys = (f"url:{location}", *aliases)
    article = make_article(title=title, text=text, account=account, aliases=keys, page=page)
    article_id = store.find_article_id(keys) or article.id
    article = replace(
        article,
        id=article_id,
        published_at=datetime(2025, 6, day, tzinfo=CHINA),
        original_aliases=originals,
    )
    store.put_article(article, page, make_record(article))
    return article_id


def test_first_version_is_there_from_the_start(store: Store) -> None:
    article_id = put(store, "a", TEXT)
    (version,) = store.versions(article_id)
    assert (version.title, version.seen_at) == ("一个结论", NOW)


def test_edited_text_and_title_are_versions(store: Store) -> None:
    article_id = put(store, "a", TEXT)
    store._now = lambda: NOW + timedelta(days=1)
    put(store, "a", f"{TEXT}更正。")
    put(store, "a", f"{TEXT}更正。", title="另一个结论")
    put(store, "a", f"{TEXT}更正。", title="另一个结论", content=b"the same in other bytes")
    old, middle, new = store.versions(article_id)
    assert [old.title, middle.title, new.title] == ["一个结论", "一个结论", "另一个结论"]
    assert old.text_sha256 != middle.text_sha256 == new.text_sha256
    assert store.read_snapshot(old.snapshot_sha256).content == f"一个结论{TEXT}a".encode()
    assert store.read_snapshot(new.snapshot_sha256).content == b"the same in other bytes"
    # Of each wording one page is kept, not each copy of it.
    assert store.database["snapshots"].count == 3


def test_better_reader_makes_no_version(store: Store) -> None:
    article_id = put(store, "a", f"{TEXT}点击关注", content=b"page")
    put(store, "a", TEXT, content=b"page")
    assert len(store.versions(article_id)) == 1


def test_page_that_changes_for_ever_keeps_its_first_and_last_versions(store: Store) -> None:
    for number in range(MOST_KEPT + 10):
        article_id = put(store, "a", f"{TEXT}{number}点")
    versions = store.versions(article_id)
    assert len(versions) == MOST_KEPT
    assert store.read_snapshot(versions[0].snapshot_sha256).content.endswith("0点a".encode())
    assert store.read_snapshot(versions[-1].snapshot_sha256).content.endswith(f"{MOST_KEPT + 9}点a".encode())
    assert store.database["snapshots"].count == MOST_KEPT


def test_versions_of_two_articles_that_are_one_are_joined(store: Store) -> None:
    put(store, "a", TEXT)
    put(store, "b", f"{TEXT}更正。")
    article_id = put(store, "a", TEXT, title="合二为一", aliases=("url:https://example.org/b",))
    assert len(store.versions(article_id)) == 3
    assert store.count() == 1


def test_near_copy_of_another_account_is_linked(store: Store) -> None:
    first = put(store, "a", TEXT, account="甲", day=1)
    copy = put(store, "b", f"转自甲。\n{TEXT}\n侵删。", account="乙", day=2)
    (link,) = store.reposts(copy)
    assert (link.article_id, link.of_article_id, link.by) == (copy, first, "text")
    assert 0.8 <= link.score <= 1
    assert store.reposts(first) == [link]
    assert store.count() == 2


def test_earlier_article_is_the_original_whenever_it_came(store: Store) -> None:
    copy = put(store, "b", TEXT, account="乙", day=2)
    first = put(store, "a", TEXT, account="甲", day=1)
    assert [(link.article_id, link.of_article_id) for link in store.reposts(first)] == [(copy, first)]


@pytest.mark.parametrize(
    ("text", "account"),
    [("\n".join(SENTENCES[:20]), "乙"), ("\n".join(reversed(SENTENCES[20:])), "乙"), (TEXT, "甲"), (TEXT[:150], "乙")],
    ids=["half of it", "another half", "same account", "short"],
)
def test_what_is_no_repost(store: Store, text: str, account: str) -> None:
    put(store, "a", TEXT[:150] if len(text) == 150 else TEXT, account="甲")
    assert store.reposts(put(store, "b", text, account=account)) == []


def test_page_that_names_its_original_is_believed(store: Store) -> None:
    original = put(store, "a", TEXT, aliases=("wx:MzA4/1/1",))
    copy = put(store, "b", "另写的导读。", account="乙", originals=("wx:MzA4/1/1", "wx:s/AAAAAAAA"))
    assert store.reposts(original) == [Repost(copy, original, "copyright", 1.0)]


def test_original_may_come_after_its_copy(store: Store) -> None:
    copy = put(store, "b", TEXT, account="乙", day=1, originals=("wx:MzA4/1/1",))
    original = put(store, "a", TEXT, day=2, aliases=("wx:MzA4/1/1",))
    assert store.reposts(original)[-1] == Repost(copy, original, "copyright", 1.0)


def test_links_follow_an_article_that_became_part_of_another(store: Store) -> None:
    put(store, "a", TEXT)
    copy = put(store, "c", TEXT, account="乙", day=3)
    joined = put(store, "d", "别的文字。", aliases=("url:https://example.org/a",), title="合并")
    assert store.find_article_id(["url:https://example.org/a"]) == joined
    assert all(joined in (link.article_id, link.of_article_id) for link in store.reposts(copy))


def test_edit_undoes_a_link_by_text(store: Store) -> None:
    first = put(store, "a", TEXT)
    put(store, "b", TEXT, account="乙", day=2)
    assert store.reposts(first)
    put(store, "b", "\n".join(reversed(SENTENCES[:9])), account="乙", day=2)
    assert store.reposts(first) == []


@given(st.text())
def test_sketch_takes_any_text(text: str) -> None:
    hashes = sketch(text * 3)
    assert list(hashes) == sorted(hashes)
    assert likeness(hashes, hashes) == (1.0 if hashes else 0.0)


@pytest.mark.parametrize(("kept", "low", "high"), [(40, 1.0, 1.0), (36, 0.75, 0.99), (20, 0.3, 0.7), (0, 0.0, 0.0)])
def test_likeness_is_the_share_in_common(kept: int, low: float, high: float) -> None:
    assert len(TEXT) > SHORTEST_TEXT
    assert low <= likeness(sketch(TEXT), sketch("\n".join(SENTENCES[:kept]))) <= high


def test_a_text_that_repeats_itself_is_stored(store: Store) -> None:
    """It is long enough to compare, and has fewer different passages than copies are found by."""
    one = put(store, "one", "哈哈哈哈。" * 100)
    other = put(store, "other", "哈哈哈哈。" * 100, account="乙")
    assert [(each.article_id, each.of_article_id) for each in store.reposts(one)] == [(other, one)]


def test_what_every_article_of_an_account_says_costs_no_more_with_each(store: Store) -> None:
    """Templates fill the lists of their hashes; a copy among them is found by the rest of its text."""
    template = "".join(f"本号第{number}条固定的说明文字。" for number in range(30))
    for number in range(130):
        own = "".join(f"样本{number}的第{line}项结果不同于其他样本。" for line in range(20))
        put(store, f"t{number}", template + own)
    original = put(store, "original", template + TEXT)
    copy = put(store, "copy", template + TEXT, account="乙", day=2)
    assert [each.of_article_id for each in store.reposts(copy)][-1:] == [original]
