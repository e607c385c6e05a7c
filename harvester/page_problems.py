"""Makes the values that say why a page holds no article."""

from __future__ import annotations

from ..models import PageProblem, PageState, RawPage


def problem(
    page: RawPage, state: PageState, evidence: str, detail: str, *, follow: str = "", account: str = ""
) -> PageProblem:
    """A problem with this page; `evidence` is what was seen, `detail` what it means and what to do."""
    return PageProblem(ref=page.ref, state=state, evidence=evidence, detail=detail, follow=follow, account=account)
