"""The floors of extraction's quality: what F1 of each figure must not fall below, for each gold file by its name.

They are kept in a table, `quality_floors.tsv`: gold, figure, floor. Lines at its top that begin with # are comments.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extraction_scores import FIGURES

FLOORS = Path(__file__).parent / "quality_floors.tsv"
COLUMNS = ["gold", "figure", "floor"]
MARGIN = 0.01
# Trained weights decide these: weights trained anew may move them a little either way.
TRAINED_MARGIN = 0.02
TRAINED = {
    "kind accuracy",
    "digest or not accuracy",
    "central genes",
    "findings",
    "key findings",
    "limitations",
}

# By the name of the gold, then by figure.
Floors = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Shortfall:
    """A figure below its floor; without a floor, `floor` is None."""

    figure: str
    measured: float
    floor: float | None

    def __str__(self) -> str:
        if self.floor is None:
            return f"{self.figure}: {self.measured:.3f} measured, and no floor to hold it to"
        return f"{self.figure}: {self.measured:.3f} is below its floor of {self.floor:.3f}"


def read_floors(path: Path) -> Floors:
    """The floors of every gold in the table; none if there is no such file."""
    if not path.exists():
        return {}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    floors: Floors = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        floors.setdefault(row["gold"], {})[row["figure"]] = float(row["floor"])
    return floors


def write_floors(path: Path, floors: Floors) -> None:
    """Writes the table anew, its comments as they were, golds by name and figures as in `FIGURES`."""
    old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [line for line in old if line.startswith("#")]
    lines.append("\t".join(COLUMNS))
    for gold in sorted(floors):
        of_gold = floors[gold]
        lines += [f"{gold}\t{figure}\t{of_gold[figure]:.3f}" for figure in FIGURES if figure in of_gold]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def shortfalls(measured: Mapping[str, float], floors: Mapping[str, float]) -> list[Shortfall]:
    """The figures that are below their floors, or have none."""
    return [
        Shortfall(figure, value, floor)
        for figure, value in measured.items()
        if (floor := floors.get(figure)) is None or value < floor
    ]


def floor_below(figure: str, measured: float) -> float:
    return max(0.0, round(measured - (TRAINED_MARGIN if figure in TRAINED else MARGIN), 3))


def raised(measured: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """Floors a margin below what was measured, where that is higher than the floor there is."""
    return {figure: max(floor_below(figure, value), floors.get(figure, 0)) for figure, value in measured.items()}


def lowered(measured: Mapping[str, float], floors: Mapping[str, float]) -> dict[str, float]:
    """Floors a margin below what was measured, where that is below the floor there is; the others stay."""
    fallen = {each.figure: each.measured for each in shortfalls(measured, floors) if each.floor is not None}
    return {**floors, **{figure: floor_below(figure, value) for figure, value in fallen.items()}}
