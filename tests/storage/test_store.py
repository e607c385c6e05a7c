"""Putting and reading back: changes, identity, problems, batches."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from wenzhai.models import (
    ArticleNotFoundError,
    Change,
    FetchError,
    PageProblem,
    PageRef,
    PageState,
    StorageError,
)
from wenzhai.storage import SearchQuery, Store

from .examples import CHINA, NOW, finding, gene, make_article, make_page, make_paper, make_record, put, put_text

LOCATION = "https://example.org/a"
REF = PageRef(LOCATION, "example")


def claims(store: Store, table: str) -> int:
    return int(store.database.table(table).count)


def test_an_article_comes_back_as_it_was_put(store: Store) -> None:
    article = make_article()
    record = make_record(
        article,
        genes=(gene(article, "CD274", "PD-L1"),),
        findings=(finding(article, article.text, genes=("CD274",), key=True),),
        papers=(make_paper(article, "肿瘤"),),
    )
    page = make_page()
    assert store.put_article(article, page, record) is Change.NEW
    assert store.read_record(article.id) == record
    assert store.read_record_json(article.id) == record.model_dump_json()
    assert store.read_snapshot(page.sha256) == page
    known = store.known_page(LOCATION)
    assert known is not None
    assert (known.state, known.article_id, known.attempts) == (PageState.ARTICLE, article.id, 0)
    assert known.provenance == record.provenance
    assert [claims(store, table) for table in ("papers", "genes", "findings", "mentions")] == [1, 1, 1, 2]


def test_the_same_again_is_unchanged(store: Store) -> None:
    article = make_article()
    store.put_article(article, make_page(), make_record(article))
    later = make_article(page=make_page(content=b"<p>page</p><!-- 2 -->"), source="another")
    record = make_record(later, wenzhai="2.0")
    page = make_page(content=b"<p>page</p><!-- 2 -->")
    assert store.put_article(later, page, record) is Change.UNCHANGED
    assert store.read_record(article.id) == record, "with the new provenance, lest it be made once more"
    assert claims(store, "snapshots") == 1, "the bytes said nothing new"
    assert store.read_snapshot(page.sha256).content == page.content


@pytest.mark.parametrize("what", ["title", "text", "claims"])
def test_a_difference_is_a_change(store: Store, what: str) -> None:
    article = make_article()
    store.put_article(article, make_page(), make_record(article))
    changed = make_article(
        title="更正" if what == "title" else article.title, text="更正" if what == "text" else article.text
    )
    genes = (gene(article, "CD274", "PD-L1"),) if what == "claims" else ()
    assert store.put_article(changed, make_page(), make_record(changed, genes=genes)) is Change.CHANGED
    assert store.count(SearchQuery(text="更正")) == (what != "claims")
    assert store.count(SearchQuery(text="高表达")) == (what != "text")
    assert claims(store, "genes") == len(genes)
    assert claims(store, "articles") == 1


def test_what_an_article_once_was_stays(store: Store) -> None:
    article = make_article()
    store.put_article(article, make_page(), make_record(article))
    page = make_page(content=b"edited")
    edited = make_article(text="更正", page=page)
    store.put_article(edited, page, make_record(edited))
    assert store.read_snapshot(make_page().sha256).content == make_page().content


def test_fewer_claims_leave_none_behind(store: Store) -> None:
    article = make_article()
    store.put_article(article, make_page(), make_record(article, genes=(gene(article, "CD274", "PD-L1"),)))
    store.put_article(article, make_page(), make_record(article))
    assert (claims(store, "genes"), claims(store, "mentions")) == (0, 0)


class TestIdentity:
    def test_every_alias_leads_to_the_article(self, store: Store) -> None:
        article = make_article(aliases=("wx:B/1/1", "wx:s/token", "url:https://example.org/a"))
        store.put_article(article, make_page(), make_record(article))
        for alias in article.aliases:
            assert store.find_article_id(["unknown", alias]) == article.id
        assert store.find_article_id(["unknown"]) is None

    def test_the_first_known_alias_decides(self, store: Store) -> None:
        first = put(store, make_article(aliases=("url:1",)))
        put(store, make_article(aliases=("url:2",)))
        assert store.find_article_id(["url:0", "url:1", "url:2"]) == first

    def test_a_second_address_adds_its_aliases(self, store: Store) -> None:
        first = put(store, make_article(aliases=("wx:s/token",)))
        again = make_article(aliases=("wx:B/1/1", "wx:s/token"))
        known = store.find_article_id(again.aliases)
        assert known == first
        page = make_page("https://mp.weixin.qq.com/s?__biz=B&mid=1&idx=1")
        assert store.put_article(again, page, make_record(again, id=known)) is Change.UNCHANGED
        assert store.find_article_id(["wx:B/1/1"]) == first
        assert store.count() == 1

    def test_two_that_turn_out_to_be_one_are_joined(self, store: Store) -> None:
        by_token = put(store, make_article(aliases=("wx:s/token",), text="短链"))
        by_number = put(store, make_article(aliases=("wx:B/1/1",), text="长链"))
        both = make_article(aliases=("wx:B/1/1", "wx:s/token"), text="两者")
        store.put_article(both, make_page(), make_record(both))
        assert store.count() == 1
        assert store.find_article_id(["wx:s/token"]) == by_number
        assert store.locate_article(by_token) == by_number, "the old id still leads there"
        assert [store.count(SearchQuery(text=text)) for text in ("短链", "长链", "两者")] == [0, 0, 1]
        known = store.known_page("s/token")
        assert known is not None
        assert known.article_id == by_number
        assert store.database.execute("PRAGMA foreign_key_check").fetchall() == []


class TestLocate:
    @pytest.mark.parametrize(
        "key",
        [
            "tokenTOKEN12",
            "https://mp.weixin.qq.com/s/tokenTOKEN12",
            "https://mp.weixin.qq.com/s?__biz=MzA%3D&mid=22&idx=1&chksm=1#rd",
            " wx:s/tokenTOKEN12 ",
            "digests.zip!/a.md",
        ],
    )
    def test_by_key(self, store: Store, key: str) -> None:
        article = make_article(aliases=("wx:MzA=/22/1", "wx:s/tokenTOKEN12"))
        store.put_article(article, make_page("digests.zip!/a.md"), make_record(article))
        assert store.locate_article(key) == article.id

    def test_by_prefix(self, store: Store) -> None:
        article = make_article()
        store.put_article(article, make_page(), make_record(article))
        assert store.locate_article(article.id[:4].upper()) == article.id
        with pytest.raises(ArticleNotFoundError, match="4 or more"):
            store.locate_article(article.id[:3])

    def test_an_ambiguous_prefix_is_told(self, store: Store) -> None:
        for number in range(7):
            article = make_article(aliases=(f"url:{number}",))
            store.put_article(article, make_page(str(number)), make_record(article, id=f"abcd{number:08}"))
        with pytest.raises(ArticleNotFoundError, match=r"abcd00000000, .*…"):
            store.locate_article("abcd")
        assert store.locate_article("abcd00000003") == "abcd00000003"

    @pytest.mark.parametrize("key", ["", "nothing", "%", "https://[", "\udc80", "0" * 5000, "ffffffffffff"])
    def test_nothing(self, store: Store, key: str) -> None:
        put_text(store, "肿瘤")
        with pytest.raises(ArticleNotFoundError):
            store.locate_article(key)

    def test_no_record(self, store: Store) -> None:
        with pytest.raises(ArticleNotFoundError):
            store.read_record("ffffffffffff")


class TestProblems:
    def test_a_problem_keeps_the_page_and_counts(self, store: Store) -> None:
        problem = PageProblem(REF, PageState.CAPTCHA, "环境异常", "a captcha")
        later = NOW + timedelta(hours=1)
        for attempts in (1, 2):
            store.put_problem(REF, problem, make_page(), later)
            known = store.known_page(LOCATION)
            assert known is not None
            assert (known.state, known.attempts, known.next_try_at) == (PageState.CAPTCHA, attempts, later)
        store.put_problem(REF, problem, make_page(content=b"another captcha"), None)
        assert store.database.table("snapshots").count == 1, "one captcha is like the other"
        assert known.reason == "a captcha"
        assert known.snapshot_sha256 == make_page().sha256
        assert known.article_id is None

    def test_an_error_has_no_state(self, store: Store) -> None:
        store.put_problem(REF, FetchError("timed out", hint="try later"), None, NOW)
        known = store.known_page(LOCATION)
        assert known is not None
        assert (known.state, known.reason, known.snapshot_sha256) == (None, "timed out (try later)", None)

    def test_success_forgets_the_failures(self, store: Store) -> None:
        store.put_problem(REF, FetchError("timed out"), None, NOW)
        put_text(store, "肿瘤")
        known = store.known_page(LOCATION)
        assert known is not None
        assert (known.attempts, known.next_try_at, known.reason) == (0, None, "")

    def test_a_page_deleted_later_keeps_its_article(self, store: Store) -> None:
        article_id = put_text(store, "肿瘤")
        page = make_page(content=b"deleted")
        store.put_problem(REF, PageProblem(REF, PageState.DELETED, "已删除"), page, None)
        known = store.known_page(LOCATION)
        assert known is not None
        assert (known.state, known.article_id) == (PageState.DELETED, article_id)
        assert store.count(SearchQuery(text="肿瘤")) == 1
        ((stored, rebuilt),) = store.iterate_pages_with_articles()
        assert stored.article_id == article_id
        assert rebuilt == make_page()

    def test_an_unknown_location_is_not_known(self, store: Store) -> None:
        assert store.known_page("https://example.org/never") is None

    def test_touching_notes_the_time(self, store: Store) -> None:
        put_text(store, "肿瘤")
        store._now = lambda: NOW + timedelta(days=1)
        store.put_unchanged(PageRef(LOCATION, "folder"), None)
        known = store.known_page(LOCATION)
        assert known is not None
        assert known.last_seen == NOW + timedelta(days=1)


class TestBatch:
    def test_a_failing_put_takes_back_itself_alone(self, store: Store) -> None:
        bad = make_article(aliases=("url:bad",))
        with store.batch():
            put_text(store, "第一", name="1")
            with pytest.raises(StorageError):  # the last of its tables refuses a paper without a role
                put(store, bad, make_record(bad, papers=(make_paper(bad).model_copy(update={"role": None}),)))
            put_text(store, "第二", name="2")
        assert store.count() == 2
        assert store.find_article_id(["url:bad"]) is None
        assert store.known_page("bad") is None
        assert store.search(SearchQuery(text="高表达")) == []

    def test_a_failing_change_leaves_the_article_as_it_was(self, store: Store) -> None:
        article_id = put_text(store, "第一")
        changed = make_article(text="第二", title="题")
        record = make_record(changed, papers=(make_paper(changed).model_copy(update={"role": None}),))
        with pytest.raises(StorageError):
            store.put_article(changed, make_page(), record)
        assert store.read_record(article_id).article.text == "第一"
        assert [store.count(SearchQuery(text=text)) for text in ("第一", "第二")] == [1, 0]
        assert store.put_article(changed, make_page(), make_record(changed)) is Change.CHANGED
        assert [store.count(SearchQuery(text=text)) for text in ("第一", "第二")] == [0, 1]

    def test_an_error_in_the_block_keeps_the_puts_before_it(self, store: Store) -> None:
        def interrupted() -> None:
            with store.batch():
                put_text(store, "第一")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert store.count(SearchQuery(text="第一")) == 1

    def test_a_batch_that_sqlite_gave_up_is_told(self, store: Store) -> None:
        def given_up() -> None:
            with store.batch():
                put_text(store, "第一")
                store.database.conn.execute("ROLLBACK")

        with pytest.raises(StorageError, match="batch"):
            given_up()
        assert store.count() == 0

    def test_batches_do_not_nest(self, store: Store) -> None:
        with store.batch(), pytest.raises(StorageError), store.batch():
            pass


def test_articles_are_walked_while_they_are_rewritten(store: Store) -> None:
    with store.batch():
        for number in range(7):
            put_text(store, "一", name=str(number))
    walked = 0
    for stored, page in store.iterate_pages_with_articles():
        again = make_article(text="二", aliases=(f"url:{page.ref.location}",))
        store.put_article(again, page, make_record(again, id=stored.article_id))
        walked += 1
    assert walked == 7
    assert store.count(SearchQuery(text="二")) == 7


def test_records_come_in_order_of_time(store: Store) -> None:
    times = [
        datetime(2025, 1, 2, 1, 0, tzinfo=CHINA),  # the day before in UTC
        datetime(2025, 1, 1, 20, 0, tzinfo=NOW.tzinfo),
        datetime(2024, 1, 1, tzinfo=CHINA),
        None,
    ]
    ids = [put(store, make_article(aliases=(f"url:{number}",), published_at=time)) for number, time in enumerate(times)]
    found = [record.article.id for record in store.iterate_records(SearchQuery(text="肿瘤", limit=1))]
    assert found == [ids[3], ids[2], ids[0], ids[1]]
    assert [hit.article_id for hit in store.search(SearchQuery())] == [ids[1], ids[0], ids[2], ids[3]]


def test_status(store: Store) -> None:
    put_text(store, "肿瘤")
    gone = PageRef("https://example.org/gone", "list")
    store.put_problem(gone, PageProblem(gone, PageState.DELETED, "已删除"), None, None)
    slow = PageRef("https://example.org/slow", "list")
    store.put_problem(slow, FetchError("timed out"), None, NOW + timedelta(hours=1))
    report = store.status()
    assert report.articles == 1
    assert report.articles_by_kind == {"paper_digest": 1}
    assert report.articles_by_source == {"example": 1}
    assert report.pages_by_state == {"article": 1, "deleted": 1, "error": 1}
    assert [(page.location, page.reason) for page in report.failed] == [
        (slow.location, "timed out"),
        (gone.location, "已删除"),
    ]
    assert report.last_harvests == {"example": NOW, "list": NOW}
    assert report.database_bytes > 0
    assert len(store.status(failed_limit=1).failed) == 1
