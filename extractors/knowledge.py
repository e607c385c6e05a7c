"""What the program knows: lexicons in three layers, and the version of each.

1. built in: the files in ``lexicons/``;
2. updated: what ``wenzhai lexicon update`` put into the data folder (``hgnc_complete_set.txt``);
3. the user's own tables in the data folder (``genes.tsv``, ``methods.tsv``, … in the built-in form).
A later layer adds to the earlier ones and wins where they disagree about a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..models import LexiconError
from .hgnc import merge_genes, read_complete_set, read_plain_text
from .lexicon import (
    LEXICON_FOLDER,
    Entry,
    file_version,
    merge_forms,
    read_families,
    read_genes,
    read_table,
    read_terms,
)
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
HGNC_FILE = "hgnc_complete_set.txt"
ALL_FILES = (GENES_FILE, FAMILIES_FILE, AMBIGUOUS_FILE, HGNC_FILE, *TERM_FILES.values())


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

    @cached_property
    def genes_by_symbol(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries if entry.category == "gene"}

    def count(self, category: str) -> int:
        return sum(entry.category == category for entry in self.entries)


def lexicon_paths(name: str, data_folder: Path | None) -> Iterator[Path]:
    """The files of this name, built in first, then updated or personal ones."""
    for folder in (LEXICON_FOLDER, *([data_folder / "lexicons"] if data_folder else [])):
        path = folder / name
        if path.is_file():
            yield path


def lexicon_versions(data_folder: Path | None = None) -> dict[str, str]:
    """What `file_version` says of each lexicon in force; those of the data folder are called ``own/…``."""
    return {
        path.name if path.parent == LEXICON_FOLDER else f"own/{path.name}": file_version(path)
        for name in ALL_FILES
        for path in lexicon_paths(name, data_folder)
    }


@dataclass(frozen=True, slots=True)
class LexiconSummary:
    """One lexicon in force."""

    name: str
    entries: int
    version: str
    path: Path


def lexicon_summary(data_folder: Path | None = None) -> Iterator[LexiconSummary]:
    """Every lexicon file in force, with how many entries it holds.

    Raises:
        LexiconError: one of the files cannot be read.
    """
    for name in ALL_FILES:
        for path in lexicon_paths(name, data_folder):
            count = len(read_complete_set(path)) if name == HGNC_FILE else sum(1 for _ in read_table(path, columns=()))
            yield LexiconSummary(name=name, entries=count, version=file_version(path), path=path)


def install_complete_set(source: Path, *, data_folder: Path) -> tuple[int, Path]:
    """Checks HGNC's complete set and puts it into the data folder, where it is used from then on.

    Returns:
        The number of approved genes, and where the file is now.

    Raises:
        LexiconError: the file is not HGNC's complete set, or the folder cannot be written.
    """
    count = len(read_complete_set(source))
    target = data_folder / "lexicons" / HGNC_FILE
    partial = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(read_plain_text(source), encoding="utf-8")
        partial.replace(target)
    except OSError as error:
        raise LexiconError("cannot be written", subject=str(target), hint=str(error.strerror)) from error
    return count, target


def load_knowledge(data_folder: Path | None = None) -> Knowledge:
    """The built-in lexicons, with what the data folder adds.

    Args:
        data_folder: where updated and personal lexicons are; None for the built-in ones alone.

    Raises:
        LexiconError: one of the files is malformed; it is named.
    """
    genes = _overlay(read_genes(path) for path in lexicon_paths(GENES_FILE, data_folder))
    for path in lexicon_paths(HGNC_FILE, data_folder):
        genes = merge_genes(genes, read_complete_set(path))
    families = _overlay(read_families(path) for path in lexicon_paths(FAMILIES_FILE, data_folder))
    terms = [
        entry
        for category, name in TERM_FILES.items()
        for entry in _overlay(read_terms(path, category=category) for path in lexicon_paths(name, data_folder))
    ]
    ambiguous = frozenset(
        row["form"]
        for path in lexicon_paths(AMBIGUOUS_FILE, data_folder)
        for row in read_table(path, columns=("form", "meaning"))
    )
    return Knowledge(entries=(*families, *genes, *terms), ambiguous_genes=ambiguous)


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
