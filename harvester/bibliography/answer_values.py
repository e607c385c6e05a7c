"""Values out of services' answers: what does not have the form it should have counts as absent."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from ...models import normalise_doi, normalise_pmcid, normalise_pmid

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SPACE = re.compile(r"\s+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def json_object(content: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError for anything else, an HTML page for instance."""
    try:
        value = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"no JSON: {content[:40]!r}") from error
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def plain_text(text: str) -> str:
    """Text without markup and doubled spaces."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", text))).strip()


def printed_title(text: str) -> str:
    """A title without the full stop, and the brackets of a translated one, that PubMed prints."""
    plain = plain_text(text).removesuffix(".")
    return plain[1:-1].removesuffix(".") if plain.startswith("[") and plain.endswith("]") else plain


def years_in(text: str) -> Iterator[int]:
    """Every year from 1900 on that a date names."""
    yield from map(int, _YEAR.findall(text))


def checked_doi(value: object) -> str | None:
    try:
        return normalise_doi(value) if isinstance(value, str) else None
    except ValueError:
        return None


def checked_pmid(value: object) -> str | None:
    try:
        return normalise_pmid(str(value)) if value else None
    except ValueError:
        return None


def checked_pmcid(value: object) -> str | None:
    try:
        return normalise_pmcid(value) if isinstance(value, str) else None
    except ValueError:
        return None


def strings(value: object) -> tuple[str, ...]:
    """The non-empty strings of a list, or the one string, without markup."""
    items = value if isinstance(value, list) else [value]
    return tuple(filter(None, (plain_text(item) for item in items if isinstance(item, str))))


def objects(value: object) -> tuple[dict[str, Any], ...]:
    """The objects of a list."""
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
