"""Every regular expression of the package, and for each the texts that would make it explode if it could."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as codes
import re._parser as parser
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import wenzhai
from wenzhai.extractors.needful_pattern import NeedfulPattern

# Where only the beginning is looked at, a text costs one attempt; anywhere else one from each of its characters.
_ANCHORED = frozenset({"match", "fullmatch"})
_METHODS = _ANCHORED | {"search", "findall", "finditer", "sub", "subn", "split"}
# `describe` reads nothing but the schema that the package makes itself.
_NOT_OURS = ("tests", "benchmarks", "fixtures", "__main__", "describe")
# What never fits after a repetition, so that the whole match fails and every other way is tried.
_ENDINGS = ("", "\x01", "\n\x01")
_MOST_WAYS = 8


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and whether it is only ever tried at the beginning of a text."""

    place: str
    pattern: re.Pattern[Any]
    method: str

    def run(self, text: str) -> None:
        """Does with a text what the package does."""
        given = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        if self.method in _ANCHORED:
            getattr(self.pattern, self.method)(given)
        else:
            for _ in self.pattern.finditer(given):
                pass


@dataclass(frozen=True)
class Attack:
    """A text of any length: a beginning, something repeated, an ending."""

    before: str
    repeated: str
    after: str

    def text(self, length: int) -> str:
        return self.before + self.repeated * max(1, length // len(self.repeated)) + self.after


def modules() -> Iterator[ModuleType]:
    """Every module of the package."""
    for info in pkgutil.walk_packages(wenzhai.__path__, "wenzhai."):
        if not any(part in _NOT_OURS for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def patterns() -> list[Used]:
    """The patterns of all modules: those they hold, and those written where they are used."""
    held, written, methods = [], [], defaultdict(set)
    for module in modules():
        place = module.__name__.removeprefix("wenzhai.")
        for name, value in vars(module).items():
            held += [(place, name, pattern) for pattern in _within(value)]
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for name, method in _calls(tree):
            methods[f"{place}.{name}" if name.startswith("_") else name].add(method)
        written += [(place, *found) for found in _literals(tree, vars(module))]
    found: dict[tuple[object, int, str], Used] = {}
    for place, name, pattern in held:
        told = methods[f"{place}.{name}" if name.startswith("_") else name]
        method = "match" if told and told <= _ANCHORED else "finditer"
        if told == {"fullmatch"}:
            method = "fullmatch"
        found.setdefault((pattern.pattern, pattern.flags, method), Used(f"{place}.{name}", pattern, method))
    for place, method, pattern in written:
        found.setdefault((pattern.pattern, pattern.flags, method), Used(f"{place} (re.{method})", pattern, method))
    return sorted(found.values(), key=lambda used: (used.place, repr(used.pattern.pattern)))


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Texts from the pattern's own alphabet: each thing it repeats, repeated; and what leads up to it, repeated."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0))
    found: set[Attack] = set()
    for before, repeated in _repetitions(tree, ""):
        for after in _ENDINGS:
            found |= {Attack(before, repeated, after), Attack("", before + repeated, after)}
        found |= {Attack("", text, "\x01") for text in (before, repeated) if text}
    return sorted(found, key=lambda attack: (attack.before, attack.repeated, attack.after))


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, NeedfulPattern):
        yield value.expression
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _within(each)


def _calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What is called how: ``_NAME.match(…)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _METHODS and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def _literals(tree: ast.AST, names: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns given to ``re.search`` and its like, as far as they do not hang on what a function was given.

    Those that a function compiles are among them; those that a module compiles it holds.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            texts = {
                assigned.targets[0].id: assigned.value.value
                for assigned in ast.walk(node)
                if isinstance(assigned, ast.Assign)
                and isinstance(assigned.targets[0], ast.Name)
                and isinstance(assigned.value, ast.Constant)
            }
            yield from _literals_in(node, {**names, **texts}, compiled=True)
        elif isinstance(node, ast.ClassDef):
            yield from _literals(node, names)
        else:
            yield from _literals_in(node, names, compiled=False)


def _literals_in(tree: ast.AST, names: Mapping[str, Any], *, compiled: bool) -> Iterator[tuple[str, re.Pattern[Any]]]:
    # re.compile(…).match: what is done with it at once.
    done = {node.value: node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if not (isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"):
            continue
        if called.attr not in _METHODS | {"compile"}:
            continue
        assert isinstance(node, ast.Call)
        try:
            source = eval(compile(ast.Expression(node.args[0]), "", "eval"), dict(names))  # noqa: S307 (our own source)
            pattern = re.compile(source)
        except (NameError, TypeError, AttributeError, re.error):
            continue
        if compiled or called.attr != "compile":
            yield done.get(node, "finditer") if called.attr == "compile" else called.attr, pattern


_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def _repetitions(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """What each repetition repeats, with a text that leads up to it."""
    for operation, argument in tree:
        if operation in _REPEATS:
            _, most, inner = argument
            if most is codes.MAXREPEAT or most > 50:
                yield from ((before, way) for way in _ways(inner) if way)
            yield from _repetitions(inner, before)
        elif operation is codes.SUBPATTERN:
            yield from _repetitions(argument[3], before)
        elif operation is codes.ATOMIC_GROUP:
            yield from _repetitions(argument, before)
        elif operation is codes.BRANCH:
            for branch in argument[1]:
                yield from _repetitions(branch, before)
        elif operation in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repetitions(argument[1], before)
        before += _ways([(operation, argument)])[0]


def _ways(tree: Iterable[Any]) -> list[str]:
    """Some of the shortest texts that fit."""
    found = [""]
    for operation, argument in tree:
        found = [text + way for text in found for way in _ways_of(operation, argument) or [""]][:_MOST_WAYS]
    return found


def _ways_of(operation: Any, argument: Any) -> list[str]:
    if operation is codes.LITERAL:
        return [chr(argument)]
    if operation is codes.NOT_LITERAL:
        return ["a" if argument != ord("a") else "b"]
    if operation is codes.ANY:
        return ["a"]
    if operation is codes.IN:
        return _members(argument)
    if operation is codes.BRANCH:
        return [way for branch in argument[1] for way in _ways(branch)[:1]]
    if operation is codes.SUBPATTERN:
        return _ways(argument[3])
    if operation is codes.ATOMIC_GROUP:
        return _ways(argument)
    if operation in _REPEATS:
        return [way * argument[0] for way in _ways(argument[2])]
    return []


def _members(items: list[Any]) -> list[str]:
    """Characters of a class, one for each thing that is written in it."""
    if items[0][0] is codes.NEGATE:
        pattern_items = items[1:]
        return [char for char in "a1 中\"'<-" if not any(_is_in(char, item) for item in pattern_items)][:2]
    return [
        chr(argument)
        if operation is codes.LITERAL
        else chr(argument[0])
        if operation is codes.RANGE
        else _CATEGORIES[argument]
        for operation, argument in items[:6]
    ]


def _is_in(char: str, item: tuple[Any, Any]) -> bool:
    operation, argument = item
    if operation is codes.LITERAL:
        return ord(char) == argument
    if operation is codes.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    return {
        codes.CATEGORY_DIGIT: char.isdigit(),
        codes.CATEGORY_SPACE: char.isspace(),
        codes.CATEGORY_WORD: char.isalnum(),
        codes.CATEGORY_NOT_DIGIT: not char.isdigit(),
        codes.CATEGORY_NOT_SPACE: not char.isspace(),
        codes.CATEGORY_NOT_WORD: not char.isalnum(),
    }[argument]
