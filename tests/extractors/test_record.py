"""From articles to records: exact, repeatable, plain JSON, and errors that name the article."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from wenzhai.extractors import nlp as nlp_module
from wenzhai.extractors.assemble import assemble
from wenzhai.extractors.nlp import EXTRACTOR_VERSIONS, PIPELINE, WEIGHTS, Extractor, build_pipeline, read_article
from wenzhai.extractors.reading import Reading
from wenzhai.models import Block, BlockKind, DigestRecord, ExtractionError, Part

from .examples import ARCHIVE, PROSE, archived_article, make_article


def test_components_run_in_reading_order(nlp: Language) -> None:
    assert nlp.pipe_names == list(PIPELINE)


def test_a_component_can_be_left_out() -> None:
    assert build_pipeline(without=("wenzhai_kind",)).pipe_names == [name for name in PIPELINE if name != "wenzhai_kind"]


def test_every_mention_is_exact(records: dict[str, DigestRecord]) -> None:
    count = 0
    for record in records.values():
        parts = {Part.TITLE: record.article.title, Part.TEXT: record.article.text}
        groups = (record.papers, record.genes, record.methods, record.tools, record.diseases, record.accessions)
        for group in groups:
            for entry in group:
                assert entry.mentions, entry
                for mention in entry.mentions:
                    count += 1
                    assert parts[mention.part][mention.start : mention.end] == mention.text
                    assert mention.text == mention.text.strip()
    assert count > 100


def test_concepts_are_named_once(records: dict[str, DigestRecord]) -> None:
    for record in records.values():
        for names in (
            [gene.symbol for gene in record.genes],
            [method.name for method in record.methods],
            [disease.name for disease in record.diseases],
            [tool.name for tool in record.tools],
            [(item.kind, item.value) for item in record.accessions],
        ):
            assert len(names) == len(set(names))


def test_records_are_plain_json(records: dict[str, DigestRecord]) -> None:
    for record in records.values():
        assert DigestRecord.model_validate_json(record.model_dump_json()) == record
        assert DigestRecord.model_validate(json.loads(json.dumps(record.model_dump(mode="json")))) == record


def test_the_same_article_gives_the_same_record(extractor: Extractor, records: dict[str, DigestRecord]) -> None:
    for path in ARCHIVE.glob("*.md"):
        again = extractor.extract(archived_article(path))
        assert again.model_dump_json() == records[path.stem].model_dump_json()


def test_a_pickled_extractor_makes_the_same_record(extractor: Extractor, records: dict[str, DigestRecord]) -> None:
    again = pickle.loads(pickle.dumps(extractor))  # noqa: S301 - our own
    assert (again.version, again.data_folder) == (extractor.version, extractor.data_folder)
    stem = "ipsc-factors"
    assert again.extract(archived_article(ARCHIVE / f"{stem}.md")) == records[stem]


def test_an_extractor_is_small_when_pickled(extractor: Extractor) -> None:
    assert extractor.nlp
    assert len(pickle.dumps(extractor)) < 1000


def test_the_record_tells_of_its_article(extractor: Extractor) -> None:
    article = make_article(*PROSE, Block(BlockKind.CODE, "print(1)"), title="河边")
    record = extractor.extract(article)
    assert record.article.text == "\n".join(PROSE)
    assert (record.article.id, record.article.url, record.article.title) == (article.id, article.url, "河边")
    assert (record.article.account, record.article.published_at) == ("青石读书", article.published_at)
    assert record.article.text_sha256 == article.text_sha256
    assert (record.papers, record.genes, record.methods, record.tools) == ((), (), (), ())


def test_provenance(extractor: Extractor) -> None:
    provenance = extractor.extract(make_article(*PROSE)).provenance
    assert provenance.wenzhai == extractor.version
    assert provenance.extractors == EXTRACTOR_VERSIONS
    assert provenance.snapshot_sha256 == "0" * 64
    assert provenance.lexicons.keys() >= {"genes.tsv", "journals.tsv", WEIGHTS.name}
    assert all(len(version) == 12 for version in provenance.lexicons.values())


def test_an_article_without_text(extractor: Extractor) -> None:
    record = extractor.extract(make_article(title=""))
    assert (record.article.title, record.article.text, record.findings) == ("", "", ())


def test_promotion_is_not_read(extractor: Extractor) -> None:
    record = extractor.extract(make_article(*PROSE, Block(BlockKind.PARAGRAPH, "TP53课程", promotion="advertisement")))
    assert record.genes == ()


def test_a_failure_names_the_article(monkeypatch: pytest.MonkeyPatch, extractor: Extractor) -> None:
    def fail(nlp: Language, article: object) -> Reading:
        raise RuntimeError("no such river")

    monkeypatch.setattr(nlp_module, "read_article", fail)
    article = make_article(*PROSE)
    with pytest.raises(ExtractionError, match="RuntimeError: no such river") as caught:
        extractor.extract(article)
    assert caught.value.subject == article.url
    assert isinstance(caught.value.__cause__, RuntimeError)


# Bits of what articles are made of, put together at random: whatever comes, a valid record comes of it.
BITS = st.sampled_from(
    [
        "TP53", "PD‐L1", "IL-1/6/8", "（", "）", "(", ")", "《", "》", "肿瘤微环境（TME）", "乳腺癌", "R包", "fogmap",
        "。", "，", "：", " ", "10.1038/ nature12345", "https://doi.org/10.1101/2023.01.05.522941v1", "IF=12.3",
        "PMID：12345678", "Nature", "题目：", "Maps of the river and its banks in the morning", "GSE113854",
        "Hao Y, Hao S", "İ", "…", "𠮷", "\u200b", "参考文献", "[1]", "2021年2月", "发表在", "Ⅱ", "ﬁ", "结果显示",
    ]
)  # fmt: skip
LINES = st.lists(BITS, min_size=1, max_size=8).map("".join)


@given(title=LINES, lines=st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=6))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_article_becomes_a_record(extractor: Extractor, title: str, lines: list[str]) -> None:
    record = extractor.extract(make_article(*lines, title=title))
    assert DigestRecord.model_validate_json(record.model_dump_json()) == record


def test_assembling_refuses_a_mention_that_is_not_there(extractor: Extractor, nlp: Language) -> None:
    reading = read_article(nlp, make_article("敲除TP53。"))
    [gene] = reading.genes
    wrong = gene.mentions[0].model_copy(update={"start": 0, "end": 4})
    reading.genes = (gene.model_copy(update={"mentions": (wrong,)}),)
    with pytest.raises(ValueError, match="not at its offsets"):
        assemble(reading, provenance=extractor.provenance(""))


def test_reading_leaves_no_words_in_the_vocabulary(nlp: Language) -> None:
    """Else a worker's memory grows with every identifier and name it reads: spaCy keeps each word it ever met."""
    before = len(nlp.vocab.strings)
    read_article(nlp, make_article("敲除TP53后GSE12345里的qwertyuiop升高。"))
    assert len(nlp.vocab.strings) == before
