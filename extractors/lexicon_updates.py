"""Published lexicons that can be put over the built-in ones: what each is told by, and how it is checked.

They lie in the data folder as they came, with a note of when each was released and where it came from.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..models import LexiconError
from .hgnc import complete_set_release, is_complete_set, read_complete_set
from .lexicon import Entry, file_version, read_plain_text
from .nlm_journals import is_journal_list, read_journal_list
from .ontologies import disease_release, is_assay_table, is_disease_ontology, read_assays, read_diseases

NOTES_FILE = "updates.json"
# A release with fewer entries than this part of the one in force is taken for damaged.
_LEAST_PART = 0.8
_BEGINNING = 4096


@dataclass(frozen=True, slots=True)
class UpdateKind:
    """A published lexicon.

    Attributes:
        name: what people call it on the command line.
        title: what it is.
        category: of its entries.
        file_name: in the data folder.
        recognise: whether a file that begins so is one.
        read: its entries; raises LexiconError when it is not whole.
        release: the day it was released, as its text tells; empty when it does not.
    """

    name: str
    title: str
    category: str
    file_name: str
    recognise: Callable[[str], bool]
    read: Callable[[Path], list[Entry]]
    release: Callable[[str], str]


UPDATE_KINDS = (
    UpdateKind(
        "genes",
        "HGNC's complete set",
        "gene",
        "hgnc_complete_set.txt",
        is_complete_set,
        lambda path: read_complete_set(path),  # noqa: PLW0108 - looked up when called
        complete_set_release,
    ),
    UpdateKind(
        "journals",
        "NLM's list of journals",
        "journal",
        "J_Medline.txt",
        is_journal_list,
        lambda path: read_journal_list(path),  # noqa: PLW0108
        lambda text: "",  # noqa: ARG005
    ),
    UpdateKind(
        "diseases",
        "the Disease Ontology",
        "disease",
        "disease_ontology.txt",
        is_disease_ontology,
        lambda path: read_diseases(path),  # noqa: PLW0108
        disease_release,
    ),
    UpdateKind(
        "assays",
        "OBI's assays",
        "method",
        "obi_assays.tsv",
        is_assay_table,
        lambda path: read_assays(path),  # noqa: PLW0108
        lambda text: "",  # noqa: ARG005
    ),
)


@dataclass(frozen=True, slots=True)
class UpdateNote:
    """What is known of an updated lexicon beside its content.

    Attributes:
        sha256: the first digits; a note of another file says nothing.
        released: ISO date of the release, or else of the day it was taken into use.
        origin: the address or file it came from.
    """

    sha256: str
    released: str
    origin: str


@dataclass(frozen=True, slots=True)
class Installed:
    """An update that is in force now."""

    kind: UpdateKind
    entries: int
    path: Path
    note: UpdateNote
    changed: bool


def recognise(path: Path) -> UpdateKind:
    """Which lexicon a file is, told from how it begins.

    Raises:
        LexiconError: none of them, or it cannot be read.
    """
    beginning = read_plain_text(path)[:_BEGINNING].removeprefix("\ufeff")
    for kind in UPDATE_KINDS:
        if kind.recognise(beginning):
            return kind
    raise LexiconError(
        "is none of the lexicons that can be updated",
        subject=str(path),
        hint="it should be " + ", ".join(kind.title for kind in UPDATE_KINDS),
    )


def install(
    source: Path, *, data_folder: Path, origin: str, today: date, kind: UpdateKind | None = None, released: str = ""
) -> Installed:
    """Checks a lexicon and puts it into the data folder, where it is used from then on.

    Args:
        origin: the address or file it came from, for the note.
        kind: what it must be; None tells it from the file.
        released: ISO date that a server gave, used when the file itself tells none.

    Raises:
        LexiconError: the file is another one, not whole, much smaller than the one in force, or the folder
            cannot be written. Then everything stays as it was.
    """
    found = recognise(source)
    if kind is not None and found is not kind:
        raise LexiconError(f"is {found.title}, not {kind.title}", subject=str(source), hint="check the address")
    target = data_folder / "lexicons" / found.file_name
    entries = found.read(source)
    _check_size(len(entries), found, target)
    text = read_plain_text(source)
    earlier = file_version(target) if target.is_file() else ""
    try:
        _replace(target, text)
        note = UpdateNote(file_version(target), found.release(text) or released or today.isoformat(), origin)
        if earlier == note.sha256:
            note = read_note(target) or note  # the same content keeps its date: its records are current
        else:
            _write_note(target, note)
    except OSError as error:
        raise LexiconError("cannot be written", subject=str(target), hint=str(error.strerror)) from error
    return Installed(found, len(entries), target, note, changed=earlier != note.sha256)


def _check_size(count: int, kind: UpdateKind, target: Path) -> None:
    if not target.is_file():
        return
    try:
        in_force = len(kind.read(target))
    except LexiconError:
        return  # whatever comes is better
    if count < in_force * _LEAST_PART:
        raise LexiconError(
            f"holds {count} entries where the one in force has {in_force}",
            subject=kind.title,
            hint=f"if that is right, remove {target} first",
        )


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="")
    partial.replace(path)


def read_note(path: Path) -> UpdateNote | None:
    """The note of an updated lexicon; None when there is none, or the file has changed since."""
    note = _notes(path.parent).get(path.name)
    try:
        known = UpdateNote(**note) if isinstance(note, dict) else None
    except TypeError:
        return None
    return known if known is not None and known.sha256 == file_version(path) else None


def version_of(path: Path) -> str:
    """The version of a lexicon file: of its content, with the date of release where one is known."""
    note = read_note(path)
    return f"{note.released} {note.sha256}" if note else file_version(path)


def _write_note(path: Path, note: UpdateNote) -> None:
    notes = _notes(path.parent) | {path.name: asdict(note)}
    _replace(path.parent / NOTES_FILE, json.dumps(notes, ensure_ascii=False, indent=1) + "\n")


def _notes(folder: Path) -> dict[str, Any]:
    try:
        notes = json.loads((folder / NOTES_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}
