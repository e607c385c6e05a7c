"""The same targets under Atheris, which looks for inputs that reach new lines of the program.

Not among the dependencies, since it has wheels for few systems: ``pip install atheris``, then
``python -m tests.robustness.coverage_fuzz queries -max_total_time=600`` from the root of the repository. It ends with
the input that crashed something, in a file ``crash-…``, or with nothing.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["wenzhai"]):
    from wenzhai.extractors.nlp import Extractor
    from wenzhai.harvester.fetch_options import FetchOptions
    from wenzhai.harvester.sources import SourceContext
    from wenzhai.models import WenzhaiError
    from wenzhai.storage import open_store

    from .mutation_targets import TARGETS, Bench


def main() -> None:
    """Runs one target until libFuzzer's options say to stop."""
    name, *options = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="wenzhai-fuzz-"))
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(TARGETS[name].seeds()):
        (seeds / str(number)).write_bytes(seed)
    store = open_store(folder / "wenzhai.db", create=True)
    bench = Bench(Extractor(version="1.0"), folder, store, SourceContext(options=FetchOptions()))

    def take(data: bytes) -> None:
        with suppress(WenzhaiError):
            TARGETS[name].take(bench, data)

    for seed in TARGETS[name].seeds():
        take(seed)  # reading the lexicons is not the first input's fault
    atheris.Setup([sys.argv[0], str(seeds), *options], take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
