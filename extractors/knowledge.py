"""What the program knows: lexicons in three layers, and the version of each.

1. built in: the files in ``lexicons/``;
2. updated: what ``wenzhai lexicon update`` put into the data folder (``hgnc_complete_set.txt``);
3. the user's own tables in the data folder (``genes.tsv``, ``methods.tsv``, … in the built-in form).
A later layer adds to the earlier ones and wins where they disagree about a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .hgnc import merge_genes, read_complete_set
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
HGNC_FILE = "hgnc_complete_set.txt"


@dataclass(frozen=True)
class Knowledge:
    """Everything the extractors look up.

    Attributes:
        entries: of all categories.
        ambiguous_genes: spellings of genes that usually mean something else.
        versions: by lexicon file, what `file_version` says of it.
    """

    entries: tuple[Entry, ...]
    ambiguous_genes: frozenset[str]
    versions: dict[str, str]

    @cached_property
    def matcher(self) -> TermMatcher:
        return TermMatcher(self.entries)

    @cached_property
    def genes_by_symbol(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries if entry.category == "gene"}

    def count(self, category: str) -> int:
        return sum(entry.category == category for entry in self.entries)


def load_knowledge(data_folder: Path | None = None) -> Knowledge:
    """The built-in lexicons, with what the data folder adds.

    Args:
        data_folder: where updated and personal lexicons are; None for the built-in ones alone.

    Raises:
        LexiconError: one of the files is malformed; it is named.
    """
    versions: dict[str, str] = {}
    folders = [LEXICON_FOLDER, *([data_folder / "lexicons"] if data_folder else [])]

    def paths(name: str) -> Iterable[Path]:
        for folder in folders:
            path = folder / name
            if path.is_file():
                label = name if folder is LEXICON_FOLDER else f"own/{name}"
                versions[label] = file_version(path)
                yield path

    genes = _overlay(read_genes(path) for path in paths("genes.tsv"))
    for path in paths(HGNC_FILE):
        genes = merge_genes(genes, read_complete_set(path))
    families = _overlay(read_families(path) for path in paths("gene_families.tsv"))
    terms = [
        entry
        for category, name in TERM_FILES.items()
        for entry in _overlay(read_terms(path, category=category) for path in paths(name))
    ]
    ambiguous = frozenset(
        row["form"] for path in paths("ambiguous_genes.tsv") for row in read_table(path, columns=("form", "meaning"))
    )
    return Knowledge(entries=(*families, *genes, *terms), ambiguous_genes=ambiguous, versions=versions)


def _overlay(layers: Iterable[list[Entry]]) -> list[Entry]:
    """One list from several layers: the same name in a later layer wins, and keeps the earlier forms."""
    merged: dict[str, Entry] = {}
    for layer in layers:
        for entry in layer:
            earlier = merged.get(entry.name)
            if earlier is not None:
                entry = Entry(
                    category=entry.category,
                    name=entry.name,
                    id=entry.id or earlier.id,
                    description=entry.description or earlier.description,
                    detail=entry.detail or earlier.detail,
                    forms=merge_forms(entry.forms, earlier.forms),
                )
            merged[entry.name] = entry
    return list(merged.values())
