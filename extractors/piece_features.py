"""Where each lexical piece of an article stands, as hashed features: what the tagger of terms looks at.

A piece is a Latin word or one Chinese character (`folding.PIECE`). Its features are the pieces around it, one to four
together, what it is built of, and what the lexicons say of it and of its neighbours. All pieces of an article are
hashed in one vectorised pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..models import ArticleKind, BlockKind, Mention, Part
from .folding import code_points, fold, piece_spans
from .ngrams import Integers
from .reading import Reading

Hashes = npt.NDArray[np.uint64]

BITS = 20
BUCKETS = 1 << BITS
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_LONGEST = 32
# Powers of an odd number: a word's hash is the sum of its characters' codes, each times the power of its place.
_POWERS = np.array([pow(0x100000001B3, place, 1 << 64) for place in range(_LONGEST)], dtype=np.uint64)
_DIGIT_ZERO, _DIGIT_NINE = ord("0"), ord("9")
_UPPER, _LOWER, _DIGIT, _OTHER, _INNER_UPPER, _FIRST_UPPER = (1 << place for place in range(6))
_WINDOW = range(-3, 4)
# Where groups of so many neighbouring pieces start.
_STARTS = {1: range(-3, 4), 2: range(-3, 3), 3: range(-3, 2), 4: range(-3, 1)}
# One for each part of a feature, and the last for its number.
_FACTORS = tuple(np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in (1, 3, 5, 7, 11, 13))
_SHORT_PIECE = 3
_GROUPS = ("method", "tool", "gene", "disease", "journal")
_KINDS = {kind: number for number, kind in enumerate(ArticleKind, 1)}
_BLOCKS = {kind: number for number, kind in enumerate(BlockKind, 1)}
_TITLE, _REFERENCE = 40, 41
# Where in a lexicon's match a piece stands; what was accepted as a mention is numbered after the rest.
_FIRST, _INSIDE, _LAST, _ACCEPTED = 1, 2, 3, 4


@dataclass(frozen=True)
class Pieces:
    """The lexical pieces of a document, in order.

    Attributes:
        starts, ends: code points into the document.
        lines: the number of the line each stands on.
        buckets: the hashed features of each, below `BUCKETS`, shape (features, pieces): sums over the features of
            columns side by side take a seventh of the time that they take piece by piece.
    """

    starts: Integers
    ends: Integers
    lines: Integers
    buckets: npt.NDArray[np.int32]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the pieces from start to before end: first, and one after the last."""
        first, last = np.searchsorted(self.starts, [start, end])
        return int(first), int(last)


def read_pieces(reading: Reading) -> Pieces:
    """The pieces of an article that has been read up to its kind."""
    text = reading.plain_text
    spans = piece_spans(text)
    starts, ends = np.array(spans[0], dtype=np.int64), np.array(spans[1], dtype=np.int64)
    lines, places = _lines(reading, starts)
    words = _Words(text, starts, ends)
    tags = {group: _tags(reading, group, starts) for group in _GROUPS}
    return Pieces(starts, ends, lines, _buckets(words, lines, places, tags, kind=_KINDS[reading.kind]))


class _Words:
    """Hashes of the pieces: as a whole, of their beginnings and endings, and what they are built of."""

    def __init__(self, text: str, starts: Integers, ends: Integers) -> None:
        folded = code_points(fold(text)).astype(np.uint64)
        folded = np.where((folded >= _DIGIT_ZERO) & (folded <= _DIGIT_NINE), np.uint64(_DIGIT_ZERO), folded)
        lengths = ends - starts
        firsts = np.cumsum(lengths) - lengths
        owners = np.repeat(np.arange(len(starts)), lengths)
        places = np.arange(len(owners)) - firsts[owners]
        characters = starts[owners] + places
        parts = folded[characters] * _POWERS[np.minimum(places, _LONGEST - 1)]
        whole = _summed(parts, firsts) * _MULTIPLIER
        self.whole = whole ^ (whole >> np.uint64(29))
        longer = lengths > _SHORT_PIECE
        self.beginning = np.where(longer, _summed(np.where(places < _SHORT_PIECE, parts, np.uint64(0)), firsts), 1)
        tail = sum((folded[np.maximum(ends - back, 0)] * _POWERS[back] for back in (1, 2, 3)), np.uint64(0))
        self.ending = np.where(longer, tail, np.uint64(1)).astype(np.uint64)
        self.shape = _shapes(code_points(text)[characters], places, firsts) * np.uint64(16)
        self.shape += np.minimum(lengths, 9).astype(np.uint64)


def _summed(parts: Hashes, firsts: Integers) -> Hashes:
    return np.add.reduceat(parts, firsts) if len(firsts) else parts


