"""A linear classifier over hashed character n-grams: small, fast, and the same everywhere.

Chinese needs no word segmentation for this: characters, bigrams and trigrams carry what a bag of words
would. All sentences of a document are scored in one vectorised pass. `extractors.train` makes the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from ..models import LexiconError
from .folding import fold

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BUCKETS = 1 << 18
# Odd multipliers of Knuth's multiplicative hashing, one for each place of the n-gram.
_MULTIPLIERS = (2654435761, 2246822519, 3266489917)
_DIGIT = ord("0")


@dataclass(frozen=True)
class Views:
    """Texts seen from several sides, as hashed n-grams: entry i of a view describes example i.

    Attributes:
        rows, columns, values: the sparse matrix of n-gram features, one view after the other.
        dense: further features, one row an example.
        count: the number of examples.
    """

    rows: Integers
    columns: Integers
    values: Floats
    dense: Floats
    count: int


def hash_ngrams(text: str) -> Integers:
    """The buckets of all 1-, 2- and 3-grams of a text, digits alike; empty for an empty text."""
    codes = np.frombuffer(fold(text).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    codes = np.where((codes >= _DIGIT) & (codes <= _DIGIT + 9), _DIGIT, codes)
    grams = []
    mixed = np.zeros_like(codes)
    for size, multiplier in enumerate(_MULTIPLIERS, 1):
        if len(codes) < size:
            break
        mixed = mixed[: len(codes) - size + 1] * 31 + codes[size - 1 :] * multiplier
        grams.append(((mixed >> 7) ^ (mixed >> 23)) % BUCKETS)
    return np.concatenate(grams) if grams else np.zeros(0, dtype=np.int64)


def make_views(views: list[list[str]], dense: Floats) -> Views:
    """Features of examples, each seen in several views (itself, its neighbour, its heading, …).

    Args:
        views: for each view one text an example; all of the same length.
        dense: shape (examples, features).
    """
    rows: list[Integers] = []
    columns: list[Integers] = []
    values: list[Floats] = []
    known: dict[str, Integers] = {}  # a sentence is also its neighbours' neighbour
    for number, texts in enumerate(views):
        for row, text in enumerate(texts):
            buckets = known.get(text)
            if buckets is None:
                buckets = known[text] = np.unique(hash_ngrams(text))
            if len(buckets):
                rows.append(np.full(len(buckets), row))
                columns.append(buckets + number * BUCKETS)
                values.append(np.full(len(buckets), 1.0 / np.sqrt(len(buckets))))
    empty: Integers = np.zeros(0, dtype=np.int64)
    return Views(
        rows=np.concatenate(rows) if rows else empty,
        columns=np.concatenate(columns) if columns else empty,
        values=np.concatenate(values) if values else empty.astype(np.float64),
        dense=dense,
        count=len(views[0]),
    )


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

    def probabilities(self, views: Views) -> Floats:
        """The probability of yes for each example, shape (examples,)."""
        return _sigmoid(self._scores(views))

    def _scores(self, views: Views) -> Floats:
        weights = self.sparse[views.columns].astype(np.float64) * views.values
        sums = np.bincount(views.rows, weights=weights, minlength=views.count)
        return np.asarray(sums + views.dense @ self.dense.astype(np.float64) + self.bias, dtype=np.float64)


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
