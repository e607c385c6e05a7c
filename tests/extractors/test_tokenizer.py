"""Tokens: borders between scripts, nothing lost, and a pipeline that survives the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.vocab import Vocab
from wenzhai.extractors.nlp import PIPELINE, read_article
from wenzhai.extractors.reading import Reading
from wenzhai.extractors.tokenizer import DigestTokenizer

from .examples import ARCHIVE, archived_article, make_article

TOKENIZER = DigestTokenizer(Vocab())


@given(st.text(max_size=200))
@settings(deadline=None)
def test_joining_the_tokens_gives_the_text_back(text: str) -> None:
    assert TOKENIZER(text).text == text


@given(st.text(alphabet="p53蛋 \n\t　αIL-6，é", max_size=60))
@settings(deadline=None)
def test_round_trip_of_mixed_scripts_and_white_space(text: str) -> None:
    doc = TOKENIZER(text)
    assert "".join(token.text_with_ws for token in doc) == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("p53蛋白和IL-6", ["p53", "蛋", "白", "和", "IL", "-", "6"]),
        ("TNF-α升高", ["TNF", "-", "α", "升", "高"]),
        ("两 个 TP53 gene。", ["两", "个", "TP53", "gene", "。"]),
        ("Ｐ５３蛋白", ["Ｐ５３", "蛋", "白"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in TOKENIZER(text)] == tokens


def test_pipe_gives_a_document_for_each_text() -> None:
    assert [doc.text for doc in TOKENIZER.pipe(["河边", "IL-6 升高"])] == ["河边", "IL-6 升高"]


def test_a_saved_pipeline_reads_the_same(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    assert loaded.pipe_names == list(PIPELINE)
    assert [token.text for token in loaded.make_doc("p53蛋白")] == ["p53", "蛋", "白"]
    article = archived_article(ARCHIVE / "ikkb-colitis-cancer.md")
    ours, theirs = read_article(nlp, article), read_article(loaded, article)
    assert ours.genes
    assert ours == theirs


def test_the_tokenizer_survives_bytes(nlp: Language) -> None:
    again = DigestTokenizer(nlp.vocab).from_bytes(TOKENIZER.to_bytes())
    assert [token.text for token in again("和IL-6")] == ["和", "IL", "-", "6"]


def test_spans_for_other_programs(nlp: Language) -> None:
    article = make_article("敲除STAT3之后，乳腺癌小鼠的IL-6降低。", title="STAT3的作用")
    doc = nlp.make_doc(f"{article.title}\n{article.text}")
    doc._.reading = Reading(article=article)
    doc = nlp(doc)
    assert [(span.text, span.label_) for span in doc.spans["genes"]] == [
        ("STAT3", "STAT3"),
        ("STAT3", "STAT3"),
        ("IL-6", "IL6"),
    ]
    assert [(span.text, span.label_) for span in doc.spans["diseases"]] == [("乳腺癌", "breast cancer")]
