"""Wires the updates of lexicons: address → file → checks → in force. One that fails leaves the others alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .config import Settings
from .extractors.lexicon_updates import UPDATE_KINDS, Installed, UpdateKind, install
from .harvester.clock import Clock
from .harvester.lexicon_download import download_lexicon
from .models import ConfigError, FetchError, LexiconError, WenzhaiError
from .pipeline import fetch_options


@dataclass(frozen=True, slots=True)
class FailedUpdate:
    """A lexicon that stays as it was, and why."""

    kind: UpdateKind
    problem: WenzhaiError


def update_addresses(settings: Settings) -> dict[str, str]:
    """Where each kind of lexicon is published, by its name."""
    return {
        "genes": settings.hgnc_address,
        "journals": settings.journals_address,
        "diseases": settings.diseases_address,
        "assays": settings.assays_address,
    }


def wanted_kinds(names: Iterable[str]) -> tuple[UpdateKind, ...]:
    """The kinds of these names; all of them for no names.

    Raises:
        ConfigError: there is no such kind.
    """
    by_name = {kind.name: kind for kind in UPDATE_KINDS}
    for name in names:
        if name not in by_name:
            raise ConfigError("is no lexicon that can be updated", subject=name, hint=f"one of: {', '.join(by_name)}")
    return tuple(by_name[name] for name in names) or UPDATE_KINDS


def update_lexicons(
    kinds: Iterable[UpdateKind], *, settings: Settings, today: date, clock: Clock | None = None
) -> Iterator[Installed | FailedUpdate]:
    """Downloads each kind from its address, checks it and puts it in force."""
    addresses = update_addresses(settings)
    for kind in kinds:
        try:
            yield _update(kind, addresses[kind.name], settings=settings, today=today, clock=clock)
        except (FetchError, LexiconError) as error:
            yield FailedUpdate(kind, error)


def _update(kind: UpdateKind, address: str, *, settings: Settings, today: date, clock: Clock | None) -> Installed:
    download = download_lexicon(address, options=fetch_options(settings), clock=clock)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / kind.file_name
        path.write_bytes(download.content)
        try:
            return install(
                path,
                data_folder=settings.data_folder,
                origin=address,
                today=today,
                kind=kind,
                released=download.modified,
            )
        except LexiconError as error:
            # The file is gone in a moment; what the user can look at is the address.
            subject = address if error.subject == str(path) else error.subject
            raise LexiconError(error.message, subject=subject, hint=error.hint) from error
