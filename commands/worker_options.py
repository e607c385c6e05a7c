"""Where the work is done: the options, and the digesters that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from .. import __version__
from ..config import Settings
from ..models import ConfigError

if TYPE_CHECKING:
    from ..digesting import Digesters
    from ..extractors.nlp import Extractor

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
    from ..digesting import on_cluster, on_processes, serial

    if dask is None:
        with on_processes(extractor, workers=workers) if workers > 1 else serial(extractor) as digesters:
            yield digesters
        return
    if workers > 1 and dask != "local":
        raise ConfigError("--workers is for this machine", subject=dask, hint="a cluster has the workers it has")
    from ..parallel.dask_cluster import connected

    with connected(dask, workers=workers) as client, on_cluster(extractor, client=client) as digesters:
        yield digesters
