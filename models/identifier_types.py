"""Identifiers as fields of records: each a plain `str` after validation, so that records stay plain JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from .identifiers import normalise_doi, normalise_pmcid, normalise_pmid

Doi = Annotated[str, AfterValidator(normalise_doi)]
Pmid = Annotated[str, AfterValidator(normalise_pmid)]
Pmcid = Annotated[str, AfterValidator(normalise_pmcid)]
Curie = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]+:[A-Za-z0-9_]+$")]
