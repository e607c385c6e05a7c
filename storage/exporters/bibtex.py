"""BibTeX in UTF-8, as biber and today's BibTeX read it: one entry a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TextIO
from urllib.parse import quote

from ...models import DigestRecord
from ..references import Reference, one_line, references

NAME = "bibtex"
SUFFIX = ".bib"
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}
# BibTeX counts braces even after a backslash: those without a partner need words.
_LONE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write(records: Iterable[DigestRecord], out: TextIO) -> int:
    number = 0
    for number, record in enumerate(records, start=1):  # noqa: B007
        for reference in references(record):
            out.write(f"@article{{wenzhai-{reference.key},\n")
            out.writelines(f"  {name} = {value},\n" for name, value in _fields(reference))
            out.write("}\n\n")
    return number


def latex(text: str) -> str:
    """Text on one line in which no character means anything to LaTeX."""
    special = _SPECIAL if _braces_match(text) else {**_SPECIAL, **_LONE_BRACES}
    return re.sub(r"[\\{}~^&%$#_]", lambda found: special[found.group()], one_line(text))


def _braces_match(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    paper, journal = reference.paper, reference.paper.journal
    if reference.title:
        yield "title", f"{{{{{latex(reference.title)}}}}}"  # braced twice: gene names keep their case
    told = {
        "journal": journal.name if journal else None,
        "issn": journal.issn if journal else None,
        "year": str(reference.date[0]) if reference.date else None,
        "pmid": paper.pmid,
        "pmcid": paper.pmcid,
        "keywords": ", ".join(reference.keywords),
        "note": reference.note,
    }
    yield from ((name, f"{{{latex(value)}}}") for name, value in told.items() if value)
    if len(reference.date) > 1:
        yield "month", _MONTHS[reference.date[1] - 1]
    # doi and url are read verbatim, so escapes would become part of them.
    if paper.doi:
        yield "doi", f"{{{paper.doi}}}"
    if paper.url:
        yield "url", f"{{{quote(paper.url, safe=_URL_CHARACTERS)}}}"


_URL_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"
