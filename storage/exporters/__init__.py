"""Ways out of the database: one module a format, found by the ``NAME`` it declares.

A module here is an exporter when it has what `Exporter` lists. One that can pass stored JSON on as
it is also has what `VerbatimExporter` lists, and is then spared from reading it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Protocol, TextIO, runtime_checkable

from ...models import ConfigError, DigestRecord


@runtime_checkable
class Exporter(Protocol):
    """A format.

    Attributes:
        NAME: what the user calls it.
        SUFFIX: of files in it, with the dot.
    """

    NAME: str
    SUFFIX: str

    def write(self, records: Iterable[DigestRecord], out: TextIO) -> int:
        """Write the records as they come, holding none, and return how many there were."""


@runtime_checkable
class VerbatimExporter(Exporter, Protocol):
    """A format that contains records as the very JSON that is stored."""

    def write_json(self, records_json: Iterable[str], out: TextIO) -> int:
        """Write records given as JSON objects without line breaks, and return how many there were."""


def exporter_names() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(_exporters()))


def exporter(name: str) -> Exporter:
    """The format with this name. Raises ConfigError when there is none."""
    try:
        return _exporters()[name]
    except KeyError:
        raise ConfigError(
            "there is no such export format", subject=name, hint=f"one of: {', '.join(exporter_names())}"
        ) from None


def export(name: str, records_json: Iterable[str], out: TextIO) -> int:
    """Write stored records in the format with this name, in constant memory; returns how many.

    Raises:
        ConfigError: there is no such format.
    """
    chosen = exporter(name)
    if isinstance(chosen, VerbatimExporter):
        return chosen.write_json(records_json, out)
    return chosen.write(map(DigestRecord.model_validate_json, records_json), out)


@cache
def _exporters() -> dict[str, Exporter]:
    found: dict[str, Exporter] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if not isinstance(module, Exporter):
            raise ConfigError("this module is not an exporter: it lacks NAME, SUFFIX or write()", subject=info.name)
        if module.NAME in found:
            raise ConfigError("two exporters have this name", subject=module.NAME)
        found[module.NAME] = module
    return found
