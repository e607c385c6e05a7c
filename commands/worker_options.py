"""Where the work is done: the options, and the digesters that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from .. import __version__
from ..config import Settings
from ..models import ConfigError

if TYPE_CHECKING:
    from ..digesting import Digested, Digesters
    from ..extractors.nlp import Extractor
    from ..lake.digest_run import Makers
    from ..lake.partitions import Made, Task
    from ..models import RawPage
    from ..parallel import Engine, Work

T = TypeVar("T")
R = TypeVar("R")

# Articles of a chunk: half a second of work, which makes handing it over negligible; more where it goes over a network.
CHUNK = 16
CLUSTER_CHUNK = 32

Workers = Annotated[
    int, typer.Option("--workers", metavar="N", min=1, help="Read and extract in so many processes of this machine.")
]
DaskAddress = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Extract on a Dask cluster: tcp://HOST:8786, tls://…, or `local` to start one.",
    ),
]


def load_extractor(settings: Settings) -> Extractor:
    """The extractor with the lexicons that are in force now. Takes a second or two."""
    from ..extractors.nlp import Extractor

    return Extractor(version=__version__, data_folder=settings.data_folder)


@contextmanager
def open_digesters(extractor: Extractor, *, workers: int = 1, dask: str | None = None) -> Iterator[Digesters]:
    """Digesters while the block lasts: in this process, in processes of this machine, or on a cluster.

    Args:
        extractor: theirs are like this one.
        workers: how many processes; with ``dask`` ``local``, of the cluster that is started.
        dask: address of a scheduler, or ``local``.

    Raises:
        ConfigError: both are asked for, or dask is not installed.
        WorkerError: the cluster cannot be reached, or its workers are not like this process.
    """
    from ..digesting import PageDigester, serial, weigh
    from ..parallel import Limits, Ordered

    work: Work[RawPage, Digested] = PageDigester(extractor)
    with open_engine(work, workers=workers, dask=dask) as engine:
        if engine is None:
            yield serial(extractor)
        else:
            limits = Limits(items=CHUNK if dask is None else CLUSTER_CHUNK)
            digesters: Digesters = Ordered(engine, limits=limits, weigh=weigh)
            with digesters:
                yield digesters


@contextmanager
def open_makers(work: Work[Task, Made], *, workers: int = 1, dask: str | None = None) -> Iterator[Makers]:
    """Makers of partitions while the block lasts: as `open_digesters`, one partition at a time each."""
    from ..parallel import Limits, Ordered, SerialEngine

    with open_engine(work, workers=workers, dask=dask) as engine:
        makers: Makers = Ordered(engine or SerialEngine(work), limits=Limits(items=1, ahead=2))
        with makers:
            yield makers


@contextmanager
def open_engine(work: Work[T, R], *, workers: int, dask: str | None) -> Iterator[Engine[T, R] | None]:
    """What does any work elsewhere, while the block lasts; None when that is nobody. Raises as `open_digesters`."""
    if dask is None:
        from ..parallel.process_pool import ProcessPool

        yield ProcessPool(work, workers=workers) if workers > 1 else None
        return
    if workers > 1 and dask != "local":
        raise ConfigError("--workers is for this machine", subject=dask, hint="a cluster has the workers it has")
    from ..parallel.dask_cluster import DaskEngine, connected

    with connected(dask, workers=workers) as client:
        yield DaskEngine(work, client=client)
