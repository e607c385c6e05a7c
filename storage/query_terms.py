"""What a parsed query means, twice: as an FTS5 expression, and as patterns over folded text.

Users' characters reach SQLite only inside quoted tokens made of letters, digits and Chinese
characters, so no query can break out of its quotes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .query import AllOf, AnyOf, Node, Term, TermPart
from .search_text import GREEK_FOR_LATIN, WORD, cjk_tokens, to_latin

_MAX_RESPELLED = 12  # a longer word is not a gene name somebody left the hyphen out of
_MAX_VARIANTS = 32


@dataclass(frozen=True, slots=True)
class Columns:
    """Where to look: running text, glued symbols, and single characters (empty: in running text)."""

    running: str
    glued: str
    character: str = ""


_ANYWHERE = Columns("title findings text", "title findings text title_symbols symbols", "characters")
_SCOPES = {
    "": _ANYWHERE,
    "title": Columns("title", "title title_symbols"),
    "findings": Columns("findings", "findings"),
    "text": Columns("text", "text symbols"),
}
TITLE_INDEX = Columns("title", "title title_symbols")


def match_expression(node: Node, *, columns: Columns | None = None) -> str:
    """The FTS5 expression for a query, with every term looked for in ``columns`` if they are given."""
    match node:
        case Term():
            return _term_expression(node, columns or _SCOPES[node.scope])
        case AnyOf():
            return f"({' OR '.join(match_expression(each, columns=columns) for each in node.nodes)})"
        case AllOf():
            wanted = " AND ".join(match_expression(each, columns=columns) for each in node.nodes)
            if not node.excluded:
                return f"({wanted})"
            unwanted = " OR ".join(match_expression(each, columns=columns) for each in node.excluded)
            return f"(({wanted}) NOT ({unwanted}))"


def without_exclusions(node: Node) -> Node:
    """The same query without its NOT parts: finds a superset."""
    match node:
        case Term():
            return node
        case AnyOf():
            return AnyOf(tuple(without_exclusions(each) for each in node.nodes))
        case AllOf():
            return AllOf(tuple(without_exclusions(each) for each in node.nodes))


def reads_title_alike(node: Node) -> bool:
    """Whether an article is sure to be found when its title alone fulfils the query."""
    match node:
        case Term():
            return node.scope in {"", "title"}
        case AnyOf():
            return all(reads_title_alike(each) for each in node.nodes)
        case AllOf():
            return not node.excluded and all(reads_title_alike(each) for each in node.nodes)


def _term_expression(term: Term, columns: Columns) -> str:
    if len(term.parts) == 1 and term.parts[0].is_cjk:
        return _cjk_expression(term.parts[0].pieces[0], columns)
    if len(term.parts) == 1 and not term.exact:
        return _word_expression(term, columns)
    phrases = [_phrase(tokens, prefix=term.prefix or open_end) for tokens, open_end in _spelled_out(term)]
    return f"{{{columns.running}}} : ({' OR '.join(phrases)})"


def _cjk_expression(run: str, columns: Columns) -> str:
    if len(run) > 1:
        return f"{{{columns.running}}} : {_phrase(cjk_tokens(run, open_end=True))}"
    if columns.character:
        return f"{columns.character} : {_phrase([run])}"
    return f"{{{columns.running}}} : {_phrase([run], prefix=True)}"


def _word_expression(term: Term, columns: Columns) -> str:
    pieces = term.parts[0].pieces
    glued = "".join(pieces)
    either = [
        f"{{{columns.glued}}} : {_phrase([word], prefix=term.prefix)}"
        for word in dict.fromkeys([glued, to_latin(glued)])
    ]
    if len(pieces) > 1:
        either.append(f"{{{columns.running}}} : {_phrase(pieces)}")
    elif "symbols" not in columns.glued and not term.prefix:
        either += [f"{{{columns.running}}} : {_phrase(split)}" for split in _splits(glued)]
    return f"({' OR '.join(either)})"


def _spelled_out(term: Term) -> Iterator[tuple[list[str], bool]]:
    """Every token sequence the term may stand as in running text; whether its last token may go on."""
    last = len(term.parts) - 1
    spellings = [_spellings(part, exact=term.exact, is_last=at == last) for at, part in enumerate(term.parts)]
    # A last single character begins a pair wherever it is not the end of its run.
    final = term.parts[-1]
    open_end = final.is_cjk and len(final.pieces[0]) == 1
    for combination in itertools.islice(itertools.product(*spellings), _MAX_VARIANTS):
        yield [token for tokens in combination for token in tokens], open_end


def _spellings(part: TermPart, *, exact: bool, is_last: bool) -> list[list[str]]:
    if part.is_cjk:
        return [cjk_tokens(part.pieces[0], open_end=is_last)]
    as_written = list(part.pieces)
    if exact:
        return [as_written]
    if len(as_written) > 1:
        return [as_written, ["".join(as_written)]]
    return [as_written, *_splits(as_written[0])]


def _splits(word: str) -> list[list[str]]:
    """The word with a hyphen at every place it could have one."""
    if len(word) > _MAX_RESPELLED:
        return []
    return [[word[:at], word[at:]] for at in range(1, len(word))]


def _phrase(tokens: list[str] | tuple[str, ...], *, prefix: bool = False) -> str:
    return f'"{" ".join(tokens)}"{" *" if prefix else ""}'


def highlight_patterns(node: Node, *, part: str) -> list[re.Pattern[str]]:
    """Patterns over folded text for what the query wants (not excludes) in ``title`` or ``text``."""
    match node:
        case Term():
            in_title = part == "title"
            wanted = node.scope in {"", "title"} if in_title else node.scope != "title"
            return [term_pattern(node)] if wanted else []
        case AnyOf() | AllOf():
            return [found for each in node.nodes for found in highlight_patterns(each, part=part)]


def matches(node: Node, folded: Mapping[str, str]) -> bool:
    """Whether the query holds for folded texts by scope (``title``, ``findings``; empty: anywhere)."""
    match node:
        case Term():
            return term_pattern(node).search(folded.get(node.scope, "")) is not None
        case AnyOf():
            return any(matches(each, folded) for each in node.nodes)
        case AllOf():
            if any(matches(each, folded) for each in node.excluded):
                return False
            return all(matches(each, folded) for each in node.nodes)


@lru_cache(maxsize=256)
def term_pattern(term: Term) -> re.Pattern[str]:
    """A pattern that finds in folded text what the index finds as tokens."""
    pattern = "" if term.parts[0].is_cjk else f"(?<!{WORD})"
    for before, part in zip((None, *term.parts), term.parts, strict=False):
        if before is not None:
            # Two words, or two runs of Chinese, must have something between them.
            pattern += r"[\W_]+" if before.is_cjk == part.is_cjk else r"[\W_]*"
        pattern += _part_pattern(part, exact=term.exact)
    if not term.parts[-1].is_cjk:
        pattern += f"{WORD}*" if term.prefix else f"(?!{WORD})"
    return re.compile(pattern)


def _part_pattern(part: TermPart, *, exact: bool) -> str:
    if part.is_cjk or exact:
        return re.escape("".join(part.pieces))
    return r"[\W_]*".join("-?".join(_letter(letter) for letter in piece) for piece in part.pieces)


def _letter(letter: str) -> str:
    latin = to_latin(letter)
    greek = GREEK_FOR_LATIN.get(latin)
    return f"[{latin}{greek}]" if greek else re.escape(letter)
