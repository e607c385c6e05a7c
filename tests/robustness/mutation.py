"""Mutants: inputs that are nearly right, changed where their own structure has its joints. The seed decides all."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

Mutate = Callable[[random.Random, bytes], bytes]

# Where a page, a header, a feed or a query has its joints.
_JOINTS = re.compile(
    rb"<[^<>]{0,400}>|&#?\w{1,12};|[\"'\\]|\r?\n|[{}\[\](),:;=|]|[\w.+-]{1,40}|[^\x00-\x7f]{1,60}|.", re.DOTALL
)
# What programs stumble over: ends, zeros, marks, halves of characters, numbers out of all range.
ODD = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "",
        "\0",
        "\ufeff",
        "\ufffe",
        "\ud800",
        "\u202e",
        "\u2028",
        "\x1b[2J\x1b]0;x\x07",
        "\x85",
        "\u3000" * 40,
        " " * 300,
        "0",
        "-1",
        "99999999999999999999",
        "1e400",
        "NaN",
        "-Infinity",
        "0x7fffffff",
        "٣",
        "²",
        "½",
        "9999-99-99",
        "0000-00-00T00:00:00",
        "2024-02-30",
        "1969-12-31T23:59:59-23:59",
        "9999-12-31T23:59:59+00:00",
        "<",
        ">",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml",
        "&#0;",
        "&#x110000;",
        "&#xd800;",
        "&amp;amp;amp;",
        "&bogus;",
        '"',
        "'",
        "\\",
        "\\x",
        "\\u",
        "\\ud83d",
        "%",
        "%zz",
        "%00",
        "{{<",
        "}}",
        "---",
        "...",
        "```",
        "~~~",
        "|",
        "[](",
        "![](",
        "(" * 60,
        ")" * 60,
        "[" * 251,
        "{" * 251,
        "*",
        "NEAR(",
        "title:",
        "OR",
        "NOT",
        "-",
        '""',
        "“",
        "<div>" * 251,
        "</div>" * 30,
        "<table><tr><td>" * 60,
        "<a href='javascript:alert(1)'>",
        "<svg><style><!--",
        "<plaintext>",
        '<script>var ct = "99999999999999";</script>',
        "var item_show_type = '5';",
        "window.cgiDataNew = {\n  title: '",
        "!!python/object/apply:os.system ['true']",
        "&a [*a, *a]",
        "*a",
        "<<: *a",
        "? ",
        "- - - -",
        "!!binary ====",
        "%TAG ! x",
        "TP53",
        "影响因子达到99999分",
        "PMID: 00000000",
        "10.1038/" + "a" * 300,
        "肿瘤微环境（TME）",
        "\U0001f9ec\U0001f468\u200d\U0001f469",
        "𠀀",
        "https://[::1",
        "http://a:99999/",
        "//",
        "https://mp.weixin.qq.com/s?__biz=&mid=&idx=",
    )
)
_TYPES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    "\ud800",
    [],
    {},
    [[[]]],
    {"a": {"b": []}},
)


def mutants(seeds: Sequence[bytes], count: int, *, seed: str, mutate: Mutate | None = None) -> list[bytes]:
    """So many mutants of the seeds, the same ones each time.

    Args:
        seeds: inputs that are right.
        count: how many.
        seed: another one gives other mutants.
        mutate: one change; by default one of those below that take any bytes.
    """
    change = mutate or mutate_text
    found = []
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")  # noqa: S311 - chosen for repeating
        mutant = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            mutant = _splice(chance, mutant, chance.choice(seeds)) if chance.random() < 0.1 else change(chance, mutant)
        found.append(mutant[:200_000])
    return found


def mutate_text(chance: random.Random, data: bytes) -> bytes:
    """One change at the joints of a text."""
    pieces = _JOINTS.findall(data) or [b""]
    start = chance.randrange(len(pieces))
    end = min(len(pieces), start + chance.choice((1, 1, 2, 5, 30, 300)))
    taken = pieces[start:end]
    match chance.randrange(9):
        case 0:
            taken = []
        case 1:
            taken = taken * chance.choice((2, 3, 40))
        case 2:
            taken = [chance.choice(ODD)]
        case 3:
            taken = [*taken, chance.choice(ODD), *taken]
        case 4:
            chance.shuffle(taken)
        case 5:
            taken = [chance.choice(pieces)]
        case 6:
            return data[: chance.randrange(len(data) + 1)]
        case 7:
            return mutate_bytes(chance, data)
        case 8:
            encoding = chance.choice(("gb18030", "utf-16", "latin-1", "utf-8-sig"))
            return data.decode("utf-8", "replace").encode(encoding, "replace")
    return b"".join((*pieces[:start], *taken, *pieces[end:]))


def mutate_bytes(chance: random.Random, data: bytes) -> bytes:
    """Some bytes changed, lost or new: for what has lengths and sums in it."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30))):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[place : place + 1] = bytes((chance.randrange(256),))
            case 1:
                del changed[place : place + chance.choice((1, 4, 64))]
            case 2:
                changed[place:place] = chance.choice((b"\xff" * 4, b"\0" * 8, b"\x7f\xff\xff\xff", bytes(changed[:64])))
            case 3:
                changed[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"9999", b"-001"))
    return bytes(changed)


def mutate_json(chance: random.Random, data: bytes) -> bytes:
    """A value of a JSON text made another kind of value; or the text changed."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return mutate_text(chance, data)
    if chance.random() < 0.2:
        return mutate_text(chance, data)
    return json.dumps(_changed(chance, value), ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _changed(chance: random.Random, value: Any) -> Any:
    if chance.random() < 0.15 or not value or not isinstance(value, list | dict):
        odd = chance.choice(ODD).decode("utf-8", "surrogatepass")
        return chance.choice((*_TYPES, odd, [value], {"value": value}, f"{value}{odd}"))
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [_changed(chance, each) if at == place else each for at, each in enumerate(value)]
    key = chance.choice(list(value))
    if chance.random() < 0.1:
        return {name: each for name, each in value.items() if name != key}
    return {name: _changed(chance, each) if name == key else each for name, each in value.items()}


def _splice(chance: random.Random, one: bytes, other: bytes) -> bytes:
    return one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :]
