"""Comma-separated values (https://www.rfc-editor.org/rfc/rfc4180): one row a claim, for spreadsheets and curation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from ...models import DigestRecord
from ..claim_table import write_claim_table

NAME = "csv"
SUFFIX = ".csv"


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    return write_claim_table(records, out, delimiter=",")
