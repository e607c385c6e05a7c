"""Training the decision about methods and tools: gold files in, two files of weights out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from wenzhai.extractors import train_terms
from wenzhai.extractors.piece_features import read_pieces
from wenzhai.extractors.piece_tagger import BEGINS, GOES_ON, PieceTags, load_piece_tagger, softmax
from wenzhai.extractors.reading import Reading
from wenzhai.extractors.term_selection import load_selection
from wenzhai.extractors.train_terms import Judged, bare, best_threshold, read_example

from .examples import Read, make_article

METHODS = (("流式细胞术", "flow cytometry"), ("免疫组化", "immunohistochemistry"), ("月光回波分析", "moonlight echo"))


def gold_row(number: int) -> dict[str, Any]:
    words, name = METHODS[number % len(METHODS)]
    return {
        "id": f"tiny-{number}",
        "url": "",
        "account": f"账号{number % 4}",
        "title": f"第{number}篇",
        "kind": "paper_digest",
        "sentences": [
            f"第{number}天，河边有雾。",
            f"研究采用{words}完成，并用Seurat分析。",
            "Western blot和GEO不在此列。",
        ],
        "boilerplate": [],
        "methods": [{"name": name, "mentions": [words]}],
        "tools": [{"name": "Seurat", "mentions": ["Seurat"]}],
    }


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "tiny.jsonl"
    rows = [json.dumps(gold_row(number), ensure_ascii=False) for number in range(12)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_same_gold_gives_the_same_files(gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        pieces, selection = folder / "pieces.npz", folder / "selection.json"
        arguments = ["train_terms", str(gold), "--pieces", str(pieces), "--selection", str(selection)]
        monkeypatch.setattr("sys.argv", arguments)
        train_terms.main()
    assert (first / "selection.json").read_text() == (second / "selection.json").read_text()
    assert set(load_selection(first / "selection.json")) == {"method", "tool"}
    assert len(load_piece_tagger(first / "pieces.npz").buckets) > 0


def test_articles_without_text_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    row = {**gold_row(0), "sentences": [], "title": " "}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert list(train_terms.read_examples([path], lexicons=None)) == []


def test_pieces_are_labelled_by_the_longest_mention() -> None:
    row = {**gold_row(0), "methods": [{"name": "a", "mentions": ["月光", "月光回波法"]}], "tools": []}
    reading = Reading(article=make_article("用月光回波法看月光。"))
    states = read_example(reading, row).states["method"]
    labelled = [
        (reading.plain_text[start], int(state))
        for start, state in zip(read_pieces(reading).starts, states, strict=True)
        if state
    ]
    assert labelled == [
        *zip("月光回波法", (BEGINS, GOES_ON, GOES_ON, GOES_ON, GOES_ON), strict=True),
        *zip("月光", (BEGINS, GOES_ON), strict=True),
    ]


def test_a_mention_is_no_part_of_a_longer_word() -> None:
    row = {**gold_row(0), "methods": [{"name": "a", "mentions": ["PCA"]}], "tools": []}
    states = read_example(Reading(article=make_article("PCAP，PCAs，PCA图")), row).states["method"]
    assert int((states > 0).sum()) == 2


def test_candidates_are_judged_by_the_names_of_the_gold(read_terms: Read) -> None:
    example = read_example(read_terms("研究采用流式细胞术和免疫组化。"), gold_row(0))

    tags = PieceTags(softmax(np.zeros((len(example.pieces.starts), 3))))
    judged = train_terms.judged_candidates(example, "method", tags, {})
    right = {name: one.right for one in judged for name in one.names}
    assert (right["流式细胞术"], right["免疫组化"]) == (True, False)


def test_the_threshold_parts_right_from_wrong() -> None:
    right, wrong = Judged((), {"a"}, right=True), Judged((), {"b"}, right=False)
    threshold = best_threshold([[0.6, 0.4]], [[right, wrong]], [[{"a"}]])
    assert 0.4 < threshold <= 0.6


def test_names_are_compared_by_letters_and_digits() -> None:
    assert bare("RNA-Seq（ＲＮＡ）") == "rnaseqrna"
