"""What became of one page: failures are values, so a run never dies of one article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import WenzhaiError
from .page import PageProblem, PageRef


class Change(StrEnum):
    """What storing an article changed."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Stored:
    ref: PageRef
    article_id: str
    title: str
    change: Change


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing was done, for a good reason: the page is known to be gone, or is not due yet."""

    ref: PageRef
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The page or the article failed; it stays on record and is tried again unless permanent."""

    ref: PageRef
    problem: PageProblem | WenzhaiError

    @property
    def reason(self) -> str:
        if isinstance(self.problem, PageProblem):
            return f"{self.problem.state}: {self.problem.detail or self.problem.evidence}"
        return str(self.problem)


Outcome = Stored | Skipped | Failed
