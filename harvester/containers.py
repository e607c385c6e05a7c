"""What holds article files: a folder, a zip, a tar. Members are named and judged here, read elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from ..models import SourceError

# An export of many articles, each of which becomes a member of its own.
JSON = "application/json"
MEDIA_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".json": JSON,
    ".jsonl": JSON,
}
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """One article file of a container.

    Attributes:
        location: how the file is named to the user.
        size: its declared size in bytes, which an archive may lie about.
        read: gives at most so many bytes of its content; raises SourceError.
        refusal: why it is never read; empty for a file that may be.
        media_type: what the content is; empty where the name tells.
    """

    location: str
    size: int
    read: Callable[[int], bytes]
    refusal: str = ""
    media_type: str = ""


class Container(Protocol):
    """Something that holds article files; not to be shared between threads."""

    def members(self) -> Iterator[Member]:
        """Its article files, lazily, in their own order.

        Raises:
            SourceError: the rest cannot be listed; what was yielded before stays good.
        """
        ...

    def close(self) -> None: ...


def is_article_name(name: str) -> bool:
    """Whether a file of this name is taken: an article by its ending, and not hidden."""
    hidden = any(part.startswith(".") and part not in (".", "..") for part in _parts(name))
    return not hidden and media_type_of(name) != ""


def is_gzipped(name: str) -> bool:
    """Whether a file of this name is a single gzipped page (``a.html.gz``)."""
    return name.lower().endswith(".gz")


def media_type_of(name: str) -> str:
    """The type of an article file or export by the ending of its name, empty for anything else."""
    plain = name[:-3] if is_gzipped(name) else name
    return MEDIA_TYPES.get(PurePosixPath(plain).suffix.lower(), "")


def unsafe_name(name: str) -> str:
    """Why a name within an archive points outside of it, empty for a name that stays inside."""
    if name.startswith(("/", "\\")):
        return "unsafe path (absolute) refused"
    if _DRIVE.match(name):
        return "unsafe path (drive letter) refused"
    if ".." in _parts(name):
        return "unsafe path (leads out of the archive) refused"
    return ""


def member_location(container: str, name: str) -> str:
    """How a member is named to the user: ``digests.zip!/2024/a.md``; an unsafe name stays as it is."""
    if not unsafe_name(name):
        name = "/".join(part for part in _parts(name) if part not in ("", "."))
    return f"{container}!/{name}"


def readable_name(name: str) -> str:
    """A file name that can be printed and stored, whatever encoding it was written in.

    Names come with undecodable bytes as surrogates; Chinese systems wrote them in GB 18030.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return decoded_name(os.fsencode(name))
    return name


def decoded_name(raw: bytes) -> str:
    """A name from its bytes: UTF-8, else GB 18030, else with the odd bytes spelled out."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def damaged(subject: str, error: Exception) -> SourceError:
    """The error for a container or member whose bytes make no sense."""
    return SourceError(
        f"damaged or cut short: {error}",
        subject=subject,
        hint="get a fresh copy of the archive; what was read before is kept",
    )


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")
