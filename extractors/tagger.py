"""Tells what each sentence of an article states, and what kind of article it is, in one pass.

`network` does the arithmetic; this module makes its input of a reading and reads the trained weights. Several small
networks, trained from different beginnings, are averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from ..models import ArticleKind
from .article_features import ARTICLE_FEATURES, article_features
from .network import EMBEDDING, Batch, Floats32, Parameters, run, stack_networks
from .ngrams import BUCKETS, Bags, Integers, hash_ngrams
from .reading import Reading, Sentence
from .row_sums import sum_rows, with_empty_row
from .sentence_features import SENTENCE_FEATURES, sentence_features
from .weight_files import rounded_to_bytes, unreadable_weights

Floats = npt.NDArray[np.float64]

KINDS = (ArticleKind.PAPER_DIGEST, ArticleKind.MULTI_PAPER_DIGEST, ArticleKind.TUTORIAL, ArticleKind.OTHER)


@dataclass(frozen=True)
class TaggerInput:
    """One article as the tagger sees it.

    Attributes:
        bags: the n-grams of the sentences, then of the distinct headings, then of the title.
        heading_of: for each sentence the number of its heading among the distinct ones.
        dense: shape (sentences, SENTENCE_FEATURES).
        article: shape (ARTICLE_FEATURES,).
    """

    bags: Bags
    heading_of: Integers
    dense: Floats
    article: Floats

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.heading_of)


@dataclass(frozen=True)
class Tags:
    """Probabilities of what the sentences are, in the order of the sentences, and of what the article is.

    Attributes:
        finding: that a sentence states a result or a conclusion.
        key: that it is one that sums the paper up, given that it states a result.
        limitation: that it states a limit of the study.
        kinds: for each of `KINDS`.
    """

    finding: Floats
    key: Floats
    limitation: Floats
    kinds: Floats


def tagged_sentences(reading: Reading) -> list[Sentence]:
    """The sentences that are tagged: all but those of the title."""
    return [sentence for sentence in reading.sentences if sentence.line.number]


def tagger_input(reading: Reading, sentences: Sequence[Sentence]) -> TaggerInput:
    """The features of an article that has been read up to its accessions."""
    headings: dict[str, int] = {}
    heading_of = [headings.setdefault(sentence.section, len(headings)) for sentence in sentences]
    bags = hash_ngrams([*(sentence.text for sentence in sentences), *headings, reading.article.title])
    words, title = bags.part(0, len(sentences)), bags.part(bags.count - 1, bags.count)
    return TaggerInput(
        bags=bags,
        heading_of=np.array(heading_of, dtype=np.int64),
        dense=sentence_features(reading, sentences, words=words, title=title),
        article=np.array(article_features(reading)),
    )


@dataclass(frozen=True)
class Scaling:
    """Mean and spread of the dense features in training, which the networks are used to."""

    dense_mean: Floats32
    dense_spread: Floats32
    article_mean: Floats32
    article_spread: Floats32

    def dense(self, values: Floats) -> Floats32:
        return np.asarray((values - self.dense_mean) / self.dense_spread, dtype=np.float32)

    def article(self, values: Floats) -> Floats32:
        return np.asarray((values - self.article_mean) / self.article_spread, dtype=np.float32)


@dataclass(frozen=True)
class Tagger:
    """Trained networks, and the table of n-gram vectors they share a gathering of.

    Attributes:
        buckets: the n-grams that have a vector, ascending.
        table: their vectors, one network's after the other's, as small integers, (n-grams, networks * EMBEDDING).
        steps: what 1 is worth in each column of the table.
        networks: the other weights of each network.
    """

    buckets: Integers
    table: npt.NDArray[np.int8]
    steps: Floats32
    scaling: Scaling
    networks: tuple[Parameters, ...]

    def __post_init__(self) -> None:
        rows = np.full(BUCKETS, -1, dtype=np.int32)
        rows[self.buckets] = np.arange(len(self.buckets))
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_table", with_empty_row(self.table))
        object.__setattr__(self, "_stacked", stack_networks(self.networks))

    def tag(self, features: TaggerInput) -> Tags:
        """What the sentences of one article are, and what the article is."""
        count = features.count
        if not count:
            nothing = np.zeros(0)
            return Tags(nothing, nothing, nothing, np.array([0.0, 0.0, 0.0, 1.0]))
        vectors = self._vectors(features.bags)
        number = len(self.networks)
        own = np.ascontiguousarray(vectors.reshape(len(vectors), number, EMBEDDING).transpose(1, 0, 2))
        batch = Batch(
            words=own[:, :count],
            headings=own[:, count:-1][:, features.heading_of],
            titles=own[:, -1:],
            dense=_repeated(self.scaling.dense(features.dense), number),
            articles=_repeated(self.scaling.article(features.article)[None], number),
            lengths=np.array([count]),
        )
        scores, kind_scores, _ = run(self._stacked, batch)  # type: ignore[attr-defined]  # a frozen class's own
        labels, kinds = logistic(scores).sum(axis=0) / number, softmax(kind_scores).sum(axis=0)[0] / number
        return Tags(labels[:, 0], labels[:, 1], labels[:, 2], kinds)

    def _vectors(self, bags: Bags) -> Floats32:
        """The sum of the vectors of each text's n-grams, over the root of how many there are."""
        rows: npt.NDArray[np.int32] = self._rows[bags.buckets]  # type: ignore[attr-defined]  # a frozen class's own
        known = rows >= 0
        owners = bags.owners[known]
        table: npt.NDArray[np.int8] = self._table  # type: ignore[attr-defined]
        sums = sum_rows(table, rows=rows[known], owners=owners, count=bags.count).astype(np.float32)
        sizes = np.bincount(owners, minlength=bags.count)
        return np.asarray(sums * self.steps / np.sqrt(np.maximum(sizes, 1))[:, None], dtype=np.float32)


