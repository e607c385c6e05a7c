"""The webhook takes what it is sent, or a reason comes back that gives no secret away."""

from __future__ import annotations

import pytest
from wenzhai.harvester.webhook import send_webhook

from ..page_server import PageServer


def test_payload_arrives() -> None:
    with PageServer() as server:
        assert send_webhook(server.url("/hook"), {"event": "new_digests", "title": "类器官"}) == ""
        assert server.posted == [{"event": "new_digests", "title": "类器官"}]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refusal_is_a_reason(status: int) -> None:
    with PageServer() as server:
        server.status = status
        assert send_webhook(server.url("/hook?key=secret"), {}) == f"127.0.0.1 answered {status}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/secret", "http://[::1/secret", "nonsense://secret"])
def test_nobody_there_is_a_reason(url: str) -> None:
    reason = send_webhook(url, {}, timeout=2.0)
    assert reason
    assert "/secret" not in reason
