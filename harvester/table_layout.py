"""Tells a table of data from a table that only lays out the page."""

from __future__ import annotations

from lxml import etree

# A cell of data is a phrase; longer than this and it is prose put into a box (layout tables: 52 of 298).
_LONGEST_CELL = 240


def is_grid(table: etree._Element) -> bool:
    """Whether a table's rows are rows: two cells somewhere in a row, no table, code or prose in any."""
    widest = 0
    for row in table.iter("tr"):
        widest = max(widest, sum(1 for cell in row if cell.tag in ("td", "th")))
    if widest < 2:
        return False
    if any(inner is not table for inner in table.iter("table", "pre")):
        return False
    return all(sum(map(len, cell.itertext())) <= _LONGEST_CELL for cell in table.iter("td", "th"))
