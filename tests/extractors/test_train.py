"""Training: a gold file in, weights out, and the same weights every time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language
from wenzhai.extractors import train as train_module
from wenzhai.extractors.nlp import WEIGHTS
from wenzhai.extractors.tagger import Tagger, load_tagger
from wenzhai.extractors.train import gold_article, read_examples, train
from wenzhai.models import BlockKind, LexiconError

RESULTS = (
    "结果显示，第{}组小鼠的肿瘤缩小了一半。",
    "敲低STAT3后，第{}组的生存期显著延长。",
    "第{}组的炎症评分明显降低。",
)


def gold_row(number: int, kind: str) -> dict[str, object]:
    digest = kind.endswith("digest")
    results = (
        [text.format(number) for text in RESULTS] if digest else ["先安装需要的包。", "再运行代码。", "最后保存图片。"]
    )
    sentences = ["点击关注我们", f"第{number}天，河边有雾。", *results, "样本量较小，有待更大的队列验证。"]
    return {
        "id": f"tiny-{number}",
        "url": "",
        "account": "青石读书",
        "title": f"第{number}篇",
        "kind": kind,
        "sentences": sentences,
        "findings": [3, 4, 5] if digest else [],
        "key_findings": [4] if digest else [],
        "limitations": [6] if digest else [],
        "boilerplate": [1],
    }


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kinds = ["paper_digest", "tutorial", "multi_paper_digest", "other", "paper_digest", "paper_digest"]
    path = tmp_path_factory.mktemp("gold") / "tiny.jsonl"
    rows = [json.dumps(gold_row(number, kind), ensure_ascii=False) for number, kind in enumerate(kinds)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def weights(gold: Path) -> Path:
    path = gold.with_name("weights.npz")
    train(gold, path, networks=2, passes=3)
    return path


def shapes(tagger: Tagger) -> dict[str, tuple[int, ...]]:
    assert len({tuple(sorted(network)) for network in tagger.networks}) == 1
    return {name: values.shape for name, values in tagger.networks[0].items()}


def test_the_shipped_weights_are_of_the_same_shapes(weights: Path) -> None:
    assert shapes(load_tagger(WEIGHTS)) == shapes(load_tagger(weights))


def test_the_shipped_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < 10_000_000


def test_the_same_gold_gives_the_same_arrays(gold: Path, weights: Path, tmp_path: Path) -> None:
    train(gold, tmp_path / "again.npz", networks=2, passes=3)
    with np.load(weights) as one, np.load(tmp_path / "again.npz") as two:
        assert one.files == two.files
        for name in one.files:
            assert (one[name].dtype, one[name].tobytes()) == (two[name].dtype, two[name].tobytes()), name


def test_the_command_line(gold: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, Path]] = []
    monkeypatch.setattr(train_module, "train", lambda source, output, **_: asked.append((source, output)))
    monkeypatch.setattr("sys.argv", ["train", str(gold), "-o", str(tmp_path / "out.npz")])
    train_module.main()
    monkeypatch.setattr("sys.argv", ["train", str(gold)])
    train_module.main()
    assert asked == [(gold, tmp_path / "out.npz"), (gold, WEIGHTS)]


def test_boilerplate_is_left_out() -> None:
    article = gold_article(gold_row(1, "paper_digest"))
    assert "点击关注" not in article.text
    assert article.text.startswith("第1天，河边有雾。\n结果显示")


def test_blocks_are_the_article_as_harvested() -> None:
    blocks = [
        {"kind": "heading", "text": "研究结果", "level": 2, "promotion": "", "links": [], "bold": True},
        {"kind": "paragraph", "text": "点击关注我们", "promotion": "follow_prompt"},
    ]
    article = gold_article({**gold_row(1, "paper_digest"), "blocks": blocks})
    assert [(block.kind, block.bold) for block in article.blocks] == [
        (BlockKind.HEADING, True),
        (BlockKind.PARAGRAPH, False),
    ]
    assert article.text == "研究结果"


def test_labels_are_found_again_in_sentences_cut_otherwise(tmp_path: Path, nlp: Language) -> None:
    row = {
        **gold_row(1, "paper_digest"),
        "sentences": ["雾里的小鼠变瘦了。", "结果一样。", "结果一样。", "河边的人都说，", "肿瘤缩小了一半。"],
        "findings": [3, 5],
        "key_findings": [],
        "limitations": [],
        "boilerplate": [],
        "blocks": [
            {"kind": "paragraph", "text": "雾里的小鼠变瘦了。结果 一样。结果一样。"},
            {"kind": "paragraph", "text": "河边的人都说，肿瘤缩小了一半。"},
        ],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    [example] = read_examples(path, nlp)
    assert example.labels[:, 0].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"not a zip file",
        b"",
        b"PK\x03\x04broken",
        pytest.param(WEIGHTS.read_bytes()[:-1000], id="cut off"),
    ],
)
def test_weights_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LexiconError, match="weights cannot be read") as caught:
        load_tagger(path)
    assert caught.value.subject == str(path)
