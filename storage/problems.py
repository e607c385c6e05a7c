"""What can be wrong with a database, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RESTORE = "restore a copy, or save what can be read with `sqlite3 FILE .recover`"
REPAIR = "`wenzhai db check --repair` puts it right"

# Tables whose rows follow from others: a row that refers to nothing is worth nothing. `articles` and `records`
# are not among them, since each is the only copy of what it holds.
REPAIRABLE = (
    "papers",
    "genes",
    "methods",
    "tools",
    "diseases",
    "accessions",
    "findings",
    "mentions",
    "aliases",
    "named_originals",
    "pages",
    "paper_checks",
    "reposts",
    "sketch_hashes",
    "sketches",
    "source_runs",
)


class ProblemKind(StrEnum):
    """Where a check found something wrong."""

    FILE = "file"
    SCHEMA = "schema"
    REFERENCE = "reference"
    ORPHAN = "orphan"
    SNAPSHOT = "snapshot"
    QUOTE = "quote"
    RECORD = "record"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        kind: which check found it.
        what: what is wrong, one sentence without a full stop.
        where: the table, row, article or page it is about.
        way_out: what to do.
    """

    kind: ProblemKind
    what: str
    where: str
    way_out: str
