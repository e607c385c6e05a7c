"""A summary as one HTML page that needs nothing else: charts are within it, and nothing is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from ..models.addresses import web_address
from .charts import bars, timeline
from .summary import Change, Summary

_TEMPLATES = Path(__file__).parent / "templates"


def html_page(summary: Summary, *, made_at: datetime) -> str:
    """The page. Whatever articles say is escaped."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html").render(
        summary=summary,
        made_at=f"{made_at:%Y-%m-%d %H:%M}",
        timeline=Markup(timeline(summary.parts)),  # noqa: S704 - matplotlib escapes what it draws
        charts=[
            (label, _bars(changes))
            for label, changes in (
                ("Journals digested", summary.journals),
                ("Genes named", summary.genes),
                ("Methods named", summary.methods),
            )
            if changes
        ],
        facet_names={"gene": "gene", "method": "method", "digested_journal": "journal"},
        web_address=web_address,
    )


def _bars(changes: Sequence[Change]) -> Markup:
    return Markup(bars(changes))  # noqa: S704 - matplotlib escapes what it draws
