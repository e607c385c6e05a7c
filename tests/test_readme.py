"""What the README shows is what happens: its commands are run on fixtures/, and so is its Python.

python tests/test_readme.py --update      write what happens into the README
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_TRANSCRIPT = re.compile(r"(?<=```console\n).*?(?=```\n)", re.DOTALL)
_PYTHON = re.compile(r"(?<=```python\n)(?P<code>.*?)(?P<between>```\n```text\n)(?P<output>.*?)(?=```\n)", re.DOTALL)


def actual_readme(folder: Path) -> str:
    """The README with the outputs that its commands and its Python have in this folder."""
    shutil.copytree(ROOT / "fixtures" / "archive", folder / "fixtures" / "archive")
    text = README.read_text(encoding="utf-8")
    text = _TRANSCRIPT.sub(lambda found: "".join(_transcript(found.group(), folder)), text)
    return _PYTHON.sub(lambda found: found["code"] + found["between"] + _run_python(found["code"], folder), text)


def _transcript(text: str, folder: Path) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line[2:])
            assert program == "wenzhai"
            yield f"{line}\n{_run([Path(sys.executable).parent / program, *arguments], folder)}"


def _run_python(code: str, folder: Path) -> str:
    return _run([sys.executable, "-c", code], folder)


def _run(command: list[str | Path], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WENZHAI_")}
    environment |= {"WENZHAI_DATA_FOLDER": str(folder / "data"), "PYTHONIOENCODING": "utf-8"}
    child = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True
    )
    return child.stdout.decode("utf-8")


def test_readme_shows_what_happens(tmp_path: Path) -> None:
    shown = README.read_text(encoding="utf-8")
    assert shown == actual_readme(tmp_path), "if the new output is right, run: python tests/test_readme.py --update"


def test_transcript_is_on_the_first_screen() -> None:
    text = README.read_text(encoding="utf-8")
    transcript = _TRANSCRIPT.search(text)
    assert transcript is not None
    assert text[: transcript.end()].count("\n") <= 40
    for command in ("harvest", "search", "show", "export"):
        assert f"$ wenzhai {command}" in transcript.group()


def test_files_the_readme_links_to_are_there() -> None:
    for link in re.findall(r"\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        assert (ROOT / link).is_file(), link


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        README.write_text(actual_readme(Path(scratch)), encoding="utf-8")
