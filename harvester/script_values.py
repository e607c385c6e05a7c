"""Reads values out of a WeChat page's scripts, as bytes and without a JavaScript engine.

Two places hold them: the object ``window.cgiDataNew = {…}``, one key a line, written as
``key: JsDecode('…')`` until 2026-05 and as ``key: '…'`` since; and single statements such as
``var ct = "1762475508";`` or ``d.title = xml ? getXmlValue('title.DATA') : '…';``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OBJECT_START = re.compile(rb"\s*=\s*\{[ \t]*\r?\n([ \t]+)")
_FAST_ESCAPES = (
    (b"\\x3c", b"<"),
    (b"\\x3e", b">"),
    (b"\\x22", b'"'),
    (b"\\x26", b"&"),
    (b"\\x27", b"'"),
    (b"\\x0d", b""),
    (b"\\x0a", b"\n"),
)
_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))",
    re.DOTALL,
)
_SINGLE = {b"n": b"\n", b"r": b"", b"t": b"\t", b"b": b"", b"f": b"", b"v": b"", b"0": b""}
_QUOTE = re.compile(rb"[ \t]*+(?:\w++\([ \t]*+)?([\"'])")
# The closing quote may be missing, else a line full of escaped quotes would be read again from each of them.
_STRING = re.compile(rb"\"((?:[^\"\\\n]|\\.)*+)(\"?)|'((?:[^'\\\n]|\\.)*+)('?)")
_ASSIGNMENT = re.compile(rb"\s*=(?![=>])([^\n]*)")
_XML_VALUE = re.compile(rb"getXmlValue\([^()]*+\)")


def unescape_script(raw: bytes) -> bytes:
    """The text of a JavaScript string literal, UTF-8; a body is 350 kB of ``\\x3c``, hence the two ways."""
    if b"\\" not in raw:
        return raw
    if b"\\\\" in raw:
        return _ESCAPE.sub(_unescape_one, raw)
    for escape, text in _FAST_ESCAPES:
        raw = raw.replace(escape, text)
    # An escaped backslash may stand before what then looks like an escape, so it comes last.
    parts = raw.split(b"\\x5c")
    return b"\\".join(_ESCAPE.sub(_unescape_one, part) if b"\\" in part else part for part in parts)


@dataclass(frozen=True, slots=True)
class ScriptObject:
    """An object literal of a script, one key a line.

    Attributes:
        source: the page's bytes from the line break before the first key to the closing brace.
        indent: what stands before each of its own keys; keys of nested objects stand deeper and
            reuse names (``title``, ``content_noencode``).
    """

    source: bytes
    indent: bytes

    def get(self, key: str) -> str:
        """The string or number under a key, an empty string when there is none."""
        return self.raw(key).decode("utf-8", "replace")

    def raw(self, key: str) -> bytes:
        """The same as UTF-8 bytes."""
        start, end = self._literal(key)
        return unescape_script(self.source[start:end])

    def has(self, key: str) -> bool:
        """Whether there is a string or number under a key, and not an empty one."""
        start, end = self._literal(key)
        return start < end

    def child(self, key: str) -> ScriptObject | None:
        """The object nested under a key."""
        place = self._find(key)
        if place < 0:
            return None
        found = re.compile(rb"[ \t]*\{[ \t]*\r?\n([ \t]+)").match(self.source, place)
        return None if found is None else _object_at(self.source, found.start(1), found.group(1))

    def _literal(self, key: str) -> tuple[int, int]:
        """Where the text between the quotes of a key's value is; (0, 0) without one.

        A body is 350 kB between two quotes, so the quotes are looked for rather than matched.
        """
        place = self._find(key)
        found = _QUOTE.match(self.source, place) if place >= 0 else None
        if found is None:
            return 0, 0
        start, quote = found.end(), found.group(1)
        end = self.source.find(quote, start)
        while end >= 0 and _is_escaped(self.source, end):
            end = self.source.find(quote, end + 1)
        return (start, end) if end >= 0 else (0, 0)

    def _find(self, key: str) -> int:
        mark = b"\n" + self.indent + key.encode() + b":"
        place = self.source.find(mark)
        return place + len(mark) if place >= 0 else -1


def find_object(page: bytes, name: str) -> ScriptObject | None:
    """The first object literal with keys that is assigned to this name, None when there is none."""
    mark = name.encode()
    place = page.find(mark)
    while place >= 0:
        found = _OBJECT_START.match(page, place + len(mark))
        if found is not None:
            return _object_at(page, found.start(1), found.group(1))
        place = page.find(mark, place + len(mark))
    return None


def find_value(page: bytes, *names: str) -> str:
    """The first non-empty string assigned to one of these names (``var ct``, ``d.ct``, ``window.ct``).

    ``"" || "…"``, ``'…'.html(false)``, ``htmlDecode("…")`` and ``xml ? getXmlValue(…) : '…'`` are understood.
    """
    for name in names:
        mark = name.encode()
        place = page.find(mark)
        while place >= 0:
            found = _ASSIGNMENT.match(page, place + len(mark))
            if found is not None and (text := _first_string(found.group(1))):
                return text.decode("utf-8", "replace")
            # Where a line holds no string after one assignment, it holds none after the next ones either.
            place = page.find(mark, found.end() if found else place + len(mark))
    return ""


def _first_string(statement: bytes) -> bytes:
    for found in _STRING.finditer(_XML_VALUE.sub(b"", statement)):
        double, double_end, single, single_end = found.groups()
        if text := (double if double_end else single if single_end else b""):
            return unescape_script(text)
    return b""


def _object_at(page: bytes, first_key: int, indent: bytes) -> ScriptObject:
    closing = re.compile(rb"\n[ \t]{0,%d}\}" % (len(indent) - 1))
    end = closing.search(page, first_key)
    # From the line break before the first key, so that every key is found in the same way.
    start = page.rfind(b"\n", 0, first_key)
    return ScriptObject(page[start : end.start() if end else len(page)], indent)


def _is_escaped(text: bytes, place: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    before = place
    while before > 0 and text[before - 1] == 0x5C:
        before -= 1
    return (place - before) % 2 == 1


def _unescape_one(match: re.Match[bytes]) -> bytes:
    high, low, unit, byte, single = match.groups()
    if high:
        point = 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
        return chr(point).encode()
    if unit:
        return chr(int(unit, 16)).encode("utf-8", "replace")
    if byte:
        return chr(int(byte, 16)).encode()
    return _SINGLE.get(single, single)
