"""The arithmetic of the sentence tagger: from n-gram sums and counts to scores, for several articles at once.

Each sentence is its words, its heading's words, and counts. Window layers then let it see its neighbours, one
sentence away, two, and four, so that what a sentence is can depend on the part of the article it stands in; the
mean and the maximum over the article say what the article is, and tell each sentence so. One pass, no loops over
sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .ngrams import Integers

Floats32 = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Parameters = dict[str, Floats32]

EMBEDDING, HIDDEN, ARTICLE, TOP = 32, 64, 32, 48
DISTANCES = (1, 2, 4)
# What a sentence can be, and what an article can be, in the order of the scores.
SENTENCE_LABELS = ("finding", "key", "limitation", "promotion")
KIND_COUNT = 4


@dataclass(frozen=True)
class Batch:
    """Articles one after the other.

    Each but `lengths` may have one more axis before the others, for as many networks with stacked weights.

    Attributes:
        words, headings: sums of n-gram vectors, one row a sentence, shape (sentences, EMBEDDING).
        titles: the same of the titles, one row an article.
        dense: further features of the sentences.
        articles: further features of the articles.
        lengths: how many sentences each article has; at least one.
    """

    words: Floats32
    headings: Floats32
    titles: Floats32
    dense: Floats32
    articles: Floats32
    lengths: Integers


@dataclass
class Neighbours:
    """Which rows have a neighbour at some distance in the same article, and which rows these neighbours are."""

    has: Flags
    rows: Integers


@dataclass
class Layer:
    """One window layer: what went in, what came out, and where the neighbours were."""

    window: Floats32
    activated: Floats32
    before: Neighbours
    after: Neighbours


@dataclass
class Trace:
    """What `run` computed on its way, for the gradient."""

    entered: Floats32
    first: Floats32
    layers: list[Layer]
    last: Floats32
    maximum: Floats32
    pooled: Floats32
    summary: Floats32
    joined: Floats32
    top: Floats32
    masks: dict[str, Floats32 | None]
    owners: Integers


Noise = Callable[[str, Floats32], Floats32 | None]


def no_noise(_place: str, _values: Floats32) -> None:
    """Scoring leaves everything as it is; training masks some of it (dropout)."""


def rectify(values: Floats32) -> Floats32:
    return np.maximum(values, np.float32(0))


def stack_networks(networks: Sequence[Parameters]) -> Parameters:
    """The weights of several networks with a first axis that numbers them, for `run` to score with all at once.

    Each network's scores stay the same to the last bit; three of them at once take two thirds of the time.
    """
    return {
        name: np.stack([weights[name][None] if weights[name].ndim == 1 else weights[name] for weights in networks])
        for name in (networks[0] if networks else ())
        if name != "embedding"
    }


def run(weights: Parameters, batch: Batch, noise: Noise = no_noise) -> tuple[Floats32, Floats32, Trace]:
    """Scores of the sentences (sentences, labels) and of the articles (articles, kinds), and the trace.

    Scores are log odds for the labels, and for the kinds go through a softmax.
    """
    masks: dict[str, Floats32 | None] = {}

    def masked(place: str, values: Floats32) -> Floats32:
        mask = masks[place] = noise(place, values)
        return values if mask is None else values * mask

    owners = np.repeat(np.arange(len(batch.lengths)), batch.lengths)
    ends = np.cumsum(batch.lengths)
    starts = ends - batch.lengths
    entered = masked("entered", np.concatenate([batch.words, batch.headings, batch.dense], axis=-1))
    first = rectify(entered @ weights["enter"] + weights["enter_bias"])
    hidden = masked("first", first)
    layers: list[Layer] = []
    for number, distance in enumerate(DISTANCES):
        before, after = (_neighbours(distance * sign, owners=owners, starts=starts, ends=ends) for sign in (-1, 1))
        window = np.concatenate([_taken(hidden, before), hidden, _taken(hidden, after)], axis=-1)
        activated = rectify(window @ weights[f"window{number}"] + weights[f"window{number}_bias"])
        layers.append(Layer(window, activated, before, after))
        hidden = hidden + masked(f"window{number}", activated)
    mean = np.add.reduceat(hidden, starts, axis=-2) / batch.lengths[:, None].astype(np.float32)
    maximum = np.maximum.reduceat(hidden, starts, axis=-2)
    pooled = masked("pooled", np.concatenate([mean, maximum, batch.titles, batch.articles], axis=-1))
    summary = rectify(pooled @ weights["article"] + weights["article_bias"])
    joined = np.concatenate([hidden, summary[..., owners, :]], axis=-1)
    top = rectify(joined @ weights["top"] + weights["top_bias"])
    labels = masked("top", top) @ weights["labels"] + weights["labels_bias"]
    kinds = summary @ weights["kinds"] + weights["kinds_bias"]
    return labels, kinds, Trace(entered, first, layers, hidden, maximum, pooled, summary, joined, top, masks, owners)


def _neighbours(distance: int, *, owners: Integers, starts: Integers, ends: Integers) -> Neighbours:
    rows = np.arange(len(owners)) + distance
    has = (rows >= starts[owners]) & (rows < ends[owners])
    return Neighbours(has, rows[has])


def _taken(hidden: Floats32, neighbours: Neighbours) -> Floats32:
    """The neighbour's row, zeros where there is none."""
    taken = np.zeros_like(hidden)
    taken[..., neighbours.has, :] = hidden[..., neighbours.rows, :]
    return taken
