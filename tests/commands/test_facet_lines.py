"""Charts on a terminal, tab-separated numbers elsewhere."""

from __future__ import annotations

import io

import pytest
from wenzhai.commands.facet_lines import show_facets
from wenzhai.commands.screen import Screen, cell_width
from wenzhai.storage import Facet, FacetValue

COUNTED: dict[Facet, tuple[FacetValue, ...]] = {
    "gene": (FacetValue("CD274", 16), FacetValue("TP53", 1)),
    "account": (FacetValue("细胞札记", 120), FacetValue("单细胞\x1b[2J小站", 60)),
    "tool": (),
}


def shown(width: int | None) -> list[str]:
    out = io.StringIO()
    show_facets(Screen(out, width=width), COUNTED)
    return out.getvalue().splitlines()


def test_elsewhere_there_are_numbers() -> None:
    assert shown(None) == ["gene\tCD274\t16", "gene\tTP53\t1", "account\t细胞札记\t120", "account\t单细胞 [2J小站\t60"]


def test_on_a_terminal_there_are_bars() -> None:
    assert shown(40) == [
        "gene",
        "  CD274  16  ███████████████████████████",
        "  TP53    1  █▊",
        "account",
        "  细胞札记        120  █████████████████",
        "  单细胞 [2J小站   60  ████████▌",
        "tool",
        "  none",
    ]


@pytest.mark.parametrize("width", range(20, 100, 7))
def test_charts_fit(width: int) -> None:
    counted: dict[Facet, tuple[FacetValue, ...]] = {"journal": (FacetValue("单细胞Journal of " * 9, 10**6),)}
    out = io.StringIO()
    show_facets(Screen(out, width=width), counted)
    assert all(cell_width(line) <= width for line in out.getvalue().splitlines())
    assert "1000000" in out.getvalue()
