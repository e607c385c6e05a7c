"""Ways out of the database: one module a format, found by the ``NAME`` it declares.

A module here is an exporter when it has ``NAME``, ``SUFFIX`` and at least one way of writing:

    write(records, out)           text, as most formats are                 `TextExporter`
    write_json(records, out)      text made of the stored JSON as it is     `VerbatimExporter`
    write_binary(records, out)    bytes                                     `BinaryExporter`
    write_folder(records, folder) files in a folder                         `FolderExporter`

Each takes the records as they come, holds none of them, and returns how many there were.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO, runtime_checkable

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


@runtime_checkable
class TextExporter(Exporter, Protocol):
    """A format that is one text."""

    def write(self, records: Iterable[DigestRecord], out: TextIO) -> int:
        """Write the records as they come, holding none, and return how many there were."""


@runtime_checkable
class VerbatimExporter(TextExporter, Protocol):
    """A text format that contains records as the very JSON that is stored: it is spared from reading it."""

    def write_json(self, records_json: Iterable[str], out: TextIO) -> int:
        """Write records given as JSON objects without line breaks, and return how many there were."""


@runtime_checkable
class BinaryExporter(Exporter, Protocol):
    """A format that is not text."""

    def write_binary(self, records: Iterable[DigestRecord], out: BinaryIO) -> int:
        """Write the records as they come, and return how many there were."""


@runtime_checkable
class FolderExporter(Exporter, Protocol):
    """A format of one or more files a record."""

    def write_folder(self, records: Iterable[DigestRecord], folder: Path) -> int:
        """Write files into a folder that is there, and return how many records there were."""


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
    """Write stored records in the text format with this name, in constant memory; returns how many.

    Raises:
        ConfigError: there is no such format, or it is not text.
    """
    chosen = exporter(name)
    if isinstance(chosen, VerbatimExporter):
        return chosen.write_json(records_json, out)
    if not isinstance(chosen, TextExporter):
        raise ConfigError("is not a text format", subject=name, hint="name a file or folder to write it to")
    return chosen.write(_read(records_json), out)


def export_binary(name: str, records_json: Iterable[str], out: BinaryIO) -> int:
    """As `export`, for formats that are not text."""
    chosen = exporter(name)
    if not isinstance(chosen, BinaryExporter):
        raise ConfigError("is not a binary format", subject=name)
    return chosen.write_binary(_read(records_json), out)


def export_folder(name: str, records_json: Iterable[str], folder: Path) -> int:
    """As `export`, for formats that can be files in a folder, which must be there."""
    chosen = exporter(name)
    if not isinstance(chosen, FolderExporter):
        raise ConfigError("cannot be written into a folder", subject=name, hint="name a file")
    return chosen.write_folder(_read(records_json), folder)


def _read(records_json: Iterable[str]) -> Iterable[DigestRecord]:
    return map(DigestRecord.model_validate_json, records_json)


@cache
def _exporters() -> dict[str, Exporter]:
    found: dict[str, Exporter] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if not isinstance(module, Exporter) or not isinstance(module, TextExporter | BinaryExporter | FolderExporter):
            raise ConfigError("this module is not an exporter: it lacks NAME, SUFFIX or a write…()", subject=info.name)
        if module.NAME in found:
            raise ConfigError("two exporters have this name", subject=module.NAME)
        found[module.NAME] = module
    return found
