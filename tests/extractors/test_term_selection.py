"""Which candidates become methods and tools of the record: by weights that are data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from wenzhai.extractors.piece_features import read_pieces
from wenzhai.extractors.piece_tagger import PieceTags
from wenzhai.extractors.reading import Reading
from wenzhai.extractors.term_candidates import FEATURES, Candidate, candidate_features, find_candidates
from wenzhai.extractors.term_selection import WEIGHTS, SelectionWeights, load_selection
from wenzhai.models import ArticleKind, LexiconError

from .examples import RESULTS, Read

DIGEST = (
    "近日，研究团队在Nature Communications上发表题为Targeting STAT3 in gastric cancer的研究论文。",
    "研究人员首先对胃癌组织进行了单细胞RNA测序，并利用CellChat软件推断细胞通讯。",
    "随后采用流式细胞术和免疫组化验证了巨噬细胞的比例。",
    *RESULTS,
)


def tags_of(reading: Reading, *words: str) -> PieceTags:
    """Tags by which exactly these words are names."""
    pieces = read_pieces(reading)
    states = np.tile(np.array([0.99, 0.005, 0.005], dtype=np.float32), (len(pieces.starts), 1))
    for each in words:
        start = reading.plain_text.index(each)
        first, after = pieces.span(start, start + len(each))
        states[first:after] = (0.05, 0.05, 0.9)
        states[first] = (0.05, 0.9, 0.05)
    return PieceTags(states)


def candidates(reading: Reading, *words: str, category: str = "method") -> dict[str, Candidate]:
    pieces, tags = read_pieces(reading), tags_of(reading, *words)
    return {one.name: one for one in find_candidates(reading, category, pieces=pieces, tags=tags)}


def test_methods_and_tools_of_a_digest(read: Read) -> None:
    reading = read(*DIGEST, title="胃癌研究新进展")
    names = {method.name for method in reading.methods}
    assert names >= {"single-cell RNA sequencing", "flow cytometry", "immunohistochemistry"}
    assert [tool.name for tool in reading.tools] == ["CellChat"]


def test_what_the_tagger_adds_is_named_as_written(read_terms: Read) -> None:
    found = candidates(read_terms("随后进行月光回波分析。"), "月光回波分析")
    assert found["月光回波分析"].source == "tagger"
    assert found["月光回波分析"].id is None


def test_words_of_the_sentence_are_cut_off(read_terms: Read) -> None:
    assert set(candidates(read_terms("随后通过月光回波的，"), "通过月光回波的")) == {"月光回波"}


def test_a_name_that_the_lexicon_holds_keeps_its_place(read_terms: Read) -> None:
    found = candidates(read_terms("随后进行流式细胞术。"), "流式细胞术")
    assert [(one.name, one.source) for one in found.values()] == [("flow cytometry", "lexicon")]


def test_a_doubtful_form_that_the_tagger_believes_in_has_the_lexicons_name(read_terms: Read) -> None:
    reading = read_terms("河边有MR。")
    assert candidates(reading) == {}
    assert list(candidates(reading, "MR")) == ["Mendelian randomization"]


def test_nothing_is_added_in_reference_lists(read_terms: Read) -> None:
    reference = "Hao Y, Hao S, et al. Moonlight echo analysis in rivers. Cell. 2021;184:3573."
    assert candidates(read_terms("河边有雾。", "参考文献", reference), "Moonlight echo analysis") == {}


@pytest.mark.parametrize("kind", list(ArticleKind))
def test_every_candidate_has_all_features(read_terms: Read, kind: ArticleKind) -> None:
    reading = read_terms("用小提琴图看结果。")
    reading.kind = kind
    pieces, tags = read_pieces(reading), tags_of(reading)
    [plot] = find_candidates(reading, "method", pieces=pieces, tags=tags)
    features = dict(zip(FEATURES, candidate_features(plot, reading, pieces=pieces, tags=tags, seen={}), strict=True))
    assert features["in the lexicon"] == 1
    assert features["a plot in a digest"] == float(kind is not ArticleKind.TUTORIAL)


def test_an_article_without_text_has_nothing(read: Read) -> None:
    assert read(title=" ").methods == ()


def test_the_shipped_weights_are_probabilities() -> None:
    for weights in load_selection(WEIGHTS).values():
        assert len(weights.weights) == len(FEATURES)
        assert 0 < weights.threshold < 1
    assert SelectionWeights((0.0,) * len(FEATURES), 0.0, 0.5, {}).probability((1.0,) * len(FEATURES)) == 0.5


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"method": {"weights": {}, "bias": 0, "threshold": 0.3}})])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "selection.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match="cannot be read"):
        load_selection(path)
