"""A linear classifier over hashed character n-grams: small, fast, and the same everywhere.

Chinese needs no word segmentation for this: characters, bigrams and trigrams carry what a bag of words
would. All sentences of a document are scored in one vectorised pass. `extractors.train` makes the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from ..models import LexiconError
from .folding import code_points, fold

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BUCKETS = 1 << 18
# Odd multipliers of Knuth's multiplicative hashing, one for each place of the n-gram.
_MULTIPLIERS = (2654435761, 2246822519, 3266489917)
_DIGIT = ord("0")


@dataclass(frozen=True)
class Views:
    """Examples seen from several sides, each side a text as its distinct hashed n-grams.

    Attributes:
        buckets: the n-grams of each text in ascending order, one text after the other.
        sizes: how many n-grams each text has.
        texts: shape (views, examples): the text that an example shows in a view. A sentence is also its
            neighbours' neighbour, so most texts are seen several times.
        dense: further features, one row an example.
        word_weight: how much the n-grams count beside the dense features.
    """

    buckets: Integers
    sizes: Integers
    texts: Integers
    dense: Floats
    word_weight: float = 1.0

    @property
    def text_weights(self) -> Floats:
        """What each n-gram of a text counts: all of a text together have length 1."""
        return self.word_weight / np.sqrt(np.maximum(self.sizes, 1))

    def entries(self) -> tuple[Integers, Integers, Floats]:
        """The rows, columns and values of the sparse matrix (examples, views * BUCKETS), one view after the other."""
        view_count, count = self.texts.shape
        shown = self.texts.ravel()
        sizes = self.sizes[shown]
        starts = (np.cumsum(self.sizes) - self.sizes)[shown]
        places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        columns = self.buckets[places] + np.repeat(np.arange(view_count) * BUCKETS, count).repeat(sizes)
        rows = np.tile(np.arange(count), view_count).repeat(sizes)
        return rows, columns, self.text_weights[shown].repeat(sizes)


def hash_ngrams(text: str) -> Integers:
    """The distinct buckets of all 1-, 2- and 3-grams of a text, digits alike, ascending; empty for an empty text."""
    return _hash_texts([text])[0]


def make_views(views: list[list[str]], dense: Floats, *, word_weight: float = 1.0) -> Views:
    """Features of examples, each seen in several views (itself, its neighbour, its heading, …).

    Args:
        views: for each view one text an example; all of the same length.
        dense: shape (examples, features).
        word_weight: how much the words count beside the dense features.
    """
    numbers = {text: number for number, text in enumerate(dict.fromkeys(text for texts in views for text in texts))}
    buckets, sizes = _hash_texts(list(numbers))
    shown = np.array([[numbers[text] for text in texts] for texts in views], dtype=np.int64)
    return Views(buckets, sizes, shown, dense, word_weight)


def _hash_texts(texts: list[str]) -> tuple[Integers, Integers]:
    """The distinct buckets of each text, one text after the other, and their number for each.

    All texts are hashed at once: one sentence at a time took 3.5 ms an article, this takes 0.5.
    """
    codes = code_points(fold("".join(texts))).astype(np.int64)
    codes[(codes >= _DIGIT) & (codes <= _DIGIT + 9)] = _DIGIT
    key = np.int32 if len(texts) * BUCKETS < 1 << 31 else np.int64  # half as long to sort
    owners = np.repeat(np.arange(len(texts), dtype=key), [len(text) for text in texts])
    grams = []
    mixed = np.zeros_like(codes)
    for size, multiplier in enumerate(_MULTIPLIERS, 1):
        if len(codes) < size:
            break
        mixed = mixed[: len(codes) - size + 1] * 31 + codes[size - 1 :] * multiplier
        within = owners[: len(mixed)] == owners[size - 1 :]  # not from one text into the next
        grams.append((owners[: len(mixed)] * BUCKETS + _buckets(mixed).astype(key))[within])
    keys = np.sort(np.concatenate([*grams, np.zeros(0, dtype=key)])).astype(np.int64)
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return keys % BUCKETS, np.bincount(keys // BUCKETS, minlength=len(texts))


def _buckets(mixed: Integers) -> Integers:
    return ((mixed >> 7) ^ (mixed >> 23)) & (BUCKETS - 1)


@dataclass(frozen=True)
class LinearModel:
    """Weights of one yes-or-no question.

    Attributes:
        sparse: shape (views * BUCKETS,).
        dense: shape (dense features,).
        bias: the intercept.
    """

    sparse: npt.NDArray[np.floating[Any]]
    dense: npt.NDArray[np.floating[Any]]
    bias: float


class LinearModels:
    """Several questions about the same views, answered together.

    The weights of one n-gram for all views and questions lie side by side, so that a document's 12,000 n-grams
    are looked up once and not twelve times: 0.1 ms an article for the three questions about sentences, not 1.5.
    """

    def __init__(self, models: Mapping[str, LinearModel]) -> None:
        self.names = tuple(models)
        sparse = np.stack([model.sparse.reshape(-1, BUCKETS) for model in models.values()])
        self._view_count = sparse.shape[1]
        self._sparse = np.ascontiguousarray(sparse.reshape(-1, BUCKETS).T, dtype=np.float32)
        self._dense = np.stack([model.dense for model in models.values()], axis=1).astype(np.float64)
        self._bias = np.array([model.bias for model in models.values()])

    def probabilities(self, views: Views) -> dict[str, Floats]:
        """For each question the probability of yes, shape (examples,)."""
        probabilities = _sigmoid(self._word_scores(views) + views.dense @ self._dense + self._bias)
        return {name: probabilities[:, number] for number, name in enumerate(self.names)}

    def _word_scores(self, views: Views) -> Floats:
        """What the words of each example say to each question."""
        by_text = np.zeros((len(views.sizes), self._sparse.shape[1]))
        with_words = np.flatnonzero(views.sizes)
        if len(with_words):
            starts = (np.cumsum(views.sizes) - views.sizes)[with_words]
            weights = self._sparse.take(views.buckets, axis=0)
            by_text[with_words] = np.add.reduceat(weights, starts, axis=0, dtype=np.float64)
        by_text *= views.text_weights[:, np.newaxis]
        by_view = by_text.reshape(len(views.sizes), len(self.names), self._view_count)
        scores = np.zeros((views.texts.shape[1], len(self.names)))
        for view, shown in enumerate(views.texts):
            scores += by_view[shown, :, view]
        return scores


def _sigmoid(scores: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)


def save_models(path: Path, models: dict[str, LinearModel]) -> None:
    """Writes models to one compressed file of plain arrays (no pickles)."""
    arrays: dict[str, Any] = {}
    for name, model in models.items():
        arrays[f"{name}.sparse"] = model.sparse
        arrays[f"{name}.dense"] = model.dense
        arrays[f"{name}.bias"] = np.array(model.bias)
    np.savez_compressed(path, **arrays)


def load_models(path: Path) -> dict[str, LinearModel]:
    """Reads what `save_models` wrote.

    Raises:
        LexiconError: the file is missing or is not such a file.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            names = sorted({name.rsplit(".", 1)[0] for name in arrays.files})
            return {
                name: LinearModel(arrays[f"{name}.sparse"], arrays[f"{name}.dense"], float(arrays[f"{name}.bias"]))
                for name in names
            }
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise LexiconError(
            "the trained weights cannot be read", subject=str(path), hint="install wenzhai again"
        ) from error
