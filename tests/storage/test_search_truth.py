"""Search against what a reader would say by looking: for any text, any query, any history of edits."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from wenzhai.storage import SearchQuery, Store, open_store

from .examples import NOW, make_article, make_record, put, put_text

WITHIN_WORD = re.compile("[A-Za-z0-9κ]{2}")
CJK_RUN = re.compile("[肿瘤微环境免疫单细胞]+")
TEXTS = [
    "单细胞测序显示肿瘤微环境中的免疫细胞。PD-L1高表达，IL-6升高",
    "肿瘤免疫微环境\n细胞因子IL6与NF-κB",
    "免疫检查点PDL1；单 细胞；环境细胞",
    "微环境 境肿瘤 Sox2+细胞 scRNA-seq与RNA-seq",
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("collection") / "wenzhai.db"
    with open_store(path, create=True, now=lambda: NOW) as store:
        for number, text in enumerate(TEXTS):
            put_text(store, text, name=str(number), title="")
        yield store


def found(store: Store, text: str) -> set[str]:
    return {store.read_record(hit.article_id).article.text for hit in store.search(SearchQuery(text=text))}


@given(st.text(st.sampled_from("肿瘤微环境免疫单细胞"), min_size=1, max_size=6))
def test_a_stretch_of_chinese_is_found_exactly_where_it_is_written(collection: Store, wanted: str) -> None:
    assert found(collection, wanted) == {text for text in TEXTS if wanted in text}


@given(st.sampled_from(TEXTS), st.data())
def test_every_stretch_of_a_text_finds_it(collection: Store, text: str, data: st.DataObject) -> None:
    run = data.draw(st.sampled_from(CJK_RUN.findall(text)))
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, min(len(run), start + 6)))
    hits = collection.search(SearchQuery(text=run[start:end]))
    texts = {collection.read_record(hit.article_id).article.text: hit for hit in hits}
    assert text in texts
    snippet = texts[text].snippet
    assert snippet.highlights
    assert {snippet.text[first:last] for first, last in snippet.highlights} == {run[start:end]} or (
        len(set(run[start:end])) < end - start  # repetitions overlap and are joined
    )


@given(st.sampled_from(TEXTS), st.data())
def test_every_stretch_between_borders_of_words_finds_the_text(
    collection: Store, text: str, data: st.DataObject
) -> None:
    borders = [at for at in range(len(text) + 1) if at == 0 or not WITHIN_WORD.match(text, at - 1)]
    start = data.draw(st.sampled_from(borders[:-1]))
    end = data.draw(st.sampled_from([at for at in borders if at > start]))
    stretch = text[start:end]
    assume(any(character.isalnum() for character in stretch))
    assert text in found(collection, f'"{stretch}"')


WORDS = ["肿瘤", "免疫", "境", "PD-L1", "IL-6", "seq", "sox2", "环境细胞", "没有"]
BOOLEAN = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: ("AND", *pair)),
        st.tuples(inner, inner).map(lambda pair: ("OR", *pair)),
        st.tuples(inner, inner).map(lambda pair: ("NOT", *pair)),
    ),
    max_leaves=6,
)


def written(tree: str | tuple[str, object, object]) -> str:
    return tree if isinstance(tree, str) else f"({written(tree[1])} {tree[0]} {written(tree[2])})"


def truth(tree: str | tuple[str, object, object], single: dict[str, set[str]]) -> set[str]:
    if isinstance(tree, str):
        return single[tree]
    operator, left, right = tree[0], truth(tree[1], single), truth(tree[2], single)
    return left & right if operator == "AND" else left | right if operator == "OR" else left - right


@given(BOOLEAN)
def test_operators_are_those_of_sets(collection: Store, tree: str | tuple[str, object, object]) -> None:
    single = {word: found(collection, word) for word in WORDS}
    assert found(collection, written(tree)) == truth(tree, single)
    assert collection.count(SearchQuery(text=written(tree))) == len(truth(tree, single))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=30), gene=st.text(max_size=5), account=st.text(max_size=5))
def test_no_text_in_any_field_is_an_sql_error(collection: Store, typed: str, gene: str, account: str) -> None:
    query = SearchQuery(genes=(gene,), journal=typed, method=gene, accession=typed, account=account)
    assert collection.search(query) == []
    assert collection.search_findings(query) == []
    assert list(collection.iterate_record_json(query)) == []


def test_the_index_follows_any_history_of_edits(path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    with open_store(path, create=True, now=lambda: NOW) as store:
        for _ in range(150):
            number = chance.randrange(6)
            # Some articles are met by either of two keys, and by both: then they are joined.
            aliases = tuple(chance.sample([f"url:{number}", f"url:{number % 3}-other"], k=chance.choice([1, 2])))
            article = make_article(
                title=chance.choice(TEXTS)[:9], text="\n".join(chance.sample(TEXTS, k=2)), aliases=aliases
            )
            known = store.find_article_id(article.aliases) or article.id
            put(store, article, make_record(article, id=known))
        queries = [SearchQuery(text=word) for word in [*WORDS, "title:肿瘤", "title:pdl1"]]
        before = [{hit.article_id: hit.score for hit in store.search(query)} for query in queries]
        store.database.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
        for table in ("search_index_docsize", "lead_index_docsize"):
            assert store.database.table(table).count == store.count()
        assert store.rebuild_index() == store.count()
        after = [{hit.article_id: hit.score for hit in store.search(query)} for query in queries]
        assert before == after
