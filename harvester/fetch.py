"""Asks web addresses for pages: politely, within limits, more than once when that can help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx

from ..models import FetchError, PageRef, RawPage, Validators
from .bounded_body import BodyError, OversizeError, bounded_body
from .clock import Clock
from .containers import media_type_of
from .direct_transport import Deadline
from .fetch_options import FetchOptions
from .hosts import Resolve, first_private, resolve_host
from .http_client import make_client
from .politeness import Politeness
from .retry import backoff, may_pass_later, retry_after, worth_another_try

__all__ = ["FetchOptions", "HttpFetcher"]

NOT_MODIFIED = 304
_NAMES_ITS_OWNER = ("authorization", "cookie", "proxy-authorization")
# What servers call a markdown file they know nothing about.
_VAGUE_TYPES = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream"})


class HttpFetcher:
    """Fetches pages over http(s). Keep one for a whole run: it is what keeps the distance from a host.

    Not to be shared between threads: many threads would not be polite.

    Args:
        options: limits and manners.
        clock: time, sleep and chance.
        resolve: looks up the IP addresses of a host.
    """

    def __init__(
        self, *, options: FetchOptions | None = None, clock: Clock | None = None, resolve: Resolve = resolve_host
    ) -> None:
        self._options = options or FetchOptions()
        self._clock = clock or Clock()
        self._resolve = resolve
        self._secret_headers = [name for name in self._options.headers if name.lower() in _NAMES_ITS_OWNER]
        self._politeness = Politeness(clock=self._clock, delay=self._options.delay, jitter=self._options.delay_jitter)
        self._deadline = Deadline(self._clock)
        # Where each host was last found; it is asked there and nowhere else.
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._client = make_client(
            self._options, addresses=lambda host: self._addresses.get(host, ()), deadline=self._deadline
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def fetch(self, ref: PageRef) -> RawPage:
        """The page at an address, asked for exactly as the address is written.

        A page that says "captcha" or "deleted" is an answer: `final_url` and the words on it tell. So is "the
        same as before", when the ref has validators: see `RawPage.not_modified`.

        Raises:
            FetchError: no such answer, after all retries that could help; or the address is refused, or the
                page is too large.
        """
        retries = 0
        while True:
            try:
                return self._attempt(ref)
            except FetchError as error:
                if not worth_another_try(error) or self._held_too_long(_host(ref.location)):
                    raise
                if retries >= self._options.retries:
                    raise _exhausted(error, attempts=retries + 1) from error
            retries += 1
            self._clock.sleep(
                backoff(
                    retry=retries,
                    base=self._options.backoff,
                    longest=self._options.max_wait,
                    chance=self._clock.random(),
                )
            )

    def _attempt(self, ref: PageRef) -> RawPage:
        url = _parsed(ref.location, ref)
        self._check_host(url, ref)
        self._wait(url, ref)
        deadline = self._clock.monotonic() + self._options.total_timeout
        self._deadline.set(self._options.total_timeout)
        try:
            return self._follow(ref, url, deadline)
        except httpx.TimeoutException as error:
            raise FetchError(_timeout_words(error), subject=ref.location) from error
        except httpx.HTTPError as error:
            raise _network_error(error, ref) from error

    def _follow(self, ref: PageRef, url: httpx.URL, deadline: float) -> RawPage:
        """Asks, and asks where it is sent, until there is a page."""
        final_url = ref.location
        first_host = url.host
        for hop in range(self._options.max_redirects + 1):
            # Only of the address itself is known what it once sent.
            headers = _conditions(ref.validators) if hop == 0 else {}
            request = self._client.build_request("GET", url, headers=headers)
            if url.host != first_host:  # what the user gave for one host is not for whom it points to
                for name in self._secret_headers:
                    request.headers.pop(name, None)
            try:
                with closing(self._send(request, deadline=deadline)) as response:
                    if not response.has_redirect_location:
                        return self._page(ref, response, final_url, deadline)
                    target = response.headers["location"]
            finally:
                self._politeness.asked(url.host)
            # The next hop of one page is asked for at once, as a browser does; a page is one visit.
            url = _joined(url, target, ref)
            self._check_host(url, ref)
            final_url = str(url)
        raise FetchError(f"more than {self._options.max_redirects} redirects", subject=ref.location, retryable=False)

    def _send(self, request: httpx.Request, *, deadline: float) -> httpx.Response:
        left = max(deadline - self._clock.monotonic(), 0.001)
        timeout = httpx.Timeout(min(self._options.read_timeout, left), connect=min(self._options.connect_timeout, left))
        request.extensions["timeout"] = timeout.as_dict()
        return self._client.send(request, stream=True)

    def _page(self, ref: PageRef, response: httpx.Response, final_url: str, deadline: float) -> RawPage:
        same = response.status_code == NOT_MODIFIED and bool(ref.validators) and final_url == ref.location
        if not (response.is_success or same):
            raise self._status_error(ref, response)
        return RawPage(
            ref=ref,
            content=b"" if same else self._body(ref, response, deadline),
            final_url=final_url,
            media_type=_media_type(response),
            charset=(response.charset_encoding or "").lower(),
            status=response.status_code,
            # Cookies name the reader, not the page.
            headers={name: value for name, value in response.headers.items() if name != "set-cookie"},
            fetched_at=self._clock.now(),
        )

    def _body(self, ref: PageRef, response: httpx.Response, deadline: float) -> bytes:
        limit = self._options.max_page_bytes
        declared = response.headers.get("content-length", "")
        try:
            if declared.isascii() and declared.isdigit() and int(declared) > limit:
                raise OversizeError
            return bounded_body(
                self._chunks(response, deadline),
                encoding=response.headers.get("content-encoding", ""),
                limit=limit,
            )
        except OversizeError as error:
            raise FetchError(
                f"more than {limit:,} bytes, which is the limit",
                subject=ref.location,
                hint="raise max_page_bytes to take it",
                retryable=False,
            ) from error
        except BodyError as error:
            raise FetchError(str(error), subject=ref.location) from error

    def _chunks(self, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            if self._clock.monotonic() > deadline:
                # A server that drips never trips the read timeout.
                raise httpx.ReadTimeout(f"not done within {self._options.total_timeout:g} s")
            yield chunk

    def _status_error(self, ref: PageRef, response: httpx.Response) -> FetchError:
        status = response.status_code
        asked_for = retry_after(response.headers.get("retry-after", ""), now=self._clock.now())
        hint = ""
        if status not in (429, 503):
            asked_for = None
        if asked_for:
            # Asking the first address would only lead to the same door again.
            for host in {response.url.host, _host(ref.location)}:
                self._politeness.hold(host, asked_for)
            hint = f"the server asks to be left alone for {asked_for:,.0f} s"
        return FetchError(
            f"HTTP {status} {response.reason_phrase}".rstrip(),
            subject=ref.location,
            hint=hint,
            retryable=may_pass_later(status),
            status=status,
            wait=asked_for,
        )

    def _check_host(self, url: httpx.URL, ref: PageRef) -> None:
        """Looks a host up, and refuses private ones: at the first address and at every one it is sent to."""
        # Connections know a host by its ASCII name.
        self._addresses[url.raw_host.decode("ascii")] = addresses = self._resolve(url.host)
        address = first_private(addresses)
        if address and not self._options.allow_private_hosts:
            raise FetchError(
                f"{url.host} is at {address}, a private address, refused",
                subject=ref.location,
                hint="set allow_private_hosts to ask it all the same",
                retryable=False,
            )

    def _wait(self, url: httpx.URL, ref: PageRef) -> None:
        if self._held_too_long(url.host):
            seconds = self._politeness.seconds_until_free(url.host)
            raise FetchError(
                f"{url.host} asked to be left alone for another {seconds:,.0f} s", subject=ref.location, wait=seconds
            )
        self._politeness.wait(url.host)

    def _held_too_long(self, host: str) -> bool:
        """Whether the host asked for more patience than we have; our own delay is never too long."""
        own = self._options.delay + self._options.delay_jitter
        return self._politeness.seconds_until_free(host) > max(self._options.max_wait, own)


def _conditions(validators: Validators) -> dict[str, str]:
    """The headers that ask for a page only if it is another one (RFC 9110 §13.1)."""
    asked = {"if-none-match": validators.etag, "if-modified-since": validators.last_modified}
    return {name: value for name, value in asked.items() if value.isascii() and value.isprintable() and value}


def _parsed(address: str, ref: PageRef) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"not an address: {error}", subject=ref.location, retryable=False) from error
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65535:
        raise FetchError(f"not an http(s) address: {address}", subject=ref.location, retryable=False)
    return url


def _joined(url: httpx.URL, target: str, ref: PageRef) -> httpx.URL:
    try:
        joined = url.join(target)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"redirected to no address: {target!r}", subject=ref.location, retryable=False) from error
    return _parsed(str(joined), ref)


def _host(address: str) -> str:
    try:
        return httpx.URL(address).host
    except (httpx.InvalidURL, ValueError):
        return ""


def _media_type(response: httpx.Response) -> str:
    """The declared type without its parameters; HTML when none is declared."""
    declared = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if declared in _VAGUE_TYPES:
        return media_type_of(response.url.path) or declared
    return declared or "text/html"


def _network_error(error: httpx.HTTPError, ref: PageRef) -> FetchError:
    words = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in words:
        return FetchError(f"the certificate is not valid: {words}", subject=ref.location, retryable=False)
    if isinstance(error, httpx.ConnectError):
        return FetchError(f"no connection: {words}", subject=ref.location, hint="check the network")
    return FetchError(f"the connection broke: {words}", subject=ref.location)


def _timeout_words(error: httpx.TimeoutException) -> str:
    kind = "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no answer in time"
    return f"{kind}: {error}" if str(error) else kind


def _exhausted(error: FetchError, *, attempts: int) -> FetchError:
    if attempts == 1:
        return error
    return FetchError(
        f"{error.message}, {attempts} times",
        subject=error.subject,
        hint=error.hint,
        status=error.status,
        wait=error.wait,
    )
