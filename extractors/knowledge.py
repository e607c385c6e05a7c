"""What the program knows: lexicons in three layers, and the version of each.

1. built in: the files in ``lexicons/``;
2. updated: what ``wenzhai lexicon update`` put into the data folder (`lexicon_updates.UPDATE_KINDS`);
3. the user's own tables in the data folder (``genes.tsv``, ``methods.tsv``, … in the built-in form).
A later layer adds to the earlier ones and wins where they disagree about a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from .hgnc import merge_genes
from .lexicon import (
    LEXICON_FOLDER,
    Entry,
    merge_forms,
    read_families,
    read_genes,
    read_table,
    read_terms,
)
from .lexicon_updates import UPDATE_KINDS, UpdateNote, read_note, version_of
from .term_matcher import TermMatcher

TERM_FILES = {
    "journal": "journals.tsv",
    "method": "methods.tsv",
    "tool": "tools.tsv",
    "disease": "diseases.tsv",
}
GENES_FILE = "genes.tsv"
FAMILIES_FILE = "gene_families.tsv"
AMBIGUOUS_FILE = "ambiguous_genes.tsv"
_UPDATES = {kind.category: kind for kind in UPDATE_KINDS}
_READERS = {kind.file_name: kind.read for kind in UPDATE_KINDS}
ALL_FILES = (GENES_FILE, FAMILIES_FILE, AMBIGUOUS_FILE, *TERM_FILES.values(), *_READERS)


@dataclass(frozen=True)
class Knowledge:
    """Everything the extractors look up.

    Attributes:
        entries: of all categories.
        ambiguous_genes: spellings of genes that usually mean something else.
    """

    entries: tuple[Entry, ...]
    ambiguous_genes: frozenset[str]

    @cached_property
    def matcher(self) -> TermMatcher:
        return TermMatcher(self.entries)

    def count(self, category: str) -> int:
        return sum(entry.category == category for entry in self.entries)


def lexicon_paths(name: str, data_folder: Path | None) -> Iterator[Path]:
    """The files of this name, built in first, then updated or personal ones."""
    for folder in (LEXICON_FOLDER, *([data_folder / "lexicons"] if data_folder else [])):
        path = folder / name
        if path.is_file():
            yield path


def lexicon_versions(data_folder: Path | None = None) -> dict[str, str]:
    """What `version_of` says of each lexicon in force; those of the data folder are called ``own/…``."""
    return {
        path.name if path.parent == LEXICON_FOLDER else f"own/{path.name}": version_of(path)
        for name in ALL_FILES
        for path in lexicon_paths(name, data_folder)
    }


@dataclass(frozen=True, slots=True)
class LexiconSummary:
    """One lexicon in force; `note` tells where an updated one is from."""

    name: str
    entries: int
    version: str
    path: Path
    note: UpdateNote | None = None


def lexicon_summary(data_folder: Path | None = None) -> Iterator[LexiconSummary]:
    """Every lexicon file in force, with how many entries it holds.

    Raises:
        LexiconError: one of the files cannot be read.
    """
    for name in ALL_FILES:
        for path in lexicon_paths(name, data_folder):
            read = _READERS.get(name)
            count = len(read(path)) if read else sum(1 for _ in read_table(path, columns=()))
            yield LexiconSummary(name, count, version_of(path), path, read_note(path))


def load_knowledge(data_folder: Path | None = None) -> Knowledge:
    """The built-in lexicons, with what the data folder adds.

    Args:
        data_folder: where updated and personal lexicons are; None for the built-in ones alone.

    Raises:
        LexiconError: one of the files is malformed; it is named.
    """
    genes = _layered(GENES_FILE, "gene", read_genes, data_folder)
    families = _layered(FAMILIES_FILE, "family", read_families, data_folder)
    terms = [
        entry
        for category, name in TERM_FILES.items()
        for entry in _layered(name, category, partial(read_terms, category=category), data_folder)
    ]
    ambiguous = frozenset(
        row["form"]
        for path in lexicon_paths(AMBIGUOUS_FILE, data_folder)
        for row in read_table(path, columns=("form", "meaning"))
    )
    return Knowledge(entries=(*families, *genes, *terms), ambiguous_genes=ambiguous)


def _layered(name: str, category: str, read: Callable[[Path], list[Entry]], data_folder: Path | None) -> list[Entry]:
    """The entries of a category: built in, then updated, then the user's own, which win."""
    built_in, *own = map(read, lexicon_paths(name, data_folder))
    kind = _UPDATES.get(category)
    for path in lexicon_paths(kind.file_name, data_folder) if kind else ():
        updated = _READERS[path.name](path)
        built_in = merge_genes(built_in, updated) if category == "gene" else merge_terms(built_in, updated)
    return _overlay((built_in, *own))


def merge_terms(built_in: Iterable[Entry], updated: Iterable[Entry]) -> list[Entry]:
    """One list of terms: built-in names and forms first, then what a published list adds.

    An entry is the same by its id, its name or, for journals, its abbreviation.
    """
    merged = {entry.name: entry for entry in built_in}
    known = {key: entry.name for entry in merged.values() for key in _term_keys(entry)}
    for entry in updated:
        name = next((known[key] for key in _term_keys(entry) if key in known), None)
        if name is None:
            merged.setdefault(entry.name, entry)
        else:
            merged[name] = _completed(merged[name], entry)
    return list(merged.values())


def _completed(built_in: Entry, updated: Entry) -> Entry:
    """With the forms that are new; what is known of the others was chosen by hand."""
    known = {form.text.casefold() for form in built_in.forms}
    forms = tuple(form for form in updated.forms if form.text.casefold() not in known)
    return replace(
        built_in,
        id=built_in.id or updated.id,
        detail=built_in.detail or updated.detail,
        forms=(*built_in.forms, *forms),
    )


def _term_keys(entry: Entry) -> Iterator[str]:
    yield from filter(None, (entry.id, f"name {entry.name.casefold()}"))
    if entry.category == "journal" and entry.detail:
        yield f"abbreviation {entry.detail.casefold()}"


def _overlay(layers: Iterable[list[Entry]]) -> list[Entry]:
    """One list from several layers: the same name in a later layer wins, and keeps the earlier forms."""
    merged: dict[str, Entry] = {}
    for layer in layers:
        for entry in layer:
            earlier = merged.get(entry.name)
            merged[entry.name] = _combined(entry, earlier) if earlier else entry
    return list(merged.values())


def _combined(later: Entry, earlier: Entry) -> Entry:
    return Entry(
        category=later.category,
        name=later.name,
        id=later.id or earlier.id,
        description=later.description or earlier.description,
        detail=later.detail or earlier.detail,
        forms=merge_forms(later.forms, earlier.forms),
    )
