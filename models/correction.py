"""What a curator says of one value of a record, and what became of saying it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Correction:
    """A curator's word on one claim.

    Attributes:
        record: the article's id.
        field, value: the claim, as the table export names it (``gene``, ``paper.doi``, ``finding``, …).
        verdict: accept it, reject it, or change it into `new_value`.
        curator: who says so.
        curated_at: when, with UTC offset.
        new_value, new_id: for a change: the value, and its identifier (HGNC, OBI, DOID, ISSN) if it has one.
        pmid: of the paper meant, where several of an article have the same value; else empty.
    """

    record: str
    field: str
    value: str
    verdict: Verdict
    curator: str
    curated_at: datetime
    new_value: str = ""
    new_id: str = ""
    pmid: str = ""

    def says_the_same(self, other: Correction) -> bool:
        """Whether both come to the same for one claim, whoever says it and when."""
        return (self.verdict, self.new_value, self.new_id) == (other.verdict, other.new_value, other.new_id)

    def __str__(self) -> str:
        change = f" → {self.new_value}" if self.verdict is Verdict.CHANGE else ""
        return f"{self.verdict} {self.field} {self.value}{change}"


@dataclass(frozen=True, slots=True)
class Curated:
    """A correction that is in force; ``is_new`` when it was not before."""

    correction: Correction
    is_new: bool


@dataclass(frozen=True, slots=True)
class NotCurated:
    """A correction that is not in force: which one, in the curator's words, and why."""

    subject: str
    reason: str


CurationOutcome = Curated | NotCurated
