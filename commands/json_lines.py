"""Results for programs: one JSON object a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .screen import harmless_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def print_json(values: Iterable[DataclassInstance]) -> None:
    """Every value as one line, its fields as they are called; times in ISO 8601."""
    import json  # here, because a search for people need not wait for it

    for value in values:
        print(harmless_json(json.dumps(dataclasses.asdict(value), ensure_ascii=False, default=_as_json)))


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
