"""Trains the networks of the tagger: gradients by hand, Adam, dropout. Needs SciPy; the same examples and seed give
the same weights.

All labels train one network, so that the many findings help to tell the few limitations: what is learned of words
and of the parts of an article serves them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .network import (
    ARTICLE,
    DISTANCES,
    EMBEDDING,
    HIDDEN,
    KIND_COUNT,
    SENTENCE_LABELS,
    TOP,
    Batch,
    Floats32,
    Parameters,
    Trace,
    run,
)
from .ngrams import BUCKETS, Bags, Integers
from .tagger import Floats, Scaling, Tagger, TaggerInput, logistic, make_tagger, softmax

# By cross-validation over articles of unseen accounts: 6 and 10 passes are too few (findings F1 .72 and .75), 20 gave
# .80. N-gram vectors that change five times as fast as the rest need 10 for that, but tell kinds worse (.82, not .84).
PASSES = 20
RATE = 2e-3
_DECAY = 0.02
_BATCH = 8
_DROPOUT = 0.3
_WORD_DROPOUT = 0.2
# What an error costs: key only among findings; limitations are rare, promotion is mostly gone before.
_COSTS = {"finding": 1.0, "key": 1.0, "limitation": 2.0, "promotion": 0.3}
_KIND_COST = 0.5
# Before anything is learned, log odds of about how frequent the labels are.
_PRIORS = (-1.0, -3.0, -5.0, -2.0)
_RAREST_SHARE = 2500  # n-grams that are in fewer than one of so many sentences get no vector


@dataclass(frozen=True)
class TaggedExample:
    """An article for training.

    Attributes:
        labels: 0 or 1, shape (sentences, SENTENCE_LABELS).
        kind: the number of its kind in `tagger.KINDS`.
        weight: what its sentences count beside others'; 0 where only its kind is known.
    """

    features: TaggerInput
    labels: Floats
    kind: int
    weight: float = 1.0


@dataclass(frozen=True)
class _Prepared:
    """Examples as matrices, made once."""

    examples: Sequence[TaggedExample]
    buckets: Integers
    scaling: Scaling
    words: list[sparse.csr_matrix]
    headings: list[sparse.csr_matrix]
    titles: list[sparse.csr_matrix]
    dense: list[Floats32]
    articles: Floats32


def train_tagger(
    examples: Sequence[TaggedExample], *, networks: int = 3, passes: int = PASSES, processes: int = 1
) -> Tagger:
    """A tagger of several networks, which differ only in their random beginnings.

    Args:
        examples: articles with at least one sentence each.
        passes: how many times each example is seen.
        processes: how many networks are trained at the same time; the result is the same.
    """
    prepared = _prepare(examples)
    train_one = partial(_train_network, prepared, passes)
    if processes == 1:
        trained = [train_one(seed) for seed in range(networks)]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            trained = list(pool.map(train_one, range(networks)))
    return make_tagger(prepared.buckets, prepared.scaling, trained)


def _train_network(prepared: _Prepared, passes: int, seed: int) -> Parameters:
    return _Network(prepared, seed=seed).train(passes)


def _prepare(examples: Sequence[TaggedExample]) -> _Prepared:
    labelled = [example for example in examples if example.weight]
    sentences = sum(example.features.count for example in labelled)
    frequency = np.zeros(BUCKETS, dtype=np.int64)
    for example in labelled:
        words = example.features.bags.part(0, example.features.count)
        frequency += np.bincount(words.buckets, minlength=BUCKETS)
    buckets = np.flatnonzero(frequency >= max(sentences // _RAREST_SHARE, 2))
    dense = np.concatenate([example.features.dense for example in examples])
    articles = np.stack([example.features.article for example in examples])
    scaling = Scaling(*(_float32(v) for a in (dense, articles) for v in (a.mean(axis=0), a.std(axis=0) + 1e-3)))
    rows = np.full(BUCKETS, -1, dtype=np.int64)
    rows[buckets] = np.arange(len(buckets))
    matrices = [_matrix(example.features.bags, rows, width=len(buckets)) for example in examples]
    counts = [example.features.count for example in examples]
    return _Prepared(
        examples=examples,
        buckets=buckets,
        scaling=scaling,
        words=[matrix[:count] for matrix, count in zip(matrices, counts, strict=True)],
        headings=[
            matrix[count + example.features.heading_of]
            for matrix, count, example in zip(matrices, counts, examples, strict=True)
        ],
        titles=[matrix[-1:] for matrix in matrices],
        dense=[scaling.dense(example.features.dense) for example in examples],
        articles=scaling.article(articles),
    )


def _matrix(bags: Bags, rows: Integers, *, width: int) -> sparse.csr_matrix:
    known = bags.keep(rows[bags.buckets] >= 0)
    sizes = known.sizes
    values = _float32(1 / np.sqrt(np.maximum(sizes, 1)))[known.owners]
    borders = np.concatenate([[0], np.cumsum(sizes)])
    return sparse.csr_matrix((values, rows[known.buckets], borders), shape=(bags.count, width), dtype=np.float32)


class _Network:
    """One network in training."""

    def __init__(self, prepared: _Prepared, *, seed: int) -> None:
        self.prepared = prepared
        self.random = np.random.default_rng(seed)
        self.weights = self._beginning()
        self.means = {name: np.zeros_like(values) for name, values in self.weights.items()}
        self.squares = {name: np.zeros_like(values) for name, values in self.weights.items()}
        self.steps = 0

    def _beginning(self) -> Parameters:
        entering = 2 * EMBEDDING + self.prepared.dense[0].shape[1]
        pooled = 2 * HIDDEN + EMBEDDING + self.prepared.articles.shape[1]
        shapes = {
            "enter": (entering, HIDDEN, 2.0),
            **{f"window{number}": (3 * HIDDEN, HIDDEN, 1.0) for number in range(len(DISTANCES))},
            "article": (pooled, ARTICLE, 2.0),
            "top": (HIDDEN + ARTICLE, TOP, 2.0),
            "labels": (TOP, len(SENTENCE_LABELS), 0.25),
            "kinds": (ARTICLE, KIND_COUNT, 1.0),
        }
        weights = {"embedding": _float32(self.random.standard_normal((len(self.prepared.buckets), EMBEDDING)) * 0.1)}
        for name, (inputs, outputs, gain) in shapes.items():
            weights[name] = _float32(self.random.standard_normal((inputs, outputs)) * np.sqrt(gain / inputs))
            weights[f"{name}_bias"] = np.zeros(outputs, dtype=np.float32)
        weights["labels_bias"] = np.array(_PRIORS, dtype=np.float32)
        return weights

    def train(self, passes: int) -> Parameters:
        order = np.arange(len(self.prepared.examples))
        total = passes * -(-len(order) // _BATCH)
        for _ in range(passes):
            self.random.shuffle(order)
            for start in range(0, len(order), _BATCH):
                done = (self.steps + 1) / total
                rate = RATE * min(1.0, done / 0.1) * (1 - done) ** 0.7  # warms up, then cools down
                self._step(order[start : start + _BATCH], rate=max(rate, 1e-5))
        return self.weights

    def _step(self, chosen: Integers, *, rate: float) -> None:
        examples = [self.prepared.examples[index] for index in chosen]
        words, headings, titles = (
            self._blurred(sparse.vstack([part[index] for index in chosen]).tocsr())
            for part in (self.prepared.words, self.prepared.headings, self.prepared.titles)
        )
        embedding = self.weights["embedding"]
        batch = Batch(
            words=words @ embedding,
            headings=headings @ embedding,
            titles=titles @ embedding,
            dense=np.concatenate([self.prepared.dense[index] for index in chosen]),
            articles=self.prepared.articles[chosen],
            lengths=np.array([example.features.count for example in examples]),
        )
        labels, kinds, trace = run(self.weights, batch, self._dropout)
        gradients = backward(
            self.weights, batch, trace, labels=_label_slope(labels, examples), kinds=_kind_slope(kinds, examples)
        )
        self.steps += 1
        for name in self.weights:
            if name != "embedding":
                self._update(name, slice(None), gradients[name], rate=rate)
        stacked = sparse.vstack([words, headings, titles]).tocsr()
        slopes = np.vstack([gradients["words"], gradients["headings"], gradients["titles"]])
        touched = np.unique(stacked.indices)
        self._update("embedding", touched, stacked[:, touched].T @ slopes, rate=rate)

    def _blurred(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        """Without some of the n-grams, so that no single one is relied upon."""
        kept = self.random.random(len(matrix.data)) > _WORD_DROPOUT
        matrix.data = _float32(matrix.data * kept / (1 - _WORD_DROPOUT))
        return matrix

    def _dropout(self, place: str, values: Floats32) -> Floats32:
        share = _DROPOUT / 2 if place == "entered" else _DROPOUT
        return _float32((self.random.random(values.shape, dtype=np.float32) > share) / (1 - share))

    def _update(self, name: str, rows: Integers | slice, gradient: Floats32, *, rate: float) -> None:
        """Adam; of the n-gram vectors only those of this step's sentences change."""
        values, mean, square = self.weights[name], self.means[name], self.squares[name]
        mean[rows] = 0.9 * mean[rows] + 0.1 * gradient
        square[rows] = 0.99 * square[rows] + 0.01 * gradient**2
        first, second = 1 - 0.9**self.steps, 1 - 0.99**self.steps
        values[rows] -= _float32(rate * (mean[rows] / first) / (np.sqrt(square[rows] / second) + 1e-6))
        if name != "embedding" and values.ndim == 2:
            values *= np.float32(1 - rate * _DECAY)


