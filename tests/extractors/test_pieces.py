"""Lexical pieces as hashed features, and the tagger that tells from them where names of methods and tools stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.folding import PIECE
from wenzhai.extractors.piece_features import BUCKETS, Pieces, read_pieces
from wenzhai.extractors.piece_tagger import (
    CATEGORIES,
    OUTSIDE,
    STATES,
    WEIGHTS,
    PieceTags,
    load_piece_tagger,
    make_piece_tagger,
    save_piece_tagger,
)
from wenzhai.extractors.piece_training import train_states
from wenzhai.extractors.reading import Reading
from wenzhai.models import LexiconError

from .examples import Read, make_article

LINES = ("研究用流式细胞术和Seurat包分析了T细胞。", "河边有雾（2024年）。")


def pieces_of(*lines: str) -> Pieces:
    return read_pieces(Reading(article=make_article(*lines)))


def test_the_pieces_are_those_of_the_lexicons(read: Read) -> None:
    reading = read(*LINES)
    pieces = read_pieces(reading)
    found = [reading.plain_text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]
    assert found == PIECE.findall(reading.plain_text)
    assert pieces.lines.tolist() == [reading.line_at(start).number for start in pieces.starts]
    assert pieces.span(*pieces_span("Seurat包", reading)) == (found.index("Seurat"), found.index("Seurat") + 2)


def pieces_span(words: str, reading: Reading) -> tuple[int, int]:
    start = reading.plain_text.index(words)
    return start, start + len(words)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_has_features(lines: list[str]) -> None:
    pieces = pieces_of(*lines)
    assert len(pieces.starts) == len(pieces.ends) == len(pieces.lines) == pieces.buckets.shape[1]
    assert pieces.buckets.size == 0 or 0 <= pieces.buckets.min() <= pieces.buckets.max() < BUCKETS


def test_a_piece_looks_no_further_than_its_line() -> None:
    alone, followed = pieces_of("流式细胞术"), pieces_of("流式细胞术", "河边有雾")
    np.testing.assert_array_equal(alone.buckets, followed.buckets[:, : alone.buckets.shape[1]])


def test_case_digits_and_width_matter_only_to_the_shape() -> None:
    small, capital = pieces_of("用seurat4做图").buckets, pieces_of("用Ｓｅｕｒａｔ7做图").buckets
    same = (small == capital).mean()
    assert 0.8 < same < 1


def tags(*inside: float) -> PieceTags:
    return PieceTags(np.array([(1 - value, value / 4, value * 3 / 4) for value in inside], dtype=np.float32))


def test_spans_are_runs_of_likely_pieces_within_a_line() -> None:
    pieces = pieces_of("甲乙丙", "丁戊己")
    number = len(pieces.starts) - 6
    probabilities = [0.0] * number + [0.9, 0.9, 0.1, 0.0, 0.8, 0.9]
    assert list(tags(*probabilities).spans(pieces)) == [(number, number + 2), (number + 4, number + 6)]
    probabilities = [0.0] * number + [0.0, 0.9, 0.9, 0.9, 0.0, 0.0]
    assert list(tags(*probabilities).spans(pieces)) == [(number + 1, number + 3), (number + 3, number + 4)]
    assert list(tags(*[0.0] * len(pieces.starts)).spans(pieces)) == []


def test_training_finds_what_stands_after_a_word() -> None:
    examples = [pieces_of(f"采用{name}法完成") for name in ("甲乙", "丙丁", "戊己", "庚辛") * 5]
    states = [np.zeros(len(pieces.starts), dtype=np.int8) for pieces in examples]
    for each in states:
        each[-5:-2] = (1, 2, 2)
    weights, bias = train_states([pieces.buckets for pieces in examples], states)
    tagger = make_piece_tagger(np.hstack([weights] * len(CATEGORIES)), np.hstack([bias] * len(CATEGORIES)))
    unseen = pieces_of("采用壬癸法完成")
    found = tagger.tag(unseen)["tool"]
    assert list(found.spans(unseen)) == [(len(unseen.starts) - 5, len(unseen.starts) - 2)]
    again, _ = train_states([pieces.buckets for pieces in examples], states)
    np.testing.assert_array_equal(weights, again)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    weights = np.zeros((BUCKETS, len(CATEGORIES) * STATES), dtype=np.float32)
    weights[5], weights[9] = 0.5, 0.001
    tagger = make_piece_tagger(weights, np.ones(len(CATEGORIES) * STATES, dtype=np.float32))
    path = tmp_path / "pieces.npz"
    save_piece_tagger(path, tagger)
    again = load_piece_tagger(path)
    assert again.buckets.tolist() == [5]  # what hardly weighs is left out
    np.testing.assert_array_equal(again.table, tagger.table)


def test_the_shipped_weights_are_small_and_mostly_say_no(read: Read) -> None:
    assert WEIGHTS.stat().st_size < 4_000_000
    pieces = read_pieces(read(*LINES[1:]))
    tagged = load_piece_tagger(WEIGHTS).tag(pieces)
    assert all(tagged[category].states[:, OUTSIDE].min() > 0.5 for category in CATEGORIES)


@pytest.mark.parametrize("content", [None, b"", b"no arrays"])
def test_weights_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "pieces.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LexiconError, match="cannot be read"):
        load_piece_tagger(path)
