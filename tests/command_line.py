"""What the `wenzhai` fixture is, and where the articles are that most tests harvest."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
ARCHIVE = FIXTURES / "archive"


@dataclass(frozen=True)
class Result:
    """What a command ended with."""

    code: int
    out: str
    err: str


class CommandLine(Protocol):
    def __call__(self, *arguments: str | os.PathLike[str]) -> Result: ...
