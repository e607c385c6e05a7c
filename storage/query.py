"""The query language: what a user types, parsed into a tree.

    单细胞 PD-L1           both
    肝癌 OR 胃癌           either; also with |
    免疫 -小鼠             the first without the second; also NOT 小鼠
    "CD8+ T cell"          these words in this order, spelled so
    immuno*                words that begin so
    title:(类器官 OR 芯片) within the title; also finding:, key: (the key findings) and text:

Any string is safe: `parse_query` returns a tree or raises QueryError with a position. Marks that
mean nothing here are passed over, since titles are pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import QueryError
from .search_text import Run, fold, runs

MAX_QUERY_LENGTH = 1000
MAX_TERMS = 32
MAX_DEPTH = 20
MIN_PREFIX_LENGTH = 3  # shorter ones match so much that they answer in seconds, not milliseconds


@dataclass(frozen=True, slots=True)
class TermPart:
    """A stretch of a term: a run of Chinese, or a word with the pieces its hyphens cut it into."""

    pieces: tuple[str, ...]
    is_cjk: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after another.

    Attributes:
        parts: what to look for, folded.
        scope: ``title``, ``findings``, ``key``, ``text``, or empty for anywhere.
        exact: it was quoted: no other spelling of compounds counts.
        prefix: the last word may go on.
    """

    parts: tuple[TermPart, ...]
    scope: str = ""
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the nodes, and none of the excluded."""

    nodes: tuple[Node, ...]
    excluded: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    nodes: tuple[Node, ...]


Node = Term | AllOf | AnyOf


def parse_query(text: str) -> Node | None:
    """Parse what a user typed; None when it is blank.

    Raises:
        QueryError: it cannot be understood, is too long, or would find everything that is not something.
    """
    if not text.strip():
        return None
    if len(text) > MAX_QUERY_LENGTH:
        raise _error(f"the query is longer than {MAX_QUERY_LENGTH} characters", MAX_QUERY_LENGTH)
    node = _Parser(text).parse()
    if node is None:
        raise _error("there is no word in it to search for", 0)
    return node


def _error(message: str, position: int, *, hint: str = "") -> QueryError:
    return QueryError(message, subject="query", hint=hint, position=position)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # open, close, or, and, not, scope, phrase, word, end
    text: str
    position: int


_CLOSING_QUOTE = {'"': '"', "“": "”", "「": "」"}
_TOKEN = re.compile(
    r"""(?P<open>\() | (?P<close>\)) | (?P<or>\|) | (?P<quote>["“「])
    | (?P<not>-(?=[^\s|)])) | (?P<scope>(?:title|findings?|key|text)[:：](?=\S))
    | (?P<word>[^\s()|"“「]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not"}


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while match := _TOKEN.search(text, at):
        kind, at = str(match.lastgroup), match.end()
        if kind == "quote":
            end = text.find(_CLOSING_QUOTE[match[0]], at)
            if end < 0:
                raise _error("a quotation mark is not closed", match.start())
            yield _Token("phrase", text[at:end], match.start())
            at = end + 1
        elif kind == "word":
            yield _Token(_OPERATORS.get(match[0], "word"), match[0], match.start())
        else:
            yield _Token(kind, match[0], match.start())
    yield _Token("end", "", len(text))


class _Parser:
    """Recursive descent over the tokens; a node is None where there was nothing to search for."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        self._terms = 0

    def parse(self) -> Node | None:
        node = self._any(scope="", depth=0)
        if self._next.kind != "end":
            raise _error("a closing parenthesis without an opening one", self._next.position)
        return node

    def _take(self) -> _Token:
        taken = self._next
        if taken.kind != "end":
            self._next = next(self._tokens)
        return taken

    def _any(self, *, scope: str, depth: int) -> Node | None:
        if depth > MAX_DEPTH:
            raise _error("too many parentheses within one another", self._next.position)
        choices = [self._all(scope=scope, depth=depth)]
        while self._next.kind == "or":
            self._take()
            choices.append(self._all(scope=scope, depth=depth))
        nodes = tuple(node for node in choices if node is not None)
        return AnyOf(nodes) if len(nodes) > 1 else nodes[0] if nodes else None

    def _all(self, *, scope: str, depth: int) -> Node | None:
        start = self._next.position
        wanted: list[Node] = []
        excluded: list[Node] = []
        self._factor(wanted, excluded, scope=scope, depth=depth)
        while self._next.kind not in {"or", "close", "end"}:
            if self._next.kind == "and":
                self._take()
            self._factor(wanted, excluded, scope=scope, depth=depth)
        if excluded and not wanted:
            raise _error("only exclusions here", start, hint="say also what to look for")
        if len(wanted) == 1 and not excluded:
            return wanted[0]
        return AllOf(tuple(wanted), tuple(excluded)) if wanted else None

    def _factor(self, wanted: list[Node], excluded: list[Node], *, scope: str, depth: int) -> None:
        negated = False
        while self._next.kind == "not":
            self._take()
            negated = not negated
        node = self._operand(scope=scope, depth=depth)
        if node is not None:
            (excluded if negated else wanted).append(node)

    def _operand(self, *, scope: str, depth: int) -> Node | None:
        token = self._take()
        while token.kind == "scope":
            scope, token = token.text[:-1].lower(), self._take()
            scope = "findings" if scope == "finding" else scope
        if token.kind == "open":
            node = self._any(scope=scope, depth=depth + 1)
            if self._take().kind != "close":
                raise _error("a parenthesis is not closed", token.position)
            return node
        if token.kind in {"word", "phrase"}:
            self._terms += 1
            if self._terms > MAX_TERMS:
                raise _error(f"more than {MAX_TERMS} words", token.position)
            return _term(token, scope=scope)
        raise _error("a word is missing here", token.position)


def _term(token: _Token, *, scope: str) -> Term | None:
    folded = fold(token.text)
    exact = token.kind == "phrase"
    parts = tuple(_parts(folded, exact=exact))
    if not parts:
        return None
    # Any stretch of Chinese is found wherever it stands, so the star adds nothing there.
    prefix = folded.endswith("*") and not exact and not parts[-1].is_cjk
    if prefix and len("".join(parts[-1].pieces)) < MIN_PREFIX_LENGTH:
        raise _error(f"write {MIN_PREFIX_LENGTH} letters or more before *", token.position, hint="or leave out the *")
    return Term(parts=parts, scope=scope, exact=exact, prefix=prefix)


def _parts(folded: str, *, exact: bool) -> Iterator[TermPart]:
    pieces: list[str] = []
    last: Run | None = None
    for run in runs(folded):
        hyphened = last is not None and not last.is_cjk and folded[last.end : run.start] == "-"
        if pieces and (run.is_cjk or exact or not hyphened):
            yield TermPart(tuple(pieces), is_cjk=False)
            pieces = []
        if run.is_cjk:
            yield TermPart((run.text,), is_cjk=True)
        else:
            pieces.append(run.text)
        last = run
    if pieces:
        yield TermPart(tuple(pieces), is_cjk=False)
