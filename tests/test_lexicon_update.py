"""`wenzhai lexicon update` from addresses and from files; the addresses lead to this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from wenzhai.extractors import hgnc, nlm_journals, ontologies
from wenzhai.harvester import lexicon_download

from .command_line import CommandLine
from .extractors.published_lexicons import ASSAYS, GENES, JOURNALS, OBO

SETTINGS = {"genes": "hgnc", "journals": "journals", "diseases": "diseases", "assays": "assays"}
FILES = {"genes": GENES, "journals": JOURNALS, "diseases": OBO, "assays": ASSAYS}


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the addresses answer: text, or nothing for a 404. Small files are whole."""
    served = dict(FILES)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            text = served.get(self.path.strip("/"))
            content = (text or "").encode()
            self.send_response(200 if text is not None else 404)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Last-Modified", "Wed, 07 Jan 2026 10:00:00 GMT")
            self.end_headers()
            self.wfile.write(content)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    for name, setting in SETTINGS.items():
        address = f"http://127.0.0.1:{server.server_address[1]}/moved/{name}"
        monkeypatch.setenv(f"WENZHAI_{setting.upper()}_ADDRESS", address)
    monkeypatch.setenv("WENZHAI_ALLOW_PRIVATE_HOSTS", "true")
    monkeypatch.setenv("WENZHAI_RETRIES", "0")
    monkeypatch.setenv("WENZHAI_DATA_FOLDER", str(tmp_path / "data"))
    for read in (
        hgnc.read_complete_set,
        nlm_journals.read_journal_list,
        ontologies.read_diseases,
        ontologies.read_assays,
    ):
        monkeypatch.setattr(read, "__kwdefaults__", {"minimum_rows": 1})
    defaults = lexicon_download.download_lexicon.__kwdefaults__ | {"smallest": 100}
    monkeypatch.setattr(lexicon_download.download_lexicon, "__kwdefaults__", defaults)
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_of_them(wenzhai: CommandLine, files: dict[str, str]) -> None:
    ran = wenzhai("lexicon", "update")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "HGNC's complete set: 2 entries of 2026-02-03 are in force now; `wenzhai extract` remakes older records",
        "NLM's list of journals: 3 entries of 2026-01-07 are in force now; `wenzhai extract` remakes older records",
        "the Disease Ontology: 2 entries of 2025-09-30 are in force now; `wenzhai extract` remakes older records",
        "OBI's assays: 2 entries of 2026-01-07 are in force now; `wenzhai extract` remakes older records",
    ]
    status = wenzhai("lexicon", "status").out
    assert "J_Medline.txt                     3 entries  version 2026-01-07 " in status
    assert "from http://127.0.0.1" in status
    assert wenzhai("lexicon", "check").code == 0
    again = wenzhai("lexicon", "update", "assays")
    assert again.out == "OBI's assays: 2 entries of 2026-01-07 are in force already\n"


def test_what_fails_stays_as_it_was(wenzhai: CommandLine, files: dict[str, str]) -> None:
    wenzhai("lexicon", "update")
    before = {path.name: path.read_bytes() for path in Path("data/lexicons").iterdir()}
    files["journals"] = "<html>" + "Service unavailable " * 20
    files["assays"] = "tiny"
    del files["diseases"]
    ran = wenzhai("lexicon", "update")
    assert ran.code == 1
    assert {path.name: path.read_bytes() for path in Path("data/lexicons").iterdir()} == before
    journals, diseases, assays = ran.err.splitlines()
    assert "NLM's list of journals stays as it was: http://127.0.0.1" in journals
    assert "none of the lexicons" in journals
    assert "HTTP 404" in diseases
    assert "only 4 bytes" in assays


def test_nothing_at_all(wenzhai: CommandLine, files: dict[str, str]) -> None:
    files.clear()
    assert wenzhai("lexicon", "update", "genes", "assays").code == 3
    assert not Path("data").exists()


def test_from_a_file(wenzhai: CommandLine, files: dict[str, str]) -> None:
    files.clear()
    Path("HumanDO").write_text(OBO, encoding="utf-8")
    assert wenzhai("lexicon", "update", "--from", "HumanDO").out.startswith("the Disease Ontology: 2 entries")
    ran = wenzhai("lexicon", "update", "genes", "--from", "HumanDO")
    assert ran.code == 3
    assert "is the Disease Ontology, not HGNC's complete set" in ran.err
    assert wenzhai("lexicon", "update", "--from", "missing").code == 3


def test_a_name_that_is_none(wenzhai: CommandLine) -> None:
    ran = wenzhai("lexicon", "update", "proteins")
    assert ran.code == 2
    assert "one of: genes, journals, diseases, assays" in ran.err
    assert wenzhai("lexicon", "update", "genes", "assays", "--from", "x").code == 2
