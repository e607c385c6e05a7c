"""Which lexical pieces of an article belong to the name of a method or of a tool, by trained weights.

For each of the two there is a linear model over `piece_features`: whether a piece begins a name, goes on with one, or
is outside. Every weight belongs to one feature, so that what speaks for a name can be looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from .network import Floats32
from .ngrams import Integers
from .piece_features import BUCKETS, Pieces
from .row_sums import with_empty_row
from .weight_files import rounded_to_bytes, unreadable_weights

WEIGHTS = Path(__file__).parent / "weights" / "term_pieces.npz"
CATEGORIES = ("method", "tool")
OUTSIDE, BEGINS, GOES_ON = range(3)
STATES = 3
# Pieces that are a little likely to belong to a name make candidates; `term_selection` decides about these.
_LEAST = 0.25


@dataclass(frozen=True)
class PieceTags:
    """The probabilities of the pieces' states for one category, shape (pieces, STATES)."""

    states: Floats32

    @cached_property
    def inside(self) -> Floats32:
        """The probability of each piece that it belongs to a name."""
        return np.asarray(1 - self.states[:, OUTSIDE], dtype=np.float32)

    def spans(self, pieces: Pieces) -> Iterator[tuple[int, int]]:
        """Runs of pieces, first and one after the last, that may be names; none runs over the end of a line."""
        likely = np.flatnonzero(self.inside > _LEAST)
        if not len(likely):
            return
        begins = self.states[likely, BEGINS] > self.states[likely, GOES_ON]
        begins[0] = True
        begins[1:] |= (np.diff(likely) > 1) | (np.diff(pieces.lines[likely]) != 0)
        firsts = np.flatnonzero(begins)
        lasts = np.append(firsts[1:], len(likely)) - 1
        yield from zip(likely[firsts].tolist(), (likely[lasts] + 1).tolist(), strict=True)


@dataclass(frozen=True)
class PieceTagger:
    """Trained weights.

    Attributes:
        buckets: the features that have weights, ascending.
        table: their weights as small integers, shape (features, categories * STATES).
        steps: what 1 is worth in each column of the table.
        bias: the weights that every piece has.
    """

    buckets: Integers
    table: npt.NDArray[np.int8]
    steps: Floats32
    bias: Floats32

    @cached_property
    def _rows(self) -> npt.NDArray[np.int32]:
        rows = np.full(BUCKETS, len(self.buckets), dtype=np.int32)
        rows[self.buckets] = np.arange(len(self.buckets))
        return rows

    @cached_property
    def _padded(self) -> npt.NDArray[np.int8]:
        """The table with a row of zeros for features without weights."""
        return with_empty_row(self.table)

    def tag(self, pieces: Pieces) -> dict[str, PieceTags]:
        """The tags of an article's pieces for each of `CATEGORIES`."""
        sums = self._padded.take(self._rows.take(pieces.buckets), axis=0).sum(axis=0, dtype=np.int16)
        scores = sums * self.steps + self.bias
        return {
            category: PieceTags(softmax(scores[:, number * STATES : (number + 1) * STATES]))
            for number, category in enumerate(CATEGORIES)
        }


def softmax(scores: npt.NDArray[np.floating]) -> Floats32:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-60))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def make_piece_tagger(weights: Floats32, bias: Floats32, *, least: float = 0.04) -> PieceTagger:
    """A tagger of weights for all buckets; those that hardly weigh are left out, the rest rounded to bytes."""
    buckets = np.flatnonzero(np.abs(weights).max(axis=1) >= least)
    rounded, steps = rounded_to_bytes(weights)
    return PieceTagger(buckets, rounded[buckets], steps, bias)


def save_piece_tagger(path: Path, tagger: PieceTagger) -> None:
    """Writes a tagger to one compressed file of plain arrays (no pickles)."""
    buckets = tagger.buckets.astype(np.int32)
    np.savez_compressed(path, buckets=buckets, table=tagger.table, steps=tagger.steps, bias=tagger.bias)


def load_piece_tagger(path: Path) -> PieceTagger:
    """Reads what `save_piece_tagger` wrote.

    Raises:
        LexiconError: the file is missing or is not such a file.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            tagger = PieceTagger(arrays["buckets"].astype(np.int64), arrays["table"], arrays["steps"], arrays["bias"])
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise unreadable_weights(path) from error
    if tagger.table.shape != (len(tagger.buckets), len(CATEGORIES) * STATES):
        raise unreadable_weights(path)
    return tagger
