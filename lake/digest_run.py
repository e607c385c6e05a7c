"""A run over a lake: which partitions are missing, who makes them, and whether the counts add up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ..models import ExtractionError, RunCounts, SupplyError, WenzhaiError
from ..parallel import Killed, Ordered
from .files import open_files, write_json
from .partitions import Made, PartitionDigester, Summary, Task, read_summary
from .planning import Portion

Makers = Ordered[Task, Made]
# Each round over a portion that kills its workers finds one article that does.
MOST_ROUNDS = 20


@dataclass
class LakeRun:
    """What a run came to.

    Attributes:
        run_id: of the run, unique in its folder and beyond.
        made: partitions made in this run.
        kept: partitions that were finished already.
        failed: partitions that could not be made.
        taken, stored, aside: articles of the partitions made in this run.
    """

    run_id: str
    made: int = 0
    kept: int = 0
    failed: list[str] = field(default_factory=list)
    taken: int = 0
    stored: int = 0
    aside: int = 0

    @property
    def counts(self) -> RunCounts:
        """The same as of other runs; nothing is compared here, so all that is stored is new."""
        return RunCounts(seen=self.taken, new=self.stored, failed=self.aside)


def run_id_of(now: datetime, chance: Callable[[], float]) -> str:
    """An id for a run: when it began, and four digits against those that began in the same second."""
    return f"{now:%Y%m%dT%H%M%SZ}-{int(chance() * 0x10000):04x}"


def digest_lake(
    portions: Iterable[Portion], *, work: PartitionDigester, makers: Makers, run: LakeRun
) -> Generator[tuple[str, Made], None, None]:
    """Makes the partitions that are missing or outdated, and yields each with its summary, or why it failed.

    Args:
        portions: all of the input.
        work: what the makers do, to know the folder and the versions.
        makers: do it, here or elsewhere.
        run: counts; its summary is written into ``OUT/_runs`` at the end.

    Raises:
        SupplyError: the counts do not add up.
        WorkerError: the makers cannot be used.
    """
    files, out = open_files(work.out)
    versions = dict(work.prepare())
    rounds: dict[str, int] = {}
    for portion in portions:
        before = read_summary(files, out, portion.name)
        if before is not None and before.identity == portion.identity and dict(before.versions) == versions:
            run.kept += 1
            continue
        makers.submit(Task(portion))
        for task, found in makers.ready():
            yield from _settled(task, found, makers, rounds, run)
    for task, found in makers.drain():
        yield from _settled(task, found, makers, rounds, run)
    if run.taken != run.stored + run.aside:
        raise SupplyError(f"{run.taken} articles came in, but {run.stored} + {run.aside} are accounted for")
    files.makedirs(f"{out}/_runs", exist_ok=True)
    write_json(files, f"{out}/_runs/{run.run_id}.json", dataclasses.asdict(run))


def _settled(
    task: Task, found: Made | Killed, makers: Makers, rounds: dict[str, int], run: LakeRun
) -> Generator[tuple[str, Made], None, None]:
    name = task.portion.name
    if isinstance(found, Killed):
        rounds[name] = rounds.get(name, 0) + 1
        if rounds[name] <= MOST_ROUNDS:
            makers.submit(Task(task.portion, careful=True))
            return
        found = ExtractionError(found.reason, subject=name, hint="is there enough memory?")
    if isinstance(found, Summary):
        run.made += 1
        run.taken += found.taken
        run.stored += found.stored
        run.aside += len(found.aside)
    elif isinstance(found, WenzhaiError):
        run.failed.append(f"{name}: {found}")
    yield name, found
