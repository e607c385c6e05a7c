"""What a record can have or lack, as conditions on articles: a PMID, say, or findings."""

from __future__ import annotations

from collections.abc import Mapping

from ..models.errors import QueryError


def _claims(table: str, condition: str = "1") -> str:
    # EXISTS, because it stops at the first one: a listing of the newest ten reads little more than ten.
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table}.article_id = articles.id AND {condition})"  # noqa: S608


def _papers(column: str) -> str:
    return _claims("papers", f"papers.{column} IS NOT NULL")


PRESENCE: Mapping[str, str] = {
    "paper": _claims("papers"),
    "digested_paper": _claims("papers", "papers.role = 'primary'"),
    "pmid": _papers("pmid"),
    "doi": _papers("doi"),
    "pmcid": _papers("pmcid"),
    "journal": _papers("journal"),
    "impact_factor": _papers("impact_factor"),
    "quartile": _papers("quartile"),
    "genes": _claims("genes"),
    "central_genes": _claims("genes", "genes.central"),
    "methods": _claims("methods"),
    "tools": _claims("tools"),
    "diseases": _claims("diseases"),
    "accessions": _claims("accessions"),
    "findings": _claims("findings"),
    "key_findings": _claims("findings", "findings.key"),
    "conclusions": _claims("findings", "findings.role = 'conclusion'"),
    "limitations": _claims("findings", "findings.role = 'limitation'"),
    "date": "articles.published_at IS NOT NULL",
    "address": "articles.url <> ''",
}


def presence_condition(name: str) -> str:
    """SQL that holds for articles with something of this name; case and - or _ make no difference.

    Raises:
        QueryError: nothing is called so.
    """
    condition = PRESENCE.get(name.strip().lower().replace("-", "_"))
    if condition is None:
        raise QueryError("is nothing a record can have", subject=name, hint=f"it can have: {', '.join(PRESENCE)}")
    return condition
