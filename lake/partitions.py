"""One portion into one partition: what a worker does, from reading to the file that appears at once.

OUT/part-….parquet               the records, and the pages they were made of
OUT/_summaries/part-….json       what came in and what became of it; when this is there, the partition is finished
OUT/_trying/part-….json          only of a portion that killed its worker: the article in hand
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..digesting import Digest, PageDigester
from ..extractors.nlp import Extractor
from ..models import Failed, PageProblem, RawPage, SupplyError, WenzhaiError
from .files import open_files, partial_name, put_in_place, read_json, write_json
from .planning import Portion
from .reading import read_portion
from .table import TableWriter

if TYPE_CHECKING:
    import fsspec

TRIES = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a portion.

    Attributes:
        partition: its name.
        identity: of the portion, by which a changed input is noticed.
        versions: of code and lexicons, by which records of another version are noticed.
        taken: articles that came in.
        stored: records in the partition.
        aside: articles that gave none, each with ``location``, ``state`` and ``reason``.
    """

    partition: str
    identity: str
    versions: Mapping[str, str]
    taken: int = 0
    stored: int = 0
    aside: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A portion, and whether it has killed workers: then each article is noted before it is begun."""

    portion: Portion
    careful: bool = False


Made = Summary | WenzhaiError


@dataclass(frozen=True)
class PartitionDigester:
    """Makes partitions: the `Work` of `wenzhai digest`.

    Attributes:
        extractor: makes the records.
        out: address of the folder.
        now: when the pages are taken to have come.
        max_page_bytes: larger ones are set aside.
    """

    extractor: Extractor
    out: str
    now: datetime
    max_page_bytes: int

    def prepare(self) -> Mapping[str, str]:
        return PageDigester(self.extractor).prepare()

    def __call__(self, task: Task, /) -> Made:
        """The summary of the finished partition, or why there is none."""
        try:
            return _Partition(self, task).make()
        except WenzhaiError as error:
            return error
        except OSError as error:
            return WenzhaiError(f"the partition could not be written: {error}", subject=task.portion.name)


def summary_path(out: str, partition: str) -> str:
    return f"{out}/_summaries/{partition}.json"


def read_summary(files: fsspec.AbstractFileSystem, out: str, partition: str) -> Summary | None:
    """The summary of a finished partition, None when it is not finished."""
    found = read_json(files, summary_path(out, partition))
    return None if found is None else Summary(**{**found, "aside": tuple(found["aside"])})


class _Partition:
    def __init__(self, work: PartitionDigester, task: Task) -> None:
        self._work, self._portion = work, task.portion
        self._digest = PageDigester(work.extractor)
        self._files, self._out = open_files(work.out)
        self._tried = _Tried(self._files, f"{self._out}/_trying/{task.portion.name}.json") if task.careful else None
        self._taken = 0
        self._aside: list[Mapping[str, str]] = []

    def make(self) -> Summary:
        path = f"{self._out}/{self._portion.name}.parquet"
        partial = partial_name(path)
        for folder in (self._out, f"{self._out}/_summaries"):
            self._files.makedirs(folder, exist_ok=True)
        try:
            with self._files.open(partial, "wb") as file, TableWriter(file) as table:
                for page, digest in self._digests():
                    table.write(page, digest)
            stored = table.count
            if self._taken != stored + len(self._aside):
                raise SupplyError(
                    f"{self._taken} articles came in, but {stored} + {len(self._aside)} are accounted for",
                    subject=self._portion.name,
                )
            put_in_place(self._files, partial, path)
        except BaseException:
            if self._files.exists(partial):
                self._files.rm_file(partial)
            raise
        summary = Summary(
            partition=self._portion.name,
            identity=self._portion.identity,
            versions=dict(self._work.prepare()),
            taken=self._taken,
            stored=stored,
            aside=tuple(self._aside),
        )
        write_json(self._files, summary_path(self._out, self._portion.name), dataclasses.asdict(summary))
        if self._tried is not None:
            self._tried.forget()
        return summary

    def _digests(self) -> Iterator[tuple[RawPage, Digest]]:
        pages = read_portion(self._portion, now=self._work.now, max_page_bytes=self._work.max_page_bytes)
        for page in pages:
            self._taken += 1
            if isinstance(page, Failed):
                self._set_aside(page.ref.location, "error", page.reason)
            elif self._tried is not None and (deaths := self._tried.begin(self._taken)) >= TRIES:
                self._set_aside(page.ref.location, "error", f"the workers that worked on it died {deaths} times")
            elif isinstance(found := self._digest(page), Digest):
                yield page, found
            elif isinstance(found, PageProblem):
                self._set_aside(page.ref.location, found.state.value, found.detail or found.evidence)
            else:
                self._set_aside(page.ref.location, "error", str(found))

    def _set_aside(self, location: str, state: str, reason: str) -> None:
        self._aside.append({"location": location, "state": state, "reason": reason})


@dataclass
class _Tried:
    """Which article is in hand, written down before it is begun, so that the next worker knows which one killed."""

    files: fsspec.AbstractFileSystem
    path: str
    deaths: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.files.makedirs(self.path.rpartition("/")[0], exist_ok=True)
        found: Any = read_json(self.files, self.path) or {}
        self.deaths = dict(found.get("deaths", {}))
        if (killer := found.get("in_hand")) is not None:
            self.deaths[str(killer)] = self.deaths.get(str(killer), 0) + 1

    def begin(self, number: int) -> int:
        """Notes the article that is begun; returns how many workers died of it."""
        deaths = self.deaths.get(str(number), 0)
        write_json(self.files, self.path, {"in_hand": number if deaths < TRIES else None, "deaths": self.deaths})
        return deaths

    def forget(self) -> None:
        self.files.rm_file(self.path)
