"""Trains the weights of `piece_tagger`: softmax regression by AdaGrad, in batches. Needs SciPy; the same examples give
the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .network import Floats32
from .piece_features import BUCKETS
from .piece_tagger import OUTSIDE, STATES, softmax

_PASSES = 4
_RATE = 0.15
_BATCH = 8192
# A batch's gradient is counted as if it had so many pieces.
_WORTH = 64
_LEAST_GRADIENT = 0.01
# Of the pieces far from every name so large a share is learned from, and counts for the rest: they are most of a text.
_FAR_SHARE = 0.3
_FAR = 6
# Rarer features tell of single articles.
_LEAST_COUNT = 3
_OUTSIDE_BIAS = 3.0

Buckets = npt.NDArray[np.int32]
States = npt.NDArray[np.int8]


def train_states(buckets: Sequence[Buckets], states: Sequence[States], *, seed: int = 0) -> tuple[Floats32, Floats32]:
    """Weights of all buckets, shape (BUCKETS, STATES), and the bias.

    Args:
        buckets: the features of each article's pieces, as in `Pieces`.
        states: what each piece is (`piece_tagger.OUTSIDE`, …).
    """
    features, wanted = np.concatenate([each.T for each in buckets]), np.concatenate(states).astype(np.int64)
    frequent = np.bincount(features.ravel(), minlength=BUCKETS) >= _LEAST_COUNT
    random = np.random.default_rng(seed)
    far = np.convolve(wanted != OUTSIDE, np.ones(2 * _FAR + 1), mode="same") == 0
    kept = np.flatnonzero(~far | (random.random(len(far)) < _FAR_SHARE))
    features, wanted = features[kept], wanted[kept]
    worth = np.where(far[kept], 1 / _FAR_SHARE, 1.0).astype(np.float32)
    weights = np.zeros((BUCKETS, STATES), dtype=np.float32)
    squares = np.full((BUCKETS, STATES), 1e-2, dtype=np.float32)
    bias = np.zeros(STATES, dtype=np.float32)
    bias[OUTSIDE] = _OUTSIDE_BIAS
    for _ in range(_PASSES):
        order = random.permutation(len(features))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            _step(weights, squares, bias, features[rows], wanted[rows], worth[rows], frequent)
    return weights, bias


def _step(
    weights: Floats32,
    squares: Floats32,
    bias: Floats32,
    features: Buckets,
    wanted: npt.NDArray[np.int64],
    worth: Floats32,
    frequent: npt.NDArray[np.bool_],
) -> None:
    """One batch: changes the weights and their sums of squared gradients in place."""
    error = softmax(weights[features].sum(axis=1) + bias)
    error[np.arange(len(wanted)), wanted] -= 1
    error *= worth[:, None]
    telling = np.abs(error).sum(axis=1) > _LEAST_GRADIENT
    features, error = features[telling], error[telling]
    used, columns = np.unique(features, return_inverse=True)
    bounds = np.arange(0, features.size + 1, features.shape[1])
    ones = np.ones(features.size, dtype=np.float32)
    matrix = sparse.csr_matrix((ones, columns.ravel(), bounds), shape=(len(features), len(used)))
    gradient = np.asarray(matrix.T @ error) * np.float32(_WORTH / _BATCH)
    used, gradient = used[frequent[used]], gradient[frequent[used]]
    squares[used] += gradient * gradient
    weights[used] -= _RATE * gradient / np.sqrt(squares[used])
