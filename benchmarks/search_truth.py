"""Does search find exactly what is written? Recall and precision against going through every text.

    python benchmarks/search_truth.py STORE.db [--queries 150]

STORE.db is a database of harvested articles (`wenzhai harvest FOLDER_OR_ARCHIVE --db STORE.db`). Queries of every class
are drawn from its texts and titles. The truth is this file's own: it shares no code with the index, and reads
text by NFKC and case folding, with one pass over all articles for each query.
"""

from __future__ import annotations

import argparse
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from wenzhai.storage import SearchQuery, open_store
from wenzhai.storage.database import connect

_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]{1,14}", re.ASCII)
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,7}(?:-[A-Za-z0-9αβγκδ]{1,7}){1,2}")
_BORDER = r"(?<![^\W_%s])%s(?![^\W_%s])"
_GREEK = {"α": "a", "β": "b", "γ": "g", "δ": "d", "κ": "k"}
_NAMES = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa"}
_TRADITIONAL = str.maketrans("腫細單轉學術療癥檢測織導養選擇數據庫癌", "肿细单转学术疗症检测织导养选择数据库癌")

Truth = Callable[[str], bool]


def normal(text: str) -> str:
    """NFKC, case, dashes, no zero-width characters, no accents: the reader's eye."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(
        unicodedata.normalize("NFD", each)[0] if "À" <= each < "ɐ" else each
        for each in folded
        if unicodedata.category(each) not in ("Cf", "Mn")
    )
    return re.sub("[‐‑‒–−]", "-", plain).translate(_TRADITIONAL)


def within_words(pattern: str) -> Truth:
    found = re.compile(_BORDER % (_CJK, pattern, _CJK))
    return lambda text: found.search(text) is not None


def spelled(compound: str) -> str:
    """A compound with or without its hyphens, other marks in their place, Greek letters or their names."""
    parts = re.split("[-\\W_]+", normal(compound))
    return r"[\W_]*".join("-?".join(_letters(part)) for part in parts)


def _letters(part: str) -> Iterator[str]:
    latin_to_greek = {latin: greek for greek, latin in _GREEK.items()}
    latin_to_greek |= {"e": "ε", "z": "ζ", "l": "λ", "s": "σ", "t": "τ", "o": "ω"}
    names = _NAMES | {"ε": "epsilon", "ζ": "zeta", "λ": "lambda", "σ": "sigma", "ω": "omega"}
    for name, letter in ((name, letter) for letter, name in names.items()):
        part = re.sub(f"{name}(?=[0-9]*$)", letter, part)
    for at, each in enumerate(part):
        greek = each if each in names else latin_to_greek.get(each)
        if greek is None:
            yield re.escape(each)
            continue
        latin = next(latin for latin, letter in latin_to_greek.items() if letter == greek)
        last = not part[at + 1 :].strip("0123456789")
        yield f"(?:{names[greek]}|[{latin}{greek}])" if last and greek in names else f"[{latin}{greek}]"


def cjk_queries(chance: random.Random, texts: list[str], length: int) -> tuple[str, Truth]:
    while True:
        runs = [run for run in _CJK_RUN.findall(chance.choice(texts)) if len(run) >= length]
        if runs:
            run = chance.choice(runs)
            start = chance.randrange(len(run) - length + 1)
            return _substring(run[start : start + length])


def _substring(wanted: str) -> tuple[str, Truth]:
    read = normal(wanted)
    return wanted, lambda text: read in text


def latin_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    word = _drawn(chance, texts, _LATIN)
    return word, within_words("-?".join(_letters(normal(word))))


def compound_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    compound = _drawn(chance, texts, _COMPOUND)
    return compound, within_words(spelled(compound))


def phrase_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    words = _drawn(chance, texts, re.compile(r"[A-Za-z]{2,12} [A-Za-z]{2,12}(?: [A-Za-z]{2,12})?"))
    return f'"{words}"', within_words(r"[\W_]+".join(map(re.escape, normal(words).split())))


def prefix_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    word = _drawn(chance, texts, re.compile(r"[A-Za-z]{5,12}"))[: chance.randint(3, 5)]
    start = re.compile(rf"(?<![^\W_{_CJK}])" + "-?".join(_letters(normal(word))))
    return f"{word}*", lambda text: start.search(text) is not None


def mixed_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    stretch = _drawn(chance, texts, re.compile(f"[{_CJK}]{{1,3}}[A-Za-z]{{2,6}}[0-9]?[{_CJK}]{{1,3}}"))
    parts = re.fullmatch(f"([{_CJK}]+)([A-Za-z0-9]+)([{_CJK}]+)", stretch)
    if parts is None:
        raise AssertionError(stretch)
    before, word, after = map(normal, parts.groups())
    found = re.compile(rf"{before}[\W_]*{'-?'.join(_letters(word))}[\W_]*{after}")
    return stretch, lambda text: found.search(text) is not None


def both_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    (first, in_first), (second, in_second) = cjk_queries(chance, texts, 2), latin_query(chance, texts)
    if chance.random() < 0.3:
        return f"{first} -{second}", lambda text: in_first(text) and not in_second(text)
    if chance.random() < 0.4:
        return f"{first} OR {second}", lambda text: in_first(text) or in_second(text)
    return f"{first} {second}", lambda text: in_first(text) and in_second(text)


def wide_query(chance: random.Random, texts: list[str]) -> tuple[str, Truth]:
    word, truth = latin_query(chance, texts)
    return "".join(chr(ord(each) + 0xFEE0) for each in word), truth


def _drawn(chance: random.Random, texts: list[str], pattern: re.Pattern[str]) -> str:
    while True:
        found = pattern.findall(chance.choice(texts))
        if found:
            drawn: str = chance.choice(found)
            if drawn.upper() not in {"AND", "OR", "NOT"}:
                return drawn


CLASSES: dict[str, Callable[[random.Random, list[str]], tuple[str, Truth]]] = {
    "one character": lambda chance, texts: cjk_queries(chance, texts, 1),
    "two characters": lambda chance, texts: cjk_queries(chance, texts, 2),
    "three characters": lambda chance, texts: cjk_queries(chance, texts, 3),
    "four to eight": lambda chance, texts: cjk_queries(chance, texts, chance.randint(4, 8)),
    "latin": latin_query,
    "compound": compound_query,
    "mixed": mixed_query,
    "phrase": phrase_query,
    "prefix": prefix_query,
    "boolean": both_query,
    "full width": wide_query,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--queries", type=int, default=150, help="of each class")
    parser.add_argument("--wrong", action="store_true", help="tell the queries that are answered wrongly")
    options = parser.parse_args()
    with closing(connect(options.store, read_only=True)) as connection:
        rows = connection.execute("SELECT id, title, text FROM articles").fetchall()
    # Title and text apart, as no term reaches from one into the other.
    reading = [(article_id, normal(title), normal(text)) for article_id, title, text in rows]
    originals = [f"{title}\n{text}" for _, title, text in rows]
    print(f"{len(rows)} articles\n\n{'class':18} queries   recall  precision")
    with open_store(options.store, read_only=True) as store:
        for name, draw in CLASSES.items():
            chance = random.Random(name)  # noqa: S311 - to draw queries
            hits = wanted = right = 0
            for _ in range(options.queries):
                query, holds = draw(chance, originals)
                truth = {key for key, title, text in reading if holds(f"{title}\n\x00\n{text}")}
                found = {hit.article_id for hit in store.search(SearchQuery(text=query, limit=len(rows)))}
                hits, wanted, right = hits + len(found), wanted + len(truth), right + len(found & truth)
                if options.wrong and found != truth:
                    print(f"  {query!r}: missed {len(truth - found)}, wrong {len(found - truth)}")
            print(
                f"{name:18} {options.queries:7} {right / max(wanted, 1):8.4f} {right / max(hits, 1):10.4f}", flush=True
            )


if __name__ == "__main__":
    main()
