"""Lines on the standard output, without rich: colour and wrapping on a terminal, plain text elsewhere.

A search draws its hits with this because rich takes longer to import than the search takes. Everything that articles
say goes through `plain` first.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TextIO

# Control characters in an article could move the cursor, recolour the screen or begin a line that seems to be
# ours; bidirectional marks could turn words around.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

Style = Literal["", "bold", "dim", "found", "bar"]
Piece = tuple[str, Style]
_CODES: Mapping[Style, str] = {"bold": "1", "dim": "2", "found": "1;33", "bar": "36"}  # ECMA-48 8.3.117
_NARROWEST = 20  # cells; below that wrapping makes things worse

# Marks that no line begins with, and marks that no line ends with.
_CLOSING = frozenset("，。、；：？！）》」』】〕〉”’…,.;:?!)]}%")
_OPENING = frozenset("（《「『【〔〈“‘([{")


def plain(text: str) -> str:
    """Text on one line, without anything a terminal would obey; as long as it was."""
    return _CONTROL.sub(" ", text)


def harmless_json(line: str) -> str:
    """One line of JSON that says the same and holds nothing that a terminal would obey.

    The json module escapes the oldest control characters, but not those from U+007F on.
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def cell_width(text: str) -> int:
    """How many cells of a terminal the text takes: two for a Chinese character, none for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _style(piece: Piece) -> Style:
    return piece[1]


def _cells(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


@dataclass(frozen=True)
class Screen:
    """Where lines go.

    Attributes:
        out: the stream.
        width: cells a line has on a terminal; None elsewhere, where lines are as long as they are.
        is_coloured: whether styles are shown.
    """

    out: TextIO
    width: int | None = None
    is_coloured: bool = False

    def show(self, *pieces: Piece, indent: int = 0) -> None:
        """One line; where the terminal ends it goes on in the next, ``indent`` cells from the left."""
        if self.width is None or self.width < _NARROWEST:
            lines: Iterator[Sequence[Piece]] = iter([pieces])
        else:
            lines = _wrapped(pieces, width=self.width, indent=indent)
        for line in lines:
            styled = (self._styled("".join(text for text, _ in same), style) for style, same in groupby(line, _style))
            self.out.write("".join(styled) + "\n")

    def highlighted(self, text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
        """Text with spans set off: by colour, or by « » where there is none; code points, end exclusive."""
        pieces: list[Piece] = []
        place = 0
        for start, end in spans:
            inside = plain(text[start:end])
            pieces += [(plain(text[place:start]), ""), (inside if self.is_coloured else f"«{inside}»", "found")]
            place = end
        return [*pieces, (plain(text[place:]), "")]

    def _styled(self, text: str, style: Style) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if text and style and self.is_coloured else text


def screen(out: TextIO | None = None, environment: Mapping[str, str] = os.environ) -> Screen:
    """The standard output, or another stream.

    Colour is for terminals that know it, and for those who have not said no (https://no-color.org).
    """
    out = sys.stdout if out is None else out
    if not out.isatty():
        return Screen(out)
    is_coloured = not environment.get("NO_COLOR") and environment.get("TERM") not in ("dumb", "unknown")
    return Screen(out, width=_terminal_width(out, environment), is_coloured=is_coloured)


def _terminal_width(out: TextIO, environment: Mapping[str, str]) -> int:
    told = environment.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(out.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _wrapped(pieces: Sequence[Piece], *, width: int, indent: int) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    used, margin = 0, 0
    for chunk, style in _fitting_chunks(pieces, width - indent):
        size = cell_width(chunk)
        if used + size > width and used > margin:
            yield line
            line, used, margin = [(" " * indent, "")], indent, indent
            if chunk.isspace():
                continue
        line.append((chunk, style))
        used += size
    yield line


def _fitting_chunks(pieces: Sequence[Piece], width: int) -> Iterator[Piece]:
    """What may stand on different lines, nothing of it wider than a line."""
    for text, style in pieces:
        for chunk in _chunks(text):
            if cell_width(chunk) <= width:
                yield chunk, style
            else:
                yield from ((character, style) for character in chunk)


def _chunks(text: str) -> Iterator[str]:
    """Stretches of spaces, stretches of narrow characters, and wide characters one by one, marks beside them."""
    chunk = ""
    for character in text:
        if chunk and not _belongs(chunk[-1], character):
            yield chunk
            chunk = ""
        chunk += character
    if chunk:
        yield chunk


def _belongs(before: str, character: str) -> bool:
    if before.isspace() or character.isspace():
        return before.isspace() and character.isspace()
    narrow = _cells(before) < 2 and _cells(character) < 2
    return narrow or _cells(character) == 0 or character in _CLOSING or before in _OPENING
