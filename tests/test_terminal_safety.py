"""What articles, lexicons and files say is printed by many commands; a terminal obeys none of it."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from wenzhai.commands.output_files import utf8_stdout
from wenzhai.storage.exporters import TextExporter, exporter, exporter_names

from .command_line import ARCHIVE, CommandLine

# Moves the cursor, recolours, sets the title, in one byte and in two; turns words around; ends a line.
EVIL = "\x1b[2J\x1b]0;x\x07\x9b31m\u202e\u2028字"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TEXT_FORMATS = [name for name in exporter_names() if isinstance(exporter(name), TextExporter)]
COMMANDS = {
    "search": ("search", "皮炎"),
    "search for sentences": ("search", "--findings"),
    "search as JSON": ("search", "皮炎", "--json"),
    "sentences as JSON": ("search", "--findings", "--json"),
    "a query that is wrong": ("search", f"({EVIL}"),
    "show": ("show", "fb7b"),
    "show as JSON": ("show", "fb7b", "--json"),
    "show what is not there": ("show", f"x{EVIL}"),
    "status": ("status",),
    "export in no format": ("export", "--format", f"x{EVIL}"),
    "no database": ("status", "--db", f"x{EVIL}.db"),
    "corrections": ("curate", "import", "evil.csv", "--by", "甲"),
    "personal lexicon": ("lexicon", "check"),
    "doctor": ("doctor", "--offline"),
}


@pytest.fixture
def stocked(wenzhai: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A database of one article full of it, and of a file that failed; a lexicon and corrections too."""
    text = next(path for path in ARCHIVE.iterdir() if "cellchat" in path.name).read_text(encoding="utf-8")
    head, line, body = text.partition("\n---\n")  # YAML takes no control characters
    for word in ("细胞札记", "皮炎", "Nature Communications"):
        body = body.replace(word, f"{word}{EVIL}")
    text = head + line + body
    (tmp_path / f"evil{EVIL.replace('/', '')}.md").write_text(text, encoding="utf-8")
    (tmp_path / f"empty{EVIL}.md").write_bytes(b"")
    (tmp_path / "evil.csv").write_text(
        f"record,field,value,action\nfb7b,genes,{EVIL[:3]}x,{EVIL[:3]}\n", encoding="utf-8"
    )
    lexicons = tmp_path / "data" / "lexicons"
    lexicons.mkdir(parents=True)
    (lexicons / "tools.tsv").write_text("name\tkind\taliases\tchinese\nx\x1b[2J\x9b\n", encoding="utf-8")
    assert wenzhai("harvest", ".").code == 1
    monkeypatch.setenv("WENZHAI_DATA_FOLDER", str(tmp_path / "data"))
    return wenzhai


def test_nothing_that_is_printed_is_obeyed(stocked: CommandLine) -> None:
    for name, command in COMMANDS.items():
        result = stocked(*command)
        assert result.out or result.err, name
        assert not OBEYED.search(result.out + result.err), name
    record = json.loads(stocked("show", "fb7b", "--json").out)
    assert "\x9b" in record["article"]["text"] + record["article"]["account"]


def test_export_to_a_terminal(stocked: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = {name: stocked("export", "--format", name) for name in TEXT_FORMATS}
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for name, expected in piped.items():
        shown = stocked("export", "--format", name)
        assert expected.code == shown.code == 0
        assert shown.out, name
        assert not OBEYED.search(shown.out), name
        assert len(shown.out) == len(expected.out)


def test_pipe_gets_all_of_it() -> None:
    assert utf8_stdout() is sys.stdout
