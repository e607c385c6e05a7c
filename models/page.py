"""Where an article is, the bytes that came from there, and what a page without an article is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property


class PageState(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    IMAGE_POST = "image_post"
    TEXT_POST = "text_post"
    AUDIO_VIDEO = "audio_video"
    PAID_TEASER = "paid_teaser"
    DELETED = "deleted"
    VIOLATION = "violation"
    UNAVAILABLE = "unavailable"
    CAPTCHA = "captcha"
    QUOTA = "quota"
    EXPIRED = "expired"
    MIGRATED = "migrated"
    ACCOUNT_GONE = "account_gone"
    NOT_AN_ARTICLE = "not_an_article"
    UNKNOWN = "unknown"

    @property
    def readable(self) -> bool:
        """The page holds an article of some kind, in whole or in part."""
        return self in _READABLE

    @property
    def permanent(self) -> bool:
        """Asking for this address again can never help."""
        return self in _PERMANENT


_READABLE = frozenset(
    {
        PageState.ARTICLE,
        PageState.IMAGE_POST,
        PageState.TEXT_POST,
        PageState.AUDIO_VIDEO,
        PageState.PAID_TEASER,
    }
)
_PERMANENT = frozenset(
    {
        PageState.DELETED,
        PageState.VIOLATION,
        PageState.EXPIRED,
        PageState.ACCOUNT_GONE,
        PageState.NOT_AN_ARTICLE,
    }
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the page it sent, to ask later whether that page is still the same (RFC 9110 §13).

    Attributes:
        etag: its ``ETag`` header, as it came; may be empty.
        last_modified: its ``Last-Modified`` header, as it came; may be empty.
    """

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where an article is and who told us.

    Attributes:
        location: an http(s) address, or a path (``folder/a.md``, ``digests.zip!/2024/a.md``).
        source: the name of the source that listed it.
        validators: given when the page is kept already, so that a server may answer "the same" in a few bytes.
        held: the source has the article, or its own server does: the host in `location` is not asked for it.
    """

    location: str
    source: str
    validators: Validators = field(default=Validators(), compare=False, repr=False)
    held: bool = field(default=False, compare=False, repr=False)

    @property
    def is_web_address(self) -> bool:
        return self.location.startswith(("http://", "https://"))


@dataclass(frozen=True)
class RawPage:
    """The bytes as they came, and how they came.

    Attributes:
        ref: where they were asked for.
        content: the body, undecoded.
        final_url: the address after redirects; for a file its location.
        media_type: ``text/html`` or ``text/markdown``, without parameters.
        charset: the declared character set, empty when nothing was declared.
        status: HTTP status; 200 for files.
        headers: response headers, names in lower case; empty for files.
        fetched_at: when the bytes came, with a UTC offset.
    """

    ref: PageRef
    content: bytes
    final_url: str
    media_type: str
    fetched_at: datetime
    charset: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def not_modified(self) -> bool:
        """The server says that the page is the one we have; `content` is empty then."""
        return self.status == 304

    @property
    def validators(self) -> Validators:
        """What to ask with next time; nothing when the page came from elsewhere than asked."""
        if self.final_url != self.ref.location or not self.ref.is_web_address:
            return Validators()
        return Validators(self.headers.get("etag", ""), self.headers.get("last-modified", ""))


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A page that holds no article: its state, the evidence, and where to go instead.

    Attributes:
        ref: where the page was asked for.
        state: what the page is; never a readable state.
        evidence: the words or marker on the page that decided it.
        detail: a sentence for the user.
        follow: another address to ask instead (a migrated account's article), or empty.
        account: the account's name where the page still tells it, or empty.
    """

    ref: PageRef
    state: PageState
    evidence: str
    detail: str = ""
    follow: str = ""
    account: str = ""
