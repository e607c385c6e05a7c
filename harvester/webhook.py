"""Tells another program what happened: one POST of JSON, once, and no harm done when nobody listens."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from .. import __version__


def send_webhook(url: str, payload: Mapping[str, object], *, timeout: float = 10.0) -> str:
    """Posts a JSON object.

    The address is the user's own, so it may be on this machine; it may hold a secret, so no message repeats more
    of it than its host.

    Args:
        url: where to.
        payload: what to say.
        timeout: seconds for each of connecting, sending, and waiting for an answer.

    Returns:
        why it failed, one sentence; empty when the answer was 2xx.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        return "the webhook's address is malformed"
    host = address.host or "the webhook"
    try:
        answer = httpx.post(address, json=payload, timeout=timeout, headers={"user-agent": f"wenzhai/{__version__}"})
    except httpx.HTTPError as error:
        return f"{host} did not take it: {type(error).__name__}"
    return "" if answer.is_success else f"{host} answered {answer.status_code}"