def _label_slope(scores: Floats32, examples: Sequence[TaggedExample]) -> Floats32:
    """How the cost changes with each score."""
    wanted = np.concatenate([example.labels for example in examples])
    weights = np.repeat([example.weight for example in examples], [len(example.labels) for example in examples])
    slope = (logistic(scores) - wanted) * weights[:, None] * np.array([_COSTS[name] for name in SENTENCE_LABELS])
    slope[:, 1] *= wanted[:, 0]
    return _float32(slope / max(np.count_nonzero(weights), 1))


def _kind_slope(scores: Floats32, examples: Sequence[TaggedExample]) -> Floats32:
    wanted = np.eye(KIND_COUNT)[[example.kind for example in examples]]
    return _float32((softmax(scores) - wanted) * _KIND_COST / len(examples))


def backward(weights: Parameters, batch: Batch, trace: Trace, *, labels: Floats32, kinds: Floats32) -> Parameters:
    """The gradient of everything `run` used, from the slopes of its two outputs.

    Returns:
        One array for each weight, and ``words``, ``headings`` and ``titles`` for the batch's own.
    """
    masks, slopes = trace.masks, Parameters()
    starts = np.cumsum(batch.lengths) - batch.lengths

    def through(name: str, entered: Floats32, slope: Floats32) -> Floats32:
        slopes[name], slopes[f"{name}_bias"] = entered.T @ slope, slope.sum(axis=0)
        return _float32(slope @ weights[name].T)

    top = _masked(through("labels", _masked(trace.top, masks["top"]), labels), masks["top"]) * (trace.top > 0)
    joined = through("top", trace.joined, top)
    hidden = joined[:, :HIDDEN].copy()
    summary = np.add.reduceat(joined[:, HIDDEN:], starts) + through("kinds", trace.summary, kinds)
    pooled = _masked(through("article", trace.pooled, summary * (trace.summary > 0)), masks["pooled"])
    mean, maximum = pooled[:, :HIDDEN] / batch.lengths[:, None].astype(np.float32), pooled[:, HIDDEN : 2 * HIDDEN]
    greatest = trace.last == trace.maximum[trace.owners]
    hidden = _float32(hidden + mean[trace.owners] + np.where(greatest, maximum[trace.owners], np.float32(0)))
    for number, layer in reversed(list(enumerate(trace.layers))):
        name = f"window{number}"
        window = through(name, layer.window, _masked(hidden, masks[name]) * (layer.activated > 0))
        hidden = hidden + window[:, HIDDEN : 2 * HIDDEN]
        hidden[layer.before.rows] += window[layer.before.has, :HIDDEN]
        hidden[layer.after.rows] += window[layer.after.has, 2 * HIDDEN :]
    first = masks["first"]
    entered_slope = _masked(hidden, first) * (trace.first > 0)
    entered = _masked(through("enter", trace.entered, entered_slope), masks["entered"])
    slopes["words"], slopes["headings"] = entered[:, :EMBEDDING], entered[:, EMBEDDING : 2 * EMBEDDING]
    slopes["titles"] = pooled[:, 2 * HIDDEN : 2 * HIDDEN + EMBEDDING]
    return slopes


def _masked(values: Floats32, mask: Floats32 | None) -> Floats32:
    return values if mask is None else values * mask


def _float32(values: npt.ArrayLike) -> Floats32:
    return np.asarray(values, dtype=np.float32)
