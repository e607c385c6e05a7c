"""Identifiers of papers: DOI, PMID, PMCID.

Surrounding noise (``https://doi.org/``, ``PMID:``) is accepted and removed; anything else is refused.
"""

from __future__ import annotations

import re

# Crossref's own pattern, which covers 74.4 of 74.9 million DOIs
# (https://www.crossref.org/blog/dois-and-matching-regular-expressions/), and its second one for Wiley's old forms.
DOI_BODY = r"10\.\d{4,9}/[-._;()/:a-z0-9<>\[\]+&]+"
_DOI = re.compile(rf"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?({DOI_BODY})$", re.ASCII)
_PMID = re.compile(r"^(?:PMID\s*+(?:[:：]\s*+)?)?([1-9]\d{0,7})$", re.ASCII | re.IGNORECASE)
_PMCID = re.compile(r"^(?:PMCID\s*+(?:[:：]\s*+)?)?(?:PMC)([1-9]\d{0,8})$", re.ASCII | re.IGNORECASE)


def normalise_doi(value: str) -> str:
    """The bare lower-case DOI (``10.1016/j.cell.2011.02.013``).

    Raises:
        ValueError: the value is not a DOI.
    """
    match = _DOI.match(value.strip().lower())
    if match is None:
        raise ValueError(f"not a DOI: {value!r}")
    return match.group(1).rstrip(".,;:")


def normalise_pmid(value: str) -> str:
    """The PMID as digits without leading zeros, at most eight of them.

    Raises:
        ValueError: the value is not a PMID.
    """
    match = _PMID.match(value.strip())
    if match is None:
        raise ValueError(f"not a PMID: {value!r}")
    return match.group(1)


def normalise_pmcid(value: str) -> str:
    """The PMCID as ``PMC`` and digits.

    Raises:
        ValueError: the value is not a PMCID.
    """
    match = _PMCID.match(value.strip())
    if match is None:
        raise ValueError(f"not a PMCID: {value!r}")
    return f"PMC{match.group(1)}"
