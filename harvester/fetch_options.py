"""How pages are asked for: one frozen object with documented defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from .. import __version__
from ..models import ConfigError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Limits and manners of fetching; times are in seconds.

    Attributes:
        user_agent: who we say we are.
        headers: further request headers, sent to every host that is asked; ``Cookie`` and ``Authorization`` do
            not follow a redirect to another one.
        cookie_file: a Netscape ``cookies.txt``; each cookie goes to the host it belongs to. It is only read.
        proxy: the address of a proxy for all requests, ``http://`` or ``socks5://``; empty for none.
        connect_timeout: the longest wait for a connection.
        read_timeout: the longest silence of a server that has accepted the request.
        total_timeout: the longest time one attempt may take, redirects and body included.
        retries: further attempts after a failure that may pass.
        backoff: the wait before the first retry; doubled before each further one, plus jitter.
        max_wait: the longest wait before a retry; a host that asks for more is left for a later run.
        delay: the least time between two requests to one host.
        delay_jitter: up to so much is added to `delay`, at random.
        look_again_days: after so many days a stored article is looked at for edits, then after twice as many and
            so on; 0 for never.
        max_redirects: redirects followed from one address.
        max_page_bytes: the largest page taken, decompressed; holds for files as well.
        allow_private_hosts: also ask hosts on loopback, link-local and private addresses.
        use_system_proxy: honour ``HTTP_PROXY`` and its kin when no `proxy` is given.

    Raises:
        ConfigError: a number is negative, a timeout or the size limit is zero, a header is no plain ASCII, or
            the proxy is no address.
    """

    user_agent: str = f"wenzhai/{__version__}"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookie_file: Path | None = None
    proxy: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 90.0
    retries: int = 3
    backoff: float = 2.0
    max_wait: float = 120.0
    delay: float = 3.0
    delay_jitter: float = 2.0
    look_again_days: float = 0.0
    max_redirects: int = 5
    max_page_bytes: int = 32 * MEBIBYTE
    allow_private_hosts: bool = False
    use_system_proxy: bool = True

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            if value < 0 or (value == 0 and each.name.endswith(("_timeout", "_bytes"))):
                raise ConfigError(f"{value} is too small", subject=each.name)
        for name, value in {"user-agent": self.user_agent, **self.headers}.items():
            if not (name + value).isascii() or not (name + value).isprintable():
                raise ConfigError(f"{value!r} is no plain ASCII", subject=name)
        if self.proxy and not self.proxy.startswith(("http://", "https://", "socks5://", "socks5h://")):
            raise ConfigError(f"{self.proxy!r} is no address of a proxy", subject="proxy", hint="http://HOST:PORT")
