"""What work is, what an engine is, and what becomes of an item that kills its worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[T_contra, R_co]):
    """What is done to each item. Picklable, and cheap to pickle: workers load what it needs themselves."""

    def prepare(self) -> Mapping[str, str]:
        """Loads what is needed, and tells by versions what it is: equal answers mean equal results."""
        ...

    def __call__(self, item: T_contra, /) -> R_co:
        """The result for an item. What it raises ends the whole map, so failures of one item are values."""
        ...


@dataclass(frozen=True, slots=True)
class Killed:
    """In place of a result: the processes that worked on this item died.

    Attributes:
        reason: how, one sentence.
    """

    reason: str


class Engine(Protocol[T_contra, R]):
    """Something that works on chunks, several at a time, and hands them back in any order."""

    @property
    def workers(self) -> int:
        """How many chunks are worked on at once; may change."""
        ...

    def start(self, number: int, items: Sequence[T_contra]) -> None:
        """Takes a chunk. Returns at once, except where there is nobody else to do the work."""
        ...

    def finished(self, *, wait: bool) -> list[tuple[int, list[R | Killed]]]:
        """Chunks that are done, each with one result an item; with ``wait`` at least one.

        Raises:
            WorkerError: no worker is left, or one differs from the others.
        """
        ...

    def close(self) -> None:
        """Gives up what is not done, and ends the workers; may be called more than once."""
        ...
