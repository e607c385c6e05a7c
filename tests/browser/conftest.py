"""A real browser, and a real server on the articles of fixtures/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.sources import SourceContext
from wenzhai.pipeline import harvest
from wenzhai.storage import open_store

from .examples import hostile_article

# tests/ has no __init__.py, so this is found from here and not through a package.
ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"
PROGRAM = "from wenzhai.cli import main; main()"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_program() -> str:
    """Where the browser is; tests that want it are skipped where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("NO BROWSER: install chromium (Debian: apt-get install chromium fonts-noto-cjk)")


@pytest.fixture(scope="session")
def archive_database(tmp_path_factory: pytest.TempPathFactory, extractor: Extractor) -> Path:
    """The articles of fixtures/ and nothing else."""
    path = tmp_path_factory.mktemp("archive") / "wenzhai.db"
    with open_store(path, create=True) as store, SourceContext() as context:
        assert list(harvest([str(ARCHIVE)], store=store, extractor=extractor, context=context))
    return path


@pytest.fixture(scope="session")
def hostile_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article that would like to be more than text."""
    path = tmp_path_factory.mktemp("hostile") / "wenzhai.db"
    with open_store(path, create=True) as store:
        store.put_article(*hostile_article())
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium, with a profile of its own.

    Not for the whole session: Playwright keeps an event loop going, beside which no other can run.
    """
    program = chromium_program()
    api = pytest.importorskip("playwright.sync_api", reason="NO BROWSER: Playwright is not installed")
    with api.sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=program,
            headless=True,
            args=FLAGS,
            viewport={"width": 1280, "height": 860},
            locale="zh-CN",
        )
        yield context
        context.close()


class Visit:
    """A page that notes what it asked for and what went wrong."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    yield Visit(page)
    page.close()


class Serving:
    """`wenzhai browse` in a process of its own, until stopped."""

    def __init__(self, database: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, "browse", "--port", "0", "--db", str(database)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().split(" is at ")[-1].split("/ ")[0]

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=10)


@pytest.fixture(scope="session")
def archive_site(archive_database: Path) -> Iterator[str]:
    serving = Serving(archive_database)
    yield serving.address
    serving.stop()


@pytest.fixture(scope="session")
def hostile_site(hostile_database: Path) -> Iterator[str]:
    serving = Serving(hostile_database)
    yield serving.address
    serving.stop()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots are left: `./run.sh screenshots` says docs/images."""
    folder = Path(os.environ.get("WENZHAI_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
