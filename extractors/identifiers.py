"""Identifiers of papers: DOI, PMID, PMCID, preprint numbers and addresses of papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from ..models import normalise_doi, normalise_pmcid, normalise_pmid
from .folding import fold_identifiers
from .reading import Identifier, reading_of

# Crossref's pattern for modern DOIs (see models.identifiers). One space after the prefix's slash is let
# through: line-broken addresses such as "https://doi.org/10.1038/ s41586-…" are common in reference lists.
_DOI = re.compile(
    r"1(?<=\b.)0\.\d{4,9}(?:/ ?|%2[Ff])"
    r"(?:(?![.,;]10\.\d{4})[-._;()/:A-Za-z0-9<>\[\]+&]|%2[Ff]|(?<=[A-Za-z]\.)\n(?=[a-z]{0,4}\d{4})){1,400}",
    re.ASCII,
)
# What typesetters glue to the end of a DOI without a space.
_DOI_GLUED = re.compile(
    r"(?i)(?:[.,;]?(?:pmid|pmcid|epub|https?:|doi:|if[=:]|published|copyright).*"
    r"|\.?\[\d+\].*|v\d+(?:\.full(?:-text|\.pdf)?)?|/(?:full|abstract|pdf|epdf|meta|fulltext|html|figures?|tables?|suppl\w*|\d{5,}/[a-z-]+)(?:/.*)?|\.full(?:\.pdf)?|\.pdf)$"
)
# DOIs of data sets and code rather than papers: Zenodo, figshare, Mendeley Data, Dryad, Dataverse, BioStudies.
DATA_DOI = re.compile(r"10\.(?:5281/zenodo|6084/m9\.figshare|17632/|5061/dryad|7910/dvn|6019/)", re.IGNORECASE)
# Oxford's addresses go on behind the DOI with a number of their own: …/doi/10.1093/nar/gkad824/7308681.
_OXFORD = re.compile(r"(10\.1093/[a-z]+/[a-z]{3,}\d+)/\d{6,}")
# These begin with plain characters and look back from there, because the engine leaps to such characters.
_PMID = re.compile(r"[Pp](?<![A-Za-z].)(?i:MID\s*+(?::\s*+)?(\d{5,8})(?!\d))", re.ASCII)
_PUBMED_ADDRESS = re.compile(
    r"[PpNn](?i:(?<=p)ubmed\.ncbi\.nlm\.nih\.gov|(?<=n)cbi\.nlm\.nih\.gov/pubmed)/(\d{5,8})(?!\d)", re.ASCII
)
_PMCID = re.compile(r"[Pp](?<![A-Za-z0-9].)(?i:MC)\s?(\d{5,8})(?!\d)", re.ASCII)
_PREPRINT = re.compile(
    r"[AaBbMm](?<=\b.)(?i:(?<=a)rXiv\s*:\s*\d{4}\.\d{4,5}(?:v\d+)?"
    r"|(?:(?<=b)io|(?<=m)ed)Rxiv\s+\d{4}\.\d{2}\.\d{2}\.\d{6,})",
    re.ASCII,
)
_ARXIV_ADDRESS = re.compile(r"[Aa](?i:rxiv)\.(?i:org)/(?:abs|pdf)/(\d{4}\.\d{4,5})", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s\u3000-\u9fff\uff00-\uffef（），。；、“”《》<>\"']+", re.ASCII)
# Sites whose addresses lead to a paper.
_PAPER_SITE = re.compile(
    r"(?i)://(?:dx\.)?doi\.org/10\.|nature\.com/articles/|sciencedirect\.com/science/article|cell\.com/[\w-]+/(?:fulltext|abstract|pdf)"
    r"|science\.org/doi|onlinelibrary\.wiley\.com/doi|wiley\.com/doi|academic\.oup\.com/[\w-]+/(?:advance-)?article|link\.springer\.com/article"
    r"|biomedcentral\.com/articles|pubmed\.ncbi|ncbi\.nlm\.nih\.gov/(?:pmc|pubmed)|pmc\.ncbi|(?:bio|med)rxiv\.org/content|arxiv\.org/(?:abs|pdf)"
    r"|frontiersin\.org/(?:journals/[\w-]+/)?articles|mdpi\.com/\d|journals\.plos\.org|pnas\.org/doi|thelancet\.com/journals|nejm\.org/doi"
    r"|jamanetwork\.com/journals|bmj\.com/content|ahajournals\.org/doi|aacrjournals\.org|elifesciences\.org/articles|rupress\.org"
    r"|embopress\.org/doi|pubs\.acs\.org/doi|rnajournal|genome\.cshlp\.org|jci\.org/articles|ashpublications\.org|tandfonline\.com/doi"
)


def find_identifiers(text: str) -> Iterator[Identifier]:
    """Every identifier of a paper in the text, in order of field, then of place."""
    plain = fold_identifiers(text)
    yield from _find_dois(plain, text)
    for pattern in (_PMID, _PUBMED_ADDRESS):
        yield from _find(pattern, "pmid", normalise_pmid, plain, text)
    yield from _find(_PMCID, "pmcid", lambda digits: normalise_pmcid(f"PMC{digits}"), plain, text)
    for match in _PREPRINT.finditer(plain):
        yield Identifier("other_id", match.group(), text[slice(*match.span())], *match.span())
    yield from _find(_ARXIV_ADDRESS, "other_id", lambda number: f"arXiv:{number}", plain, text)
    for match in _ADDRESS.finditer(plain):
        address = match.group().rstrip(".,;:)")
        if _PAPER_SITE.search(address) and not DATA_DOI.search(address):
            end = match.start() + len(address)
            yield Identifier("url", address, text[match.start() : end], match.start(), end)


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """The spans of all web addresses, in order: nothing inside one is a word."""
    for match in _ADDRESS.finditer(fold_identifiers(text)):
        yield match.span()


def _find_dois(plain: str, text: str) -> Iterator[Identifier]:
    for match in _DOI.finditer(plain):
        raw = _DOI_GLUED.sub("", match.group())
        raw = raw.rstrip(".,;:/-<")
        oxford = _OXFORD.fullmatch(raw)
        raw = oxford[1] if oxford else raw
        while raw.endswith((")", "]", ">")) and raw.count(raw[-1]) > raw.count({")": "(", "]": "[", ">": "<"}[raw[-1]]):
            raw = raw[:-1].rstrip(".,;:")
        try:
            value = normalise_doi(re.sub(r"%2[Ff]", "/", re.sub(r"\s", "", raw)))
        except ValueError:
            continue
        if DATA_DOI.match(value):
            continue
        end = match.start() + len(raw)
        yield Identifier("doi", value, text[match.start() : end], match.start(), end)


def _find(
    pattern: re.Pattern[str], field: str, normalise: Callable[[str], str], plain: str, text: str
) -> Iterator[Identifier]:
    for match in pattern.finditer(plain):
        try:
            value = normalise(match.group(1))
        except ValueError:
            continue
        yield Identifier(field, value, text[match.start(1) : match.end(1)], match.start(1), match.end(1))


@Language.component("wenzhai_identifiers")
def identifiers_component(doc: Doc) -> Doc:
    """Fills `Reading.identifiers` and `Reading.addresses`."""
    reading = reading_of(doc)
    reading.addresses = tuple(find_addresses(reading.document_text))
    reading.identifiers = tuple(find_identifiers(reading.document_text))
    return doc
