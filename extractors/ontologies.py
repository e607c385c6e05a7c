"""Reads what ontologies publish of their terms: the Disease Ontology, and the assays of OBI.

- doid.obo (http://purl.obolibrary.org/obo/doid.obo, the OBO format of https://owlcollab.github.io/oboformat/doc/),
  or its table of names (HumanDO.tsv: id, label, subClassOf);
- assays.tsv (https://github.com/obi-ontology/obi, src/ontology/templates: a ROBOT template, whose second row says
  what its columns become).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..models import LexiconError
from .lexicon import Entry, Form, merge_forms, read_plain_text

MINIMUM_DISEASES = 8_000  # the Disease Ontology has more than 11,000
MINIMUM_ASSAYS = 600  # OBI has more than 1,200
_STANZA = re.compile(r"^\[(\w+)\]\s*$", re.MULTILINE)
_TAG = re.compile(
    r"^(id|name|synonym|is_obsolete):[ \t]*+((?:[^ \t\r\n]++|[ \t\r]++(?=[^ \t\r\n]))*+)[ \t\r]*+$", re.MULTILINE
)
_EXACT = re.compile(r'^"((?:[^"\\]|\\.)*)"\s+EXACT\b')
_ID = re.compile(r"^(?:DOID|OBI|CHMO|EDAM|ERO|MS|BAO|EFO|NCIT):\w+$")
# The roots of the ontologies: true of everything, so they say nothing.
_TOO_GENERAL = frozenset({"disease", "syndrome", "genetic disease", "assay", "analysis"})
_SHORT = 5


def is_disease_ontology(beginning: str) -> bool:
    """Whether a file that begins so is the Disease Ontology, in either form."""
    return (beginning.startswith("format-version:") and "ontology: doid" in beginning) or _is_table(beginning)


def _is_table(beginning: str) -> bool:
    return [cell.strip('"') for cell in beginning.split("\n", 1)[0].strip().split("\t")][:2] == ["id", "label"]


def read_diseases(path: Path, *, minimum_rows: int = MINIMUM_DISEASES) -> list[Entry]:
    """The diseases of doid.obo or HumanDO.tsv, plain or gzipped.

    Raises:
        LexiconError: the file cannot be read, is neither, or has too few terms.
    """
    text = read_plain_text(path)
    if not is_disease_ontology(text[:4096]):
        raise LexiconError("is not the Disease Ontology", subject=str(path), hint="expected doid.obo or HumanDO.tsv")
    rows = _table_terms(text) if _is_table(text[:4096]) else _obo_terms(text)
    terms = [(id_, name, forms) for id_, name, forms in rows if id_.startswith("DOID:")]
    return _entries(terms, category="disease", path=path, minimum_rows=minimum_rows, noun="diseases")


def disease_release(text: str) -> str:
    """The day of the release that an OBO file names; empty when it names none."""
    found = re.search(r"^data-version:.*?(\d{4}-\d\d-\d\d)", text[:4096], re.MULTILINE)
    return found[1] if found else ""


def is_assay_table(beginning: str) -> bool:
    """Whether a file that begins so is OBI's table of assays."""
    return beginning.startswith("ontology ID\tlabel\t") and "alternative label" in beginning.split("\n", 1)[0]


def read_assays(path: Path, *, minimum_rows: int = MINIMUM_ASSAYS) -> list[Entry]:
    """The assays of OBI's table, plain or gzipped, as methods.

    Raises:
        LexiconError: the file cannot be read, has another header, or too few terms.
    """
    text = read_plain_text(path)
    if not is_assay_table(text[:4096]):
        raise LexiconError("is not OBI's table of assays", subject=str(path), hint="expected OBI's assays.tsv")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    terms = [
        (row["ontology ID"] or "", row["label"] or "", (row["alternative label"] or "").split("|"))
        for row in rows
        if _ID.match(row["ontology ID"] or "")  # the second row is no term
    ]
    return _entries(terms, category="method", path=path, minimum_rows=minimum_rows, noun="assays")


def _table_terms(text: str) -> Iterator[tuple[str, str, Iterable[str]]]:
    for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
        yield row["id"] or "", row["label"] or "", ()


def _obo_terms(text: str) -> Iterator[tuple[str, str, Iterable[str]]]:
    parts = _STANZA.split(text)
    for kind, body in zip(parts[1::2], parts[2::2], strict=True):
        tags = _TAG.findall(body)
        values = dict(tags)
        if kind == "Term" and values.get("is_obsolete") != "true":
            synonyms = [_EXACT.match(value) for tag, value in tags if tag == "synonym"]
            yield (
                values.get("id", ""),
                values.get("name", ""),
                [re.sub(r"\\(.)", r"\1", found[1]) for found in synonyms if found],
            )


def _entries(
    terms: Iterable[tuple[str, str, Iterable[str]]], *, category: str, path: Path, minimum_rows: int, noun: str
) -> list[Entry]:
    entries = [
        Entry(
            category=category,
            name=name,
            id=id_,
            description=name,
            forms=merge_forms(
                tuple(_form(text.strip(), name=name) for text in (name, *forms) if len(text.strip()) > 2)
            ),
        )
        for id_, name, forms in terms
        if name and name.casefold() not in _TOO_GENERAL
    ]
    if len(entries) < minimum_rows:
        raise LexiconError(
            f"holds {len(entries)} {noun} where the whole has at least {minimum_rows}",
            subject=str(path),
            hint="download it again: it seems to be cut off",
        )
    return entries


def _form(text: str, *, name: str) -> Form:
    """Short forms (AD, CAD, ``shock``) often mean something else."""
    return Form(text=text, role="name" if text == name else "alias", ambiguous=len(text) <= _SHORT)