def _repeated(values: Floats32, number: int) -> Floats32:
    """The same for each of several networks, as a view."""
    return np.broadcast_to(values, (number, *values.shape))


def logistic(scores: Floats32) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores.astype(np.float64), -30, 30))))


def softmax(scores: Floats32) -> Floats:
    raised = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def make_tagger(buckets: Integers, scaling: Scaling, networks: Sequence[Parameters]) -> Tagger:
    """A tagger of trained networks, each with its n-gram vectors as ``embedding``, which are rounded to bytes.

    The rounding moves a vector by about a hundredth of the vectors' spread, and makes the file four times smaller.
    """
    table = np.hstack([weights["embedding"] for weights in networks])
    rounded, steps = rounded_to_bytes(table)
    rest = tuple({name: values for name, values in weights.items() if name != "embedding"} for weights in networks)
    return Tagger(buckets, rounded, steps, scaling, rest)


def save_tagger(path: Path, tagger: Tagger) -> None:
    """Writes a tagger to one compressed file of plain arrays (no pickles)."""
    scaling = {f"scaling.{name}": values for name, values in vars(tagger.scaling).items()}
    weights = {
        f"network.{number}.{name}": values.astype(np.float16)
        for number, network in enumerate(tagger.networks)
        for name, values in network.items()
    }
    table = {"buckets": tagger.buckets.astype(np.int32), "table": tagger.table, "steps": tagger.steps}
    arrays: dict[str, Any] = {**table, **scaling, **weights}
    np.savez_compressed(path, **arrays)


def load_tagger(path: Path) -> Tagger:
    """Reads what `save_tagger` wrote.

    Raises:
        LexiconError: the file is missing, is not such a file, or is of another version of the features.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            scaling = Scaling(*(arrays[f"scaling.{name}"] for name in Scaling.__dataclass_fields__))
            networks: dict[int, Parameters] = {}
            for name in arrays.files:
                if name.startswith("network."):
                    _, number, part = name.split(".")
                    networks.setdefault(int(number), {})[part] = arrays[name].astype(np.float32)
            ordered = tuple(networks[number] for number in sorted(networks))
            tagger = Tagger(arrays["buckets"].astype(np.int64), arrays["table"], arrays["steps"], scaling, ordered)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise unreadable_weights(path) from error
    if (len(scaling.dense_mean), len(scaling.article_mean)) != (SENTENCE_FEATURES, ARTICLE_FEATURES):
        raise unreadable_weights(path)
    return tagger
