"""The sentence tagger: its arithmetic, its gradient, its input and its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.article_features import ARTICLE_FEATURES, REVIEW_FEATURES, review_features
from wenzhai.extractors.network import (
    ARTICLE,
    EMBEDDING,
    HIDDEN,
    KIND_COUNT,
    SENTENCE_LABELS,
    TOP,
    Batch,
    Parameters,
    run,
    stack_networks,
)
from wenzhai.extractors.ngrams import BUCKETS, Bags, hash_ngrams
from wenzhai.extractors.sentence_features import SENTENCE_FEATURES
from wenzhai.extractors.tagger import (
    KINDS,
    Scaling,
    TaggerInput,
    load_tagger,
    make_tagger,
    save_tagger,
    tagged_sentences,
    tagger_input,
)
from wenzhai.extractors.tagger_training import TaggedExample, backward, train_tagger
from wenzhai.models import ArticleKind, LexiconError

from .examples import Read, heading

DENSE, DOCUMENT = 3, 2
SENTENCES = ("敲低STAT3后肿瘤缩小了。", "河边有雾，人们很早就起来了。", "样本量较小。")


def random_weights(seed: int, *, dense: int = DENSE, document: int = DOCUMENT) -> Parameters:
    random = np.random.default_rng(seed)
    shapes = {
        "enter": (2 * EMBEDDING + dense, HIDDEN),
        "window0": (3 * HIDDEN, HIDDEN),
        "window1": (3 * HIDDEN, HIDDEN),
        "window2": (3 * HIDDEN, HIDDEN),
        "article": (2 * HIDDEN + EMBEDDING + document, ARTICLE),
        "top": (HIDDEN + ARTICLE, TOP),
        "labels": (TOP, len(SENTENCE_LABELS)),
        "kinds": (ARTICLE, KIND_COUNT),
    }
    weights = {}
    for name, shape in shapes.items():
        weights[name] = random.standard_normal(shape) / np.sqrt(shape[0])
        weights[f"{name}_bias"] = random.standard_normal(shape[1]) * 0.1
    return weights


def random_batch(seed: int, *lengths: int) -> Batch:
    random = np.random.default_rng(seed)
    count = sum(lengths)
    return Batch(
        words=random.standard_normal((count, EMBEDDING)),
        headings=random.standard_normal((count, EMBEDDING)),
        titles=random.standard_normal((len(lengths), EMBEDDING)),
        dense=random.standard_normal((count, DENSE)),
        articles=random.standard_normal((len(lengths), DOCUMENT)),
        lengths=np.array(lengths),
    )


def one_of(batch: Batch, number: int) -> Batch:
    end = int(batch.lengths[: number + 1].sum())
    own = slice(end - int(batch.lengths[number]), end)
    return Batch(
        batch.words[own],
        batch.headings[own],
        batch.titles[number : number + 1],
        batch.dense[own],
        batch.articles[number : number + 1],
        batch.lengths[number : number + 1],
    )


def test_articles_of_a_batch_do_not_see_one_another() -> None:
    weights, batch = random_weights(1), random_batch(2, 1, 5, 9)
    labels, kinds, _ = run(weights, batch)
    alone = [run(weights, one_of(batch, number)) for number in range(3)]
    assert np.allclose(labels, np.concatenate([part[0] for part in alone]))
    assert np.allclose(kinds, np.concatenate([part[1] for part in alone]))


def test_networks_at_once_score_as_each_by_itself() -> None:
    networks = [random_weights(seed) for seed in (1, 2, 3)]
    batch = random_batch(4, 6)
    repeated = {name: np.stack([values] * 3) for name, values in vars(batch).items() if name != "lengths"}
    labels, kinds, _ = run(stack_networks(networks), Batch(**repeated, lengths=batch.lengths))
    for number, weights in enumerate(networks):
        own_labels, own_kinds, _ = run(weights, batch)
        assert np.array_equal(labels[number], own_labels)
        assert np.array_equal(kinds[number], own_kinds)


def test_a_sentence_sees_its_neighbours() -> None:
    weights, batch = random_weights(1), random_batch(2, 6)
    before, _, _ = run(weights, batch)
    batch.words[1] += 1
    after, _, _ = run(weights, batch)
    assert (np.abs(after - before).max(axis=1) > 1e-6).all()


def test_the_gradient_is_the_slope() -> None:
    """Against differences: every weight, and the n-gram sums."""
    weights, batch = random_weights(3), random_batch(4, 2, 7)
    random = np.random.default_rng(5)
    labels, kinds, trace = run(weights, batch)
    slopes = random.standard_normal(labels.shape), random.standard_normal(kinds.shape)
    gradient = backward(weights, batch, trace, labels=slopes[0], kinds=slopes[1])

    def cost() -> float:
        scores, kind_scores, _ = run(weights, batch)
        return float((scores * slopes[0]).sum() + (kind_scores * slopes[1]).sum())

    for name, values in {**weights, "words": batch.words, "headings": batch.headings, "titles": batch.titles}.items():
        place = np.unravel_index(np.abs(gradient[name]).argmax(), values.shape)
        kept = values[place]
        values[place] = kept + 1e-6
        above = cost()
        values[place] = kept - 1e-6
        below = cost()
        values[place] = kept
        assert gradient[name][place] == pytest.approx((above - below) / 2e-6, rel=1e-3), name


def words_of(text: str) -> list[int]:
    return hash_ngrams([text]).buckets.tolist()


def test_ngrams() -> None:
    assert words_of("") == []
    assert len(words_of("雾")) == 1
    assert len(words_of("河边的雾")) == 4 + 3 + 2
    assert words_of("第1组") == words_of("第7组")
    assert words_of("ＩＬ") == words_of("il")
    assert max(words_of("河边的雾" * 50)) < BUCKETS


@given(st.lists(st.text(max_size=12), max_size=6))
def test_ngrams_of_several_texts_are_those_of_each(texts: list[str]) -> None:
    bags = hash_ngrams(texts)
    assert bags.count == len(texts)
    for number, text in enumerate(texts):
        assert bags.part(number, number + 1).buckets.tolist() == words_of(text)
    assert bags.sizes.tolist() == [len(words_of(text)) for text in texts]


def example(*texts: str, labels: list[int], kind: int = 0) -> TaggedExample:
    """An article whose only features are its words."""
    count = len(texts)
    return TaggedExample(
        features=TaggerInput(
            bags=hash_ngrams([*texts, "结果", "雾"]),
            heading_of=np.zeros(count, dtype=np.int64),
            dense=np.zeros((count, SENTENCE_FEATURES)),
            article=np.zeros(ARTICLE_FEATURES),
        ),
        labels=np.array([[float(label), 0.0, 0.0, 0.0] for label in labels]),
        kind=kind,
    )


def test_words_and_kinds_are_learned() -> None:
    digests = [example("肿瘤缩小了", "河边有雾", "肿瘤又消失了", labels=[1, 0, 1])] * 8
    others = [example("河里有鱼", "桥上有人", labels=[0, 0], kind=3)] * 8
    tagger = train_tagger([*digests, *others], networks=1, passes=40)
    tags = tagger.tag(digests[0].features)
    assert tags.finding[0] > 0.5 > tags.finding[1]
    assert KINDS[tags.kinds.argmax()] is ArticleKind.PAPER_DIGEST
    assert KINDS[tagger.tag(others[0].features).kinds.argmax()] is ArticleKind.OTHER


def test_the_average_of_networks_survives_the_file(tmp_path: Path) -> None:
    first, second = (train_tagger([example(*SENTENCES, labels=[1, 0, 0])], networks=n, passes=2) for n in (1, 2))
    features = example(*SENTENCES, "从没见过的字：龘靐", labels=[0, 0, 0, 0]).features
    assert not np.allclose(first.tag(features).finding, second.tag(features).finding)
    save_tagger(tmp_path / "a.npz", second)
    again = load_tagger(tmp_path / "a.npz").tag(features)
    assert np.allclose(again.finding, second.tag(features).finding, atol=2e-3)
    assert again.kinds.sum() == pytest.approx(1)


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    three, two = np.ones(3, dtype=np.float32), np.ones(2, dtype=np.float32)
    weights = {"embedding": np.zeros((0, EMBEDDING), dtype=np.float32), **random_weights(1)}
    save_tagger(
        tmp_path / "a.npz", make_tagger(np.zeros(0, dtype=np.int64), Scaling(three, three, two, two), [weights])
    )
    with pytest.raises(LexiconError, match="weights cannot be read"):
        load_tagger(tmp_path / "a.npz")


def test_the_input_of_an_article(read: Read) -> None:
    reading = read(heading("结果"), *SENTENCES[:2], heading("不足"), SENTENCES[2], title="STAT3与雾")
    sentences = tagged_sentences(reading)
    features = tagger_input(reading, sentences)
    assert [sentence.text for sentence in sentences] == ["结果", *SENTENCES[:2], "不足", SENTENCES[2]]
    assert features.heading_of.tolist() == [0, 0, 0, 1, 1]
    assert features.bags.count == len(sentences) + 2 + 1
    assert features.dense.shape == (len(sentences), SENTENCE_FEATURES)
    assert features.article.shape == (ARTICLE_FEATURES,)
    assert np.isfinite(features.dense).all()
    assert features.bags.part(7, 8).buckets.tolist() == words_of("STAT3与雾")


def test_an_article_without_sentences(read: Read) -> None:
    reading = read()
    features = tagger_input(reading, tagged_sentences(reading))
    tagger = train_tagger([example(*SENTENCES, labels=[1, 0, 0])], networks=1, passes=1)
    tags = tagger.tag(features)
    assert len(tags.finding) == 0
    assert KINDS[tags.kinds.argmax()] is ArticleKind.OTHER
    assert isinstance(features.bags, Bags)


def test_many_texts_are_hashed_as_few() -> None:
    """More texts than a number of 32 bits has room for beside the n-gram."""
    texts = ["转录", *[""] * (1 << 14), "转录"]
    bags = hash_ngrams(texts)
    assert bags.sizes.tolist() == [3, *[0] * (1 << 14), 3]
    assert bags.part(len(texts) - 1, len(texts)).buckets.tolist() == words_of("转录")


def test_each_sentence_is_told_of_a_review(read: Read) -> None:
    review = read(heading("导读"), "这篇Review总结了食管的免疫细胞。", title="Nat Rev Immunol综述：食管的免疫")
    report = read(heading("导读"), "敲低STAT3后肿瘤缩小了。", title="STAT3与肿瘤")
    assert review_features(review) == [1.0, 0.5, 1 / 3]
    assert review_features(report) == [0.0, 0.0, 0.0]
    dense = tagger_input(review, tagged_sentences(review)).dense
    assert dense[:, -REVIEW_FEATURES:].tolist() == [review_features(review)] * 2