def _shapes(codes: npt.NDArray[np.uint32], places: Integers, firsts: Integers) -> Hashes:
    """Which sorts of characters a piece has, and whether capitals stand first or inside."""
    upper = (codes >= ord("A")) & (codes <= ord("Z"))
    lower = (codes >= ord("a")) & (codes <= ord("z"))
    digit = (codes >= _DIGIT_ZERO) & (codes <= _DIGIT_NINE)
    sorts = np.where(upper, _UPPER, np.where(lower, _LOWER, np.where(digit, _DIGIT, _OTHER)))
    sorts = sorts | np.where(upper, np.where(places > 0, _INNER_UPPER, _FIRST_UPPER), 0)
    # Signs and Chinese characters are pieces by themselves: their own hash says what they are.
    joined: Hashes = (np.bitwise_or.reduceat(sorts, firsts) if len(firsts) else sorts).astype(np.uint64)
    return joined


def _lines(reading: Reading, starts: Integers) -> tuple[Integers, Hashes]:
    """For each piece the number of its line, and what sort of line that is."""
    firsts = np.searchsorted(starts, [line.start for line in reading.lines])
    counts = np.diff([*firsts, len(starts)])
    sorts = [
        _TITLE if not line.number else _REFERENCE if line.number in reading.reference_lines else _BLOCKS[line.kind]
        for line in reading.lines
    ]
    numbers = [line.number for line in reading.lines]
    return np.repeat(numbers, counts), np.repeat(np.array(sorts, dtype=np.uint64), counts)


def _tags(reading: Reading, group: str, starts: Integers) -> Hashes:
    """What a lexicon says of each piece: in no match, first, inside or last in one, and whether it was accepted."""
    tags = np.zeros(len(starts), dtype=np.uint64)
    matches = reading.matches.get(group, [])
    _mark(tags, starts, ((match.start, match.end) for match in matches), level=0)
    if group in ("method", "tool"):
        groups = reading.methods if group == "method" else reading.tools
        mentions = (mention for each in groups for mention in each.mentions)
        _mark(tags, starts, (document_span(reading, mention) for mention in mentions), level=_ACCEPTED)
    return tags


def _mark(tags: Hashes, starts: Integers, spans: Iterable[tuple[int, int]], *, level: int) -> None:
    bounds = np.searchsorted(starts, np.array(list(spans), dtype=np.int64).reshape(-1, 2))
    bounds = bounds[bounds[:, 1] > bounds[:, 0]]
    first, after = bounds[:, 0], bounds[:, 1]
    lengths = after - first
    before = np.cumsum(lengths) - lengths
    tags[np.repeat(first - before, lengths) + np.arange(int(lengths.sum()))] = level + _INSIDE
    tags[after - 1] = level + _LAST
    tags[first] = level + _FIRST


def document_span(reading: Reading, mention: Mention) -> tuple[int, int]:
    """A record's mention in document coordinates."""
    shift = 0 if mention.part is Part.TITLE else reading.text_offset
    return mention.start + shift, mention.end + shift


def _buckets(
    words: _Words, lines: Integers, places: Hashes, tags: dict[str, Hashes], *, kind: int
) -> npt.NDArray[np.int32]:
    near = {distance: _shifted(words.whole, lines, distance) for distance in _WINDOW}
    shapes = [_shifted(words.shape, lines, distance) for distance in (-1, 0, 1)]
    method, tool, gene = tags["method"], tags["tool"], tags["gene"]
    methods, tools = ([_shifted(own, lines, distance) for distance in (-1, 0, 1)] for own in (method, tool))
    kinds = np.full_like(method, kind)
    templates: list[Sequence[Hashes]] = [
        *([near[start + step] for step in range(size)] for size in (1, 2, 3, 4) for start in _STARTS[size]),
        [words.shape],
        [words.beginning],
        [words.ending],
        shapes,
        methods,
        *([method, near[distance]] for distance in (-1, 0, 1)),
        tools,
        [tool, words.shape],
        [tool, near[0]],
        [gene, tags["disease"], tags["journal"], method, tool],
        [gene, words.shape],
        [places, method],
        [places, tool],
        [kinds, method],
        [kinds, tool],
        [kinds, near[0], near[1]],
        [kinds, near[-1], near[0]],
    ]
    mixed = np.empty((len(templates), len(method)), dtype=np.uint64)
    for number, parts in enumerate(templates):
        row = mixed[number]
        row[:] = number
        row *= _FACTORS[-1]
        for part, factor in zip(parts, _FACTORS, strict=False):
            row += part * factor
    mixed *= _MULTIPLIER
    mixed >>= np.uint64(64 - BITS)
    return mixed.astype(np.int32)


def _shifted(values: Hashes, lines: Integers, distance: int) -> Hashes:
    """The value of the piece so many further on, 0 where it stands on another line."""
    if not distance:
        return values
    shifted = np.zeros_like(values)
    if distance > 0:
        here, there = slice(None, -distance), slice(distance, None)
    else:
        here, there = slice(-distance, None), slice(None, distance)
    shifted[here] = np.where(lines[here] == lines[there], values[there], np.uint64(0))
    return shifted
