"""What the files of trained weights have in common: tables rounded to bytes, and one error for the unreadable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..models import LexiconError
from .network import Floats32


def rounded_to_bytes(table: Floats32) -> tuple[npt.NDArray[np.int8], Floats32]:
    """The table as small integers, and what 1 is worth in each column."""
    steps = np.maximum(np.abs(table).max(axis=0, initial=0.0), 1e-6) / 127
    return np.round(table / steps).astype(np.int8), steps.astype(np.float32)


def unreadable_weights(path: Path) -> LexiconError:
    """The file is missing, is not such a file, or is of another version of the features."""
    return LexiconError("the trained weights cannot be read", subject=str(path), hint="install wenzhai again")
