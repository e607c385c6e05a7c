"""How the articles of a search divide: bars on a terminal, numbers elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from ..models.errors import QueryError
from ..storage import Facet, FacetValue, Searcher, SearchQuery
from .screen import Piece, Screen, cell_width, plain, screen

FACETS: tuple[Facet, ...] = get_args(Facet)
_EIGHTHS = " ▏▎▍▌▋▊▉"  # U+258F … U+2589: a cell filled to an eighth, two eighths, …
_LONGEST_NAME = 30  # cells of a value; what is longer is cut, so that bars have room
_LONGEST_BAR = 40


def tell_facets(store: Searcher, wanted: SearchQuery, names: Sequence[str], *, as_json: bool) -> None:
    """Print how the articles divide by each of the facets named, the first ``wanted.limit`` values of each.

    Raises:
        QueryError: there is no facet of this name, or the query cannot be understood.
    """
    counted = store.facet_counts(wanted, [_facet(name) for name in names], top=wanted.limit)
    if as_json:
        for facet, values in counted.items():
            listed = [{"value": each.value, "count": each.count} for each in values]
            print(json.dumps({"facet": facet, "values": listed}, ensure_ascii=False))
    else:
        show_facets(screen(), counted)


def _facet(name: str) -> Facet:
    known = name.lower().replace("-", "_")
    if known not in FACETS:
        raise QueryError("is no facet", subject=name, hint=f"facets are: {', '.join(FACETS)}")
    return known


def show_facets(screen: Screen, counted: Mapping[Facet, Sequence[FacetValue]]) -> None:
    """A chart for each facet on a terminal; elsewhere a line for each value: facet, value and number between tabs."""
    for facet, values in counted.items():
        if screen.width is None:
            for each in values:
                screen.show((f"{facet}\t{plain(each.value)}\t{each.count}", ""))
            continue
        screen.show((facet.replace("_", " "), "bold"))
        for line in _chart(values, screen.width):
            screen.show(*line)
        if not values:
            screen.show(("  none", "dim"))


def _chart(values: Sequence[FacetValue], width: int) -> Iterator[list[Piece]]:
    """A line for each value: its name, its number, and a bar that is as long as the number is large."""
    names = [_cut(plain(each.value), min(_LONGEST_NAME, width // 2)) for each in values]
    name_cells = max(map(cell_width, names), default=0)
    digits = max((len(str(each.count)) for each in values), default=0)
    room = min(_LONGEST_BAR, width - name_cells - digits - 6)
    most = max((each.count for each in values), default=1)
    for name, each in zip(names, values, strict=True):
        padding = " " * (name_cells - cell_width(name))
        yield [(f"  {name}{padding}  {each.count:>{digits}}  ", ""), (_bar(each.count / most, room), "bar")]


def _bar(share: float, room: int) -> str:
    full, eighths = divmod(max(round(share * room * 8), 1), 8)
    return ("█" * full + _EIGHTHS[eighths]).rstrip() if room > 0 else ""


def _cut(text: str, cells: int) -> str:
    if cell_width(text) <= cells:
        return text
    while cell_width(text) >= cells:
        text = text[:-1]
    return f"{text}…"
