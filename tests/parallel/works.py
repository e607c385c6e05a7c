"""Pieces of work for workers: plain, slow, deadly. They are here because workers import them by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wenzhai.models import LexiconError


@dataclass(frozen=True)
class Squares:
    """Squares numbers.

    Attributes:
        deadly: numbers whose worker is killed, every time.
        fleeting: numbers whose worker is killed once; a file in this folder remembers it.
        broken: raise what ends a run.
        stillborn: workers that die before they have begun.
    """

    deadly: frozenset[int] = frozenset()
    fleeting: frozenset[int] = frozenset()
    folder: Path = Path()
    broken: frozenset[int] = frozenset()
    stillborn: bool = False
    seconds: float = 0.0
    version: str = "1"

    def prepare(self) -> Mapping[str, str]:
        if self.stillborn:
            os._exit(3)
        return {"squares": self.version}

    def __call__(self, item: int, /) -> int:
        if item in self.broken:
            raise LexiconError("cannot be read", subject="genes.tsv")
        if item in self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        mark = self.folder / f"killed-{item}"
        if item in self.fleeting and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.seconds:
            time.sleep(self.seconds)
        return item * item
