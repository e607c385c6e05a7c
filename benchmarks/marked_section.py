"""Sections of documents that benchmarks write: what is between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def write_section(path: Path, name: str, text: str) -> None:
    """Puts a text between the markers of this name. Raises ValueError when they are not there."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    whole = path.read_text(encoding="utf-8")
    if begin not in whole or end not in whole:
        raise ValueError(f"{path} has no {begin.strip()} … {end}")
    head, _, rest = whole.partition(begin)
    _, _, tail = rest.partition(end)
    path.write_text(f"{head}{begin}{text.rstrip()}\n{end}{tail}", encoding="utf-8")


def machine() -> str:
    """What it was measured on, in a few words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
