"""Sums of runs of rows: the same as adding one row after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.row_sums import sum_rows, with_empty_row

TABLE = with_empty_row(np.random.default_rng(0).integers(-128, 128, (50, 6)).astype(np.int8))


@given(st.lists(st.lists(st.integers(0, 49), max_size=70), max_size=12))
def test_sums_are_those_of_single_rows(runs: list[list[int]]) -> None:
    rows = np.array([row for run in runs for row in run], dtype=np.int32)
    owners = np.repeat(np.arange(len(runs)), [len(run) for run in runs])
    expected = [TABLE[run].sum(axis=0, dtype=np.int64) for run in runs]
    sums = sum_rows(TABLE, rows=rows, owners=owners, count=len(runs))
    assert sums.tolist() == [each.tolist() for each in expected]


def test_many_rows_of_one_owner_do_not_run_over() -> None:
    """An article may be one sentence of any length."""
    table = with_empty_row(np.array([[-128, 127]], dtype=np.int8))
    sums = sum_rows(table, rows=np.zeros(100_001, dtype=np.int32), owners=np.zeros(100_001, dtype=np.int64), count=1)
    assert sums.tolist() == [[-128 * 100_001, 127 * 100_001]]
