"""What the pipeline learns about one article, component by component.

The document that spaCy sees is the title, a line feed, and the text; offsets are kept in document
coordinates until `Reading.mention` turns them into the record's (part, start, end).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from spacy.tokens import Doc

from ..models import (
    Accession,
    Article,
    ArticleKind,
    Block,
    BlockKind,
    Disease,
    Finding,
    Gene,
    Mention,
    Method,
    Paper,
    Part,
    Tool,
)
from .folding import fold_width

if TYPE_CHECKING:
    from .references import Reference
    from .term_matcher import TermMatch


class Line(NamedTuple):
    """One block of the text, in document coordinates. The title is line 0, of kind heading.

    Attributes:
        plain: the text with full-width forms and dashes in their plain form: same length, same offsets.
    """

    number: int
    start: int
    end: int
    text: str
    plain: str
    kind: BlockKind
    block: Block | None


class Sentence(NamedTuple):
    """One sentence in document coordinates.

    Attributes:
        line: the line it stands on.
        section: the heading above it, empty before the first one.
        position: 0 at the beginning of the document, 1 at its end.
        in_heading: its line names a section.
    """

    start: int
    end: int
    text: str
    line: Line
    section: str
    position: float
    in_heading: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """A short form that the article itself spells out: 肿瘤微环境（TME）."""

    short: str
    long: str
    start: int


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in document coordinates: field is ``doi``, ``pmid``, ``pmcid``, ``url``, …"""

    field: str
    value: str
    text: str
    start: int
    end: int


@dataclass
class Reading:
    """The article and everything read from it so far; each component fills its own field."""

    article: Article
    lines: tuple[Line, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    matches: dict[str, list[TermMatch]] = field(default_factory=dict)
    definitions: tuple[Definition, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[tuple[int, int], ...] = ()
    references: tuple[Reference, ...] = ()
    reference_lines: frozenset[int] = frozenset()
    papers: tuple[Paper, ...] = ()
    genes: tuple[Gene, ...] = ()
    methods: tuple[Method, ...] = ()
    tools: tuple[Tool, ...] = ()
    diseases: tuple[Disease, ...] = ()
    accessions: tuple[Accession, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind_odds: tuple[float, ...] = ()
    kind: ArticleKind = ArticleKind.OTHER

    def __post_init__(self) -> None:
        self.lines = tuple(_lines(self.article, self.plain_text))
        self._line_starts = [line.start for line in self.lines]

    @cached_property
    def document_text(self) -> str:
        return f"{self.article.title}\n{self.article.text}"

    @cached_property
    def plain_text(self) -> str:
        """The document with full-width forms and dashes in their plain form: same length, same offsets."""
        return fold_width(self.document_text)

    @cached_property
    def text_offset(self) -> int:
        """Where `Article.text` begins in the document."""
        return len(self.article.title) + 1

    def line_at(self, offset: int) -> Line:
        return self.lines[max(bisect_right(self._line_starts, offset) - 1, 0)]

    def part_of(self, start: int) -> Part:
        return Part.TITLE if start < self.text_offset else Part.TEXT

    def mention(self, start: int, end: int) -> Mention:
        """The record's mention of document[start:end]."""
        shift, part = (0, Part.TITLE) if start < self.text_offset else (self.text_offset, Part.TEXT)
        return Mention(text=self.document_text[start:end], start=start - shift, end=end - shift, part=part)


def _lines(article: Article, plain: str) -> Iterator[Line]:
    offset = len(article.title) + 1
    yield Line(0, 0, offset - 1, article.title, plain[: offset - 1], BlockKind.HEADING, None)
    for number, placed in enumerate(article.placed_blocks, 1):
        start, end, block = placed.start + offset, placed.end + offset, placed.block
        yield Line(number, start, end, block.text, plain[start:end], block.kind, block)


def reading_of(doc: Doc) -> Reading:
    """The reading that travels with a spaCy document through the pipeline."""
    reading: Reading = doc._.reading
    return reading


def overlaps(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether [start, end) touches any of the spans, which are sorted and do not overlap."""
    index = bisect_right(spans, (start, 1 << 60))
    if index > 0 and spans[index - 1][1] > start:
        return True
    return index < len(spans) and spans[index][0] < end


if not Doc.has_extension("reading"):
    Doc.set_extension("reading", default=None)
