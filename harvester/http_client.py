"""Makes the HTTP client: who we say we are, with which cookies, through which proxy."""

from __future__ import annotations

from http.cookiejar import CookieJar, LoadError, MozillaCookieJar
from pathlib import Path
from urllib.request import getproxies

import httpx

from ..models import ConfigError
from .direct_transport import Addresses, Deadline, DirectTransport
from .fetch_options import FetchOptions

_ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5"


def make_client(options: FetchOptions, *, addresses: Addresses, deadline: Deadline) -> httpx.Client:
    """A client that follows no redirect by itself.

    Behind a proxy only the proxy knows where a host is: then neither `addresses` nor, until the body begins,
    `deadline` counts.

    Raises:
        ConfigError: the cookie file cannot be read, or the proxy cannot be used.
    """
    headers = {
        "accept": _ACCEPT,
        # The one encoding we unpack within a limit (`bounded_body`); httpx itself unpacks without one.
        "accept-encoding": "gzip",
        "user-agent": options.user_agent,
        **options.headers,
    }
    cookies = read_cookies(options.cookie_file) if options.cookie_file is not None else CookieJar()
    if options.proxy:
        try:
            return httpx.Client(headers=headers, cookies=cookies, proxy=options.proxy, trust_env=False)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(
                f"cannot be used: {error}", subject="proxy", hint="http://HOST:PORT needs nothing else installed"
            ) from error
    if options.use_system_proxy and any(getproxies().get(scheme) for scheme in ("http", "https", "all")):
        return httpx.Client(headers=headers, cookies=cookies)
    return httpx.Client(
        headers=headers, cookies=cookies, transport=DirectTransport(addresses=addresses, deadline=deadline)
    )


def read_cookies(path: Path) -> CookieJar:
    """The cookies of a Netscape ``cookies.txt``, those of a browser session included.

    Raises:
        ConfigError: it is not there, or is no such file.
    """
    jar = MozillaCookieJar(path)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except LoadError as error:
        raise ConfigError(
            "is no Netscape cookies.txt", subject=str(path), hint="its first line is # Netscape HTTP Cookie File"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", subject=str(path)) from error
    for cookie in jar:
        if cookie.expires == 0:  # how curl and browser extensions write a cookie of the session
            cookie.expires, cookie.discard = None, True
    jar.clear_expired_cookies()
    return jar
