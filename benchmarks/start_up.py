"""How long the shell waits for a search, beside a Python that does nothing, both measured in turns.

    python benchmarks/start_up.py [--db FILE] [--runs N] [QUERY]

Prints the median wall time of ``python -c pass`` and of every command in a process of its own, and the ratios;
beside them processor time, which does not count what other programs did meanwhile. Without --db a database is
made of fixtures/archive. Byte code is written first, as an installation does. An editable install and other .pth
files in site-packages slow down every Python, the empty one too, so --bare asks for an interpreter without
site-packages: there the ratio is at its worst.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import wenzhai

ROOT = Path(wenzhai.__file__).parent
PROGRAM = "from wenzhai.cli import main; main()"


@dataclass
class Timing:
    """Seconds, one of each a run."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def run_once(command: Sequence[str], environment: Mapping[str, str], timing: Timing) -> None:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    timing.wall.append(time.perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    timing.processor.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def harvested(folder: str, environment: Mapping[str, str]) -> Path:
    """A database of the fixtures."""
    path = Path(folder) / "wenzhai.db"
    command = [sys.executable, "-c", PROGRAM, "harvest", "--quiet", "--db", str(path), str(ROOT / "fixtures/archive")]
    subprocess.run(command, env=environment, check=True)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("query", nargs="?", default="单细胞")
    parser.add_argument("--db", type=Path)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--bare", action="store_true", help="Python's own modules and wenzhai only")
    options = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    python = [sys.executable, *(["-S"] if options.bare else [])]
    with tempfile.TemporaryDirectory() as folder:
        ours = [*python, "-c", PROGRAM, "search", "--db", str(options.db or harvested(folder, environment))]
        commands = {
            "python -c pass": [*python, "-c", "pass"],
            "wenzhai search QUERY": [*ours, options.query],
            "wenzhai search QUERY --json": [*ours, options.query, "--json"],
        }
        timings = {name: Timing() for name in commands}
        for number in range(-1, options.runs):
            for name, command in commands.items():
                run_once(command, environment, timings[name] if number >= 0 else Timing())
    empty = timings["python -c pass"]
    print(f"{'median of ' + str(options.runs):<30} {'wall':>9} {'ratio':>6} {'processor':>11} {'ratio':>6}")
    for name, timing in timings.items():
        wall, processor = statistics.median(timing.wall), statistics.median(timing.processor)
        told = f"{wall * 1000:>6.1f} ms {wall / statistics.median(empty.wall):>6.2f}"
        print(f"{name:<30} {told} {processor * 1000:>8.1f} ms {processor / statistics.median(empty.processor):>6.2f}")


if __name__ == "__main__":
    main()
