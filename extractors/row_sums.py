"""Sums of many short runs of a table's rows, as whole-array arithmetic."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .ngrams import Integers

# Rows are added in blocks of this many, 16 * 127 in a column at most, which 16 bits hold. `np.add.reduceat` takes
# 0.7 ms for the 6,000 rows of an article, because it goes down one column at a time; adding the halves of blocks
# until a row is left, and only then the blocks, takes 0.3.
_BLOCK = 16


def with_empty_row(table: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """The table with a last row of zeros, which fills blocks up."""
    return np.vstack([table, np.zeros((1, table.shape[1]), dtype=np.int8)])


def sum_rows(
    table: npt.NDArray[np.int8], *, rows: npt.NDArray[np.integer], owners: Integers, count: int
) -> npt.NDArray[np.int32]:
    """For each of `count` owners the sum of its rows, shape (count, columns); zeros for one without rows.

    Args:
        table: as of `with_empty_row`.
        rows: numbers of rows, owner by owner.
        owners: for each of them its owner, ascending.
    """
    sizes = np.bincount(owners, minlength=count)
    blocks = -(-sizes // _BLOCK)
    first_blocks = np.cumsum(blocks) - blocks
    moved = first_blocks * _BLOCK - (np.cumsum(sizes) - sizes)  # by how many places filling up moves an owner's rows
    filled_up = np.full(int(blocks.sum()) * _BLOCK, len(table) - 1, dtype=np.intp)
    filled_up[np.arange(len(rows)) + moved[owners]] = rows
    added = table.take(filled_up, axis=0).astype(np.int16).reshape(-1, _BLOCK, table.shape[1])
    while (half := added.shape[1] // 2) > 0:
        added = added[:, :half] + added[:, half:]
    sums = np.zeros((count, table.shape[1]), dtype=np.int32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        sums[filled] = np.add.reduceat(added[:, 0].astype(np.int32), first_blocks[filled], axis=0)
    return sums
