"""What a parsed query means, twice: as FTS5 expressions, and as patterns over folded text.

Users' characters reach SQLite only inside quoted tokens made of letters, digits and Chinese
characters, so no query can break out of its quotes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from .index_entry import GLUED
from .prominence import LEVELS, level_mark
from .query import AllOf, AnyOf, Node, Term, TermPart
from .search_text import (
    GREEK_FOR_LATIN,
    GREEK_NAMES,
    WORD,
    cjk_tokens,
    to_latin,
    with_greek_letters,
)

_MAX_RESPELLED = 12  # a longer word is not a gene name somebody left the hyphen out of
_MAX_VARIANTS = 32
_LONE_LETTER = re.compile(r"(?:(?<=^)|(?<=[0-9]))[abgdk](?=[0-9]*$)")
_NAME_OF_LETTER = {letter: name for name, letter in GREEK_NAMES.items()}

# The columns of the lead index by scope; everything else is looked for in all columns of a table.
_LEAD_COLUMNS = {"title": "title", "findings": "key findings", "key": "key"}


def table_of(term: Term) -> str:
    """The table of the index that knows where a term stands."""
    if term.scope in _LEAD_COLUMNS:
        return "lead_index"
    if not term.scope and is_single_character(term):
        return "character_index"
    return "search_index"


def is_single_character(term: Term) -> bool:
    """Whether a term is one Chinese character, which stands in very many pairs."""
    return len(term.parts) == 1 and term.parts[0].is_cjk and len(term.parts[0].pieces[0]) == 1


def phrase_length(term: Term) -> int:
    """How many tokens of the index stand next to one another where a term stands."""
    return sum(
        len(cjk_tokens(part.pieces[0], open_end=True)) if part.is_cjk else len(part.pieces) for part in term.parts
    )


def match_expression(node: Node, table: str) -> str:
    """The FTS5 expression for a query whose terms are all looked for in one table.

    In ``lead_index``, terms without a scope mean all of the lead.
    """
    match node:
        case Term():
            return _term_expression(node, table)
        case AnyOf():
            return f"({' OR '.join(match_expression(each, table) for each in node.nodes)})"
        case AllOf():
            wanted = " AND ".join(match_expression(each, table) for each in node.nodes)
            if not node.excluded:
                return f"({wanted})"
            unwanted = " OR ".join(match_expression(each, table) for each in node.excluded)
            return f"(({wanted}) NOT ({unwanted}))"


def prominence_expression(node: Node, *, lowest: int, telling: Callable[[list[str]], list[str]]) -> str:
    """The FTS5 expression, for ``prominence_index``, for articles in which every word has this level or a higher one.

    Where the words stand and what is excluded does not count: it finds candidates.

    Args:
        telling: those of the tokens of a Chinese word that are to be asked for.
    """

    def of(node: Node) -> str:
        match node:
            case Term():
                parts = (_prominent_part(part, term=node, lowest=lowest, telling=telling) for part in node.parts)
                return f"({' AND '.join(parts)})"
            case AnyOf():
                return f"({' OR '.join(map(of, node.nodes))})"
            case AllOf():
                return f"({' AND '.join(map(of, node.nodes))})"

    return of(node)


def _prominent_part(part: TermPart, *, term: Term, lowest: int, telling: Callable[[list[str]], list[str]]) -> str:
    if part.is_cjk:
        return " AND ".join(_at_levels(token, lowest) for token in telling(cjk_tokens(part.pieces[0], open_end=True)))
    words = list(part.pieces[:1]) if term.exact else list(_word_tokens(part))
    if term.prefix and part is term.parts[-1]:
        return f"({' OR '.join(_phrase([word], prefix=True) for word in words)})"
    either = [_at_levels(word, lowest) for word in words]
    if len(part.pieces) > 1:
        either.append(f"({' AND '.join(_at_levels(piece, lowest) for piece in part.pieces)})")
    return f"({' OR '.join(either)})"


def _at_levels(token: str, lowest: int) -> str:
    return f"({' OR '.join(_phrase([token + level_mark(level)]) for level in range(lowest, LEVELS))})"


def terms_of(node: Node) -> list[Term]:
    """The terms a query wants (not excludes), in order."""
    match node:
        case Term():
            return [node]
        case AnyOf() | AllOf():
            return [term for each in node.nodes for term in terms_of(each)]


def all_terms_of(node: Node) -> list[Term]:
    """The terms a query wants or excludes."""
    match node:
        case Term():
            return [node]
        case AnyOf():
            return [term for each in node.nodes for term in all_terms_of(each)]
        case AllOf():
            return [term for each in (*node.nodes, *node.excluded) for term in all_terms_of(each)]


def without_exclusions(node: Node) -> Node:
    """The same query without its NOT parts: finds a superset."""
    match node:
        case Term():
            return node
        case AnyOf():
            return AnyOf(tuple(without_exclusions(each) for each in node.nodes))
        case AllOf():
            return AllOf(tuple(without_exclusions(each) for each in node.nodes))


def holds_for_lead(node: Node) -> bool:
    """Whether an article is sure to be found when its title and findings alone fulfil the query."""
    match node:
        case Term():
            return node.scope != "text"
        case AnyOf():
            return all(holds_for_lead(each) for each in node.nodes)
        case AllOf():
            return not node.excluded and all(holds_for_lead(each) for each in node.nodes)


def _term_expression(term: Term, table: str) -> str:
    columns = _LEAD_COLUMNS.get(term.scope, "") if table == "lead_index" else term.scope
    return f"{{{columns}}} : ({_spellings_of(term, table)})" if columns else f"({_spellings_of(term, table)})"


def _spellings_of(term: Term, table: str) -> str:
    if len(term.parts) == 1 and term.parts[0].is_cjk:
        return _cjk_expression(term.parts[0].pieces[0], table)
    if len(term.parts) == 1 and not term.exact:
        return _word_expression(term)
    phrases = [_phrase(tokens, prefix=term.prefix or open_end) for tokens, open_end in _spelled_out(term)]
    return " OR ".join(phrases)


def _cjk_expression(run: str, table: str) -> str:
    if len(run) > 1:
        return _phrase(cjk_tokens(run, open_end=True))
    # In running text a character is the beginning of a pair, or the end of a run.
    return _phrase([run], prefix=table != "character_index")


def _word_expression(term: Term) -> str:
    either = [_phrase([word], prefix=term.prefix) for word in _word_tokens(term.parts[0])]
    pieces = term.parts[0].pieces
    # "il 1" * would read the lists of all numbers that begin with 1, so IL-1* is what has a hyphen or is glued.
    if len(pieces) > 1 and not term.prefix:
        either += [_phrase(spelled) for spelled in _greek_spellings(pieces)]
    return " OR ".join(either)


def _word_tokens(part: TermPart) -> Iterator[str]:
    """The single tokens a word may be: as written, and glued."""
    pieces = part.pieces
    glued = "".join(pieces)
    greek = "".join(_with_greek_letters(pieces))
    plain = dict.fromkeys([glued, to_latin(glued), to_latin(greek)])
    yield from plain
    for word in plain:
        yield GLUED + word


def _with_greek_letters(pieces: tuple[str, ...]) -> list[str]:
    return [with_greek_letters(piece, alone=len(pieces) == 1) for piece in pieces]


def _greek_spellings(pieces: tuple[str, ...]) -> Iterator[list[str]]:
    """The pieces as separate words: as written, and with their Greek letters as letters, as names and as Latin ones."""
    options = [_piece_spellings(piece, alone=len(pieces) == 1) for piece in pieces]
    for spelled in itertools.islice(itertools.product(*options), _MAX_VARIANTS // 2):
        yield list(spelled)


def _piece_spellings(piece: str, *, alone: bool) -> list[str]:
    greek = with_greek_letters(piece, alone=alone)
    # A Latin letter by itself or behind a digit may stand for a Greek one: IL-1B.
    if (match := _LONE_LETTER.search(greek)) is not None:
        greek = greek[: match.start()] + GREEK_FOR_LATIN[match[0]] + greek[match.end() :]
    named = "".join(_NAME_OF_LETTER.get(letter, letter) for letter in greek)
    return list(dict.fromkeys([piece, greek, to_latin(greek), named]))


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
    greek = list(_greek_spellings(part.pieces))
    if len(as_written) > 1:
        glued = ["".join(spelled) for spelled in greek]
        return [*greek, *([word] for word in dict.fromkeys([*glued, *map(to_latin, glued)]))]
    latin = [[to_latin(piece) for piece in spelled] for spelled in greek]
    words = dict.fromkeys(word for (word,) in [*greek, *latin])
    return [[word] for word in words] + [split for word in words for split in _splits(word)]


def _splits(word: str) -> list[list[str]]:
    """The word with a hyphen at every place it could have one."""
    if len(word) > _MAX_RESPELLED:
        return []
    return [[word[:at], word[at:]] for at in range(1, len(word))]


def _phrase(tokens: list[str] | tuple[str, ...], *, prefix: bool = False) -> str:
    return f'"{" ".join(tokens)}"{" *" if prefix else ""}'


def highlight_patterns(node: Node, *, part: str) -> list[re.Pattern[str]]:
    """Patterns over folded text for what the query wants (not excludes) in ``title`` or ``text``."""
    in_title = part == "title"
    return [
        term_pattern(term)
        for term in terms_of(node)
        if (term.scope in {"", "title"} if in_title else term.scope != "title")
    ]


def matches(node: Node, folded: Mapping[str, str]) -> bool:
    """Whether the query holds for folded texts by scope (``title``, ``findings``, ``key``; empty: anywhere)."""
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
    gap = "-?" if term.prefix else r"[\W_]*"
    letters = [
        list(map(re.escape, "".join(part.pieces))) if part.is_cjk or term.exact else list(_letters(part, gap=gap))
        for part in term.parts
    ]
    if not term.parts[0].is_cjk:
        # Behind the first letter, not before it: the engine looks for letters quickly, for borders slowly.
        letters[0][0] += f"(?<!{WORD}{letters[0][0]})"
    pattern = "".join(letters[0])
    for before, part, spelled in zip(term.parts, term.parts[1:], letters[1:], strict=False):
        # Two words, or two runs of Chinese, must have something between them.
        pattern += (r"[\W_]+" if before.is_cjk == part.is_cjk else r"[\W_]*") + "".join(spelled)
    if not term.parts[-1].is_cjk:
        pattern += f"{WORD}*" if term.prefix else f"(?!{WORD})"
    return re.compile(pattern)


def _letters(part: TermPart, *, gap: str) -> Iterator[str]:
    """Patterns that make up a word: a letter, or several, or what may stand between two."""
    for number, piece in enumerate(_with_greek_letters(part.pieces)):
        if number:
            yield gap
        for at, letter in enumerate(piece):
            if at:
                yield "-?"
            greek = GREEK_FOR_LATIN.get(to_latin(letter))
            yield f"[{to_latin(letter)}{greek}]" if greek else re.escape(letter)
            # At the end but for digits the letter may be spelled.
            if greek in _NAME_OF_LETTER and not piece[at + 1 :].strip("0123456789"):
                yield f"(?:{_NAME_OF_LETTER[greek][1:]})?"
