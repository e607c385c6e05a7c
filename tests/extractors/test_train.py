"""Training: a gold file in, weights out, and the same weights every time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors import train as train_module
from wenzhai.extractors.linear_model import (
    BUCKETS,
    LinearModel,
    LinearModels,
    hash_ngrams,
    load_models,
    make_views,
    save_models,
)
from wenzhai.extractors.nlp import WEIGHTS
from wenzhai.extractors.train import fit, gold_article, train
from wenzhai.models import ArticleKind, LexiconError

NAMES = {"finding", "key", "limitation", *(f"kind.{kind}" for kind in ArticleKind)}
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
    train(gold, path)
    return path


def test_all_classifiers_are_trained(weights: Path) -> None:
    models = load_models(weights)
    assert models.keys() == NAMES
    assert all(np.isfinite(model.sparse).all() and np.isfinite(model.dense).all() for model in models.values())


def test_the_shipped_weights_have_the_same_classifiers(weights: Path) -> None:
    ours, shipped = load_models(weights), load_models(WEIGHTS)
    assert shipped.keys() == NAMES
    for name, model in ours.items():
        assert model.sparse.shape == shipped[name].sparse.shape
        assert model.dense.shape == shipped[name].dense.shape


def test_the_same_gold_gives_the_same_arrays(gold: Path, weights: Path, tmp_path: Path) -> None:
    train(gold, tmp_path / "again.npz")
    with np.load(weights) as one, np.load(tmp_path / "again.npz") as two:
        assert one.files == two.files
        for name in one.files:
            assert (one[name].dtype, one[name].tobytes()) == (two[name].dtype, two[name].tobytes()), name


def test_the_command_line(gold: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, Path]] = []
    monkeypatch.setattr(train_module, "train", lambda source, output: asked.append((source, output)))
    monkeypatch.setattr("sys.argv", ["train", str(gold), "-o", str(tmp_path / "out.npz")])
    train_module.main()
    monkeypatch.setattr("sys.argv", ["train", str(gold)])
    train_module.main()
    assert asked == [(gold, tmp_path / "out.npz"), (gold, WEIGHTS)]


def test_boilerplate_is_left_out() -> None:
    article = gold_article(gold_row(1, "paper_digest"))
    assert "点击关注" not in article.text
    assert article.text.startswith("第1天，河边有雾。\n结果显示")


def test_a_classifier_learns_words() -> None:
    texts = ["肿瘤缩小了", "肿瘤消失了", "河边有雾", "河里有鱼"] * 3
    labels = np.array([1.0, 1.0, 0.0, 0.0] * 3)
    model = fit(make_views([texts], np.zeros((12, 1))), labels, view_count=1, rarest=1)
    new = make_views([["肿瘤又小了", "雾在河上"]], np.zeros((2, 1)))
    high, low = LinearModels({"x": model}).probabilities(new)["x"]
    assert high > 0.5 > low


def test_a_classifier_learns_numbers() -> None:
    dense = np.array([[1.0], [1.0], [0.0], [0.0]])
    model = fit(make_views([["", "", "", ""]], dense), dense[:, 0], view_count=1)
    high, _, low, _ = LinearModels({"x": model}).probabilities(make_views([["", "", "", ""]], dense))["x"]
    assert high > 0.5 > low


def test_ngrams() -> None:
    assert len(hash_ngrams("")) == 0
    assert len(hash_ngrams("雾")) == 1
    assert len(hash_ngrams("河边的雾")) == 4 + 3 + 2
    assert np.array_equal(hash_ngrams("第1组"), hash_ngrams("第7组"))
    assert np.array_equal(hash_ngrams("ＩＬ"), hash_ngrams("il"))
    assert hash_ngrams("河边的雾" * 50).max() < BUCKETS


def test_saved_models_are_read_back(tmp_path: Path) -> None:
    views = make_views([["河", "雾"]], np.array([[1.0], [0.0]]))
    model = fit(views, np.array([1.0, 0.0]), view_count=1, rarest=1)
    save_models(tmp_path / "a.npz", {"kind.x": model})
    [(name, again)] = load_models(tmp_path / "a.npz").items()
    assert name == "kind.x"
    assert np.array_equal(again.sparse, model.sparse)
    assert np.array_equal(again.dense, model.dense)
    assert again.bias == model.bias


TEXT = st.text(alphabet="河边有雾１2Ａ ", max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.integers(0, 1000))
def test_questions_asked_together_are_answered_as_by_the_matrix(rows: list[tuple[str, str]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    views = make_views([[one for one, _ in rows], [two for _, two in rows]], rng.random((len(rows), 3)), word_weight=2)
    models = {
        name: LinearModel(rng.random(2 * BUCKETS).astype(np.float16), rng.random(3).astype(np.float32), bias)
        for name, bias in (("a", -1.0), ("b", 0.5))
    }
    numbers, columns, values = views.entries()
    for name, answers in LinearModels(models).probabilities(views).items():
        words = np.bincount(numbers, values * models[name].sparse[columns], minlength=len(rows))
        scores = words + views.dense @ models[name].dense + models[name].bias
        assert np.allclose(answers, 1 / (1 + np.exp(-scores)), rtol=1e-6)


def test_a_matrix_has_each_ngram_of_each_text_once() -> None:
    views = make_views([["河边河边", ""], ["", "雾"]], np.zeros((2, 1)))
    numbers, columns, values = views.entries()
    first = hash_ngrams("河边河边")
    assert numbers.tolist() == [0] * 6 + [1]
    assert columns.tolist() == [*first, BUCKETS + hash_ngrams("雾")[0]]
    assert np.allclose(values, [6**-0.5] * 6 + [1.0])


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
        load_models(path)
    assert caught.value.subject == str(path)
