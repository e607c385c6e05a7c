"""Memory over time while very many articles are harvested: of the process that writes, and of each worker.

python benchmarks/scale_memory.py [--count 200000] [--workers 2] [--kills N] [--write]

The articles are made up: no two alike, each with words never seen before, because words are what spaCy keeps. They come
from a zip, go through `harvest --workers`, and are stored and indexed. --kills ends a worker with SIGKILL so many
times, at random moments. Asserts that every article is stored once, prints a table, and exits 1 when the workers'
memory grows by more than a fifth between the first quarter and the last. --write puts the table and a plot into docs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from marked_section import machine, write_section
from wenzhai import __version__
from wenzhai.digesting import PageDigester, weigh
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import SourceContext
from wenzhai.models import RunCounts, Supply
from wenzhai.parallel import Ordered
from wenzhai.parallel.process_pool import ProcessPool
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store

DOCS = Path(__file__).parent.parent / "docs"
PLOT = DOCS / "images" / "scale-memory.png"
_GENES = ("TP53", "EGFR", "CXCL12", "IL6", "STAT3", "PDCD1", "FOXP3", "VEGFA", "MYC", "KRAS")
_DISEASES = ("肝癌", "胃癌", "结直肠癌", "糖尿病", "哮喘", "银屑病")
_SENTENCES = (
    "研究者发现{gene}在{disease}组织中高表达，并且与不良预后有关。",
    "单细胞测序显示，{word}细胞亚群在{disease}患者中明显增多。",
    "敲低{gene}以后，{word}通路的活性下降了{number}%。",
    "作者用{word}软件分析了{number}个样本，数据已上传到GSE{large}。",
    "这项研究的局限在于样本只来自一家医院，仍需要更大的队列来验证。",
)


def made_up(number: int, chance: random.Random) -> bytes:
    """An archived article of a dozen sentences with words of its own."""
    lines = [
        chance.choice(_SENTENCES).format(
            gene=chance.choice(_GENES),
            disease=chance.choice(_DISEASES),
            word="".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9)),
            number=chance.randint(2, 99),
            large=chance.randint(100_000, 299_999),
        )
        for _ in range(12)
    ]
    body = "".join(f"<p>{line}</p>" for line in lines)
    head = f'---\ntitle: "第{number}篇：{lines[0][:20]}"\ndate: 2024-01-01T08:00:00+08:00\n---\n'
    return f"{head}<div>{body}</div>\n".encode()


@dataclass
class Memory:
    """Megabytes over seconds, by process."""

    begun: float = field(default_factory=time.monotonic)
    samples: list[tuple[float, int, float, list[float]]] = field(default_factory=list)

    def note(self, done: int, workers: list[int]) -> None:
        held = [size for worker in workers if (size := resident(worker)) > 0]
        self.samples.append((time.monotonic() - self.begun, done, resident(os.getpid()), held))

    def mean(self, part: slice) -> tuple[float, float]:
        """Of the parent, and of a worker, over a part of the samples."""
        some = self.samples[part]
        held = [size for _, _, _, sizes in some for size in sizes]
        return sum(sample[2] for sample in some) / len(some), sum(held) / max(len(held), 1)


def resident(process: int) -> float:
    """Megabytes of memory that a process holds."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


def run(count: int, *, workers: int, kills: int, scratch: Path) -> Memory:
    chance = random.Random(1)  # noqa: S311
    archive = scratch / "articles.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(count):
            out.writestr(f"{number // 1000:04}/{number:07}.md", made_up(number, chance))
    extractor = Extractor(version=__version__, data_folder=scratch / "none")
    pool = ProcessPool(PageDigester(extractor), workers=workers)
    moments = set(chance.sample(range(count), kills))
    memory, supply, counts = Memory(), Supply(), RunCounts()
    step = max(count // 400, 1)
    with (
        Ordered(pool, weigh=weigh) as digesters,
        open_store(scratch / "wenzhai.db", create=True) as store,
        SourceContext() as context,
    ):
        for outcome in harvest(
            [str(archive)], store=store, extractor=extractor, context=context, digesters=digesters, supply=supply
        ):
            counts.count(outcome)
            if counts.seen in moments:
                with suppress(ProcessLookupError, IndexError):
                    os.kill(chance.choice(pool.process_ids), signal.SIGKILL)
            if counts.seen % step == 0:
                memory.note(counts.seen, pool.process_ids)
            if counts.seen % 10_000 == 0:
                print(f"{counts.seen:,} articles, {counts.as_balance()}", flush=True)
        counts.hold_against(supply, subject="benchmark")
        assert counts == RunCounts(seen=count, new=count), counts  # noqa: S101
        assert store.count() == count  # noqa: S101
    return memory


def plot(memory: Memory) -> None:
    """The course of it, for the documents."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.2), dpi=120)
    done = [sample[1] / 1000 for sample in memory.samples]
    axes.plot(done, [sample[2] for sample in memory.samples], label="writes (one process)")
    most = max(len(sample[3]) for sample in memory.samples)
    for place in range(most):
        axes.plot(
            done,
            [sample[3][place] if place < len(sample[3]) else float("nan") for sample in memory.samples],
            label=f"worker {place + 1}",
            linewidth=1,
        )
    axes.set(xlabel="thousand articles", ylabel="MB resident", ylim=(0, None))
    axes.legend(loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PLOT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="into docs/scale.md and docs/images")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        memory = run(options.count, workers=options.workers, kills=options.kills, scratch=Path(scratch))
    quarter = max(len(memory.samples) // 4, 1)
    parts = [slice(place * quarter, (place + 1) * quarter) for place in range(4)]
    means = [memory.mean(part) for part in parts]
    killed = f", {options.kills} workers killed on the way" if options.kills else ""
    seconds = memory.samples[-1][0]
    text = "\n".join(
        (
            f"{options.count:,} made-up articles, {options.workers} workers, {seconds:,.0f} s{killed}; {machine()}.",
            "",
            "| Megabytes, mean | 1st quarter | 2nd | 3rd | 4th |",
            "|---|---:|---:|---:|---:|",
            "| the process that writes | " + " | ".join(f"{mean[0]:.0f}" for mean in means) + " |",
            "| a worker | " + " | ".join(f"{mean[1]:.0f}" for mean in means) + " |",
        )
    )
    print(text)
    if options.write:
        plot(memory)
        write_section(DOCS / "scale.md", "scale-memory", text + f"\n\n![Memory over articles](images/{PLOT.name})")
    if means[3][1] > 1.2 * means[0][1] or means[3][0] > 1.2 * means[0][0]:
        sys.exit("memory grows")


if __name__ == "__main__":
    main()
