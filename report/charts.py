"""Charts as SVG to be put into a page: text stays text, so the viewer's fonts show it, Chinese included."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .period import Part
from .summary import Change

_NOW, _BEFORE, _INK, _LINE = "#1f4fa3", "#b9c6dd", "#1c2330", "#dfe3ea"
_HALF, _WHOLE = 5.2, 10.4  # widths in inches, as everything matplotlib measures; the page scales them
_LABEL_CELLS = 32  # a Chinese character fills two
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wenzhai",
    "font.size": 10,
    "text.parse_math": False,  # a $ in a name is a $
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")


def bars(changes: Sequence[Change]) -> str:
    """Horizontal bars, the period's over those of the one before."""
    with mpl.rc_context(_STYLE):
        figure, axes = _axes(width=_HALF, height=0.27 * len(changes) + 0.1, left=0.5)
        places = range(len(changes))
        axes.barh(places, [change.before for change in changes], height=0.74, color=_BEFORE)
        axes.barh(places, [change.now for change in changes], height=0.42, color=_NOW)
        longest = max(max(change.now, change.before) for change in changes)
        for place, change in zip(places, changes, strict=True):
            axes.text(max(change.now, change.before) + longest * 0.02, place, str(change.now), va="center")
        axes.set_yticks(list(places), [shortened(change.value) for change in changes])
        axes.set_xlim(0, longest * 1.1)
        axes.set_ylim(len(changes) - 0.4, -0.6)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        return _svg(figure)


def timeline(parts: Sequence[Part]) -> str:
    """Upright bars over time."""
    with mpl.rc_context(_STYLE):
        figure, axes = _axes(width=_WHOLE, height=1.9, left=0.03, bottom=0.28)
        places = range(len(parts))
        axes.bar(places, [part.count for part in parts], width=0.8, color=_NOW)
        step = -(-len(parts) // 10)  # at most ten labels have room
        axes.set_xticks(list(places)[::step], [part.label for part in parts][::step])
        highest = max(1, *(part.count for part in parts))
        axes.set_yticks(sorted({0, -(-highest // 2), highest}))
        axes.grid(axis="y", color=_LINE, linewidth=0.6)
        axes.set_axisbelow(True)
        return _svg(figure)


def shortened(label: str, *, cells: int = _LABEL_CELLS) -> str:
    """The label, cut to so many cells of a terminal, which is about how wide it gets."""
    width = 0
    for place, character in enumerate(label):
        width += 2 if _WIDE.match(character) else 1
        if width > cells:
            return label[: place - 1] + "…"
    return label


def _axes(*, width: float, height: float, left: float, bottom: float = 0.05) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    axes: Axes = figure.add_axes((left, bottom / height, 0.98 - left, 1 - (bottom + 0.06) / height))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def _svg(figure: Figure) -> str:
    out = io.StringIO()
    with warnings.catch_warnings():
        # matplotlib's own font lacks Chinese, which matters to it alone: the viewer's font is used.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(
            out, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    # Several charts share a page: only ids that something refers to stay, and those follow from their content.
    used = set(re.findall(r"#([\w-]+)", svg))
    return re.sub(r' id="([\w-]+)"', lambda found: found[0] if found[1] in used else "", svg)
